import type { Tx } from '../../db/database.ts'
import { Fault } from '../../fault/fault.ts'
import { resolveAlerts } from '../../store/alerts.ts'
import { isoOf } from '../../store/iso-time.ts'
import type { Calendar, Job, JobRule, Run } from '../../store/job-model.ts'
import {
  agentPartners,
  dropCalendar,
  dropJob,
  exceptionsOf,
  findCalendar,
  listJobs,
  lockJob,
  putCalendar,
  putJob,
  setNextDue,
  setPaused,
} from '../../store/jobs.ts'
import { findPartner } from '../../store/partners.ts'
import { findRun, lockRun, openRuns, ownStarts, putRun } from '../../store/runs.ts'
import type { JobDeps } from './deps.ts'
import { cancelRun, endWaiting, timetableOf, withdrawOffers } from './plan.ts'
import { isWithin, nextOccurrence, refuseSchedule, restOf, startOfDay } from './schedule.ts'
import { type Doer, noteStep } from './steps.ts'

/** A person who says so. */
export interface Person extends Doer {
  readonly name: string
  readonly account: string
  readonly partner: string
}

type OfficeDeps = Pick<JobDeps, 'db' | 'now' | 'definitions' | 'changed'>

/**
 * Makes a job or changes its rule; what is under way goes on by the new one. Throws faults BAD_REQUEST, NOT_FOUND
 * (exchange, partner, calendar), CONFLICT (the exchange or realm of a job cannot change).
 */
export async function saveJob(deps: OfficeDeps, by: Person, rule: JobRule): Promise<Job> {
  const at = deps.now()
  deps.definitions.get(rule.exchange)
  refuseSchedule(rule)
  const saved = await deps.db.transact(async (tx) => {
    const before = await lockJob(tx, rule.job)
    if (before !== null && (before.exchange !== rule.exchange || before.realm !== rule.realm))
      throw new Fault('CONFLICT', {
        reason: `Job ${rule.job} is for ${before.exchange} (${before.realm}); make another one for ${rule.exchange} (${rule.realm}).`,
      })
    for (const partner of rule.partners ?? [])
      if ((await findPartner(tx, partner)) === null)
        throw new Fault('NOT_FOUND', { what: `partner ${partner}` }).blaming('body/partners')
    if (rule.calendar !== null && (await findCalendar(tx, rule.calendar)) === null)
      throw new Fault('NOT_FOUND', { what: `calendar ${rule.calendar}` }).blaming('body/calendar')
    const nextDue = nextOccurrence(await timetableOf(tx, rule), at)
    await putJob(tx, rule, { by: by.name, at, nextDue })
    await noteStep(tx, by, before === null ? 'job made' : 'job changed', changeOf(rule), at)
    return mustJob(tx, rule.job)
  })
  deps.changed()
  return saved
}

/** The whole rule in the audit log: what was changed when is found by comparing its lines. */
function changeOf({ job, ...rule }: JobRule): string {
  return `${job} ${JSON.stringify(rule)}`.slice(0, 2000)
}

async function mustJob(tx: Tx, name: string): Promise<Job> {
  const job = await lockJob(tx, name)
  if (job === null) throw new Fault('NOT_FOUND', { what: `job ${name}` })
  return job
}

/** Nothing of a paused job is offered; what agents have goes on. Throws fault NOT_FOUND. */
export async function pauseJob(
  deps: OfficeDeps,
  by: Person,
  name: string,
  reason: string | null,
): Promise<Job> {
  const at = deps.now()
  return deps.db.transact(async (tx) => {
    await mustJob(tx, name)
    await setPaused(tx, name, { paused: true, reason, by: by.name, at })
    await withdrawOffers(tx, name, 'The job is paused.', at)
    await noteStep(tx, by, 'job paused', [name, reason].filter(Boolean).join(' '), at)
    return mustJob(tx, name)
  })
}

/** A paused job goes on with its next occurrence; those that passed meanwhile are not missed. */
export async function resumeJob(deps: OfficeDeps, by: Person, name: string): Promise<Job> {
  const at = deps.now()
  const resumed = await deps.db.transact(async (tx) => {
    const job = await mustJob(tx, name)
    await setPaused(tx, name, { paused: false, reason: null, by: by.name, at })
    await setNextDue(tx, name, nextOccurrence(await timetableOf(tx, job), at))
    await noteStep(tx, by, 'job resumed', name, at)
    return mustJob(tx, name)
  })
  deps.changed()
  return resumed
}

