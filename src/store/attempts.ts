import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import { isoOf, isoTime } from './iso-time.ts'
import type { Announced, Attempt, AttemptState } from './job-model.ts'
import type { Realm } from './model.ts'

const COLUMNS: Sql = sql`a.attempt, a.run, a.job, a.exchange, a.realm, a.partner, a.extract, a.origin, a.number, a.state,
  a.code, a.reason, a.account, a.since, a.marker, a.definition_hash as "definitionHash",
  ${isoTime('a.offered_at')} as "offeredAt", ${isoTime('a.taken_at')} as "takenAt",
  ${isoTime('a.extracting_at')} as "extractingAt", ${isoTime('a.uploading_at')} as "uploadingAt",
  ${isoTime('a.received_at')} as "receivedAt", ${isoTime('a.processing_at')} as "processingAt",
  ${isoTime('a.closed_at')} as "closedAt", ${isoTime('a.arrive_by')} as "arriveBy",
  ${isoTime('a.leased_until')} as "leasedUntil", a.records, a.bytes, a.bytes_of as "bytesOf", a.upload, a.book,
  a.tracking, a.error_log as "errorLog", ${isoTime('a.failed_at')} as "failedAt"`

/** Makes an attempt of a run, offered to the agents of its partner until `arriveBy` (milliseconds since 1970). */
export async function offerAttempt(
  tx: Tx,
  { run, number, at, arriveBy }: { run: string; number: number; at: number; arriveBy: number },
): Promise<string> {
  const attempt = `${run}-${number}`
  await tx.rows(sql`
    insert into attempt (attempt, run, job, exchange, realm, partner, extract, origin, rank, number, state, offered_at,
                         arrive_by)
    select ${attempt}, run, job, exchange, realm, partner, extract, origin, rank, ${number}, 'offered',
           ${isoOf(at)}::timestamptz, ${isoOf(arriveBy)}::timestamptz
      from run where run = ${run}`)
  return attempt
}

/** What an agent could take: a partner's exchange and realm, with the definition that its records are judged by. */
export interface Batch {
  readonly exchange: string
  readonly realm: Realm
  readonly definitionHash: string
}

/** Agents of one partner take turns, or two that ask at one moment could get what ranks lower first. */
export async function takeTurn(tx: Tx, partner: string): Promise<void> {
  await tx.rows(sql`select 1 from partner where partner = ${partner} for no key update`)
}

/**
 * Hands the offered attempt that ranks highest to an agent, with its run, by one statement. Nothing is handed out
 * for an exchange of which an attempt is under way.
 * @param ask.leaseMs the agent keeps it by telling of its progress at least this often
 * @returns its name; null when there is none, or another agent was faster
 */
export async function takeAttempt(
  tx: Tx,
  ask: {
    readonly partner: string
    readonly account: string
    readonly batches: readonly Batch[]
    readonly at: number
    readonly leaseMs: number
  },
): Promise<string | null> {
  const at = isoOf(ask.at)
  const [row] = await tx.rows<{ attempt: string }>(sql`
    with taken as (
      update attempt a set state = 'taken', account = ${ask.account}, taken_at = ${at}::timestamptz,
             leased_until = ${isoOf(ask.at + ask.leaseMs)}::timestamptz,
             arrive_by = ${at}::timestamptz + make_interval(mins => (select arrive_minutes from job j where j.job = a.job)),
             definition_hash = b."definitionHash",
             since = case when a.extract = 'changes' then (
               select d.marker from attempt d
                where d.partner = a.partner and d.exchange = a.exchange and d.realm = a.realm and d.state = 'done'
                order by d.closed_at desc limit 1) end
        from jsonb_to_recordset(${JSON.stringify(ask.batches)}::jsonb) as b (
               exchange text, realm text, "definitionHash" text)
       where b.exchange = a.exchange and b.realm = a.realm and a.attempt = (
         select o.attempt from attempt o
          where o.state = 'offered' and o.partner = ${ask.partner} and o.arrive_by > ${at}::timestamptz
            and (o.exchange, o.realm) in (
              select w.exchange, w.realm from jsonb_to_recordset(${JSON.stringify(ask.batches)}::jsonb) as w (
                exchange text, realm text))
            and not exists (
              select 1 from attempt u
               where u.partner = o.partner and u.exchange = o.exchange and u.realm = o.realm
                 and u.state in ('taken', 'extracting', 'uploading', 'received', 'processing'))
          order by o.rank desc, o.offered_at, o.attempt limit 1 for update skip locked)
      returning a.attempt, a.run),
    moved as (
      update run set state = 'taken', reason = null, changed_at = ${at}::timestamptz from taken where run.run = taken.run)
    select attempt from taken`)
  return row?.attempt ?? null
}

/**
 * An attempt that this agent took and never began, though it asks for such work: the answer did not reach it. It is
 * given again, with a new lease; null when there is none.
 */
