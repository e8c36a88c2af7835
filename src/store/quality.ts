import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Severity } from '../exchange/definition.ts'
import type { Realm } from './model.ts'

/** Which deliveries are counted. Trials and reconciliations are not, nor what the centre's own people sent for itself. */
export interface QualityPeriod {
  readonly exchange: string
  readonly realm: Realm
  /** ISO dates in the zone, both included. */
  readonly from: string
  readonly to: string
  readonly zone: string
}

/** Records that a partner sent in a month (`YYYY-MM`). */
export interface ReceivedInMonth {
  readonly partner: string
  readonly month: string
  readonly received: number
}

/** What was found in them by one rule. */
export interface FoundInMonth {
  readonly partner: string
  readonly month: string
  readonly code: string
  readonly severity: Severity
  /** Of one of them. */
  readonly message: string
  readonly count: number
}

/** Records by partner and month. */
export async function receivedByMonth(tx: Tx, period: QualityPeriod): Promise<ReceivedInMonth[]> {
  return tx.rows<ReceivedInMonth>(sql`
    select s.partner, to_char(s.received_at at time zone ${period.zone}, 'YYYY-MM') as month,
           sum(s.received)::float8 as received
      from submission s join book b using (book) join partner p on p.partner = s.partner
     where ${within(period)} group by 1, 2 having sum(s.received) > 0`)
}

/** Findings by partner, month and rule; notes are left out. */
export async function foundByMonth(tx: Tx, period: QualityPeriod): Promise<FoundInMonth[]> {
  return tx.rows<FoundInMonth>(sql`
    select s.partner, to_char(s.received_at at time zone ${period.zone}, 'YYYY-MM') as month, f.code,
           (array_agg(f.severity order by array_position('{fatal,error,warning}'::text[], f.severity)))[1] as severity,
           min(f.message) as message, count(*)::float8 as count
      from finding f join submission s using (book, tracking) join book b using (book)
      join partner p on p.partner = s.partner
     where ${within(period)} and f.severity <> 'info' group by 1, 2, 3`)
}

function within({ exchange, realm, from, to, zone }: QualityPeriod) {
  return sql`b.exchange = ${exchange} and b.realm = ${realm} and not s.dry_run and not s.reconcile and not p.centre
       and s.received_at >= ${from}::timestamp at time zone ${zone}
       and s.received_at < (${to}::timestamp + interval '1 day') at time zone ${zone}`
}
