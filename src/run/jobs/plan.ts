import type { Tx } from '../../db/database.ts'
import { raiseAlert } from '../../store/alerts.ts'
import { moveAttempt, openAttempt } from '../../store/attempts.ts'
import { isoOf } from '../../store/iso-time.ts'
import type { Job, Run } from '../../store/job-model.ts'
import { agentPartners, dueJobs, exceptionsOf, setNextDue } from '../../store/jobs.ts'
import { moveRun, openRuns, putRun } from '../../store/runs.ts'
import { nextOccurrence, type Timetable } from './schedule.ts'
import { type Doer, holdAttempt, NODE, noteStep, stepAttempt } from './steps.ts'

/** An occurrence is missed when nobody made its run within this time. */
const missedMs = 5 * 60_000
/** More occurrences than these are not counted. */
const countedMax = 1000

/**
 * Makes the runs of one job whose next occurrence has come. An occurrence has one run for each partner, whoever makes
 * it, and however often.
 * @returns whether there was one: there may be more
 */
export async function planNext(tx: Tx, at: number): Promise<boolean> {
  const [job] = await dueJobs(tx, at, 1)
  if (job !== undefined) await planJob(tx, job, at)
  return job !== undefined
}

/** When and when not a job runs. */
export async function timetableOf(
  tx: Tx,
  job: Pick<Job, 'cron' | 'zone' | 'window' | 'calendar'>,
): Promise<Timetable> {
  const { cron, zone, window } = job
  return { cron, zone, window, exceptions: await exceptionsOf(tx, job.calendar) }
}

async function planJob(tx: Tx, job: Job, at: number): Promise<void> {
  const timetable = await timetableOf(tx, job)
  const { latest, passed } = passedOccurrences(
    timetable,
    job.nextDue === null ? at : Date.parse(job.nextDue),
    at,
  )
  await setNextDue(tx, job.job, nextOccurrence(timetable, at))
  if (latest === null) return
  const late = at - latest > missedMs
  const many =
    passed >= countedMax
      ? `${countedMax} or more occurrences`
      : `${passed} occurrence${passed === 1 ? '' : 's'}`
  const missed = `${many} passed while no node looked after jobs`
  const skip = late && job.missed === 'skip'
  const state = skip ? 'cancelled' : 'scheduled'
  const reason = skip ? `Left out: ${missed}.` : late || passed > 1 ? `Makes up for it: ${missed}.` : null
  for (const partner of job.partners ?? (await agentPartners(tx, job.exchange))) {
    if (!skip) await replaceWaiting(tx, job, partner, latest, at)
    await putRun(tx, job, partner, { origin: 'schedule', startedBy: null, dueAt: latest, state, reason }, at)
  }
}

/** The last occurrence up to now, from the one that was due first, and how many there were. */
function passedOccurrences(
  timetable: Timetable,
  first: number,
  at: number,
): { readonly latest: number | null; readonly passed: number } {
  let latest: number | null = null
  let passed = 0
  // The calendar may have changed since the first was reckoned.
  let next = nextOccurrence(timetable, first - 1000)
  while (next !== null && next <= at && passed < countedMax) {
    latest = next
    passed += 1
    next = nextOccurrence(timetable, next)
  }
  return { latest, passed }
}

/** A newer occurrence takes the place of a run that still waits; one that an agent has goes on. */
async function replaceWaiting(tx: Tx, job: Job, partner: string, dueAt: number, at: number): Promise<void> {
  for (const run of await openRuns(tx, job.job, partner)) {
    const why = `The occurrence of ${isoOf(dueAt)} took its place.`
    if (run.state === 'offered') await endOffered(tx, run, why, at)
    else if (run.state === 'scheduled') await endUnoffered(tx, run, why, at)
  }
}

async function endOffered(tx: Tx, run: Run, why: string, at: number): Promise<void> {
  const offered = await openAttempt(tx, run.run)
  if (offered === null) return
  const held = await holdAttempt(tx, offered.attempt)
  const cause = { code: 'NOT_TAKEN', reason: `No agent of ${run.partner} asked for it. ${why}` }
  const after = await stepAttempt(tx, held, 'time-out', { cause }, { by: NODE, at })
  if (after.state === 'scheduled')
    await moveRun(tx, { run: run.run, state: 'timed-out', at, reason: cause.reason })
}

/** A run that waits gives its place up: with attempts behind it, it failed. */
export async function endWaiting(tx: Tx, run: Run, why: string, at: number): Promise<string> {
  const reason = [run.reason, why].filter((text) => text !== null).join(' ')
  const state = run.attempts > 0 ? 'failed' : 'cancelled'
  await moveRun(tx, { run: run.run, state, at, reason })
  return reason
}

async function endUnoffered(tx: Tx, run: Run, why: string, at: number): Promise<void> {
  const reason = await endWaiting(tx, run, why, at)
  // It never came to its turn: something was in its way for as long as a whole interval.
  if (run.attempts === 0 && run.origin === 'schedule')
    await raiseAlert(
      tx,
      { ...run, attempt: '' },
      { kind: 'failed', code: 'NEVER_OFFERED', message: reason, at },
    )
}

/** Ends everything of a job that is not over: it was removed, or a person says so. */
export async function cancelRun(tx: Tx, run: Run, reason: string, by: Doer, at: number): Promise<void> {
  const open = await openAttempt(tx, run.run)
  if (open === null) await moveRun(tx, { run: run.run, state: 'cancelled', at, reason })
  else
    await stepAttempt(
      tx,
      await holdAttempt(tx, open.attempt),
      'cancel',
      { cause: { code: null, reason } },
      { by: NODE, at },
    )
  await noteStep(tx, by, 'run cancelled', `${run.run} ${run.job} ${run.partner}`, at)
}

/** Takes back what is offered of a job and was not taken: it waits as before. */
export async function withdrawOffers(tx: Tx, job: string, reason: string, at: number): Promise<void> {
  for (const run of await openRuns(tx, job, null)) {
    if (run.state !== 'offered') continue
    const offered = await openAttempt(tx, run.run)
    if (offered !== null)
      await moveAttempt(tx, {
        attempt: offered.attempt,
        state: 'cancelled',
        at,
        cause: { code: null, reason },
      })
    await moveRun(tx, { run: run.run, state: 'scheduled', at, reason, nextAt: at })
  }
}
