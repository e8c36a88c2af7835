import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobPorts, RunView } from '../channel/rest/ports-jobs.ts'
import type { Tx } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import type { Who } from '../identity/who.ts'
import type { JobDeps } from '../run/jobs/deps.ts'
import {
  type Person,
  pauseJob,
  removeCalendar,
  removeJob,
  resumeJob,
  runNow,
  saveCalendar,
  saveJob,
  startOwn,
  stopRun,
} from '../run/jobs/office.ts'
import { timetableOf } from '../run/jobs/plan.ts'
import { nextOccurrence } from '../run/jobs/schedule.ts'
import { noteStep } from '../run/jobs/steps.ts'
import { listAgents } from '../store/agents.ts'
import {
  type Alert,
  acknowledgeAlert,
  alertChange,
  alertsAfter,
  findAlert,
  listAlerts,
} from '../store/alerts.ts'
import { findAttempt, listAttempts } from '../store/attempts.ts'
import { findDocument, readDocument } from '../store/documents.ts'
import { isoOf } from '../store/iso-time.ts'
import type { Job, Run } from '../store/job-model.ts'
import { findCalendar, findJob, listCalendars, listJobs } from '../store/jobs.ts'
import { findRun, listRuns, placeInQueue } from '../store/runs.ts'
import { listSessions, listTrends } from '../store/sessions.ts'
import { placeAfter, readPlace } from './paging.ts'

/** An agent that asks every quarter of a minute did not ask for so long. */
const silentMs = 5 * 60_000
const watchMs = 1000
const trendsMax = 10_000
const dayMs = 24 * 3600_000

/** Jobs and what became of them, over the stores. */
export function createJobPorts(deps: JobDeps): JobPorts {
  const { db } = deps
  return {
    ...rulePorts(deps),
    runs: runPorts(deps),
    attempts: attemptPorts(deps),
    calendars: calendarPorts(deps),
    alerts: alertPorts(deps),
    async agents(partners) {
      const latest = deps.now() - silentMs
      const agents = await db.transact((tx) => listAgents(tx, partners))
      return agents.map((agent) => ({ ...agent, silent: Date.parse(agent.seenAt) < latest }))
    },
    async sessions(filter, { limit, after }) {
      const before = readPlace(after, { at: 'string', session: 'string' })
      const rows = await db.transact((tx) => listSessions(tx, filter, { limit: limit + 1, before }))
      return pageOf(rows, limit, ({ at, session }) => ({ at, session }))
    },
    async trends({ by, zone, ...filter }) {
      const days = { day: 31, week: 26 * 7, month: 731 }[by]
      const from = filter.from ?? isoOf(deps.now() - days * dayMs)
      assertZone(zone)
      return db.transact((tx) => listTrends(tx, { ...filter, from }, { by, zone, limit: trendsMax }))
    },
  }
}

function assertZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw new Fault('BAD_REQUEST', { reason: `${zone.slice(0, 60)} is no time zone.` })
  }
}

function personOf({ account, partner, name }: Who): Person {
  return { account, partner, name }
}

function missing(what: string): Fault {
  return new Fault('NOT_FOUND', { what })
}

/** A page of rows of which one more than its limit was asked for. */
function pageOf<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (last: T) => Readonly<Record<string, string | number>>,
): { readonly items: readonly T[]; readonly next: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? placeAfter(placeOf(last)) : null }
}

type RulePorts = Omit<
  JobPorts,
  'runs' | 'attempts' | 'calendars' | 'alerts' | 'agents' | 'sessions' | 'trends'
>

function rulePorts(deps: JobDeps): RulePorts {
  const { db } = deps
  return {
    list: (exchange) => db.transact((tx) => listJobs(tx, { exchange, calendar: null })),
    find: (job) => db.transact((tx) => mustJob(tx, job)),
    save: (by, rule) => saveJob(deps, personOf(by), rule),
    pause: (by, job, reason) => pauseJob(deps, personOf(by), job, reason),
    resume: (by, job) => resumeJob(deps, personOf(by), job),
    remove: (by, job) => removeJob(deps, personOf(by), job),
    async occurrences(name, count) {
      const timetable = await db.transact(async (tx) => timetableOf(tx, await mustJob(tx, name)))
      const times: string[] = []
      let time = nextOccurrence(timetable, deps.now())
      while (time !== null && times.length < count) {
        times.push(isoOf(time))
        time = nextOccurrence(timetable, time)
      }
      return times
    },
    async runNow(by, request) {
      const runs = await runNow(deps, personOf(by), request)
      return viewsOf(deps, runs)
    },
    async startOwn(by, job) {
      const [view] = await viewsOf(deps, [await startOwn(deps, personOf(by), job)])
      return view as RunView
    },
  }
}

async function mustJob(tx: Tx, name: string): Promise<Job> {
  const job = await findJob(tx, name)
  if (job === null) throw missing(`job ${name}`)
  return job
}

