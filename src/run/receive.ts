import { hash } from 'node:crypto'
import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { Fault, isFault } from '../fault/fault.ts'
import { enqueue } from '../job/queue.ts'
import { newTracking, openBook } from '../store/books.ts'
import { keepDefinition } from '../store/definitions.ts'
import { findDelivery, putDelivery } from '../store/deliveries.ts'
import { type Kept, putDocuments } from '../store/documents.ts'
import type { Realm, Scope } from '../store/model.ts'
import { putSubmissions } from '../store/submissions.ts'
import { dateIn, type RunDeps } from './deps.ts'

/** A document to be received; the caller may do this for that partner. */
export interface Receipt {
  readonly exchange: string
  readonly realm: Realm
  /** The sender. */
  readonly partner: string
  /** Whose book it goes to: the sender's, or the centre's. */
  readonly owner: string
  readonly account: string
  readonly byCentre: boolean
  readonly channel: string
  readonly fileName: string
  readonly contentType: string | null
  readonly idempotencyKey: string | null
  readonly scope: Scope
  readonly dryRun: boolean
  /** Hold the file, which is everything the sender has, against what is stored, and change nothing. */
  readonly reconcile?: boolean
  readonly bytes: AsyncIterable<Uint8Array>
}

export interface Received {
  readonly tracking: string
  /** The same idempotency key was seen before: this is the first submission. */
  readonly repeated: boolean
}

export const laneOf = (book: number): string => `book-${book}`

/**
 * Keeps a document and registers its submission. When this returns, the bytes and the row are durable:
 * only then is there a tracking number (promise 1).
 * Throws faults TOO_LARGE, DISK_FULL, CONFLICT (an idempotency key reused for something else), BAD_REQUEST.
 */
export async function receive(deps: RunDeps, request: Receipt, bytesMax: number): Promise<Received> {
  const definition = deps.definitions.get(request.exchange)
  if (request.reconcile === true && (request.scope !== 'refresh' || !request.dryRun))
    throw new Fault('BAD_REQUEST', { reason: 'A reconciliation is a full refresh without effect.' })
  if (request.scope === 'refresh' && !definition.refresh.allowed && request.reconcile !== true)
    throw new Fault('BAD_REQUEST', { reason: `The exchange ${definition.exchange} takes no full refresh.` })
  const kept = await deps.documents.take(request.bytes, bytesMax)
  const fingerprint = fingerprintOf([
    kept.sha256,
    request.exchange,
    request.realm,
    request.scope,
    `${request.dryRun}`,
    ...(request.reconcile === true ? ['reconcile'] : []),
  ])
  try {
    const now = deps.now()
    const judging = await deps.definitions.inEffect(request.exchange, request.partner, now)
    return await deps.db.transact((tx) =>
      registerOnce(tx, request, { definition: judging, now }, kept, fingerprint),
    )
  } catch (error) {
    // The same key was being delivered beside this one; now that it is there, it is the answer.
    const { partner, idempotencyKey } = request
    if (!isFault(error, 'CONFLICT') || idempotencyKey === null) throw error
    const first = await deps.db.transact((tx) => firstDelivery(tx, partner, idempotencyKey, fingerprint))
    if (first === null) throw error
    return { tracking: first, repeated: true }
  }
}

/** When it was received, and the definition with the rules in effect at that time. */
export interface Judging {
  readonly definition: Definition
  readonly now: number
}

async function registerOnce(
  tx: Tx,
  request: Receipt,
  judging: Judging,
  kept: Kept,
  fingerprint: string,
): Promise<Received> {
  const { partner, idempotencyKey } = request
  if (idempotencyKey !== null) {
    const first = await firstDelivery(tx, partner, idempotencyKey, fingerprint)
    if (first !== null) return { tracking: first, repeated: true }
  }
  const tracking = await register(tx, request, judging, kept)
  if (idempotencyKey !== null) {
    const bound = { partner, deliveryKey: idempotencyKey, fingerprint, tracking }
    if (!(await putDelivery(tx, bound)))
      throw new Fault('CONFLICT', { reason: 'The same idempotency key is being delivered at this moment.' })
  }
  return { tracking, repeated: false }
}

/** Registers the submission of a document that is kept, in the caller's transaction; its tracking number. */
export async function register(
  tx: Tx,
  request: Omit<Receipt, 'bytes' | 'idempotencyKey'>,
  { definition, now }: Judging,
  kept: Kept,
): Promise<string> {
  const { book } = await openBook(tx, request.exchange, request.realm, request.owner)
  const tracking = newTracking(request.exchange, book, now)
  await keepDefinition(tx, definition)
  await putDocuments(tx, [kept])
  await putSubmissions(tx, [
    {
      book,
      tracking,
      partner: request.partner,
      account: request.account,
      channel: request.channel,
      byCentre: request.byCentre,
      state: 'queued',
      // What may be held, or must change nothing, is surveyed before anything is applied.
      phase: request.dryRun || request.scope === 'refresh' ? 'survey' : 'apply',
      scope: request.scope,
      dryRun: request.dryRun,
      reconcile: request.reconcile === true,
      fileName: request.fileName,
      contentType: request.contentType,
      format: null,
      document: kept.sha256,
      documentBytes: kept.size,
      receivedAt: new Date(now).toISOString(),
      receivedDate: dateIn(definition.zone, now),
      definitionHash: definition.hash,
    },
  ])
  await enqueue(tx, 'submission', laneOf(book), tracking)
  return tracking
}

/** Tracking number of the submission first made with this key; null when the key is new. */
export async function firstDelivery(
  tx: Tx,
  partner: string,
  deliveryKey: string,
  fingerprint: string,
): Promise<string | null> {
  const first = await findDelivery(tx, partner, deliveryKey)
  if (first === null) return null
  if (first.fingerprint !== fingerprint)
    throw new Fault('CONFLICT', {
      reason: `The idempotency key was used before for something else (submission ${first.tracking}).`,
    })
  return first.tracking
}

export function fingerprintOf(parts: readonly string[]): string {
  return hash('sha256', parts.join('\n'), 'hex')
}
