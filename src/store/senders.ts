import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import { bookOfTracking } from './books.ts'

/** Who sent a submission, by which way, and why where that was said. */
export interface Sender {
  readonly partner: string
  /** Name of the account; null for one that is not there any more. */
  readonly account: string | null
  readonly channel: string
  /** The centre sent it, in the partner's name. */
  readonly byCentre: boolean
  readonly reason: string | null
}

/** Senders of submissions by tracking number; of what is not there, nothing is said. */
export async function sendersOf(tx: Tx, trackings: readonly string[]): Promise<ReadonlyMap<string, Sender>> {
  const rows = await tx.rows<Sender & { tracking: string }>(sql`
    select s.tracking, s.partner, a.login as account, s.channel, s.reason,
           s.by_centre as "byCentre"
      from unnest(${trackings.map((one) => bookOfTracking(one) ?? -1)}::int[], ${trackings}::text[])
             as k (book, tracking)
      join submission s using (book, tracking) left join account a on a.account::text = s.account`)
  return new Map(rows.map(({ tracking, ...sender }) => [tracking, sender]))
}
