import type { RecordView } from '../channel/rest/ports.ts'
import type {
  DuplicateFilter,
  DuplicatePorts,
  RefusedPair,
  StoredPair,
} from '../channel/rest/ports-duplicates.ts'
import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import type { Parcel, RawRecord } from '../exchange/parcel.ts'
import { Fault } from '../fault/fault.ts'
import { documentSource } from '../feedback/error-records.ts'
import { createJudgeCache } from '../judge/document.ts'
import { readDocument, readingOf } from '../judge/read-document.ts'
import { dateIn, type RunDeps } from '../run/deps.ts'
import { bookOfTracking, findBooks } from '../store/books.ts'
import {
  type DuplicatePair,
  duplicatePairs,
  recordByDuplicateKey,
  refusedDuplicates,
} from '../store/duplicates.ts'
import { findingsOf } from '../store/findings.ts'
import type { Submission } from '../store/model.ts'
import { findRecord } from '../store/records-read.ts'
import { findSubmission } from '../store/submissions.ts'
import { placeAfter, readPlace } from './paging.ts'
import { viewWithFindings } from './record-ports.ts'

const STORED_PLACE = {
  book: 'number',
  type: 'string',
  shared: 'string',
  first: 'string',
  second: 'string',
} as const
const REFUSED_PLACE = { at: 'string', tracking: 'string', position: 'number' } as const

/** What the REST channel may ask about records that stand, or were sent, twice. */
export function createDuplicatePorts(deps: RunDeps): DuplicatePorts {
  const judgeOf = createJudgeCache()
  return {
    async stored(query) {
      const after: DuplicatePair | null = readPlace(query.after, STORED_PLACE)
      const definition = deps.definitions.get(query.exchange)
      return deps.db.transact(async (tx) => {
        const books = await booksOf(tx, definition, query)
        const pairs = await duplicatePairs(tx, { books, limit: query.limit + 1, after })
        const items: StoredPair[] = []
        for (const pair of pairs.slice(0, query.limit)) {
          const first = await viewIn(deps, tx, pair.book, pair.first)
          const second = await viewIn(deps, tx, pair.book, pair.second)
          if (first !== null && second !== null)
            items.push({ type: pair.type, fields: fieldsOf(definition, pair.type), first, second })
        }
        const last = pairs[query.limit - 1]
        const more = pairs.length > query.limit && last !== undefined
        return { items, next: more ? placeAfter({ ...last }) : null }
      })
    },
    async refused(query) {
      const after = readPlace(query.after, REFUSED_PLACE)
      const definition = deps.definitions.get(query.exchange)
      const codes = definition.types.flatMap(({ identity }) => identity.duplicates.map(({ code }) => code))
      const rows = await deps.db.transact(async (tx) =>
        refusedDuplicates(tx, {
          books: await booksOf(tx, definition, query),
          codes,
          limit: query.limit + 1,
          after,
        }),
      )
      const items = rows
        .slice(0, query.limit)
        .map(({ book: _, ...row }) => ({ ...row, key: row.key === null ? null : readable(row.key) }))
      const last = items.at(-1)
      const more = rows.length > query.limit && last !== undefined
      return {
        items,
        next: more
          ? placeAfter({ at: last.receivedAt, tracking: last.tracking, position: last.position })
          : null,
      }
    },
    async pair(exchange, tracking, position) {
      const book = bookOfTracking(tracking) ?? -1
      const submission = await deps.db.transact((tx) => findSubmission(tx, book, tracking))
      if (submission === null || submission.exchange !== exchange)
        throw new Fault('NOT_FOUND', { what: `submission ${tracking}` })
      const definition = await deps.definitions.inEffect(exchange, submission.partner, deps.now())
      const raw = await recordAt(deps, definition, submission, position)
      const findings = await deps.db.transact((tx) => findingsOf(tx, book, tracking, position))
      const { partner } = submission
      const today = dateIn(definition.zone, deps.now())
      // A single record may have come in our names or in those of the exchange, which its document does not tell.
      const read = (['wire', 'native'] as const).map(
        (names) => judgeOf(definition).judge([raw], { partner, today, names })[0] as Parcel,
      )
      const parcel = read.find(({ duplicateKeys }) => (duplicateKeys[0] ?? null) !== null) ?? read[0]
      if (parcel === undefined) throw new Error('a judge gives a parcel for each record')
      return pairOf(deps, definition, submission, parcel, { tracking, position, findings })
    },
  }
}

async function pairOf(
  deps: RunDeps,
  definition: Definition,
  { book }: Submission,
  parcel: Parcel,
  refused: Pick<RefusedPair['refused'], 'tracking' | 'position' | 'findings'>,
): Promise<RefusedPair> {
  const shared = parcel.duplicateKeys[0] ?? null
  const stored = await deps.db.transact(async (tx) => {
    const id = shared === null ? null : await recordByDuplicateKey(tx, book, parcel.type, shared)
    return id === null ? null : viewIn(deps, tx, book, id)
  })
  return {
    type: parcel.type,
    fields: fieldsOf(definition, parcel.type),
    refused: {
      ...refused,
      key: parcel.key === null ? null : readable(parcel.key),
      body: JSON.parse(parcel.body) as Readonly<Record<string, unknown>>,
    },
    stored,
  }
}

async function booksOf(
  tx: Tx,
  definition: Definition,
  { exchange, realm, partner }: DuplicateFilter,
): Promise<readonly number[]> {
  const owners = partner === null || definition.owner === 'centre' ? null : [partner]
  return (await findBooks(tx, { owners, exchange, realm })).map(({ book }) => book)
}

async function viewIn(deps: RunDeps, tx: Tx, book: number, recordId: string): Promise<RecordView | null> {
  const row = await findRecord(tx, [book], recordId)
  return row === null ? null : viewWithFindings(tx, deps.definitions, row)
}

function fieldsOf(definition: Definition, type: string): readonly string[] {
  return definition.types.find(({ name }) => name === type)?.identity.duplicates[0]?.fields ?? []
}

/** The record as it was sent. Throws fault NOT_FOUND. */
async function recordAt(
  deps: RunDeps,
  definition: Definition,
  submission: Submission,
  position: number,
): Promise<RawRecord> {
  // Beyond where the submission came may be the bytes that broke a reader.
  if (position <= submission.checkpoint) {
    const document = await documentSource(deps, submission)
    for await (const { records } of readDocument(definition, document, readingOf(submission)))
      for (const record of records) if (record.position === position) return record
  }
  throw new Fault('NOT_FOUND', { what: `record ${position} of ${submission.tracking}` })
}

function readable(key: string): string {
  return key.replaceAll('\u001f', '/')
}
