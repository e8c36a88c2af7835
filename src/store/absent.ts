import type { Tx } from '../db/database.ts'
import { nothing, type Sql, sql } from '../db/sql.ts'

/** Live records that a surveyed file did not name and that nobody changed since it began. */
export interface AbsentQuery {
  readonly book: number
  readonly tracking: string
  /** The book's change number when the survey began. */
  readonly changeNo: number
  /** Types of which a refresh deletes what it does not name. */
  readonly types: readonly string[]
  /** Those of them that count even where the file names no record of them; of the others it says nothing then. */
  readonly whole: readonly string[]
  /** Only in sets that accepted records of the file belong to. */
  readonly within: boolean
}

/** A set is looked up by its own index: a book may hold many, and a refresh name one. */
export function absentRecords({ book, tracking, changeNo, types, whole, within }: AbsentQuery): Sql {
  const named = sql`select distinct s.type from survey s where s.book = ${book} and s.tracking = ${tracking}`
  const records = within
    ? sql`survey_set n join record r on r.book = n.book and r.type = n.type and r.set_key = n.set_key`
    : sql`record r`
  return sql`${records}
     where r.book = ${book} and r.type = any (${types}::text[]) and r.change_no <= ${changeNo}
       and r.submission <> ${tracking}
       ${types.every((type) => whole.includes(type)) ? nothing : sql`and (r.type = any (${whole}::text[]) or r.type in (${named}))`}
       ${within ? sql`and n.book = ${book} and n.tracking = ${tracking}` : nothing}
       and not exists (select 1 from survey s where s.book = r.book and s.tracking = ${tracking}
                          and s.type = r.type and s.key = r.key)`
}

export async function countAbsent(tx: Tx, query: AbsentQuery): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(
    sql`select count(*)::int as count from ${absentRecords(query)}`,
  )
  return row?.count ?? 0
}

/** Live records, of every type, in the sets that a surveyed file names. */
export async function countWithin(tx: Tx, book: number, tracking: string): Promise<number> {
  const [row] = await tx.rows<{ count: number }>(sql`
    select count(*)::int as count
      from survey_set n join record r on r.book = n.book and r.type = n.type and r.set_key = n.set_key
     where n.book = ${book} and n.tracking = ${tracking}`)
  return row?.count ?? 0
}

/**
 * How many records would fall with those that are absent, at any distance.
 * @param cascading names of the references by which a record falls with its target
 */
export async function countFalling(
  tx: Tx,
  query: AbsentQuery,
  cascading: readonly string[],
): Promise<number> {
  if (cascading.length === 0) return 0
  const [row] = await tx.rows<{ count: number }>(sql`
    with recursive gone as (
      select r.book, r.record_id, r.type, r.key from ${absentRecords(query)}
    ), falling as (
      select * from gone
       union
      select h.book, h.record_id, h.type, h.key
        from falling f
        join link l on l.target_book = f.book and l.target_type = f.type and l.target_key = f.key
                   and l.reference = any (${cascading}::text[])
        join record h on h.book = l.book and h.record_id = l.record_id
    )
    select ((select count(*) from falling) - (select count(*) from gone))::int as count`)
  return row?.count ?? 0
}

export interface AbsentRow {
  readonly record_id: string
  readonly type: string
  readonly key: string
  readonly version: number
}

/**
 * Some of them, in key order, to be deleted (or shown in the preview).
 * @param restricting names of the references that keep a record as long as another one has them to it
 */
export async function findAbsent(
  tx: Tx,
  query: AbsentQuery,
  restricting: readonly string[],
  limit: number,
): Promise<AbsentRow[]> {
  return tx.rows<AbsentRow>(sql`
    select r.record_id, r.type, r.key, r.version from ${absentRecords(query)}
       ${
         restricting.length === 0
           ? nothing
           : sql`and not exists (
                  select 1 from link l
                   where l.target_book = r.book and l.target_type = r.type and l.target_key = r.key
                     and l.reference = any (${restricting}::text[]) and l.record_id <> r.record_id)`
       }
     order by r.type, r.key limit ${limit}`)
}

/** Of these records, those that others refer to, each with the name of one such reference. */
export async function whatKeeps(
  tx: Tx,
  book: number,
  rows: readonly AbsentRow[],
  restricting: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await tx.rows<{ record_id: string; reference: string }>(sql`
    select r.record_id, min(l.reference) as reference
      from unnest(${rows.map((row) => row.record_id)}::uuid[], ${rows.map((row) => row.type)}::text[],
                  ${rows.map((row) => row.key)}::text[]) as r (record_id, type, key)
      join link l on l.target_book = ${book} and l.target_type = r.type and l.target_key = r.key
     where l.reference = any (${restricting}::text[]) and l.record_id <> r.record_id
     group by r.record_id`)
  return new Map(found.map((row) => [row.record_id, row.reference]))
}
