import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import { isoTime } from './iso-time.ts'
import type { Realm } from './model.ts'

/** How a session ended. */
export type SessionResult = 'done' | 'failed' | 'timed-out' | 'cancelled'

/**
 * What was sent once, or should have been: an attempt of a job, whatever became of it, or a submission that came by
 * another channel. Times are ISO texts in UTC.
 */
export interface Session {
  /** The attempt's name, or the tracking number. */
  readonly session: string
  readonly kind: 'attempt' | 'submission'
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  /** Login of an agent; of others the account's id. Null: nobody took it. */
  readonly account: string | null
  readonly channel: string
  readonly job: string | null
  readonly run: string | null
  readonly number: number | null
  readonly extract: string
  readonly state: string
  /** Null: it is not over. */
  readonly result: SessionResult | null
  readonly code: string | null
  readonly reason: string | null
  /** When it was offered, or received: sessions are in this order. */
  readonly at: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  /** From start to end. */
  readonly seconds: number | null
  readonly bytes: number
  readonly received: number
  /** created + updated + unchanged + deleted */
  readonly accepted: number
  /** Filtered ones included. */
  readonly rejected: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly deleted: number
  readonly filtered: number
  readonly translated: number
  /** Deleted because a full extract left them out. */
  readonly removed: number
  readonly withErrors: number
  readonly tracking: string | null
  /** SHA-256 of the log that an agent sent about its failure. */
  readonly errorLog: string | null
}

export interface SessionFilter {
  /** Null: all. */
  readonly partners: readonly string[] | null
  readonly partner: string | null
  readonly exchange: string | null
  readonly realm: Realm | null
  readonly kind: 'attempt' | 'submission' | null
  readonly result: SessionResult | null
  readonly job: string | null
  /** ISO: from this moment on, and before this one. */
  readonly from: string | null
  readonly until: string | null
}

const COUNTS: Sql = sql`coalesce(s.received, 0) as received,
  coalesce(s.created + s.updated + s.unchanged + s.deleted, 0) as accepted,
  coalesce(s.rejected + s.filtered, 0) as rejected, coalesce(s.created, 0) as created, coalesce(s.updated, 0) as updated,
  coalesce(s.unchanged, 0) as unchanged, coalesce(s.deleted, 0) as deleted, coalesce(s.filtered, 0) as filtered,
  coalesce(s.translated, 0) as translated, coalesce(s.removed, 0) as removed, coalesce(s.with_errors, 0) as "withErrors"`

const ATTEMPT: Sql = sql`a.attempt as session, 'attempt'::text as kind, a.exchange, a.realm, a.partner, a.account,
  'agent'::text as channel, a.job, a.run, a.number, a.extract, a.state,
  case when a.state in ('done', 'failed', 'timed-out', 'cancelled') then a.state end as result, a.code, a.reason,
  a.offered_at as at, coalesce(a.taken_at, a.offered_at) as started, a.closed_at as ended,
  coalesce((a.upload->>'bytes')::bigint, a.bytes) as bytes, ${COUNTS}, a.tracking, a.error_log as "errorLog"`

const SUBMISSION: Sql = sql`s.tracking as session, 'submission'::text as kind, b.exchange, b.realm, s.partner, s.account,
  s.channel, null::text as job, null::text as run, null::int as number, s.scope as extract, s.state,
  case s.state when 'completed' then 'done' when 'incomplete' then 'failed' when 'refused' then 'failed'
               when 'cancelled' then 'cancelled' end as result,
  null::text as code, s.reason, s.received_at as at, s.received_at as started, s.closed_at as ended,
  s.document_bytes as bytes, ${COUNTS}, s.tracking, null::text as "errorLog"`

/** Attempts, as sessions, that a filter lets through. */
function attempts(filter: SessionFilter): Sql {
  const { partners, partner, exchange, realm, kind, result, job, from, until } = filter
  return sql`select ${ATTEMPT} from attempt a left join submission s on s.book = a.book and s.tracking = a.tracking
     where ${kind !== 'submission'}::boolean
       and (${partners}::text[] is null or a.partner = any (${partners}::text[]))
       and (${partner}::text is null or a.partner = ${partner}::text)
       and (${exchange}::text is null or a.exchange = ${exchange}::text)
       and (${realm}::text is null or a.realm = ${realm}::text)
       and (${result}::text is null or a.state = ${result}::text)
       and (${job}::text is null or a.job = ${job}::text)
       and (${from}::timestamptz is null or a.offered_at >= ${from}::timestamptz)
       and (${until}::timestamptz is null or a.offered_at < ${until}::timestamptz)`
}

