import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'
import type { Calendar, CalendarException, Hours, Job, JobRule, OwnStart } from './job-model.ts'

interface JobRow extends Omit<Job, 'window' | 'ownStart'> {
  readonly windowFrom: string | null
  readonly windowUntil: string | null
  readonly ownStart: OwnStart | null
}

const COLUMNS: Sql = sql`j.job, j.title, j.exchange, j.realm, j.partners, j.extract, j.cron, j.zone, j.calendar,
  j.window_from as "windowFrom", j.window_until as "windowUntil", j.priority, j.arrive_minutes as "arriveMinutes",
  j.retry_minutes as "retryMinutes", j.retry_limit as "retryLimit", j.missed, j.paused, j.pause_reason as "pauseReason",
  j.own_start as "ownStart", ${isoTime('j.next_due')} as "nextDue", ${isoTime('j.changed_at')} as "changedAt",
  j.changed_by as "changedBy"`

function jobFrom({ windowFrom, windowUntil, ...row }: JobRow): Job {
  const window: Hours | null =
    windowFrom === null || windowUntil === null ? null : { from: windowFrom, until: windowUntil }
  return { ...row, window }
}

export async function findJob(tx: Tx, job: string): Promise<Job | null> {
  const [row] = await tx.rows<JobRow>(sql`select ${COLUMNS} from job j where j.job = ${job}`)
  return row === undefined ? null : jobFrom(row)
}

/** The job, locked until the transaction ends. */
export async function lockJob(tx: Tx, job: string): Promise<Job | null> {
  const [row] = await tx.rows<JobRow>(sql`select ${COLUMNS} from job j where j.job = ${job} for update`)
  return row === undefined ? null : jobFrom(row)
}

/** Jobs in order of name; null stands for all. */
export async function listJobs(
  tx: Tx,
  filter: { readonly exchange: string | null; readonly calendar: string | null },
): Promise<Job[]> {
  const rows = await tx.rows<JobRow>(sql`
    select ${COLUMNS} from job j
     where (${filter.exchange}::text is null or j.exchange = ${filter.exchange}::text)
       and (${filter.calendar}::text is null or j.calendar = ${filter.calendar}::text)
     order by j.job`)
  return rows.map(jobFrom)
}

/** Jobs whose next occurrence has come; locked, those that another node plans left out. */
export async function dueJobs(tx: Tx, at: number, limit: number): Promise<Job[]> {
  const rows = await tx.rows<JobRow>(sql`
    select ${COLUMNS} from job j
     where j.next_due <= ${isoOf(at)}::timestamptz and not j.paused
     order by j.next_due, j.job limit ${limit} for update skip locked`)
  return rows.map(jobFrom)
}

/** Makes a job or changes its rule. `nextDue` and `at` are milliseconds since 1970. */
export async function putJob(
  tx: Tx,
  rule: JobRule,
  { by, at, nextDue }: { readonly by: string; readonly at: number; readonly nextDue: number | null },
): Promise<void> {
  const own = rule.ownStart === null ? null : JSON.stringify(rule.ownStart)
  await tx.rows(sql`
    insert into job (job, title, exchange, realm, partners, extract, cron, zone, calendar, window_from, window_until, priority,
                     arrive_minutes, retry_minutes, retry_limit, missed, own_start, next_due, changed_at, changed_by)
    values (${rule.job}, ${rule.title}, ${rule.exchange}, ${rule.realm}, ${rule.partners}::text[], ${rule.extract}, ${rule.cron},
            ${rule.zone}, ${rule.calendar}, ${rule.window?.from ?? null}, ${rule.window?.until ?? null}, ${rule.priority},
            ${rule.arriveMinutes}, ${rule.retryMinutes}, ${rule.retryLimit}, ${rule.missed}, ${own}::jsonb,
            ${nextDue === null ? null : isoOf(nextDue)}::timestamptz, ${isoOf(at)}::timestamptz, ${by})
        on conflict (job) do update set
           title = excluded.title, exchange = excluded.exchange, realm = excluded.realm, partners = excluded.partners,
           extract = excluded.extract, cron = excluded.cron, zone = excluded.zone, calendar = excluded.calendar,
           window_from = excluded.window_from, window_until = excluded.window_until, priority = excluded.priority,
           arrive_minutes = excluded.arrive_minutes, retry_minutes = excluded.retry_minutes,
           retry_limit = excluded.retry_limit, missed = excluded.missed, own_start = excluded.own_start,
           next_due = excluded.next_due, changed_at = excluded.changed_at, changed_by = excluded.changed_by`)
}

/** Where its schedule goes on (milliseconds since 1970; null: nowhere). */
export async function setNextDue(tx: Tx, job: string, nextDue: number | null): Promise<void> {
  await tx.rows(sql`
    update job set next_due = ${nextDue === null ? null : isoOf(nextDue)}::timestamptz where job = ${job}`)
}

export async function setPaused(
  tx: Tx,
  job: string,
  { paused, reason, by, at }: { paused: boolean; reason: string | null; by: string; at: number },
): Promise<void> {
  await tx.rows(sql`
    update job set paused = ${paused}, pause_reason = ${reason}, changed_at = ${isoOf(at)}::timestamptz, changed_by = ${by}
     where job = ${job}`)
}

export async function dropJob(tx: Tx, job: string): Promise<void> {
  await tx.rows(sql`delete from job where job = ${job}`)
}

/** Partners that a job of all partners is for: those with an agent's account that may submit to the exchange. */
export async function agentPartners(tx: Tx, exchange: string): Promise<string[]> {
  const rows = await tx.rows<{ partner: string }>(sql`
    select distinct a.partner from account a join policy p using (account)
     where a.closed_at is null and 'agent' = any (a.channels) and p.exchange in (${exchange}, '*')
       and 'submit' = any (p.grants)
     order by 1`)
  return rows.map(({ partner }) => partner)
}

const CALENDAR: Sql = sql`calendar, title, exceptions, ${isoTime('changed_at')} as "changedAt"`

export async function listCalendars(tx: Tx): Promise<Calendar[]> {
  return tx.rows<Calendar>(sql`select ${CALENDAR} from calendar order by calendar`)
}

export async function findCalendar(tx: Tx, calendar: string): Promise<Calendar | null> {
  const [row] = await tx.rows<Calendar>(sql`select ${CALENDAR} from calendar where calendar = ${calendar}`)
  return row ?? null
}

/** The days of rest of a job; none when it has no calendar. */
export async function exceptionsOf(tx: Tx, calendar: string | null): Promise<readonly CalendarException[]> {
  return calendar === null ? [] : ((await findCalendar(tx, calendar))?.exceptions ?? [])
}

export async function putCalendar(
  tx: Tx,
  row: Pick<Calendar, 'calendar' | 'title' | 'exceptions'>,
  at: number,
): Promise<void> {
  await tx.rows(sql`
    insert into calendar (calendar, title, exceptions, changed_at)
    values (${row.calendar}, ${row.title}, ${JSON.stringify(row.exceptions)}::jsonb, ${isoOf(at)}::timestamptz)
        on conflict (calendar) do update set title = excluded.title, exceptions = excluded.exceptions,
           changed_at = excluded.changed_at`)
}

/** False when there is no such calendar. */
export async function dropCalendar(tx: Tx, calendar: string): Promise<boolean> {
  return (await tx.rows(sql`delete from calendar where calendar = ${calendar} returning 1`)).length === 1
}