/**
 * Removes a job and cancels what has not arrived of it; its runs and sessions stay known. Throws fault NOT_FOUND.
 */
export async function removeJob(deps: OfficeDeps, by: Person, name: string): Promise<void> {
  const at = deps.now()
  await deps.db.transact(async (tx) => {
    await mustJob(tx, name)
    for (const run of await openRuns(tx, name, null))
      if (!ARRIVED.has(run.state)) await cancelRun(tx, run, 'The job was removed.', by, at)
    await resolveAlerts(tx, name, null, 'The job was removed.', at)
    await dropJob(tx, name)
    await noteStep(tx, by, 'job removed', name, at)
  })
}

/** The file is here: what becomes of it is said of the submission. */
const ARRIVED: ReadonlySet<string> = new Set(['received', 'processing'])

/** Throws faults NOT_FOUND, NOT_ALLOWED_NOW (it is over, or its file is here). */
export async function stopRun(deps: OfficeDeps, by: Person, name: string, reason: string): Promise<Run> {
  const at = deps.now()
  return deps.db.transact(async (tx) => {
    const run = await lockRun(tx, name)
    if (run === null) throw new Fault('NOT_FOUND', { what: `run ${name}` })
    if (run.closedAt !== null) throw new Fault('NOT_ALLOWED_NOW', { reason: `Run ${name} is ${run.state}.` })
    if (ARRIVED.has(run.state))
      throw new Fault('NOT_ALLOWED_NOW', {
        reason: `The file of run ${name} is here; cancel its submission where that is held.`,
      })
    await cancelRun(tx, run, reason, by, at)
    return (await findRun(tx, name)) ?? run
  })
}

export interface RunNow {
  readonly job: string
  /** Null: every partner of the job. */
  readonly partner: string | null
  /** Also on a day of rest. */
  readonly force: boolean
}

/**
 * Makes runs of a job that are offered at once, window or not. A run that waits gives its place up; one that is
 * offered already is given as it is. Throws faults NOT_FOUND, NOT_ALLOWED_NOW (paused, a day of rest).
 */
export async function runNow(
  deps: OfficeDeps,
  by: Person,
  { job: name, partner, force }: RunNow,
): Promise<Run[]> {
  const at = deps.now()
  const runs = await deps.db.transact(async (tx) => {
    const job = await mustJob(tx, name)
    await refuseRest(tx, job, force, at)
    const all = await partnersOf(tx, job)
    if (partner !== null && !all.includes(partner)) throw notForPartner(job, partner)
    const made: Run[] = []
    for (const one of partner === null ? all : [partner])
      made.push(await makeRun(tx, job, one, { origin: 'now', by, at }))
    await noteStep(tx, by, 'job run now', `${name} ${partner ?? '*'}`, at)
    return made
  })
  deps.changed()
  return runs
}

/**
 * A partner starts a job itself, where its job's policy allows. A run of its that waits already is given as it is.
 * Throws faults NOT_FOUND, NOT_ALLOWED (the policy), NOT_ALLOWED_NOW (hours and limits).
 */
export async function startOwn(deps: OfficeDeps, by: Person, name: string): Promise<Run> {
  const at = deps.now()
  const run = await deps.db.transact(async (tx) => {
    const job = await mustJob(tx, name)
    if (!(await partnersOf(tx, job)).includes(by.partner)) throw notForPartner(job, by.partner)
    const waiting = (await openRuns(tx, name, by.partner)).find(({ state }) => WAITS.has(state))
    if (waiting !== undefined) return waiting
    await refuseRest(tx, job, false, at)
    await refuseOwn(tx, job, by.partner, at)
    const made = await makeRun(tx, job, by.partner, { origin: 'partner', by, at })
    await noteStep(tx, by, 'job started by its partner', `${name} ${made.run}`, at)
    return made
  })
  deps.changed()
  return run
}

const WAITS: ReadonlySet<string> = new Set(['scheduled', 'offered'])

function notForPartner({ job }: Job, partner: string): Fault {
  return new Fault('NOT_FOUND', { what: `job ${job} for ${partner}` })
}

function partnersOf(tx: Tx, { partners, exchange }: Job): Promise<readonly string[]> {
  return partners === null ? agentPartners(tx, exchange) : Promise.resolve(partners)
}

