import { Readable } from 'node:stream'
import type { DifferenceView, ReconcilePorts, ReconciliationView } from '../channel/rest/ports-reconcile.ts'
import { csvRow } from '../encode/csv.ts'
import type { Definition } from '../exchange/definition.ts'
import { type ReconcileReport, reconcileOf } from '../match/reconcile.ts'
import type { RunDeps } from '../run/deps.ts'
import { findBooks } from '../store/books.ts'
import { listDifferences, type RankedDifference } from '../store/differences.ts'
import type { Submission } from '../store/model.ts'
import { listSubmissions } from '../store/submissions.ts'
import { placeAfter, readPlace } from './paging.ts'
import { createSubmissionLookup, type SubmissionLookup } from './submission-lookup.ts'

const csvRowsAtOnce = 1000

/** What the REST channel may ask about reconciliations. */
export function createReconcilePorts(deps: RunDeps): ReconcilePorts {
  const lookup = createSubmissionLookup(deps)
  return {
    async list({ partners, exchange, limit, after }) {
      const before = readPlace(after, { receivedAt: 'string', tracking: 'string' })
      const rows = await deps.db.transact(async (tx) => {
        const books = (await findBooks(tx, { owners: null, exchange, realm: null })).map(({ book }) => book)
        return listSubmissions(tx, {
          books,
          partners,
          state: null,
          kind: null,
          withErrors: false,
          from: null,
          until: null,
          text: null,
          reconcile: true,
          limit: limit + 1,
          before,
        })
      })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const more = rows.length > limit && last !== undefined
      return {
        items: items.map(viewOf),
        next: more ? placeAfter({ receivedAt: last.receivedAt, tracking: last.tracking }) : null,
      }
    },
    async find(tracking, partners) {
      const found = await lookup.find(tracking)
      if (found === null || !found.reconcile) return null
      const visible = partners === null || partners.includes(found.partner) || partners.includes(found.owner)
      return visible ? viewOf(found) : null
    },
    async differences(tracking, { kind, category, limit, after }) {
      const definition = await definitionOf(deps, await lookup.must(tracking))
      const types = category === null ? null : typesIn(definition, category)
      const place = readPlace(after, { rank: 'number', type: 'string', key: 'string' })
      const rows = await lookup.read(tracking, (tx, book) =>
        listDifferences(tx, { book, tracking, kind, types, after: place, limit: limit + 1 }),
      )
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const more = rows.length > limit && last !== undefined
      return {
        items: page.map((row) => shown(definition, row)),
        next: more ? placeAfter({ rank: last.rank, type: last.type, key: last.key }) : null,
      }
    },
    async csv(tracking) {
      const definition = await definitionOf(deps, await lookup.must(tracking))
      const stream = Readable.from(csvOf(lookup, definition, tracking), { objectMode: false })
      return { fileName: `${tracking}-differences.csv`, contentType: 'text/csv; charset=utf-8', stream }
    },
  }
}

function definitionOf(deps: RunDeps, { definitionHash }: Submission): Promise<Definition> {
  return deps.db.transact((tx) => deps.definitions.pinned(tx, definitionHash))
}

function typesIn(definition: Definition, category: string): readonly string[] {
  return reconcileOf(definition).categories.find(({ name }) => name === category)?.types ?? []
}

function viewOf(submission: Submission): ReconciliationView {
  const { tracking, exchange, realm, partner, account, state, reason, fileName, preview } = submission
  return {
    tracking,
    exchange,
    realm,
    partner,
    account,
    state,
    reason,
    fileName,
    receivedAt: submission.receivedAt,
    closedAt: submission.closedAt,
    counts: submission.counts,
    report: preview === null ? null : (preview as unknown as ReconcileReport),
  }
}

function shown(definition: Definition, row: RankedDifference): DifferenceView {
  const { kind, type, key, recordId, position, fields } = row
  const { categories } = reconcileOf(definition)
  const category = categories.find(({ types }) => types.includes(type))?.name ?? ''
  return { kind, category, type, key: key.replaceAll('\u001f', '/'), recordId, position, fields }
}

async function* csvOf(
  lookup: SubmissionLookup,
  definition: Definition,
  tracking: string,
): AsyncGenerator<Buffer> {
  const header = ['Difference', 'Category', 'Type', 'Key', 'Position', 'Fields', 'RecordId']
  yield Buffer.from(csvRow(header, ','))
  let after: RankedDifference | null = null
  for (;;) {
    const place: RankedDifference | null = after
    const rows: readonly RankedDifference[] = await lookup.read(tracking, (tx, book) =>
      listDifferences(tx, { book, tracking, kind: null, types: null, after: place, limit: csvRowsAtOnce }),
    )
    const lines = rows.map((row) => {
      const { kind, category, type, key, position, fields, recordId } = shown(definition, row)
      const cells = [kind, category, type, key, String(position ?? ''), fields.join(' '), recordId ?? '']
      return csvRow(cells, ',')
    })
    if (lines.length > 0) yield Buffer.from(lines.join(''))
    if (rows.length < csvRowsAtOnce) return
    after = rows.at(-1) ?? null
  }
}
