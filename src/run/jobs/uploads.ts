import { Fault } from '../../fault/fault.ts'
import { findAttempt, renewAttempt } from '../../store/attempts.ts'
import { bookOfTracking } from '../../store/books.ts'
import type { Announced, Attempt } from '../../store/job-model.ts'
import { ownerOf } from '../owner.ts'
import { register } from '../receive.ts'
import { type AgentAccount, assertOwn, holdOwn, keepAttempt } from './agent-calls.ts'
import type { JobDeps } from './deps.ts'
import { stepAttempt } from './steps.ts'

/** Bytes of an upload are hashed and synced at least this fast, in bytes a second: so long its attempt is kept. */
const checkedPerSecond = 10 * 2 ** 20

/**
 * The agent says what it is going to upload.
 * @returns how much of it is here. Throws faults NOT_FOUND, JOB_LOST, TOO_LARGE.
 */
export async function beginUpload(
  deps: JobDeps,
  who: AgentAccount,
  name: string,
  upload: Announced,
): Promise<number> {
  if (upload.bytes > deps.documentBytesMax)
    throw new Fault('TOO_LARGE', { what: 'The file', limit: deps.documentBytesMax })
  await keepAttempt(deps, who, name, { state: 'uploading' }, { upload, marker: upload.marker })
  const { tracking, upload: kept } = await ownAttempt(deps, who, name)
  // What is here already needs nothing more; another file for it would not be taken.
  if (tracking !== null) return kept?.bytes ?? upload.bytes
  return deps.uploads.begin(name, upload.sha256)
}

/**
 * Adds bytes to the upload that was announced.
 * @returns where it stands then. Throws faults NOT_FOUND, JOB_LOST, BAD_REQUEST (nothing was announced), TOO_LARGE,
 * DISK_FULL, and OffsetDiffers.
 */
export async function appendUpload(
  deps: JobDeps,
  who: AgentAccount,
  name: string,
  piece: { readonly offset: number; readonly bytes: AsyncIterable<Uint8Array> },
): Promise<number> {
  const { upload, tracking } = await ownAttempt(deps, who, name)
  if (upload === null) throw new Fault('BAD_REQUEST', { reason: 'Say first what will be uploaded.' })
  if (tracking !== null) return upload.bytes
  await keepAttempt(deps, who, name, { state: 'uploading' })
  const { sha256, bytes: bytesMax } = upload
  return deps.uploads.append({ attempt: name, sha256, bytesMax, ...piece })
}

/**
 * The upload is whole: its bytes are checked and made durable, and become a submission of their own; both at once
 * with the attempt's state, so that a repeated call finds the same. Throws faults NOT_FOUND, JOB_LOST,
 * UPLOAD_HASH_WRONG, BAD_REQUEST.
 * @returns the tracking number
 */
export async function completeUpload(deps: JobDeps, who: AgentAccount, name: string): Promise<string> {
  const before = await ownAttempt(deps, who, name)
  if (before.tracking !== null) return before.tracking
  const { upload } = before
  if (upload === null) throw new Fault('BAD_REQUEST', { reason: 'Nothing was uploaded.' })
  const here = await deps.uploads.size(name, upload.sha256)
  if (here < upload.bytes)
    throw new Fault('BAD_REQUEST', { reason: `Only ${here} of ${upload.bytes} bytes are here.` })
  await keepAttempt(deps, who, name, { state: 'uploading' })
  await keepWhileChecked(deps, who, name, upload.bytes)
  const kept = await deps.uploads.finish(name, upload.sha256)
  const request = await requestOf(deps, who, before, upload)
  const at = deps.now()
  const definition = await deps.definitions.inEffect(before.exchange, before.partner, at)
  const tracking = await deps.db.transact(async (tx) => {
    const held = await holdOwn(tx, who, name)
    if (held.attempt.tracking !== null) return held.attempt.tracking
    const made = await register(tx, request, { definition, now: at }, kept)
    await stepAttempt(
      tx,
      held,
      'receive',
      {
        submission: { book: bookOfTracking(made) ?? -1, tracking: made },
        marker: upload.marker,
        progress: { records: upload.records, bytes: upload.bytes, bytesOf: upload.bytes },
      },
      { by: who, at },
    )
    return made
  })
  deps.queued()
  await deps.uploads.drop(name)
  return tracking
}

async function ownAttempt(deps: JobDeps, who: AgentAccount, name: string): Promise<Attempt> {
  const attempt = await deps.db.transact((tx) => findAttempt(tx, name))
  assertOwn(who, attempt)
  return attempt
}

/** Hashing a large file takes longer than an agent may be silent. */
async function keepWhileChecked(
  deps: JobDeps,
  { login, partner }: AgentAccount,
  attempt: string,
  bytes: number,
): Promise<void> {
  const leasedUntil = deps.now() + deps.leaseMs + (bytes / checkedPerSecond) * 1000
  const renewal = {
    attempt,
    partner,
    account: login,
    state: 'uploading',
    leasedUntil,
    progress: null,
  } as const
  await deps.db.transact((tx) => renewAttempt(tx, renewal))
}

/** The delivery that an upload becomes: always a submission of its own, whatever its bytes. */
async function requestOf(
  deps: JobDeps,
  who: AgentAccount,
  { exchange, realm, partner, extract }: Attempt,
  { fileName, contentType }: Announced,
): Promise<Parameters<typeof register>[1]> {
  const definition = deps.definitions.get(exchange)
  return {
    exchange,
    realm,
    partner,
    owner: await ownerOf(deps, definition, partner),
    account: who.account,
    byCentre: false,
    channel: 'agent',
    fileName,
    contentType,
    // Where the exchange takes no full refresh, all records are simply sent again.
    scope: extract === 'full' && definition.refresh.allowed ? 'refresh' : 'incremental',
    dryRun: false,
  }
}
