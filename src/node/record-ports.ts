import { Readable } from 'node:stream'
import type { HistoryEntry, Ports, RecordQuery, RecordView } from '../channel/rest/ports.ts'
import type { Tx } from '../db/database.ts'
import { type StoredRecord, writeRecords } from '../encode/record-file.ts'
import type { Body } from '../exchange/parcel.ts'
import { Fault } from '../fault/fault.ts'
import { type Definitions, dateIn, type RunDeps } from '../run/deps.ts'
import { transferRecord } from '../run/transfer.ts'
import { findDocument, readDocument } from '../store/documents.ts'
import { findingsOf } from '../store/findings.ts'
import {
  deletedSince,
  findRecord,
  findRecordAsOf,
  type RecordRow,
  recordHistory,
  searchRecords,
} from '../store/records-read.ts'
import { sendersOf } from '../store/senders.ts'
import { placeAfter, readPlace } from './paging.ts'
import { inBooks } from './reader-books.ts'

/** Records that are read together for a download. */
const exportPage = 500
const NOBODY = { partner: null, account: null, channel: null, byCentre: false, reason: null }
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What the REST channel may ask about records. */
export function createRecordPorts(deps: RunDeps): Ports['records'] {
  return {
    async find(exchange, recordId, partners, asOf) {
      if (!uuid.test(recordId)) return null
      return inBooks(deps, { exchange, realm: null, partners }, async (tx, books) => {
        const row =
          asOf === null
            ? await findRecord(tx, books, recordId)
            : await findRecordAsOf(tx, books, recordId, asOf)
        return row === null ? null : viewWithFindings(tx, deps.definitions, row)
      })
    },
    async search(query) {
      checkFields(deps.definitions, query.exchange, query.type, Object.keys(query.where))
      const after = readPlace(query.after, { book: 'number', changeNo: 'number' })
      return inBooks(deps, query, async (tx, books) => {
        const rows = await searchRecords(tx, { ...searchOf(query, books), limit: query.limit + 1, after })
        const page = rows.slice(0, query.limit)
        const last = page.at(-1)
        const items = []
        for (const row of page) items.push(await viewWithFindings(tx, deps.definitions, row))
        const more = rows.length > query.limit && last !== undefined
        return { items, next: more ? placeAfter({ book: last.book, changeNo: last.changeNo }) : null }
      })
    },
    async export(query, format) {
      checkFields(deps.definitions, query.exchange, query.type, Object.keys(query.where))
      const definition = deps.definitions.get(query.exchange)
      const type = definition.types.find(({ name }) => name === query.type)
      if (type === undefined) throw new Fault('NOT_FOUND', { what: `record type ${query.type}` })
      const written = writeRecords(definition, type, everyRow(deps, query), format)
      return {
        fileName: `${query.exchange}-${query.type}-${dateIn(definition.zone, deps.now())}${written.extension}`,
        contentType: written.contentType,
        stream: Readable.from(written.bytes, { objectMode: false }),
      }
    },
    history: (exchange, recordId, partners) => versionsOf(deps, exchange, recordId, partners),
    deletedSince: (query) =>
      inBooks(deps, query, async (tx, books) => {
        const rows = await deletedSince(tx, books, query.changeNo, query.limit)
        return rows.map((row) => ({ ...row, key: readable(row.key) }))
      }),
    transfer: (request) => transferRecord(deps, request),
    async document(sha256) {
      const kept = await deps.db.transact((tx) => findDocument(tx, sha256))
      if (kept === null) throw new Fault('NOT_FOUND', { what: `document ${sha256}` })
      const stream = Readable.from(readDocument(deps.documents, kept), { objectMode: false })
      return { bytes: kept.size, stream }
    },
  }
}

async function versionsOf(
  deps: RunDeps,
  exchange: string,
  recordId: string,
  partners: readonly string[] | null,
): Promise<readonly HistoryEntry[]> {
  if (!uuid.test(recordId)) return []
  const rows = await inBooks(deps, { exchange, realm: null, partners }, (tx, books) =>
    recordHistory(tx, books, recordId),
  )
  const trackings = [...new Set(rows.map(({ submission }) => submission))]
  const senders = await deps.db.transact((tx) => sendersOf(tx, trackings))
  return rows.map((row) => ({ ...row, ...(senders.get(row.submission) ?? NOBODY), body: row.body ?? {} }))
}

/** Page by page, so that no transaction lasts as long as a download. */
async function* everyRow(deps: RunDeps, query: RecordQuery): AsyncGenerator<StoredRecord> {
  let after: { book: number; changeNo: number } | null = null
  for (;;) {
    const rows: RecordRow[] = await inBooks(deps, query, (tx, books) =>
      searchRecords(tx, { ...searchOf(query, books), limit: exportPage, after }),
    )
    for (const { body, recordId, definitionVersion } of rows)
      yield { body: body as Body, stableId: recordId, version: definitionVersion }
    const last = rows.at(-1)
    if (last === undefined || rows.length < exportPage) return
    after = { book: last.book, changeNo: last.changeNo }
  }
}

function searchOf(query: RecordQuery, books: readonly number[]) {
  return {
    books,
    type: query.type,
    status: query.status,
    key: query.key === null ? null : query.key.replaceAll('/', '\u001f'),
    where: Object.entries(query.where).map(([field, value]) => ({ field, value })),
    changedSince: query.changedSince,
    text: query.text ?? null,
    newest: query.newest === true,
  }
}

function checkFields(
  definitions: Definitions,
  exchange: string,
  typeName: string,
  fields: readonly string[],
): void {
  const type = definitions.get(exchange).types.find((candidate) => candidate.name === typeName)
  if (type === undefined) throw new Fault('NOT_FOUND', { what: `record type ${typeName} in ${exchange}` })
  const searchable = type.fields.filter((field) => field.search).map((field) => field.name)
  const wrong = fields.find((field) => !searchable.includes(field))
  if (wrong !== undefined)
    throw new Fault('BAD_REQUEST', {
      reason: `'${wrong}' cannot be searched; these can: ${searchable.join(', ') || 'none'}.`,
    })
}

/** A stored record as it is shown, with what was found in it. */
export async function viewWithFindings(
  tx: Tx,
  definitions: Definitions,
  row: RecordRow,
): Promise<RecordView> {
  const type = definitions.get(row.exchange).types.find((candidate) => candidate.name === row.type)
  const findings =
    row.status === 'submitted' ? [] : await findingsOf(tx, row.book, row.submission, row.position)
  return {
    recordId: row.recordId,
    exchange: row.exchange,
    realm: row.realm,
    type: row.type,
    partner: row.owner,
    key: readable(row.key),
    status: row.status,
    statusLabel: type?.lifecycle.labels[row.status] ?? row.status,
    version: row.version,
    changeNo: row.changeNo,
    definitionVersion: row.definitionVersion,
    body: row.body,
    findings,
    submission: row.submission,
    position: row.position,
    createdAt: row.createdAt,
    updatedAt: row.changedAt,
  }
}

function readable(key: string): string {
  return key.replaceAll('\u001f', '/')
}