/** Submissions of one book `b`, as sessions, that a filter lets through; those of attempts are told as attempts. */
function submissions(filter: SessionFilter): Sql {
  const { partners, partner, kind, result, job, from, until } = filter
  const states = result === null ? null : STATES[result]
  return sql`select ${SUBMISSION} from submission s
     where s.book = b.book and s.channel <> 'agent' and ${kind !== 'attempt' && job === null}::boolean
       and (${partners}::text[] is null or s.partner = any (${partners}::text[]))
       and (${partner}::text is null or s.partner = ${partner}::text)
       and (${states}::text[] is null or s.state = any (${states}::text[]))
       and (${from}::timestamptz is null or s.received_at >= ${from}::timestamptz)
       and (${until}::timestamptz is null or s.received_at < ${until}::timestamptz)`
}

const STATES: Readonly<Record<SessionResult, readonly string[]>> = {
  done: ['completed'],
  failed: ['incomplete', 'refused'],
  'timed-out': [],
  cancelled: ['cancelled'],
}

/** Books that a filter speaks of. */
function books({ exchange, realm }: SessionFilter): Sql {
  return sql`(${exchange}::text is null or b.exchange = ${exchange}::text)
         and (${realm}::text is null or b.realm = ${realm}::text)`
}

/** Sessions, the newest first; those before a place when one is given. */
export async function listSessions(
  tx: Tx,
  filter: SessionFilter,
  page: { readonly limit: number; readonly before: { readonly at: string; readonly session: string } | null },
): Promise<Session[]> {
  const { limit, before } = page
  const place = (at: Sql, session: Sql) => sql`(${before?.at ?? null}::timestamptz is null
    or (${at}, ${session}) < (${before?.at ?? null}::timestamptz, ${before?.session ?? null}::text))`
  return tx.rows<Session>(sql`
    select session, kind, exchange, realm, partner, account, channel, job, run, number, extract, state, result, code, reason,
           ${isoTime('at')} as at, ${isoTime('started')} as "startedAt", ${isoTime('ended')} as "endedAt",
           extract(epoch from ended - started)::float8 as seconds, bytes, received, accepted, rejected, created, updated,
           unchanged, deleted, filtered, translated, removed, "withErrors", tracking, "errorLog"
      from (
        (select * from (${attempts(filter)} and ${place(sql`a.offered_at`, sql`a.attempt`)}
          order by a.offered_at desc, a.attempt desc limit ${limit}) one)
        union all
        (select own.* from book b cross join lateral (
           ${submissions(filter)} and ${place(sql`s.received_at`, sql`s.tracking`)}
           order by s.received_at desc, s.tracking desc limit ${limit}) own
          where ${books(filter)})
      ) session
     order by session.at desc, session.session desc limit ${limit}`)
}

/** What came in one period by one partner in one exchange. */
export interface Trend {
  /** First day of the period, `YYYY-MM-DD`, by the clock asked for. */
  readonly period: string
  readonly partner: string
  readonly exchange: string
  readonly sessions: number
  readonly done: number
  readonly failed: number
  readonly timedOut: number
  readonly cancelled: number
  readonly received: number
  readonly accepted: number
  readonly rejected: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly deleted: number
  readonly filtered: number
  readonly translated: number
  readonly bytes: number
  /** Of those that were done, on the average; null when none was. */
  readonly seconds: number | null
}

/** Sums of sessions by period, partner and exchange, in that order. */
export async function listTrends(
  tx: Tx,
  filter: SessionFilter,
  {
    by,
    zone,
    limit,
  }: { readonly by: 'day' | 'week' | 'month'; readonly zone: string; readonly limit: number },
): Promise<Trend[]> {
  return tx.rows<Trend>(sql`
    select to_char(date_trunc(${by}, at at time zone ${zone}), 'YYYY-MM-DD') as period, partner, exchange,
           count(*)::int as sessions, (count(*) filter (where result = 'done'))::int as done,
           (count(*) filter (where result = 'failed'))::int as failed,
           (count(*) filter (where result = 'timed-out'))::int as "timedOut",
           (count(*) filter (where result = 'cancelled'))::int as cancelled,
           sum(received)::float8 as received, sum(accepted)::float8 as accepted, sum(rejected)::float8 as rejected,
           sum(created)::float8 as created, sum(updated)::float8 as updated, sum(unchanged)::float8 as unchanged,
           sum(deleted)::float8 as deleted, sum(filtered)::float8 as filtered, sum(translated)::float8 as translated,
           sum(bytes)::float8 as bytes,
           (avg(extract(epoch from ended - started)) filter (where result = 'done'))::float8 as seconds
      from ((${attempts(filter)})
            union all
            (select own.* from book b cross join lateral (${submissions(filter)}) own where ${books(filter)})) session
     group by 1, 2, 3 order by 1, 2, 3 limit ${limit}`)
}
