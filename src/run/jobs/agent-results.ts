import type { Tx } from '../../db/database.ts'
import { rewordAlert } from '../../store/alerts.ts'
import { findAttempt, keepErrorLog, moveAttempt } from '../../store/attempts.ts'
import { type Kept, putDocuments } from '../../store/documents.ts'
import type { AttemptState } from '../../store/job-model.ts'
import type { Counts } from '../../store/model.ts'
import { findRun, moveRun } from '../../store/runs.ts'
import { findSubmission } from '../../store/submissions.ts'
import { type AgentAccount, assertOwn, holdOwn } from './agent-calls.ts'
import type { JobDeps } from './deps.ts'
import { type Held, noteStep, stepAttempt } from './steps.ts'

/** What an agent tells of an attempt that failed. */
export interface AgentFailure {
  /** Stable word of the agent's. */
  readonly code: string
  readonly message: string
  /** Diagnostics without personal data; '' where there is none. */
  readonly log: string
  /** Records extracted until then. */
  readonly records: number
  /** When it failed, by the agent's clock, ISO. */
  readonly at: string
}

export interface AttemptResult {
  readonly state: AttemptState
  readonly reason: string | null
  readonly tracking: string | null
  readonly counts: Counts | null
  readonly retryAt: string | null
}

const ONGOING: ReadonlySet<string> = new Set(['taken', 'extracting', 'uploading'])

/**
 * Notes that an attempt failed, with its log. One that timed out meanwhile, or was told before, keeps its state and
 * takes the agent's reason: it knows better. Throws faults NOT_FOUND, JOB_LOST (its file is here).
 */
export async function noteFailure(
  deps: JobDeps,
  who: AgentAccount,
  name: string,
  failure: AgentFailure,
): Promise<void> {
  const at = deps.now()
  const log = failure.log === '' ? null : await keepLog(deps, failure.log)
  const { code, records, at: failedAt } = failure
  // What databases' texts cannot hold.
  const reason = failure.message.replaceAll(/\0|\p{Cs}/gu, '�')
  await deps.db.transact(async (tx) => {
    const held = await holdOwn(tx, who, name)
    if (log !== null) await putDocuments(tx, [log])
    const { state } = held.attempt
    if (state === 'timed-out' || state === 'failed') await noteLate(tx, held, { code, reason }, at)
    else if (state !== 'cancelled')
      await stepAttempt(tx, held, 'fail', { cause: { code, reason } }, { by: who, at })
    await keepErrorLog(tx, name, { document: log?.sha256 ?? null, failedAt, records })
    if (!ONGOING.has(state)) await noteStep(tx, who, 'attempt log late', `${name} ${held.attempt.job}`, at)
  })
  await deps.uploads.drop(name)
  deps.changed()
}

async function keepLog(deps: JobDeps, text: string): Promise<Kept> {
  async function* bytes() {
    yield Buffer.from(text)
  }
  return deps.documents.take(bytes(), 8 * 2 ** 20)
}

async function noteLate(
  tx: Tx,
  { attempt, run }: Held,
  cause: { readonly code: string; readonly reason: string },
  at: number,
): Promise<void> {
  await moveAttempt(tx, { attempt: attempt.attempt, state: attempt.state, at, cause })
  await rewordAlert(tx, attempt.attempt, cause.code, cause.reason)
  if (run.attempts !== attempt.number || run.state === 'cancelled') return
  // The run tells why its latest attempt failed.
  const nextAt = run.nextAt === null ? null : Date.parse(run.nextAt)
  if (run.state === 'scheduled' || run.state === attempt.state)
    await moveRun(tx, { run: run.run, state: run.state, at, reason: cause.reason, nextAt })
}

/** What became of an attempt. Throws fault NOT_FOUND. */
export async function attemptResult(deps: JobDeps, who: AgentAccount, name: string): Promise<AttemptResult> {
  return deps.db.transact(async (tx) => {
    const attempt = await findAttempt(tx, name)
    assertOwn(who, attempt)
    const { state, reason, tracking, book } = attempt
    const run = await findRun(tx, attempt.run)
    const submission = book === null || tracking === null ? null : await findSubmission(tx, book, tracking)
    return { state, reason, tracking, counts: submission?.counts ?? null, retryAt: run?.nextAt ?? null }
  })
}
