import type { Tx } from '../db/database.ts'
import { nothing, sql } from '../db/sql.ts'
import { isoTime } from './iso-time.ts'

/** Two live records of one book that are the same by their second key. */
export interface DuplicatePair {
  readonly book: number
  readonly type: string
  /** Identity text of what they share. */
  readonly shared: string
  readonly first: string
  readonly second: string
}

export interface DuplicateQuery {
  readonly books: readonly number[]
  readonly limit: number
  readonly after: DuplicatePair | null
}

/** Pairs of live records, the older id first. */
export async function duplicatePairs(
  tx: Tx,
  { books, limit, after }: DuplicateQuery,
): Promise<DuplicatePair[]> {
  return tx.rows<DuplicatePair>(sql`
    select a.book, a.type, a.duplicate_key as shared, a.record_id as first, c.record_id as second
      from record a join record c on c.book = a.book and c.type = a.type and c.duplicate_key = a.duplicate_key
                                 and c.record_id > a.record_id
     where a.book = any (${books}::int[]) and a.duplicate_key is not null
       ${
         after === null
           ? nothing
           : sql`and (a.book, a.type, a.duplicate_key, a.record_id, c.record_id) >
                     (${after.book}, ${after.type}, ${after.shared}, ${after.first}::uuid, ${after.second}::uuid)`
       }
     order by a.book, a.type, a.duplicate_key, a.record_id, c.record_id limit ${limit}`)
}

/** A record that was not taken because it is stored already under another key. */
export interface RefusedDuplicate {
  readonly book: number
  readonly tracking: string
  readonly position: number
  readonly partner: string
  readonly key: string | null
  readonly code: string
  readonly message: string
  readonly receivedAt: string
}

/** Where a page of refused records ended. */
export interface RefusedPlace {
  readonly at: string
  readonly tracking: string
  readonly position: number
}

/** Records that were refused with one of these codes, the latest first. */
export async function refusedDuplicates(
  tx: Tx,
  query: {
    readonly books: readonly number[]
    readonly codes: readonly string[]
    readonly limit: number
    readonly after: RefusedPlace | null
  },
): Promise<RefusedDuplicate[]> {
  const { books, codes, limit, after } = query
  return tx.rows<RefusedDuplicate>(sql`
    select f.book, f.tracking, f.position, s.partner, f.key, f.code, f.message, ${isoTime('s.received_at')} as "receivedAt"
      from finding f join submission s using (book, tracking)
     where f.book = any (${books}::int[]) and f.code = any (${codes}::text[]) and not s.dry_run
       ${
         after === null
           ? nothing
           : sql`and (s.received_at, f.tracking, f.position) <
                     (${after.at}::timestamptz, ${after.tracking}, ${after.position}::bigint)`
       }
     order by s.received_at desc, f.tracking desc, f.position desc limit ${limit}`)
}

/** Id of a live record of a book by its second key; null where there is none. */
export async function recordByDuplicateKey(
  tx: Tx,
  book: number,
  type: string,
  shared: string,
): Promise<string | null> {
  const [row] = await tx.rows<{ id: string }>(sql`
    select record_id as id from record
     where book = ${book} and type = ${type} and duplicate_key = ${shared} order by record_id limit 1`)
  return row?.id ?? null
}
