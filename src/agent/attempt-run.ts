import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { AgentFailure } from './agent-failure.ts'
import type { Attempt, Attempts } from './attempts.ts'
import { type Patience, patiently } from './backoff.ts'
import type { AgentConfig, BatchConfig } from './config.ts'
import type { KeptDefinitions } from './definitions.ts'
import { extract } from './extraction.ts'
import { failureReport } from './failure-log.ts'
import { keepLease, type Lease } from './lease.ts'
import { isLost, isNodeError, isPassing } from './node-error.ts'
import type { AttemptState, NodeCalls, Progress } from './protocol.ts'
import { openSnapshot, type Snapshot } from './snapshot.ts'
import type { RunningAttempt, StatusBoard } from './status.ts'
import { uploadExtract } from './upload.ts'

/** What an attempt needs of the agent. */
export interface AttemptWorld {
  readonly config: AgentConfig
  readonly calls: NodeCalls
  readonly attempts: Attempts
  readonly definitions: KeptDefinitions
  readonly board: StatusBoard
  readonly version: string
  readonly patience: Patience
}

/** A job that ends the agent whenever it is extracted must not do so for ever. */
const startsMax = 5

/**
 * Takes an attempt from wherever it stands to where nothing is left to do at once: its upload confirmed or its
 * failure noted. A kill at any instant leaves a state from which this goes on. Throws only when the signal ends it.
 * @returns the attempt as it waits to be settled; null where nothing is left of it
 */
export async function runAttempt(first: Attempt, world: AttemptWorld): Promise<Attempt | null> {
  let attempt = first
  const { calls, patience } = world
  const lease = keepLease(calls, attempt.job.attempt, attempt.job.leaseSeconds, patience.signal)
  const run: Run = { world, lease, seen: { state: 'extracting', records: 0, bytes: 0, bytesOf: null } }
  try {
    if (attempt.stage === 'taken') attempt = await takeOut(attempt, run)
    if (attempt.stage === 'extracted') attempt = await bring(attempt, run)
    return attempt
  } catch (error) {
    patience.signal.throwIfAborted()
    if (!lease.lost && !isLost(error)) return await noteFailure(attempt, error, run)
    await giveUp(attempt, world, 'The node has begun a newer attempt, or cancelled this one.')
    return null
  } finally {
    lease.end()
  }
}

interface Run {
  readonly world: AttemptWorld
  readonly lease: Lease
  /** How far it is. */
  seen: Progress
}

function show(attempt: Attempt, doing: RunningAttempt['doing'], { world, lease, seen }: Run): void {
  const { job, takenAt } = attempt
  const { attempt: name, exchange, realm, extract: what } = job
  const { records, bytes, bytesOf } = seen
  world.board.run({
    attempt: name,
    job: job.job,
    exchange,
    realm,
    extract: what,
    doing,
    since: takenAt,
    records,
    bytes,
    bytesOf,
  })
  lease.moved(seen)
}

async function takeOut(begun: Attempt, run: Run): Promise<Attempt> {
  const { world, lease } = run
  const { config, calls, attempts, definitions } = world
  const { job } = begun
  if (begun.starts >= startsMax) throw new AgentFailure('AGENT_ENDED', `It was begun ${begun.starts} times.`)
  const attempt = await attempts.save({ ...begun, starts: begun.starts + 1 })
  const patience = { ...world.patience, signal: lease.signal }
  show(attempt, 'waiting for the node', run)
  // After a restart the attempt may be another's by now.
  if (begun.starts > 0) await patiently(() => calls.progress(job.attempt, run.seen), patience)
  const { batch, source } = configured(config, attempt)
  const definition = await patiently(() => definitions.get(job.exchange, job.definitionHash), patience)
  const { partner } = await patiently(() => calls.me(), patience)
  await attempts.removeFile(attempt)
  const notes = noteWriter(attempt, attempts)
  notes.note(`Attempt ${job.attempt} of job ${job.job}: ${job.exchange} (${job.realm}), ${job.extract}.`)
  show(attempt, 'extracting', run)
  try {
    const made = await extract({
      job,
      definition,
      partner,
      batch,
      source,
      file: { path: attempts.filePath(attempt), key: config.key },
      snapshotOf: (type) => openSnapshot(snapshotPath(config.state, batch, type)),
      moved: (records, bytes) => {
        run.seen = { state: 'extracting', records, bytes, bytesOf: null }
        show(attempt, 'extracting', run)
      },
      note: notes.note,
      signal: lease.signal,
    })
    const { bytes, sha256, records, marker, generations, form } = made
    const fileName = `${job.exchange}-${job.attempt}.${form === 'zip' ? 'zip' : 'json.gz'}`
    const upload = { bytes, sha256, fileName, contentType: `application/${form}`, records, marker }
    await notes.written()
    return await attempts.save({ ...attempt, stage: 'extracted', upload, generations })
  } finally {
    await notes.written()
  }
}

function configured(config: AgentConfig, { job }: Attempt) {
  const batch = batchOf(config, job)
  const source = batch === null ? undefined : config.sources.get(batch.source)
  if (batch === null || source === undefined)
    throw new AgentFailure('BATCH_UNKNOWN', `Its file names no batch ${job.exchange} (${job.realm}).`)
  return { batch, source }
}

function batchOf(
  config: AgentConfig,
  job: { readonly exchange: string; readonly realm: string },
): BatchConfig | null {
  return (
    config.batches.find(({ exchange, realm }) => exchange === job.exchange && realm === job.realm) ?? null
  )
}

function snapshotPath(
  state: string,
  { exchange, realm }: Pick<BatchConfig, 'exchange' | 'realm'>,
  type: string,
): string {
  return join(state, 'snapshots', `${[exchange, realm, type].map(encodeURIComponent).join('.')}.sqlite`)
}