export async function retakeAttempt(tx: Tx, ask: Parameters<typeof takeAttempt>[1]): Promise<string | null> {
  const [row] = await tx.rows<{ attempt: string }>(sql`
    update attempt set leased_until = ${isoOf(ask.at + ask.leaseMs)}::timestamptz
     where attempt = (
       select t.attempt from attempt t
        where t.state = 'taken' and t.partner = ${ask.partner} and t.account = ${ask.account}
          and (t.exchange, t.realm) in (
            select w.exchange, w.realm from jsonb_to_recordset(${JSON.stringify(ask.batches)}::jsonb) as w (
              exchange text, realm text))
        limit 1)
       and state = 'taken'
    returning attempt`)
  return row?.attempt ?? null
}

export async function findAttempt(tx: Tx, attempt: string): Promise<Attempt | null> {
  const [row] = await tx.rows<Attempt>(sql`select ${COLUMNS} from attempt a where a.attempt = ${attempt}`)
  return row ?? null
}

/** The attempt whose file became a submission, or null. */
export async function attemptOfTracking(tx: Tx, tracking: string): Promise<Attempt | null> {
  const [row] = await tx.rows<Attempt>(sql`select ${COLUMNS} from attempt a where a.tracking = ${tracking}`)
  return row ?? null
}

/** Has another attempt for the same partner and exchange been taken since this one was? */
export async function newerBegun(tx: Tx, attempt: Attempt): Promise<boolean> {
  const rows = await tx.rows(sql`
    select 1 from attempt n
     where n.partner = ${attempt.partner} and n.exchange = ${attempt.exchange} and n.realm = ${attempt.realm}
       and n.attempt <> ${attempt.attempt}
       and n.taken_at >= coalesce(${attempt.takenAt}::timestamptz, ${attempt.offeredAt}::timestamptz) limit 1`)
  return rows.length > 0
}

export interface AttemptMove {
  readonly attempt: string
  readonly state: AttemptState
  readonly at: number
  /** Left out or null: stays as it is. */
  readonly leasedUntil?: number | null
  readonly arriveBy?: number | null
  readonly progress?: {
    readonly records: number
    readonly bytes: number
    readonly bytesOf: number | null
  } | null
  readonly upload?: Announced | null
  readonly marker?: string | null
  readonly submission?: { readonly book: number; readonly tracking: string } | null
  /** Why it came to this; null takes away what was there. Left out: stays. */
  readonly cause?: { readonly code: string | null; readonly reason: string | null }
}

/** Writes a step of an attempt's life, with the time of its new state. The run's row is locked. */
export async function moveAttempt(tx: Tx, move: AttemptMove): Promise<void> {
  const { state } = move
  const at = isoOf(move.at)
  const closed = ['done', 'failed', 'timed-out', 'cancelled'].includes(state)
  const progress = move.progress ?? null
  const upload = move.upload ?? null
  await tx.rows(sql`
    update attempt set
      state = ${state},
      extracting_at = case when ${state === 'extracting'} then coalesce(extracting_at, ${at}::timestamptz) else extracting_at end,
      uploading_at = case when ${state === 'uploading'} then coalesce(uploading_at, ${at}::timestamptz) else uploading_at end,
      received_at = case when ${state === 'received'} then ${at}::timestamptz else received_at end,
      processing_at = case when ${state === 'processing'} then coalesce(processing_at, ${at}::timestamptz) else processing_at end,
      closed_at = case when ${closed} then coalesce(closed_at, ${at}::timestamptz) end,
      leased_until = coalesce(${isoOrNull(move.leasedUntil)}::timestamptz, leased_until),
      arrive_by = coalesce(${isoOrNull(move.arriveBy)}::timestamptz, arrive_by),
      records = coalesce(${progress?.records ?? null}::bigint, records),
      bytes = coalesce(${progress?.bytes ?? null}::bigint, bytes),
      bytes_of = coalesce(${progress?.bytesOf ?? null}::bigint, bytes_of),
      upload = coalesce(${upload === null ? null : JSON.stringify(upload)}::jsonb, upload),
      marker = coalesce(${move.marker ?? null}::text, marker),
      book = coalesce(${move.submission?.book ?? null}::int, book),
      tracking = coalesce(${move.submission?.tracking ?? null}::text, tracking),
      code = case when ${move.cause === undefined} then code else ${move.cause?.code ?? null}::text end,
      reason = case when ${move.cause === undefined} then reason else ${move.cause?.reason ?? null}::text end
    where attempt = ${move.attempt}`)
}

/**
 * An agent tells how far it is, in the state in which its attempt is already. False when it is in another, or the
 * attempt is not that account's: then more must be asked.
 */
