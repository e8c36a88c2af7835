import type { Tx } from '../../db/database.ts'
import { Fault } from '../../fault/fault.ts'
import { raiseAlert, resolveAlerts } from '../../store/alerts.ts'
import { type AttemptMove, findAttempt, moveAttempt, newerBegun, openAttempt } from '../../store/attempts.ts'
import { putAuditLines } from '../../store/audit.ts'
import { isoOf } from '../../store/iso-time.ts'
import type { Attempt, Job, Run } from '../../store/job-model.ts'
import { findJob } from '../../store/jobs.ts'
import { lockRun, moveRun, waitingRun } from '../../store/runs.ts'
import { type AfterAttempt, type AttemptEvent, nextState, runAfter } from './machine.ts'

/** What comes with a step: times, progress, an announcement, a cause. */
export type StepChange = Omit<AttemptMove, 'attempt' | 'state' | 'at'>

/** Who did it, for the audit log: an account of a partner, or the node itself. */
export interface Doer {
  readonly account: string | null
  readonly partner: string | null
}

export const NODE: Doer = { account: null, partner: null }

/** An attempt with its run, both locked until the transaction ends. */
export interface Held {
  readonly attempt: Attempt
  readonly run: Run
  readonly job: Job | null
}

/** Locks an attempt by its run. Throws fault NOT_FOUND. */
export async function holdAttempt(tx: Tx, name: string): Promise<Held> {
  const found = await findAttempt(tx, name)
  const run = found === null ? null : await lockRun(tx, found.run)
  // Read again: what was read before the lock may be old.
  const attempt = run === null ? null : await findAttempt(tx, name)
  if (run === null || attempt === null) throw new Fault('NOT_FOUND', { what: `attempt ${name}` })
  return { attempt, run, job: await findJob(tx, run.job) }
}

/**
 * Moves an attempt on, and with it its run and the alerts about its job, in one transaction.
 * Throws fault JOB_LOST where the event cannot happen any more.
 */
export async function stepAttempt(
  tx: Tx,
  held: Held,
  event: AttemptEvent,
  change: StepChange,
  { by, at }: { readonly by: Doer; readonly at: number },
): Promise<AfterAttempt> {
  const { attempt, run, job } = held
  const late = attempt.state === 'timed-out'
  const newest = !late || (attempt.takenAt !== null && !(await newerBegun(tx, attempt)))
  const state = nextState(attempt.state, event, newest)
  if (state === null) throw lost(attempt, newest)
  if (late) await withdrawOffer(tx, run, at)
  const revived =
    late && job !== null
      ? { arriveBy: at + job.arriveMinutes * 60_000, cause: { code: null, reason: null } }
      : {}
  await moveAttempt(tx, { ...revived, ...change, attempt: attempt.attempt, state, at })
  const failed = state === 'failed' || state === 'timed-out'
  const replaced = failed && (await waitingRun(tx, run)) !== null
  const after = runAfter(state, { attempts: run.attempts, replaced }, job, at)
  const reason = change.cause?.reason ?? null
  await moveRun(tx, { run: run.run, state: after.state, at, reason, nextAt: after.retryAt })
  if (failed && job !== null) {
    const kind = after.spent ? 'limit' : state
    const code = change.cause?.code ?? null
    await raiseAlert(tx, attempt, { kind, code, message: reason ?? state, at })
  }
  if (state === 'done')
    await resolveAlerts(tx, run.job, run.partner, `Attempt ${attempt.attempt} was done.`, at)
  if (state !== attempt.state)
    await noteStep(tx, by, `attempt ${state}`, `${attempt.attempt} ${attempt.job} ${attempt.partner}`, at)
  return after
}

function lost({ attempt, state }: Attempt, newest: boolean): Fault {
  const reason = newest ? `it is ${state}.` : 'it timed out, and a newer one has begun.'
  return new Fault('JOB_LOST', { attempt, reason })
}

/** A late agent goes on: what was offered in its place is taken back. */
async function withdrawOffer(tx: Tx, run: Run, at: number): Promise<void> {
  const offered = await openAttempt(tx, run.run)
  if (offered === null) return
  const cause = { code: null, reason: 'The agent went on with its earlier attempt.' }
  await moveAttempt(tx, { attempt: offered.attempt, state: 'cancelled', at, cause })
}

/** One line of the audit log about what happened to a job, run or attempt. */
export async function noteStep(
  tx: Tx,
  { account, partner }: Doer,
  action: string,
  target: string,
  at: number,
): Promise<void> {
  await putAuditLines(tx, [
    { at: isoOf(at), account, partner, action, target, status: 200, request: '', address: '' },
  ])
}