/** Runs with their places in the queue. */
async function viewsOf({ db }: JobDeps, runs: readonly Run[]): Promise<RunView[]> {
  return db.transact(async (tx) => {
    const views: RunView[] = []
    for (const run of runs) views.push({ ...run, place: await placeInQueue(tx, run) })
    return views
  })
}

function runPorts(deps: JobDeps): JobPorts['runs'] {
  const { db } = deps
  return {
    async list({ after, limit, ...filter }) {
      const before = readPlace(after, { run: 'string' })?.run ?? null
      const rows = await db.transact((tx) => listRuns(tx, { ...filter, before, limit: limit + 1 }))
      const page = pageOf(rows, limit, ({ run }) => ({ run }))
      return { ...page, items: await viewsOf(deps, page.items) }
    },
    find: (name) =>
      db.transact(async (tx) => {
        const run = await findRun(tx, name)
        if (run === null) throw missing(`run ${name}`)
        const all = { partners: null, partner: null, exchange: null, job: null, state: null, before: null }
        const history = await listAttempts(tx, { ...all, run: name, limit: 1000 })
        return { ...run, place: await placeInQueue(tx, run), history }
      }),
    async cancel(by, run, reason) {
      const [view] = await viewsOf(deps, [await stopRun(deps, personOf(by), run, reason)])
      return view as RunView
    },
  }
}

function attemptPorts({ db, documents }: JobDeps): JobPorts['attempts'] {
  const find: JobPorts['attempts']['find'] = (name) =>
    db.transact(async (tx) => {
      const attempt = await findAttempt(tx, name)
      if (attempt === null) throw missing(`attempt ${name}`)
      return attempt
    })
  return {
    find,
    async list({ after, limit, ...filter }) {
      const before = readPlace(after, { offeredAt: 'string', attempt: 'string' })
      const rows = await db.transact((tx) => listAttempts(tx, { ...filter, before, limit: limit + 1 }))
      return pageOf(rows, limit, ({ offeredAt, attempt }) => ({ offeredAt, attempt }))
    },
    async log(name) {
      const { errorLog } = await find(name)
      const kept = errorLog === null ? null : await db.transact((tx) => findDocument(tx, errorLog))
      if (kept === null) throw missing(`log of attempt ${name}`)
      const stream = Readable.from(readDocument(documents, kept), { objectMode: false })
      return { fileName: `${name}.log`, contentType: 'text/plain; charset=utf-8', bytes: kept.size, stream }
    },
  }
}

function calendarPorts(deps: JobDeps): JobPorts['calendars'] {
  const { db } = deps
  return {
    list: () => db.transact(listCalendars),
    find: (name) =>
      db.transact(async (tx) => {
        const calendar = await findCalendar(tx, name)
        if (calendar === null) throw missing(`calendar ${name}`)
        return calendar
      }),
    save: (by, calendar) => saveCalendar(deps, personOf(by), calendar),
    remove: (by, calendar) => removeCalendar(deps, personOf(by), calendar),
  }
}

function alertPorts(deps: JobDeps): JobPorts['alerts'] {
  const { db, now } = deps
  return {
    async list({ after, limit, ...filter }) {
      const before = readPlace(after, { alert: 'number' })?.alert ?? null
      const rows = await db.transact((tx) => listAlerts(tx, { ...filter, before, limit: limit + 1 }))
      return pageOf(rows, limit, ({ alert }) => ({ alert }))
    },
    find: (number) =>
      db.transact(async (tx) => {
        const alert = await findAlert(tx, number)
        if (alert === null) throw missing(`alert ${number}`)
        return alert
      }),
    acknowledge: (by, number, note) =>
      db.transact(async (tx) => {
        const at = now()
        const alert = await acknowledgeAlert(tx, number, { by: by.name, note, at })
        if (alert === null) throw missing(`alert ${number}`)
        await noteStep(tx, by, 'alert acknowledged', `${number} ${alert.job} ${alert.partner}`, at)
        return alert
      }),
    watch: (partners, after, signal) => watchAlerts(deps, partners, after, signal),
  }
}

async function* watchAlerts(
  { db }: JobDeps,
  partners: readonly string[] | null,
  after: number | null,
  signal: AbortSignal,
): AsyncGenerator<Alert> {
  let last = after ?? (await db.transact(alertChange))
  if (after === null) {
    const open = { partners, exchange: null, job: null, open: true, limit: 1000, before: null }
    // What changes meanwhile is told again; the client sees the latest in the end.
    for (const alert of (await db.transact((tx) => listAlerts(tx, open))).reverse()) yield alert
  }
  while (!signal.aborted) {
    const from = last
    const changed = await db.transact((tx) => alertsAfter(tx, partners, from, 100))
    for (const alert of changed) {
      last = alert.change
      yield alert
    }
    if (changed.length === 0) await sleep(watchMs, undefined, { signal }).catch(() => {})
  }
}