export async function renewAttempt(
  tx: Tx,
  renewal: {
    readonly attempt: string
    readonly partner: string
    readonly account: string
    readonly state: 'extracting' | 'uploading'
    readonly leasedUntil: number
    readonly progress: {
      readonly records: number
      readonly bytes: number
      readonly bytesOf: number | null
    } | null
  },
): Promise<boolean> {
  const { progress } = renewal
  const rows = await tx.rows(sql`
    update attempt set leased_until = greatest(leased_until, ${isoOf(renewal.leasedUntil)}::timestamptz),
           records = coalesce(${progress?.records ?? null}::bigint, records),
           bytes = coalesce(${progress?.bytes ?? null}::bigint, bytes),
           bytes_of = coalesce(${progress?.bytesOf ?? null}::bigint, bytes_of)
     where attempt = ${renewal.attempt} and partner = ${renewal.partner} and account = ${renewal.account}
       and state = ${renewal.state} returning 1`)
  return rows.length === 1
}

/** Attaches the error log that an agent sent to its session. */
export async function keepErrorLog(
  tx: Tx,
  attempt: string,
  log: { readonly document: string | null; readonly failedAt: string; readonly records: number },
): Promise<void> {
  await tx.rows(sql`
    update attempt set error_log = coalesce(${log.document}::text, error_log), failed_at = ${log.failedAt}::timestamptz,
           records = greatest(records, ${log.records}::bigint)
     where attempt = ${attempt}`)
}

/** Attempts whose time is up, or whose agent fell silent. */
export async function lateAttempts(tx: Tx, at: number, limit: number): Promise<Attempt[]> {
  return tx.rows<Attempt>(sql`
    select ${COLUMNS} from attempt a
     where a.state in ('offered', 'taken', 'extracting', 'uploading')
       and least(a.arrive_by, coalesce(a.leased_until, a.arrive_by)) <= ${isoOf(at)}::timestamptz
     order by a.offered_at limit ${limit}`)
}

/** Where something is offered, or was taken and not begun: for each, an agent of that partner may get it. */
export async function listOffers(tx: Tx): Promise<{ partner: string; exchange: string; realm: Realm }[]> {
  return tx.rows(sql`
    select partner, exchange, realm from attempt where state = 'offered'
     union
    select partner, exchange, realm from attempt where state = 'taken'`)
}

/** The attempt of a run that is not closed, or null. */
export async function openAttempt(tx: Tx, run: string): Promise<Attempt | null> {
  const [row] = await tx.rows<Attempt>(sql`
    select ${COLUMNS} from attempt a where a.run = ${run} and a.closed_at is null order by a.number desc limit 1`)
  return row ?? null
}

/** Attempts from being taken to being processed. */
export async function countUnderWay(tx: Tx): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count from attempt
     where state in ('taken', 'extracting', 'uploading', 'received', 'processing')`)
  return row?.count ?? 0
}

/** The attempt that is under way for the partner and exchange of a run, or null. */
export async function underWay(
  tx: Tx,
  { partner, exchange, realm }: Pick<Attempt, 'partner' | 'exchange' | 'realm'>,
): Promise<Attempt | null> {
  const [row] = await tx.rows<Attempt>(sql`
    select ${COLUMNS} from attempt a
     where a.partner = ${partner} and a.exchange = ${exchange} and a.realm = ${realm}
       and a.state in ('taken', 'extracting', 'uploading', 'received', 'processing')`)
  return row ?? null
}

/** Gives agents back the time in which no node ran. */
export async function extendAttempts(tx: Tx, at: number, lostMs: number, leaseMs: number): Promise<void> {
  await tx.rows(sql`
    update attempt set arrive_by = arrive_by + make_interval(secs => ${lostMs / 1000}),
           leased_until = greatest(leased_until, ${isoOf(at + leaseMs)}::timestamptz)
     where state in ('offered', 'taken', 'extracting', 'uploading')`)
}

export interface AttemptFilter {
  /** Null: all. */
  readonly partners: readonly string[] | null
  readonly partner: string | null
  readonly exchange: string | null
  readonly job: string | null
  readonly run: string | null
  readonly state: AttemptState | null
  readonly limit: number
  /** Show those offered before this one. */
  readonly before: { readonly offeredAt: string; readonly attempt: string } | null
}

/** Attempts, newest first. */
export async function listAttempts(tx: Tx, filter: AttemptFilter): Promise<Attempt[]> {
  const { partners, partner, exchange, job, run, state, before } = filter
  return tx.rows<Attempt>(sql`
    select ${COLUMNS} from attempt a
     where (${partners}::text[] is null or a.partner = any (${partners}::text[]))
       and (${partner}::text is null or a.partner = ${partner}::text)
       and (${exchange}::text is null or a.exchange = ${exchange}::text)
       and (${job}::text is null or a.job = ${job}::text)
       and (${run}::text is null or a.run = ${run}::text)
       and (${state}::text is null or a.state = ${state}::text)
       and (${before?.offeredAt ?? null}::timestamptz is null
            or (a.offered_at, a.attempt) < (${before?.offeredAt ?? null}::timestamptz, ${before?.attempt ?? null}::text))
     order by a.offered_at desc, a.attempt desc limit ${filter.limit}`)
}

function isoOrNull(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : isoOf(at)
}
