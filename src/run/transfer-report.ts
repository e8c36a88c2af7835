import { hash } from 'node:crypto'
import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { type Finding, worst } from '../exchange/parcel.ts'
import { moveLine } from '../feedback/log-line.ts'
import { newTracking } from '../store/books.ts'
import { keepDefinition } from '../store/definitions.ts'
import { NO_COUNTS } from '../store/model.ts'
import type { MovingRow } from '../store/record-move.ts'
import { putClosedSubmissions } from '../store/submissions.ts'
import { dateIn, type RunDeps } from './deps.ts'
import { keepPiece, logPiece } from './report.ts'
import type { TransferRequest } from './transfer.ts'

/** A record as it stands in the book it came to. */
export interface MovedRecord {
  readonly exchange: string
  readonly book: number
  readonly row: MovingRow
  readonly position: number
  readonly status: MovingRow['status']
  readonly findings: readonly Finding[]
  readonly left: string
  readonly came: string
}

/**
 * A transfer is a submission of both books, each with its log, so that both owners find it among theirs: in the one
 * the records are deleted, in the other created.
 */
export async function reportMove(
  tx: Tx,
  deps: RunDeps,
  request: TransferRequest,
  group: {
    readonly definition: Definition
    readonly from: number
    readonly to: number
    readonly rows: readonly MovingRow[]
  },
  findings: ReadonlyMap<string, readonly Finding[]>,
  at: string,
): Promise<readonly MovedRecord[]> {
  const { definition, from, to, rows } = group
  const { exchange } = definition
  const now = deps.now()
  const left = newTracking(exchange, from, now)
  const came = newTracking(exchange, to, now)
  const moved = rows.map((row, index): MovedRecord => {
    const own = findings.get(row.record_id) ?? []
    const judged = worst(own) === 'error' ? 'submitted-with-errors' : 'submitted'
    const status = row.status === 'closed' ? 'closed' : judged
    return { exchange, book: to, row, position: index + 1, status, findings: own, left, came }
  })
  await keepDefinition(tx, definition)
  const { realm, type, key, reason } = request
  const document = Buffer.from(
    JSON.stringify({ transfer: { exchange, realm, type, key, from: request.from, to: request.to, reason } }),
  )
  const kept = { sha256: hash('sha256', document, 'hex'), size: document.length, bytes: document }
  for (const side of ['left', 'came'] as const) {
    const book = side === 'left' ? from : to
    const tracking = side === 'left' ? left : came
    const lines = moved.map((one) => moveLine(one, side === 'left' ? 'deleted' : 'created'))
    const piece = await logPiece(deps.documents, [], lines)
    const place = { book, tracking, segment: 0, firstPosition: 1, lastPosition: moved.length }
    const segment = await keepPiece(tx, piece, place)
    const withErrors = moved.filter((one) => worst(one.findings) === 'error').length
    const row = {
      book,
      tracking,
      partner: request.who.partner,
      account: request.who.account,
      channel: 'transfer',
      byCentre: true,
      reason: null,
      contentType: 'application/json',
      format: 'json',
      document: kept.sha256,
      documentBytes: kept.size,
      receivedAt: at,
      receivedDate: dateIn(definition.zone, now),
      definitionHash: definition.hash,
      merkle: piece.edge,
      ...NO_COUNTS,
      received: moved.length,
      ...(side === 'left' ? { deleted: moved.length } : { created: moved.length, withErrors }),
    }
    await putClosedSubmissions(tx, [row], [kept], [segment])
  }
  return moved
}
