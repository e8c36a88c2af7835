import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import { isoTime } from './iso-time.ts'
import type { Counts, Realm } from './model.ts'

/** What was received on one day, and what became of it. */
export interface DayOfActivity extends Counts {
  /** ISO date in the zone asked for. */
  readonly day: string
  readonly submissions: number
}

/** Whose data is looked at. `partners` null: everybody's. */
export interface Overlook {
  readonly exchanges: readonly string[]
  readonly realm: Realm
  readonly partners: readonly string[] | null
}

const SUMS: Sql = sql`count(*)::int as submissions, sum(s.received)::float8 as received,
  sum(s.created)::float8 as created, sum(s.updated)::float8 as updated, sum(s.unchanged)::float8 as unchanged,
  sum(s.deleted)::float8 as deleted, sum(s.rejected)::float8 as rejected, sum(s.filtered)::float8 as filtered,
  sum(s.removed)::float8 as removed, sum(s.cascaded)::float8 as cascaded,
  sum(s.with_errors)::float8 as "withErrors", sum(s.translated)::float8 as translated`

/**
 * Days on which something was received, the first first; dry runs are left out.
 * @param from ISO time, included
 * @param zone IANA name, known to be one
 */
export async function activityByDay(
  tx: Tx,
  { exchanges, realm, partners }: Overlook,
  from: string,
  zone: string,
): Promise<DayOfActivity[]> {
  return tx.rows<DayOfActivity>(sql`
    select to_char(s.received_at at time zone ${zone}, 'YYYY-MM-DD') as day, ${SUMS}
      from submission s join book b using (book)
     where b.exchange = any (${exchanges}::text[]) and b.realm = ${realm} and not s.dry_run
       and (${partners}::text[] is null or s.partner = any (${partners}::text[]))
       and s.received_at >= ${from}::timestamptz
     group by 1 order by 1`)
}

/** Live records that stand with errors, by exchange and type. */
export interface FaultyRecords {
  readonly exchange: string
  readonly type: string
  readonly count: number
  /** Partners that own them. */
  readonly partners: number
}

export async function countFaultyRecords(
  tx: Tx,
  { exchanges, realm, partners }: Overlook,
): Promise<FaultyRecords[]> {
  return tx.rows<FaultyRecords>(sql`
    select b.exchange, r.type, count(*)::int as count, count(distinct b.owner)::int as partners
      from record r join book b using (book)
     where r.status = 'submitted-with-errors' and b.exchange = any (${exchanges}::text[]) and b.realm = ${realm}
       and (${partners}::text[] is null or b.owner = any (${partners}::text[]))
     group by 1, 2 order by 3 desc, 1, 2`)
}

/** A submission that waits for a person, or that did not end well. */
export interface TroubledSubmission {
  readonly tracking: string
  readonly exchange: string
  readonly partner: string
  readonly state: 'held' | 'incomplete' | 'refused'
  readonly reason: string | null
  readonly fileName: string
  readonly receivedAt: string
}

/** Held ones however old, others since a time; the newest first. */
export async function listTroubledSubmissions(
  tx: Tx,
  { exchanges, realm, partners }: Overlook,
  since: string,
  limit: number,
): Promise<TroubledSubmission[]> {
  return tx.rows<TroubledSubmission>(sql`
    select s.tracking, b.exchange, s.partner, s.state, s.reason, s.file_name as "fileName",
           ${isoTime('s.received_at')} as "receivedAt"
      from submission s join book b using (book)
     where s.state in ('held', 'incomplete', 'refused') and b.exchange = any (${exchanges}::text[])
       and b.realm = ${realm} and (s.state = 'held' or s.received_at >= ${since}::timestamptz)
       and (${partners}::text[] is null or s.partner = any (${partners}::text[]))
     order by s.state = 'held' desc, s.received_at desc limit ${limit}`)
}

/** Files that were refused since a time, and those that are held. */
export async function countTroubledFiles(
  tx: Tx,
  { exchanges, realm, partners }: Overlook,
  since: string,
): Promise<{ readonly refused: number; readonly held: number }> {
  const [row] = await tx.rows<{ refused: number; held: number }>(sql`
    select (count(*) filter (where f.state = 'refused' and f.taken_at >= ${since}::timestamptz))::int as refused,
           (count(*) filter (where f.state = 'held'))::int as held
      from intake_file f join intake i using (intake)
     where f.state in ('refused', 'held') and i.exchange = any (${exchanges}::text[]) and i.realm = ${realm}
       and (${partners}::text[] is null or i.partner = any (${partners}::text[]))`)
  return row ?? { refused: 0, held: 0 }
}

/** Work items that wait for an answer: how many, and the first last day. */
export async function countOpenWorkItems(
  tx: Tx,
  { exchanges, realm, partners }: Overlook,
): Promise<{ readonly count: number; readonly dueOn: string | null }> {
  const [row] = await tx.rows<{ count: number; dueOn: string | null }>(sql`
    select count(*)::int as count, min(due_on) as "dueOn" from work_item
     where state = 'open' and exchange = any (${exchanges}::text[]) and realm = ${realm}
       and (${partners}::text[] is null or partner = any (${partners}::text[]))`)
  return row ?? { count: 0, dueOn: null }
}
