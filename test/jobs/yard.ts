import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { type AgentAccount, askForWork } from '../../src/run/jobs/agent-calls.ts'
import type { JobDeps } from '../../src/run/jobs/deps.ts'
import { createGreetings } from '../../src/run/jobs/greetings.ts'
import { createOffers } from '../../src/run/jobs/offers.ts'
import { type Person, runNow, saveJob } from '../../src/run/jobs/office.ts'
import { createTurn } from '../../src/run/jobs/planner.ts'
import { appendUpload, beginUpload, completeUpload } from '../../src/run/jobs/uploads.ts'
import { type Alert, listAlerts } from '../../src/store/alerts.ts'
import { findAttempt, listAttempts } from '../../src/store/attempts.ts'
import type { Announced, Attempt, JobRule, Run } from '../../src/store/job-model.ts'
import { createPartialUploads } from '../../src/store/partial-uploads.ts'
import { listRuns } from '../../src/store/runs.ts'
import { judgeHere, openRiver, type River } from '../flow/river.ts'
import { loadWells } from '../flow/wells.ts'

/** Jobs without a channel, on a clock that stands until it is moved. */
export interface Yard {
  readonly db: Database
  readonly river: River
  readonly deps: JobDeps
  readonly office: Person
  /** Milliseconds since 1970. */
  now(): number
  at(time: string): void
  /** Moves the clock on while no node runs. */
  down(time: string): void
  /** Moves the clock on and looks after jobs. */
  pass(minutes: number): Promise<void>
  turn(): Promise<void>
  /** A job that runs only when told to, unless a rule says else. */
  job(rule?: Partial<JobRule>): Promise<void>
  ask(agent: AgentAccount): Promise<Attempt | null>
  /** Asks and gets. */
  take(agent: AgentAccount): Promise<Attempt>
  upload(agent: AgentAccount, attempt: string, content: string, marker?: string | null): Promise<string>
  attempt(name: string): Promise<Attempt>
  attempts(): Promise<Attempt[]>
  runs(): Promise<Run[]>
  alerts(): Promise<Alert[]>
  /** Another set of parts on the same database (or one given in its place) and folder, as after a restart. */
  restart(db?: Database): Promise<Yard>
  close(): Promise<void>
}

export const ALPHA: AgentAccount = {
  account: randomUUID(),
  login: 'alpha-agent',
  partner: 'alpha',
  address: '10.0.0.1',
}
export const ALPHA_TWO: AgentAccount = { ...ALPHA, account: randomUUID(), login: 'alpha-agent-2' }
export const BETA: AgentAccount = {
  account: randomUUID(),
  login: 'beta-agent',
  partner: 'beta',
  address: '10.0.0.2',
}

export const HEALTH = {
  ok: true,
  freeBytes: 10 ** 9,
  sources: [{ name: 'ems', ok: true }],
  since: '2026-03-01T00:00:00.000Z',
}
export const LEASE_MS = 120_000

const RULE: JobRule = {
  job: 'wells-nightly',
  title: 'Wells, every night',
  exchange: 'wells',
  realm: 'live',
  partners: ['alpha'],
  extract: 'changes',
  cron: null,
  zone: 'America/Los_Angeles',
  calendar: null,
  window: null,
  priority: 100,
  arriveMinutes: 60,
  retryMinutes: 20,
  retryLimit: 2,
  missed: 'once',
  ownStart: null,
}

