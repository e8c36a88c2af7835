import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Realm } from './model.ts'

/** A value that was sent where a code was expected. */
export interface UnmatchedValue {
  readonly value: string
  /** The name of the field as it is sent. */
  readonly field: string
  readonly count: number
  readonly partners: readonly string[]
}

const shownMax = 100

/** What these checks found since then, by value and field, the most frequent first. */
export async function listUnmatchedValues(
  tx: Tx,
  query: {
    readonly exchange: string
    readonly realm: Realm
    readonly since: string
    /** Codes of findings, each with the field that it is about. */
    readonly checks: readonly { readonly code: string; readonly field: string }[]
  },
): Promise<UnmatchedValue[]> {
  const { checks } = query
  return tx.rows<UnmatchedValue>(sql`
    select f.value, f.field, count(*)::int as count, array_agg(distinct s.partner order by s.partner) as partners
      from book b join submission s using (book) join finding f using (book, tracking)
      join unnest(${checks.map(({ code }) => code)}::text[], ${checks.map(({ field }) => field)}::text[])
           as c (code, field) on c.code = f.code and c.field = f.field
     where b.exchange = ${query.exchange} and b.realm = ${query.realm}
       and s.received_at >= ${query.since}::timestamptz and f.value is not null and f.value <> ''
     group by f.value, f.field order by count(*) desc, f.value, f.field limit ${shownMax}`)
}
