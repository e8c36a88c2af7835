import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'
import type { Attempt } from './job-model.ts'
import type { Realm } from './model.ts'

/** `limit`: the attempts that the job allows are spent; it waits for its next occurrence. */
export type AlertKind = 'failed' | 'timed-out' | 'limit'

/** A job that does not go well for a partner. Times are ISO texts in UTC. */
export interface Alert {
  readonly alert: number
  readonly kind: AlertKind
  readonly job: string
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  readonly run: string
  /** The latest that failed. */
  readonly attempt: string
  readonly code: string | null
  readonly message: string
  /** Attempts that failed since it was raised. */
  readonly times: number
  readonly raisedAt: string
  readonly lastAt: string
  readonly acknowledgedAt: string | null
  readonly acknowledgedBy: string | null
  readonly note: string | null
  readonly resolvedAt: string | null
  readonly resolution: string | null
  /** When it is tried again: by another attempt, or by the job's next occurrence. */
  readonly nextAt: string | null
  /** Its place in the order of changes to alerts. */
  readonly change: number
}

const COLUMNS: Sql = sql`alert, kind, job, exchange, realm, partner, run, attempt, code, message, times,
  ${isoTime('raised_at')} as "raisedAt", ${isoTime('last_at')} as "lastAt",
  ${isoTime('acknowledged_at')} as "acknowledgedAt", acknowledged_by as "acknowledgedBy", note,
  ${isoTime('resolved_at')} as "resolvedAt", resolution, change,
  (select ${isoTime('coalesce(r.next_at, j.next_due)')} from job j left join run r on r.run = alert.run
    where j.job = alert.job and alert.resolved_at is null and not j.paused) as "nextAt"`

async function nextChange(tx: Tx): Promise<number> {
  const [row] = await tx.rows<{ change: number }>(
    sql`update alert_head set change = change + 1 returning change`,
  )
  if (row === undefined) throw new Error('the order of alerts is lost')
  return row.change
}

/**
 * Raises an alert about a job and a partner, or adds to the one that is open. Mails go out when it is new and when
 * the limit is reached; then it also counts as not yet acknowledged.
 */
export async function raiseAlert(
  tx: Tx,
  attempt: Pick<Attempt, 'job' | 'exchange' | 'realm' | 'partner' | 'run' | 'attempt'>,
  { kind, code, message, at }: { kind: AlertKind; code: string | null; message: string; at: number },
): Promise<void> {
  const change = await nextChange(tx)
  await tx.rows(sql`
    insert into alert (kind, job, exchange, realm, partner, run, attempt, code, message, raised_at, last_at, change)
    values (${kind}, ${attempt.job}, ${attempt.exchange}, ${attempt.realm}, ${attempt.partner}, ${attempt.run},
            ${attempt.attempt}, ${code}, ${message}, ${isoOf(at)}::timestamptz, ${isoOf(at)}::timestamptz, ${change})
        on conflict (job, partner) where resolved_at is null do update set
           kind = excluded.kind, run = excluded.run, attempt = excluded.attempt, code = excluded.code,
           message = excluded.message, times = alert.times + 1, last_at = excluded.last_at, change = excluded.change,
           mailed = alert.mailed and excluded.kind <> 'limit',
           acknowledged_at = case when excluded.kind <> 'limit' then alert.acknowledged_at end,
           acknowledged_by = case when excluded.kind <> 'limit' then alert.acknowledged_by end`)
}

/** A late error log says more than what was known when the alert was raised. */
export async function rewordAlert(tx: Tx, attempt: string, code: string, message: string): Promise<void> {
  const rows = await tx.rows(sql`select 1 from alert where attempt = ${attempt} and resolved_at is null`)
  if (rows.length === 0) return
  const change = await nextChange(tx)
  await tx.rows(sql`
    update alert set code = ${code}, message = ${message}, change = ${change}
     where attempt = ${attempt} and resolved_at is null`)
}

/** It goes well again, or nobody needs it to. */
export async function resolveAlerts(
  tx: Tx,
  job: string,
  partner: string | null,
  resolution: string,
  at: number,
): Promise<void> {
  const open = sql`job = ${job} and (${partner}::text is null or partner = ${partner}::text) and resolved_at is null`
  if ((await tx.rows(sql`select 1 from alert where ${open} limit 1`)).length === 0) return
  const change = await nextChange(tx)
  await tx.rows(sql`
    update alert set resolved_at = ${isoOf(at)}::timestamptz, resolution = ${resolution}, change = ${change}
     where ${open}`)
}

/** A person has seen it. Null when there is no such alert. */
export async function acknowledgeAlert(
  tx: Tx,
  alert: number,
  { by, note, at }: { by: string; note: string | null; at: number },
): Promise<Alert | null> {
  const change = await nextChange(tx)
  const [row] = await tx.rows<Alert>(sql`
    update alert set acknowledged_at = ${isoOf(at)}::timestamptz, acknowledged_by = ${by},
           note = coalesce(${note}::text, note), change = ${change}
     where alert = ${alert}::bigint returning ${COLUMNS}`)
  return row ?? null
}

export async function findAlert(tx: Tx, alert: number): Promise<Alert | null> {
  const [row] = await tx.rows<Alert>(sql`select ${COLUMNS} from alert where alert = ${alert}::bigint`)
  return row ?? null
}

export interface AlertFilter {
  /** Null: all. */
  readonly partners: readonly string[] | null
  readonly exchange: string | null
  readonly job: string | null
  readonly open: boolean
  readonly limit: number
  readonly before: number | null
}

/** Alerts, the newest first. */
export async function listAlerts(tx: Tx, filter: AlertFilter): Promise<Alert[]> {
  const { partners, exchange, job, open, before } = filter
  return tx.rows<Alert>(sql`
    select ${COLUMNS} from alert
     where (${partners}::text[] is null or partner = any (${partners}::text[]))
       and (${exchange}::text is null or exchange = ${exchange}::text)
       and (${job}::text is null or job = ${job}::text)
       and (not ${open}::boolean or resolved_at is null)
       and (${before}::bigint is null or alert < ${before}::bigint)
     order by alert desc limit ${filter.limit}`)
}

/** Alerts that changed after a place in their order, in that order. */
export async function alertsAfter(
  tx: Tx,
  partners: readonly string[] | null,
  change: number,
  limit: number,
): Promise<Alert[]> {
  return tx.rows<Alert>(sql`
    select ${COLUMNS} from alert
     where change > ${change} and (${partners}::text[] is null or partner = any (${partners}::text[]))
     order by change limit ${limit}`)
}

/** The latest place in the order of changes. */
export async function alertChange(tx: Tx): Promise<number> {
  const [row] = await tx.rows<{ change: number }>(sql`select change from alert_head`)
  return row?.change ?? 0
}

/**
 * Takes the alerts that nobody was written to about, so that nobody else takes them: mails must be put in the same
 * transaction. Those of the last moment wait, so that what fails together is told together.
 */
export async function takeUnmailed(tx: Tx, before: number, limit: number): Promise<Alert[]> {
  return tx.rows<Alert>(sql`
    with taken as (
      update alert set mailed = true
       where alert in (select alert from alert where not mailed and last_at <= ${isoOf(before)}::timestamptz
                        order by alert limit ${limit} for update skip locked)
      returning *)
    select ${COLUMNS} from taken alert where resolved_at is null order by alert`)
}
