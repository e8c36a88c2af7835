import type { Tx } from '../db/database.ts'
import { nothing, sql } from '../db/sql.ts'
import type { DifferenceKind } from '../exchange/definition.ts'
import { type AbsentQuery, absentRecords } from './absent.ts'

/** One record in which a partner's file and the centre differ. */
export interface Difference {
  readonly type: string
  /** Identity text. */
  readonly key: string
  readonly kind: DifferenceKind
  readonly recordId: string | null
  /** Place of the record in the file; null where it is not there. */
  readonly position: number | null
  /** Names of the fields that differ. */
  readonly fields: readonly string[]
}

export interface RankedDifference extends Difference {
  readonly rank: number
}

/** Keeps differences; a later one of the same key takes the place of the earlier. */
export async function putDifferences(
  tx: Tx,
  book: number,
  tracking: string,
  rows: readonly RankedDifference[],
): Promise<void> {
  if (rows.length === 0) return
  const each = <T>(pick: (row: RankedDifference) => T) => rows.map(pick)
  await tx.rows(sql`
    insert into difference (book, tracking, type, key, kind, rank, record_id, position, fields)
    select ${book}, ${tracking}, type, key, kind, rank, record_id, position,
           array(select jsonb_array_elements_text(fields::jsonb))
      from unnest(${each((r) => r.type)}::text[], ${each((r) => r.key)}::text[], ${each((r) => r.kind)}::text[],
                  ${each((r) => r.rank)}::smallint[], ${each((r) => r.recordId)}::uuid[],
                  ${each((r) => r.position)}::bigint[], ${each((r) => JSON.stringify(r.fields))}::text[])
             as d (type, key, kind, rank, record_id, position, fields)
        on conflict (book, tracking, type, key) do update set
           kind = excluded.kind, rank = excluded.rank, record_id = coalesce(excluded.record_id, difference.record_id),
           position = excluded.position, fields = excluded.fields`)
}

/** A key of the file; one that is not compared (its record was filtered) only counts as seen. */
export interface SeenKey {
  readonly type: string
  readonly key: string
  readonly position: number
  readonly compared: boolean
}

/**
 * Remembers keys of a chunk, each of them once.
 * @returns those that were compared and had been seen before
 */
export async function putSeenKeys(
  tx: Tx,
  book: number,
  tracking: string,
  keys: readonly SeenKey[],
): Promise<readonly { readonly type: string; readonly key: string }[]> {
  if (keys.length === 0) return []
  const each = <T>(pick: (key: SeenKey) => T) => keys.map(pick)
  return tx.rows<{ type: string; key: string }>(sql`
    with sent as (
      select * from unnest(${each((k) => k.type)}::text[], ${each((k) => k.key)}::text[],
                           ${each((k) => k.position)}::bigint[], ${each((k) => k.compared)}::boolean[])
                 as k (type, key, position, compared)
    ), put as (
      insert into survey (book, tracking, type, key, position, present)
      select ${book}, ${tracking}, type, key, position, compared from sent
          on conflict do nothing returning type, key
    )
    select type, key from sent where compared and (type, key) not in (select type, key from put)`)
}

/** Keeps what is at the centre alone, in one statement. */
export async function putOnlyCentre(tx: Tx, query: AbsentQuery, rank: number): Promise<void> {
  await tx.rows(sql`
    insert into difference (book, tracking, type, key, kind, rank, record_id, position, fields)
    select r.book, ${query.tracking}, r.type, r.key, 'only-centre', ${rank}, r.record_id, null, '{}'
      from ${absentRecords(query)}
        on conflict do nothing`)
}

/** Differences by type and kind. */
export async function countDifferences(
  tx: Tx,
  book: number,
  tracking: string,
): Promise<{ readonly type: string; readonly kind: DifferenceKind; readonly count: number }[]> {
  return tx.rows(sql`
    select type, kind, count(*)::int as count from difference
     where book = ${book} and tracking = ${tracking} group by type, kind`)
}

/** Compared keys of the file, and records at the centre when it began, by type. */
export async function countSides(
  tx: Tx,
  { book, tracking, changeNo, within }: AbsentQuery,
): Promise<readonly { readonly type: string; readonly partner: number; readonly centre: number }[]> {
  const records = within
    ? sql`survey_set n join record r on r.book = n.book and r.type = n.type and r.set_key = n.set_key
           where n.book = ${book} and n.tracking = ${tracking} and r.change_no <= ${changeNo}`
    : sql`record r where r.book = ${book} and r.change_no <= ${changeNo}`
  return tx.rows(sql`
    select type, sum(partner)::int as partner, sum(centre)::int as centre
      from (select type, count(*) filter (where present) as partner, 0 as centre from survey
             where book = ${book} and tracking = ${tracking} group by type
             union all
            select r.type, 0, count(*) from ${records} group by r.type) as sides
     group by type order by type`)
}

export interface DifferenceQuery {
  readonly book: number
  readonly tracking: string
  readonly kind: DifferenceKind | null
  /** Only of these types; null: of all. */
  readonly types: readonly string[] | null
  readonly after: { readonly rank: number; readonly type: string; readonly key: string } | null
  readonly limit: number
}

/** Differences in the order in which they are to be put right. */
export async function listDifferences(tx: Tx, query: DifferenceQuery): Promise<RankedDifference[]> {
  const { book, tracking, kind, types, after, limit } = query
  return tx.rows<RankedDifference>(sql`
    select type, key, kind, record_id as "recordId", position, fields, rank from difference
     where book = ${book} and tracking = ${tracking}
       ${kind === null ? nothing : sql`and kind = ${kind}`}
       ${types === null ? nothing : sql`and type = any (${types}::text[])`}
       ${after === null ? nothing : sql`and (rank, type, key) > (${after.rank}::smallint, ${after.type}, ${after.key})`}
     order by rank, type, key limit ${limit}`)
}

export async function dropDifferences(tx: Tx, book: number, tracking: string): Promise<void> {
  await tx.rows(sql`delete from difference where book = ${book} and tracking = ${tracking}`)
}