export async function openYard(db: Database, more: { readonly loadedAttempts?: number } = {}): Promise<Yard> {
  let now = Date.parse('2026-03-02T08:00:00Z')
  let ran = true
  const definition: Definition = await loadWells()
  const river = await openRiver(db, [definition], judgeHere(), () => now)
  await db.transact(async (tx) => {
    for (const { account, login, partner } of [ALPHA, ALPHA_TWO, BETA]) {
      await tx.rows(sql`
        insert into account (account, login, partner, kind, realms, channels)
        values (${account}::uuid, ${login}, ${partner}, 'machine', '{live,test}', '{agent}') on conflict do nothing`)
      await tx.rows(sql`
        insert into policy (account, exchange, grants) values (${account}::uuid, 'wells', '{submit}') on conflict do nothing`)
    }
    await tx.rows(
      sql`insert into partner (partner, name, centre) values ('centre', 'Centre', true) on conflict do nothing`,
    )
  })
  const office: Person = { account: 'office', partner: 'centre', name: 'olive' }
  const limits = { tasks: 1000, attempts: more.loadedAttempts ?? 1000 }
  let parts = makeParts(river, limits)
  const yard: Yard = {
    db,
    river,
    get deps() {
      return parts.deps
    },
    office,
    now: () => now,
    at: (time) => {
      now = Date.parse(time)
      ran = true
    },
    down: (time) => {
      now = Date.parse(time)
      ran = false
    },
    async pass(minutes) {
      now += minutes * 60_000
      ran = true
      await yard.turn()
    },
    async turn() {
      if (ran)
        await db.transact((tx) =>
          tx.rows(sql`update job_clock set ticked_at = ${new Date(now).toISOString()}`),
        )
      while ((await parts.turn()) === 0) {}
    },
    async job(rule = {}) {
      await saveJob(parts.deps, office, { ...RULE, ...rule })
    },
    ask: (agent) => askForWork(parts.deps, agent, QUESTION, new AbortController().signal),
    async take(agent) {
      const attempt = await yard.ask(agent)
      if (attempt === null) throw new Error(`there is nothing for ${agent.login}`)
      return attempt
    },
    async upload(agent, attempt, content, marker = null) {
      const bytes = Buffer.from(content)
      const offset = await beginUpload(parts.deps, agent, attempt, announced(content, marker))
      if (offset < bytes.length)
        await appendUpload(parts.deps, agent, attempt, { offset, bytes: once(bytes.subarray(offset)) })
      return completeUpload(parts.deps, agent, attempt)
    },
    async attempt(name) {
      const found = await db.transact((tx) => findAttempt(tx, name))
      if (found === null) throw new Error(`no attempt ${name}`)
      return found
    },
    attempts: () => db.transact((tx) => listAttempts(tx, { ...ALL, run: null, before: null })),
    runs: () => db.transact((tx) => listRuns(tx, { ...ALL, open: false, before: null })),
    alerts: () => db.transact((tx) => listAlerts(tx, { ...ALL, open: false, before: null })),
    async restart(instead = db) {
      parts = makeParts(river, limits, instead)
      await yard.turn()
      return yard
    },
    close: () => river.close(),
  }
  return yard
}

const ALL = { partners: null, partner: null, exchange: null, job: null, state: null, limit: 1000 }
const QUESTION = {
  version: '1.0.0',
  health: HEALTH,
  batches: [{ exchange: 'wells', realm: 'live' as const }],
  waitMs: 0,
}

function makeParts(
  river: River,
  limits: { readonly tasks: number; readonly attempts: number },
  db: Database = river.deps.db,
) {
  const { documents } = river.deps
  const deps: JobDeps = {
    ...river.deps,
    db,
    offers: createOffers(),
    greetings: createGreetings(),
    uploads: createPartialUploads(join(documents.pathOf('aa'), '..', '..', 'arriving'), documents),
    leaseMs: LEASE_MS,
    documentBytesMax: 2 ** 30,
    queued: () => {},
    changed: () => {},
  }
  return { deps, turn: createTurn({ ...deps, limits, publicUrl: null, mailed: () => {} }) }
}

export function announced(content: string, marker: string | null = null): Announced {
  const bytes = Buffer.from(content)
  return {
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    fileName: 'wells.json',
    contentType: 'application/json',
    records: content.split('\n').length - 1,
    marker,
  }
}

export async function* once(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof content === 'string' ? Buffer.from(content) : content
}

/** Forgets everything but accounts, and goes back to midnight of 2 March 2026 in Los Angeles. */
export async function clearYard(yard: Yard): Promise<void> {
  await yard.db.transact((tx) =>
    tx.rows(sql`
      truncate attempt, run, job, calendar, alert, agent, audit_entry, record, history, finding, submission, segment, survey,
               task, mail, contact, book restart identity cascade`),
  )
  yard.at('2026-03-02T08:00:00Z')
  await yard.turn()
}

/** The centre has a job run now. */
export function runJob(
  yard: Yard,
  partner: string | null = 'alpha',
  job = 'wells-nightly',
  force = false,
): Promise<Run[]> {
  return runNow(yard.deps, yard.office, { job, partner, force })
}

/** Wells of these numbers as an agent sends them. */
export function wells(...numbers: readonly string[]): string {
  return numbers.map((number) => `${JSON.stringify({ Number: number, State: 'O' })}\n`).join('')
}
