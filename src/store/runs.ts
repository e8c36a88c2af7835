import { randomBytes } from 'node:crypto'
import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'
import type { Job, Origin, Run, RunState } from './job-model.ts'

const COLUMNS: Sql = sql`r.run, r.job, r.exchange, r.realm, r.partner, r.extract, r.origin, r.started_by as "startedBy",
  r.rank, ${isoTime('r.due_at')} as "dueAt", r.state, r.reason, r.attempts, ${isoTime('r.next_at')} as "nextAt",
  ${isoTime('r.created_at')} as "createdAt", ${isoTime('r.changed_at')} as "changedAt",
  ${isoTime('r.closed_at')} as "closedAt"`

/** What partners start ranks below everything else, whatever its job's priority. */
const ownRank = -1_000_000

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** A new run's name: time in UTC and 50 random bits; sorts by time. */
function newRun(at: number): string {
  const time = isoOf(at).replace(/\D/g, '').slice(0, 14)
  return `${time}-${[...randomBytes(10)].map((byte) => letters[byte % 32]).join('')}`
}

export interface NewRun {
  readonly origin: Origin
  readonly startedBy: string | null
  readonly dueAt: number
  /** `cancelled`: an occurrence that is left out, kept so that it is known. */
  readonly state: 'scheduled' | 'cancelled'
  readonly reason: string | null
}

/**
 * Makes a run of a job for a partner. False when that occurrence has one already, or another run of the job waits
 * for the partner.
 */
export async function putRun(
  tx: Tx,
  job: Pick<Job, 'job' | 'exchange' | 'realm' | 'extract' | 'priority'>,
  partner: string,
  made: NewRun,
  at: number,
): Promise<string | null> {
  const now = isoOf(at)
  const waits = made.state === 'scheduled'
  const rank = job.priority + (made.origin === 'partner' ? ownRank : 0)
  const [row] = await tx.rows<{ run: string }>(sql`
    insert into run (run, job, exchange, realm, partner, extract, origin, started_by, rank, due_at, state, reason, next_at,
                     created_at, changed_at, closed_at)
    values (${newRun(at)}, ${job.job}, ${job.exchange}, ${job.realm}, ${partner}, ${job.extract}, ${made.origin},
            ${made.startedBy}, ${rank}, ${isoOf(made.dueAt)}::timestamptz, ${made.state}, ${made.reason},
            ${waits ? isoOf(made.dueAt) : null}::timestamptz, ${now}::timestamptz, ${now}::timestamptz,
            ${waits ? null : now}::timestamptz)
        on conflict do nothing returning run`)
  return row?.run ?? null
}

/** The run, whose lock is taken until the transaction ends: it is also the lock of its attempts. */
export async function lockRun(tx: Tx, run: string): Promise<Run | null> {
  const [row] = await tx.rows<Run>(sql`select ${COLUMNS} from run r where r.run = ${run} for update`)
  return row ?? null
}

export async function findRun(tx: Tx, run: string): Promise<Run | null> {
  const [row] = await tx.rows<Run>(sql`select ${COLUMNS} from run r where r.run = ${run}`)
  return row ?? null
}

export interface RunMove {
  readonly run: string
  readonly state: RunState
  readonly at: number
  readonly reason: string | null
  /** When the next attempt is offered; only of `scheduled`. */
  readonly nextAt?: number | null
  /** Attempts made so far, where that changes. */
  readonly attempts?: number
}

/** Writes a step of a run's life. Its lock is held. */
export async function moveRun(tx: Tx, move: RunMove): Promise<void> {
  const at = isoOf(move.at)
  const closed = ['done', 'failed', 'timed-out', 'cancelled'].includes(move.state)
  const nextAt = move.nextAt === undefined || move.nextAt === null ? null : isoOf(move.nextAt)
  await tx.rows(sql`
    update run set state = ${move.state}, reason = ${move.reason}, next_at = ${nextAt}::timestamptz,
           attempts = coalesce(${move.attempts ?? null}::int, attempts), changed_at = ${at}::timestamptz,
           closed_at = case when ${closed} then ${at}::timestamptz end
     where run = ${move.run}`)
}

/** Runs whose next attempt is due, in the order in which they are offered; locked. Those of paused jobs wait. */
export async function dueRuns(tx: Tx, at: number, limit: number): Promise<Run[]> {
  return tx.rows<Run>(sql`
    select ${COLUMNS} from run r join job j using (job)
     where r.state = 'scheduled' and r.next_at <= ${isoOf(at)}::timestamptz and not j.paused
     order by r.rank desc, r.due_at, r.run limit ${limit} for update of r skip locked`)
}

/** Runs of a job that are not closed; of one partner, or of all. */
export async function openRuns(tx: Tx, job: string, partner: string | null): Promise<Run[]> {
  return tx.rows<Run>(sql`
    select ${COLUMNS} from run r
     where r.closed_at is null and r.job = ${job} and (${partner}::text is null or r.partner = ${partner}::text)
     order by r.run for update`)
}

/** Another run of this job that waits for the same partner. */
export async function waitingRun(tx: Tx, { run, job, partner }: Run): Promise<string | null> {
  const [row] = await tx.rows<{ run: string }>(sql`
    select run from run
     where job = ${job} and partner = ${partner} and run <> ${run} and state in ('scheduled', 'offered') limit 1`)
  return row?.run ?? null
}

/** How much of its own start limits a job has used. */
export async function ownStarts(
  tx: Tx,
  job: string,
  partner: string,
  since: number,
): Promise<{ readonly today: number; readonly open: number }> {
  const [row] = await tx.rows<{ today: number; open: number }>(sql`
    select count(*) filter (where partner = ${partner} and created_at >= ${isoOf(since)}::timestamptz)::int as today,
           count(*) filter (where closed_at is null)::int as open
      from run
     where job = ${job} and origin = 'partner'
       and (closed_at is null or (partner = ${partner} and created_at >= ${isoOf(since)}::timestamptz))`)
  return row ?? { today: 0, open: 0 }
}

/** The place of a waiting run among all that wait, from 1; null when it waits for nothing. */
export async function placeInQueue(tx: Tx, { run, state, rank, dueAt }: Run): Promise<number | null> {
  if (state !== 'scheduled' && state !== 'offered') return null
  const [row] = await tx.rows<{ ahead: number }>(sql`
    select count(*)::int as ahead from run
     where closed_at is null and state in ('scheduled', 'offered')
       and (-rank, due_at, run) < (-(${rank}::int), ${dueAt}::timestamptz, ${run}::text)`)
  return (row?.ahead ?? 0) + 1
}

export interface RunFilter {
  /** Null: all. */
  readonly partners: readonly string[] | null
  readonly partner: string | null
  readonly exchange: string | null
  readonly job: string | null
  readonly state: RunState | null
  /** Only those that are not closed. */
  readonly open: boolean
  readonly limit: number
  readonly before: string | null
}

/** Runs, newest first. */
export async function listRuns(tx: Tx, filter: RunFilter): Promise<Run[]> {
  const { partners, partner, exchange, job, state, open, before } = filter
  return tx.rows<Run>(sql`
    select ${COLUMNS} from run r
     where (${partners}::text[] is null or r.partner = any (${partners}::text[]))
       and (${partner}::text is null or r.partner = ${partner}::text)
       and (${exchange}::text is null or r.exchange = ${exchange}::text)
       and (${job}::text is null or r.job = ${job}::text)
       and (${state}::text is null or r.state = ${state}::text)
       and (not ${open}::boolean or r.closed_at is null)
       and (${before}::text is null or r.run < ${before}::text)
     order by r.run desc limit ${filter.limit}`)
}
