import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'

/** One piece of a session log: a complete gzip member; `bytes` when small, else a document of that hash. */
export interface Segment {
  readonly book: number
  readonly tracking: string
  readonly segment: number
  readonly firstPosition: number
  readonly lastPosition: number
  readonly size: number
  readonly sha256: string
  readonly bytes: Uint8Array | null
}

export async function putSegments(tx: Tx, segments: readonly Segment[]): Promise<void> {
  await tx.rows(insertSegments(segments))
}

/** The statement of `putSegments`, for one that does more. */
export function insertSegments(segments: readonly Segment[]): Sql {
  const each = <T>(pick: (segment: Segment) => T) => segments.map(pick)
  return sql`
    insert into segment (book, tracking, segment, first_position, last_position, size, sha256, bytes)
    select * from unnest(
      ${each((s) => s.book)}::int[], ${each((s) => s.tracking)}::text[], ${each((s) => s.segment)}::int[],
      ${each((s) => s.firstPosition)}::bigint[], ${each((s) => s.lastPosition)}::bigint[],
      ${each((s) => s.size)}::int[], ${each((s) => s.sha256)}::text[],
      ${each((s) => (s.bytes === null ? null : Buffer.from(s.bytes)))}::bytea[])`
}

/** The segments of a session log in order, from the one that holds a position. */
export async function findSegments(tx: Tx, book: number, tracking: string, from = 0): Promise<Segment[]> {
  return tx.rows<Segment>(sql`
    select book, tracking, segment, first_position as "firstPosition", last_position as "lastPosition", size,
           sha256, bytes
      from segment
     where book = ${book} and tracking = ${tracking} and last_position >= ${from}
     order by segment`)
}

/** A survey's log gives way to the log of the pass that applies. */
export async function dropSegments(tx: Tx, book: number, tracking: string): Promise<void> {
  await tx.rows(sql`delete from segment where book = ${book} and tracking = ${tracking}`)
}
