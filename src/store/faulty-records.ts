import type { Tx } from '../db/database.ts'
import { nothing, sql } from '../db/sql.ts'
import { isoTime } from './iso-time.ts'

/** A record that stands with errors, without its content. */
export interface FaultyRecord {
  readonly book: number
  readonly recordId: string
  readonly owner: string
  readonly key: string
  readonly version: number
  readonly changeNo: number
  readonly submission: string
  readonly position: number
  readonly updatedAt: string
}

/** Records of these books that stand with errors, those that have waited longest first. */
export async function listFaultyRecords(
  tx: Tx,
  query: {
    readonly books: readonly number[]
    readonly type: string
    /** Only those with this finding; null: any. */
    readonly code: string | null
    readonly limit: number
    readonly after: { readonly book: number; readonly changeNo: number } | null
  },
): Promise<FaultyRecord[]> {
  const { books, type, code, limit, after } = query
  return tx.rows<FaultyRecord>(sql`
    select r.book, r.record_id as "recordId", b.owner, r.key, r.version, r.change_no as "changeNo", r.submission,
           r.position, ${isoTime('r.changed_at')} as "updatedAt"
      from record r join book b using (book)
     where r.book = any (${books}::int[]) and r.type = ${type} and r.status = 'submitted-with-errors'
       ${
         code === null
           ? nothing
           : sql`and exists (select from finding f where f.book = r.book and f.tracking = r.submission
                                and f.position = r.position and f.code = ${code})`
       }
       ${after === null ? nothing : sql`and (r.book, r.change_no) > (${after.book}, ${after.changeNo})`}
     order by r.book, r.change_no limit ${limit}`)
}

/** How many records stand with an error of a rule. */
export interface RuleWithErrors {
  readonly code: string
  readonly field: string
  readonly message: string
  readonly records: number
}

/** The rules that records of these books stand with errors of, most frequent first, each with an example. */
export async function countRulesWithErrors(
  tx: Tx,
  books: readonly number[],
  type: string,
  limit: number,
): Promise<RuleWithErrors[]> {
  return tx.rows<RuleWithErrors>(sql`
    select f.code, min(f.field) as field, min(f.message) as message,
           count(distinct (r.book, r.record_id))::int as records
      from record r join finding f on f.book = r.book and f.tracking = r.submission and f.position = r.position
     where r.book = any (${books}::int[]) and r.type = ${type} and r.status = 'submitted-with-errors'
       and f.severity = 'error'
     group by f.code order by records desc, f.code limit ${limit}`)
}
