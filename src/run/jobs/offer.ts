import type { Database, Tx } from '../../db/database.ts'
import { lateAttempts, offerAttempt, underWay } from '../../store/attempts.ts'
import { isoOf } from '../../store/iso-time.ts'
import type { Attempt, Job, Run } from '../../store/job-model.ts'
import { findJob } from '../../store/jobs.ts'
import { dueRuns, moveRun } from '../../store/runs.ts'
import { type Load, type LoadLimits, loadNow } from './load.ts'
import { timetableOf } from './plan.ts'
import { isWithin, nextOffer, restOf, type Timetable, windowCloses } from './schedule.ts'
import { holdAttempt, NODE, noteStep, stepAttempt } from './steps.ts'

const runsAtOnce = 100
/** A run that something is in the way of is looked at again after so long. */
const lookAgainMs = 5_000

/**
 * Offers the runs whose time has come to the agents of their partners, those that rank highest first.
 * @returns whether there may be more
 */
export async function offerRuns(tx: Tx, limits: LoadLimits, at: number): Promise<boolean> {
  const runs = await dueRuns(tx, at, runsAtOnce)
  if (runs.length === 0) return false
  const load = await loadNow(tx, limits)
  for (const run of runs) {
    const job = await findJob(tx, run.job)
    if (job === null)
      await moveRun(tx, { run: run.run, state: 'cancelled', at, reason: 'The job was removed.' })
    else await offerRun(tx, run, job, load, at)
  }
  return runs.length === runsAtOnce
}

async function offerRun(tx: Tx, run: Run, job: Job, load: Load, at: number): Promise<void> {
  const timetable = await timetableOf(tx, job)
  const delay = await delayOf(tx, run, timetable, load, at)
  if (delay !== null) {
    if (delay.until === null)
      await moveRun(tx, { run: run.run, state: 'cancelled', at, reason: delay.reason })
    else
      await moveRun(tx, { run: run.run, state: 'scheduled', at, reason: delay.reason, nextAt: delay.until })
    return
  }
  const number = run.attempts + 1
  const arriveBy = at + job.arriveMinutes * 60_000
  const closes = run.origin === 'schedule' ? windowCloses(timetable, at) : null
  await offerAttempt(tx, { run: run.run, number, at, arriveBy: Math.min(arriveBy, closes ?? arriveBy) })
  await moveRun(tx, { run: run.run, state: 'offered', at, reason: run.reason, attempts: number })
  await noteStep(tx, NODE, 'attempt offered', `${run.run}-${number} ${run.job} ${run.partner}`, at)
}

interface Delay {
  /** Milliseconds since 1970; null: it will never be its time. */
  readonly until: number | null
  readonly reason: string
}

/** What is in the way of a run now; null when nothing is. */
async function delayOf(
  tx: Tx,
  run: Run,
  timetable: Timetable,
  load: Load,
  at: number,
): Promise<Delay | null> {
  if (run.origin === 'schedule') {
    const until = nextOffer(timetable, at)
    if (until !== at) return { until, reason: waitReason(timetable, until, at) }
  }
  if (run.origin === 'partner') {
    const until = nextOffer({ ...timetable, window: null }, at)
    if (until !== at) return { until, reason: waitReason(timetable, until, at) }
    if (load.loaded) return deferred(timetable, load, at)
  }
  const busy = await underWay(tx, run)
  if (busy === null) return null
  const why = busy.reason === null ? `it is ${busy.state}` : busy.reason.replace(/\.$/, '')
  return { until: at + lookAgainMs, reason: `Waits for attempt ${busy.attempt} of ${busy.job}: ${why}.` }
}

function waitReason({ exceptions, zone, window }: Timetable, until: number | null, at: number): string {
  if (until === null) return 'Its window and its calendar leave it no time.'
  const rest = restOf(exceptions, zone, at)
  if (rest !== null) return `Waits until ${isoOf(until)}: ${rest.reason}.`
  return `Waits for its window, ${window?.from}-${window?.until}.`
}

/** What partners start gives way while the node is loaded: until the window opens, if it is closed. */
function deferred(timetable: Timetable, { tasks, attempts }: Load, at: number): Delay {
  const { window, zone } = timetable
  const outside = window !== null && !isWithin(window, zone, at)
  const until = outside ? nextOffer(timetable, at) : at + lookAgainMs
  const where = outside ? ` to the window, ${window.from}-${window.until}` : ''
  return {
    until,
    reason: `Deferred${where}: the node is loaded (submissions: ${tasks}, attempts under way: ${attempts}).`,
  }
}

/**
 * Ends attempts whose time is up: that nobody took, whose agent fell silent, whose file did not come.
 * @returns whether there may be more
 */
export async function endLate(db: Database, at: number): Promise<boolean> {
  const late = await db.transact((tx) => lateAttempts(tx, at, runsAtOnce))
  // A transaction for each: with several runs locked, two nodes could wait for each other.
  for (const { attempt } of late)
    await db.transact(async (tx) => {
      const held = await holdAttempt(tx, attempt)
      // Read again under the lock: it may have moved on meanwhile.
      const cause = lateCause(held.attempt, at)
      if (cause !== null) await stepAttempt(tx, held, 'time-out', { cause }, { by: NODE, at })
    })
  return late.length === runsAtOnce
}

function lateCause(attempt: Attempt, at: number): { readonly code: string; readonly reason: string } | null {
  const { state, partner, arriveBy, leasedUntil, account } = attempt
  if (!['offered', 'taken', 'extracting', 'uploading'].includes(state)) return null
  if (state === 'offered' && Date.parse(arriveBy) <= at)
    return { code: 'NOT_TAKEN', reason: `No agent of ${partner} asked for it in time.` }
  if (Date.parse(arriveBy) <= at)
    return { code: 'FILE_LATE', reason: `Its file did not arrive in time; it was ${state}.` }
  if (leasedUntil !== null && Date.parse(leasedUntil) <= at)
    return { code: 'AGENT_SILENT', reason: `The agent ${account} fell silent; it was ${state}.` }
  return null
}