async function refuseRest(tx: Tx, job: Job, force: boolean, at: number): Promise<void> {
  if (job.paused)
    throw new Fault('NOT_ALLOWED_NOW', {
      reason: `Job ${job.job} is paused. ${job.pauseReason ?? ''}`.trim(),
    })
  const rest = restOf(await exceptionsOf(tx, job.calendar), job.zone, at)
  if (rest !== null && !force)
    throw new Fault('NOT_ALLOWED_NOW', {
      reason: `Jobs rest from ${rest.from} until ${rest.until}: ${rest.reason.replace(/\.$/, '')}.`,
    })
}

/** Holds a partner's wish to start a job against the job's policy. */
async function refuseOwn(tx: Tx, job: Job, partner: string, at: number): Promise<void> {
  const { ownStart, zone } = job
  if (ownStart === null)
    throw new Fault('NOT_ALLOWED', { reason: `Partners do not start job ${job.job}; ask the centre.` })
  const { hours, perDayMax, atOnceMax } = ownStart
  if (hours !== null && !isWithin(hours, zone, at))
    throw new Fault('NOT_ALLOWED_NOW', {
      reason: `Partners may start job ${job.job} from ${hours.from} until ${hours.until} (${zone}).`,
    })
  const { today, open } = await ownStarts(tx, job.job, partner, startOfDay(zone, at))
  if (today >= perDayMax)
    throw new Fault('NOT_ALLOWED_NOW', {
      reason: `Job ${job.job} was started ${today} times today, which is as often as a partner may.`,
    })
  if (open >= atOnceMax)
    throw new Fault('NOT_ALLOWED_NOW', {
      reason: `${open} runs of job ${job.job} that partners started are not over, which are as many as there may be. Try again later.`,
    })
}

async function makeRun(
  tx: Tx,
  job: Job,
  partner: string,
  { origin, by, at }: { readonly origin: 'now' | 'partner'; readonly by: Person; readonly at: number },
): Promise<Run> {
  for (const run of await openRuns(tx, job.job, partner)) {
    if (run.state === 'offered') return run
    if (run.state === 'scheduled') await endWaiting(tx, run, `A run at ${isoOf(at)} took its place.`, at)
  }
  const started = { origin, startedBy: by.name, dueAt: at, state: 'scheduled', reason: null } as const
  const name = await putRun(tx, job, partner, started, at)
  const run = name === null ? null : await findRun(tx, name)
  if (run === null)
    throw new Fault('CONFLICT', { reason: `Another run of ${job.job} is being made for ${partner}.` })
  return run
}

/**
 * Makes a calendar or changes its days; the schedules that use it follow. Throws fault BAD_REQUEST.
 */
export async function saveCalendar(
  deps: OfficeDeps,
  by: Person,
  calendar: Pick<Calendar, 'calendar' | 'title' | 'exceptions'>,
): Promise<Calendar> {
  const at = deps.now()
  const wrong = calendar.exceptions.find(({ from, until }) => until < from)
  if (wrong !== undefined)
    throw new Fault('BAD_REQUEST', {
      reason: `A rest from ${wrong.from} cannot end on ${wrong.until}.`,
    }).blaming('body/exceptions')
  const saved = await deps.db.transact(async (tx) => {
    await putCalendar(tx, calendar, at)
    for (const { job } of await listJobs(tx, { exchange: null, calendar: calendar.calendar })) {
      const locked = await mustJob(tx, job)
      await setNextDue(tx, job, nextOccurrence(await timetableOf(tx, locked), at))
    }
    const days = calendar.exceptions.map(({ from, until }) => `${from}/${until}`).join(' ')
    await noteStep(tx, by, 'calendar put', `${calendar.calendar} ${days}`.slice(0, 2000), at)
    return findCalendar(tx, calendar.calendar)
  })
  if (saved === null) throw new Error('a calendar that was just put is not there')
  deps.changed()
  return saved
}

/** Throws faults NOT_FOUND, CONFLICT (a job uses it). */
export async function removeCalendar(deps: OfficeDeps, by: Person, calendar: string): Promise<void> {
  const at = deps.now()
  await deps.db.transact(async (tx) => {
    const [user] = await listJobs(tx, { exchange: null, calendar })
    if (user !== undefined)
      throw new Fault('CONFLICT', { reason: `Job ${user.job} uses the calendar ${calendar}.` })
    if (!(await dropCalendar(tx, calendar))) throw new Fault('NOT_FOUND', { what: `calendar ${calendar}` })
    await noteStep(tx, by, 'calendar removed', calendar, at)
  })
}
