import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Finding } from '../exchange/parcel.ts'
import type { RecordRow } from './records-read.ts'

/** A record that moves to another book, with what its version there is. */
export interface Moving {
  readonly recordId: string
  /** Its place in the submissions that say so, in both books. */
  readonly position: number
  readonly status: RecordRow['status']
}

/** Where records move from and to, with the change numbers of the two books before. */
export interface Move {
  readonly from: { readonly book: number; readonly tracking: string; readonly changeNo: number }
  readonly to: { readonly book: number; readonly tracking: string; readonly changeNo: number }
  /** ISO, not before the latest change of either book. */
  readonly at: string
}

/**
 * Moves records with their history. The book they leave keeps what it had, and a tombstone; the book they come to gets
 * a copy of every version under change numbers of its own, and the record in a new version.
 * @returns how many change numbers the book they come to has given out
 */
export async function moveRecords(
  tx: Tx,
  { from, to, at }: Move,
  moving: readonly Moving[],
): Promise<number> {
  const ids = moving.map((one) => one.recordId)
  const places = sql`unnest(${ids}::uuid[], ${moving.map((one) => one.position)}::bigint[],
                            ${moving.map((one) => one.status)}::text[]) as m (record_id, position, status)`
  await tx.rows(sql`
    insert into history (book, record_id, version, type, key, status, change_no, operation, definition_version,
                         content_hash, body, submission, position, from_at, until_at)
    select book, record_id, version, type, key, status, change_no, operation, definition_version, content_hash,
           body, submission, position, changed_at, ${at}::timestamptz
      from record where book = ${from.book} and record_id = any (${ids}::uuid[])`)
  const copied = await tx.rows(sql`
    insert into history (book, record_id, version, type, key, status, change_no, operation, definition_version,
                         content_hash, body, submission, position, from_at, until_at)
    select ${to.book}, h.record_id, h.version, h.type, h.key, h.status,
           ${to.changeNo}::bigint + row_number() over (order by h.from_at, h.record_id, h.version), h.operation,
           h.definition_version, h.content_hash, h.body, h.submission, h.position, h.from_at,
           coalesce(h.until_at, ${at}::timestamptz)
      from history h
     where h.book = ${from.book} and h.record_id = any (${ids}::uuid[])
       and not exists (select 1 from history x
                        where x.book = ${to.book} and x.record_id = h.record_id and x.version = h.version)
    returning 1`)
  await tx.rows(sql`
    insert into history (book, record_id, version, type, key, status, change_no, operation, definition_version,
                         content_hash, body, submission, position, from_at, until_at)
    select r.book, r.record_id, r.version + 1, r.type, r.key, 'deleted', ${from.changeNo}::bigint + m.position,
           'transfer', r.definition_version, r.content_hash, null, ${from.tracking}, m.position, ${at}::timestamptz,
           null
      from ${places} join record r on r.book = ${from.book} and r.record_id = m.record_id`)
  await tx.rows(sql`
    update record r
       set book = ${to.book}, version = r.version + 1, operation = 'transfer', status = m.status,
           change_no = ${to.changeNo + copied.length}::bigint + m.position, submission = ${to.tracking},
           position = m.position, changed_at = ${at}::timestamptz
      from ${places} where r.book = ${from.book} and r.record_id = m.record_id`)
  await tx.rows(sql`
    delete from alias a using alias b
     where a.book = ${from.book} and a.record_id = any (${ids}::uuid[]) and b.book = ${to.book} and b.type = a.type
       and b.key = a.key`)
  await tx.rows(sql`
    update alias set book = ${to.book} where book = ${from.book} and record_id = any (${ids}::uuid[])`)
  await tx.rows(sql`
    update book b set aliases = (select count(*) from alias a where a.book = b.book)
     where b.book = any (${[from.book, to.book]}::int[])`)
  return copied.length + moving.length
}

/** A record that is to move, with the findings of its version. */
export interface MovingRow {
  readonly record_id: string
  readonly type: string
  readonly key: string
  readonly status: RecordRow['status']
  readonly version: number
  readonly definition_version: string
  readonly findings: readonly Finding[]
}

export async function findMoving(tx: Tx, book: number, ids: readonly string[]): Promise<MovingRow[]> {
  return tx.rows<MovingRow>(sql`
    select r.record_id, r.type, r.key, r.status, r.version, r.definition_version,
           coalesce((select jsonb_agg(jsonb_build_object('code', f.code, 'severity', f.severity, 'path', f.path,
                                      'field', f.field, 'item', f.item, 'message', f.message, 'value', f.value)
                                      order by f.number)
                       from finding f
                      where f.book = r.book and f.tracking = r.submission and f.position = r.position), '[]') as findings
      from record r where r.book = ${book} and r.record_id = any (${ids}::uuid[]) order by r.type, r.key`)
}

/** What records of a book refer to. */
export async function findLinksOf(
  tx: Tx,
  book: number,
  ids: readonly string[],
): Promise<
  {
    record_id: string
    reference: string
    item: number
    target_book: number
    target_type: string
    target_key: string
    waiting: boolean
  }[]
> {
  return tx.rows(sql`
    select record_id, reference, item, target_book, target_type, target_key, waiting
      from link where book = ${book} and record_id = any (${ids}::uuid[]) order by 1, 2, 3`)
}

/** The record that has a key in a book, or had it before; null: none. */
export async function findByKey(
  tx: Tx,
  book: number,
  type: string,
  key: string,
): Promise<{ readonly recordId: string; readonly key: string } | null> {
  const [row] = await tx.rows<{ recordId: string; key: string }>(sql`
    select record_id as "recordId", key from record where book = ${book} and type = ${type} and key = ${key}
    union all
    select r.record_id, r.key from alias a join record r on r.book = a.book and r.record_id = a.record_id
     where a.book = ${book} and a.type = ${type} and a.key = ${key}`)
  return row ?? null
}
