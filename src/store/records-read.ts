import type { Tx } from '../db/database.ts'
import { join, nothing, type Sql, sql } from '../db/sql.ts'
import type { StatusName } from '../exchange/definition.ts'
import type { Realm } from './model.ts'

/** A record as it stands, or stood at a time. */
export interface RecordRow {
  readonly book: number
  readonly recordId: string
  readonly owner: string
  readonly exchange: string
  readonly realm: Realm
  readonly type: string
  readonly key: string
  readonly status: StatusName
  readonly version: number
  readonly changeNo: number
  readonly operation: string
  readonly definitionVersion: string
  readonly body: Readonly<Record<string, unknown>>
  readonly submission: string
  readonly position: number
  readonly createdAt: string
  readonly changedAt: string
}

const iso = (column: string): Sql => ({
  text: `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  values: [],
})

const COLUMNS = sql`r.book, r.record_id as "recordId", b.owner, b.exchange, b.realm, r.type, r.key, r.status, r.version,
  r.change_no as "changeNo", r.operation, r.definition_version as "definitionVersion", r.body, r.submission,
  r.position, ${iso('r.created_at')} as "createdAt", ${iso('r.changed_at')} as "changedAt"`

/** One record of these books as it stands; null when it is not there. */
export async function findRecord(
  tx: Tx,
  books: readonly number[],
  recordId: string,
): Promise<RecordRow | null> {
  const [row] = await tx.rows<RecordRow>(sql`
    select ${COLUMNS} from record r join book b using (book)
     where r.book = any (${books}::int[]) and r.record_id = ${recordId}::uuid`)
  return row ?? null
}

/** The record as it stood at a time (ISO), or null when it was not there then. */
export async function findRecordAsOf(
  tx: Tx,
  books: readonly number[],
  recordId: string,
  at: string,
): Promise<RecordRow | null> {
  const current = await findRecord(tx, books, recordId)
  if (current !== null && Date.parse(current.changedAt) <= Date.parse(at)) return current
  const [row] = await tx.rows<RecordRow>(sql`
    select h.book, h.record_id as "recordId", b.owner, b.exchange, b.realm, h.type, h.key, h.status, h.version,
           h.change_no as "changeNo", h.operation, h.definition_version as "definitionVersion", h.body,
           h.submission, h.position, ${iso('h.from_at')} as "createdAt", ${iso('h.from_at')} as "changedAt"
      from history h join book b using (book)
     where h.book = any (${books}::int[]) and h.record_id = ${recordId}::uuid and h.from_at <= ${at}::timestamptz
       and (h.until_at is null or h.until_at > ${at}::timestamptz)
     order by h.version desc, (h.status = 'deleted') limit 1`)
  return row === undefined || row.status === 'deleted' ? null : row
}

export interface HistoryRow {
  readonly version: number
  readonly changeNo: number
  readonly operation: string
  readonly status: StatusName
  readonly submission: string
  readonly position: number
  readonly at: string
  readonly body: Readonly<Record<string, unknown>> | null
}

/** Every version of a record, oldest first, the current one (or the tombstone) last. */
export async function recordHistory(
  tx: Tx,
  books: readonly number[],
  recordId: string,
): Promise<HistoryRow[]> {
  // A record that was given to another owner is in two books; where both are asked, its life in the other goes on.
  return tx.rows<HistoryRow>(sql`
    select distinct on (version) version, change_no as "changeNo", operation, status, submission, position, at, body
      from (
        select version, change_no, operation, status, submission, position, ${iso('from_at')} as at, body
          from history where book = any (${books}::int[]) and record_id = ${recordId}::uuid
         union all
        select version, change_no, operation, status, submission, position, ${iso('changed_at')}, body
          from record where book = any (${books}::int[]) and record_id = ${recordId}::uuid
      ) every
     order by version, (status = 'deleted'), "changeNo"`)
}

export interface RecordSearch {
  readonly books: readonly number[]
  readonly type: string
  readonly status: StatusName | null
  readonly key: string | null
  /** Searchable top-level fields and their values as text. */
  readonly where: readonly { readonly field: string; readonly value: string }[]
  readonly changedSince: number | null
  readonly limit: number
  /** The last row of the page before. */
  readonly after: { readonly book: number; readonly changeNo: number } | null
  /** Part of the key as people write it, in any case; default any. */
  readonly text?: string | null
  /** The latest changed first; default last. */
  readonly newest?: boolean
}

/** Records in change order, so that paging is steady while records change. */
export async function searchRecords(tx: Tx, search: RecordSearch): Promise<RecordRow[]> {
  const fields = search.where.map(({ field, value }) => sql` and r.body ->> ${literal(field)} = ${value}`)
  const { changedSince: since, newest = false, text = null } = search
  return tx.rows<RecordRow>(sql`
    select ${COLUMNS} from record r join book b using (book)
     where r.book = any (${search.books}::int[]) and r.type = ${search.type}
       ${search.status === null ? nothing : sql`and r.status = ${search.status}`}
       ${search.key === null ? nothing : sql`and r.key = any (${presentKeys(search, search.key)})`}
       ${text === null ? nothing : sql`and strpos(lower(replace(r.key, chr(31), '/')), lower(${text})) > 0`}
       ${since === null ? nothing : sql`and r.change_no > ${since}`}
       ${fields.length === 0 ? nothing : join(fields, ' ')}
       ${search.after === null ? nothing : sql`and (r.book, r.change_no) ${newest ? sql`<` : sql`>`} (${search.after.book}, ${search.after.changeNo})`}
     order by ${newest ? sql`r.book desc, r.change_no desc` : sql`r.book, r.change_no`} limit ${search.limit}`)
}

/** A key, and the present keys of records that had it before. */
function presentKeys({ books, type }: RecordSearch, key: string): Sql {
  return sql`array(
    select ${key}::text union
    select n.key from alias a join record n on n.book = a.book and n.record_id = a.record_id
     where a.book = any (${books}::int[]) and a.type = ${type} and a.key = ${key}::text)`
}

/** A field's name written out, so that its expression index serves; names come from the definition. */
function literal(name: string): Sql {
  return { text: `'${name.replaceAll("'", "''")}'`, values: [] }
}

/** Tombstones after a place in the change order. */
export async function deletedSince(
  tx: Tx,
  books: readonly number[],
  changeNo: number,
  limit: number,
): Promise<{ recordId: string; key: string; changeNo: number; at: string; submission: string }[]> {
  return tx.rows(sql`
    select record_id as "recordId", key, change_no as "changeNo", ${iso('from_at')} as at, submission
      from history
     where book = any (${books}::int[]) and status = 'deleted' and change_no > ${changeNo}
     order by book, change_no limit ${limit}`)
}
