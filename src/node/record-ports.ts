import { Readable } from 'node:stream'
import type { Ports, RecordView } from '../channel/rest/ports.ts'
import type { Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import type { Definitions, RunDeps } from '../run/deps.ts'
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
import { placeAfter, readPlace } from './paging.ts'
import { inBooks } from './reader-books.ts'

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
        const rows = await searchRecords(tx, {
          books,
          type: query.type,
          status: query.status,
          key: query.key === null ? null : query.key.replaceAll('/', '\u001f'),
          where: Object.entries(query.where).map(([field, value]) => ({ field, value })),
          changedSince: query.changedSince,
          limit: query.limit + 1,
          after,
        })
        const page = rows.slice(0, query.limit)
        const last = page.at(-1)
        const items = []
        for (const row of page) items.push(await viewWithFindings(tx, deps.definitions, row))
        const more = rows.length > query.limit && last !== undefined
        return { items, next: more ? placeAfter({ book: last.book, changeNo: last.changeNo }) : null }
      })
    },
    async history(exchange, recordId, partners) {
      if (!uuid.test(recordId)) return []
      return inBooks(deps, { exchange, realm: null, partners }, async (tx, books) => {
        const rows = await recordHistory(tx, books, recordId)
        return rows.map((row) => ({ ...row, body: row.body ?? {} }))
      })
    },
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

async function viewWithFindings(tx: Tx, definitions: Definitions, row: RecordRow): Promise<RecordView> {
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