async function bring(attempt: Attempt, run: Run): Promise<Attempt> {
  const { world, lease } = run
  const { config, calls, attempts } = world
  const { upload, job } = attempt
  if (upload === null) throw new AgentFailure('TEMP_FILE', 'Its state on the disk is damaged.')
  const { records, bytes } = upload
  const moved = (sent: number) => {
    run.seen = { state: 'uploading', records, bytes: sent, bytesOf: bytes }
    show(attempt, 'uploading', run)
  }
  moved(0)
  const { tracking } = await uploadExtract({
    calls,
    attempt: job.attempt,
    upload,
    file: { path: attempts.filePath(attempt), key: config.key },
    patience: { ...world.patience, signal: lease.signal },
    moved,
  })
  await attempts.note(attempt, timed(`Uploaded; tracking number ${tracking}.`))
  const confirmed = await attempts.save({ ...attempt, stage: 'confirmed' })
  await attempts.removeFile(confirmed)
  show(confirmed, 'waiting for the centre', run)
  return confirmed
}

async function noteFailure(attempt: Attempt, error: unknown, { world, seen }: Run): Promise<Attempt> {
  const { attempts, config, version, board } = world
  const batch = batchOf(config, attempt.job)
  const failure = failureReport(error, {
    attempt,
    batch,
    source: batch === null ? null : (config.sources.get(batch.source) ?? null),
    version,
    freeBytes: await freeBytes(config.state),
    records: seen.records,
    log: await attempts.log(attempt),
    at: new Date(),
  })
  // Room first: the disk may be full.
  await attempts.removeFile(attempt)
  await forget(attempt, world)
  await attempts.note(attempt, timed(`${failure.code}: ${failure.message}`)).catch(() => {})
  const failed: Attempt = { ...attempt, stage: 'failed', upload: null, generations: {}, failure }
  // Where even that cannot be written, the failure is told from memory.
  await attempts.save(failed).catch(() => {})
  const { attempt: name, job, exchange, realm, extract: what } = attempt.job
  const { records, bytes, bytesOf } = seen
  board.run({
    attempt: name,
    job,
    exchange,
    realm,
    extract: what,
    doing: 'telling what failed',
    since: attempt.takenAt,
    records,
    bytes,
    bytesOf,
  })
  return failed
}

const FINAL: ReadonlySet<string> = new Set(['done', 'failed', 'timed-out', 'cancelled'])

/**
 * Asks once what became of an attempt whose file the node has, or tells it of one that failed. True when nothing is
 * left to do. Throws NodeError while the node is away.
 */
export async function settleAttempt(attempt: Attempt, world: AttemptWorld): Promise<boolean> {
  const { calls } = world
  const { job, failure, stage } = attempt
  try {
    if (stage === 'failed' && failure !== null) {
      await calls.fail(job.attempt, failure)
      await end(attempt, world, {
        result: 'failed',
        reason: failure.message,
        records: failure.records,
        counts: null,
      })
      return true
    }
    const state = await calls.state(job.attempt)
    if (!FINAL.has(state.state)) return false
    if (state.state === 'done') await remember(attempt, world)
    else await forget(attempt, world)
    await end(attempt, world, { ...state, result: state.state, records: attempt.upload?.records ?? 0 })
    return true
  } catch (error) {
    if (!isLost(error) && isPassing(error)) throw error
    if (!isNodeError(error)) throw error
    await giveUp(attempt, world, `The node wants to hear no more of it: ${error.message}`)
    return true
  }
}

async function giveUp(attempt: Attempt, world: AttemptWorld, reason: string): Promise<void> {
  await world.attempts.removeFile(attempt)
  await forget(attempt, world)
  await end(attempt, world, {
    result: 'given up',
    reason,
    records: attempt.upload?.records ?? 0,
    counts: null,
  })
}

async function end(
  attempt: Attempt,
  { attempts, board }: AttemptWorld,
  {
    result,
    reason,
    records,
    counts,
  }: Pick<AttemptState, 'reason' | 'counts'> & { readonly result: string; readonly records: number },
): Promise<void> {
  const { job, exchange, attempt: name } = attempt.job
  await attempts
    .note(attempt, timed(`Ended: ${result}${reason === null ? '' : ` (${reason})`}`))
    .catch(() => {})
  await attempts.close(attempt)
  board.end({ attempt: name, job, exchange, at: new Date().toISOString(), result, reason, records, counts })
}

/** What the attempt has seen is what the centre holds now. */
function remember(attempt: Attempt, world: AttemptWorld): Promise<void> {
  return withSnapshots(attempt, world, (snapshot, generation) => snapshot.commit(generation))
}

function forget(attempt: Attempt, world: AttemptWorld): Promise<void> {
  return withSnapshots(attempt, world, (snapshot, generation) => {
    if (snapshot.pending === generation) snapshot.discard()
  })
}

async function withSnapshots(
  { job, generations }: Attempt,
  { config }: AttemptWorld,
  act: (snapshot: Snapshot, generation: string) => void,
): Promise<void> {
  for (const [type, generation] of Object.entries(generations)) {
    const snapshot = await openSnapshot(snapshotPath(config.state, job, type))
    try {
      act(snapshot, generation)
    } finally {
      snapshot.close()
    }
  }
}

/** Lines in the order they were said, though nobody waits for each. */
function noteWriter(attempt: Attempt, attempts: Attempts) {
  let written: Promise<void> = Promise.resolve()
  return {
    note: (line: string) => {
      written = written.then(() => attempts.note(attempt, timed(line))).catch(() => {})
    },
    written: () => written,
  }
}

function timed(line: string): string {
  return `${new Date().toISOString()} ${line}`
}

/** Bytes that the agent's account may still write. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
