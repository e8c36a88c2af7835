import type { Tx } from '../db/database.ts'
import { nothing, sql } from '../db/sql.ts'
import type { StatusName } from '../exchange/definition.ts'
import type { Finding } from '../exchange/parcel.ts'
import type { Address } from '../match/ties.ts'

/** A stored reference with the live record that has it. */
export interface HolderRow {
  readonly book: number
  readonly exchange: string
  /** `<exchange>.<type>.<reference>` */
  readonly reference: string
  readonly item: number
  readonly waiting: boolean
  readonly target_book: number
  readonly target_type: string
  readonly target_key: string
  readonly type: string
  readonly record_id: string
  readonly key: string
  readonly duplicate_key: string | null
  readonly set_key: string | null
  readonly status: StatusName
  readonly version: number
  readonly definition_version: string
  readonly content_hash: string
  readonly raw_hash: string
  /** Only of those that wait. */
  readonly body: string | null
  readonly findings: readonly Finding[] | null
}

const HOLDER = sql`l.book, b.exchange, l.reference, l.item, l.waiting, l.target_book, l.target_type, l.target_key, r.type,
  r.record_id, r.key, r.duplicate_key, r.set_key, r.status, r.version, r.definition_version,
  encode(r.content_hash, 'hex') as content_hash, encode(r.raw_hash, 'hex') as raw_hash,
  case when l.waiting then r.body::text end as body,
  case when l.waiting then (
    select jsonb_agg(jsonb_build_object('code', f.code, 'severity', f.severity, 'path', f.path, 'field', f.field,
                                        'item', f.item, 'message', f.message, 'value', f.value) order by f.number)
      from finding f where f.book = r.book and f.tracking = r.submission and f.position = r.position) end as findings`

/** Which stored references are asked for. */
export interface HolderQuery {
  readonly targets: readonly Address[]
  /** Names of references that matter (`linkName`). */
  readonly references: readonly string[]
  /** Only those whose target is not there. */
  readonly waiting: boolean
  /** Leave out records that this survey has seen change. */
  readonly surveyed: { readonly book: number; readonly tracking: string } | null
}

/** Live records, of any book, that refer to these. */
export async function findHolders(tx: Tx, query: HolderQuery): Promise<HolderRow[]> {
  const { targets, references, waiting, surveyed } = query
  if (targets.length === 0 || references.length === 0) return []
  const each = <T>(pick: (target: Address) => T) => targets.map(pick)
  // A lateral probe for each target, as for keys (decision 0004).
  return tx.rows<HolderRow>(sql`
    select ${HOLDER}
      from unnest(${each((t) => t.book)}::int[], ${each((t) => t.type)}::text[], ${each((t) => t.key)}::text[])
           as t (book, type, key)
     cross join lateral (
       select * from link
        where target_book = t.book and target_type = t.type and target_key = t.key offset 0) l
      join record r on r.book = l.book and r.record_id = l.record_id
      join book b on b.book = l.book
     where l.reference = any (${references}::text[]) and (l.waiting or not ${waiting}::boolean)
       ${
         surveyed === null
           ? nothing
           : sql`and not exists (select 1 from survey s
                  where s.book = r.book and s.book = ${surveyed.book} and s.tracking = ${surveyed.tracking}
                    and s.type = r.type and s.key = r.key and s.record_id is not null)`
       }
     order by l.book, r.type, r.key, l.reference, l.item`)
}

/** Records that a survey has seen made or changed, and that refer to these. */
export async function findSurveyedHolders(
  tx: Tx,
  book: number,
  tracking: string,
  targets: readonly Address[],
  references: readonly string[],
): Promise<HolderRow[]> {
  if (targets.length === 0 || references.length === 0) return []
  const each = <T>(pick: (target: Address) => T) => targets.map(pick)
  return tx.rows<HolderRow>(sql`
    select l.book, b.exchange, l.reference, l.item, l.waiting, l.target_book, l.target_type, l.target_key, s.type,
           s.record_id, s.key, s.duplicate_key, null as set_key, s.status, s.version, '' as definition_version,
           encode(s.content_hash, 'hex') as content_hash, '' as raw_hash, null as body, null as findings
      from unnest(${each((t) => t.book)}::int[], ${each((t) => t.type)}::text[], ${each((t) => t.key)}::text[])
           as t (book, type, key)
      join survey_link l on l.book = ${book} and l.tracking = ${tracking} and l.target_book = t.book
                        and l.target_type = t.type and l.target_key = t.key
      join survey s on s.book = l.book and s.tracking = l.tracking and s.record_id = l.record_id and s.present
      join book b on b.book = l.book
     where l.reference = any (${references}::text[])
     order by s.type, s.key, l.reference, l.item`)
}

/** A reference to be written. */
export interface LinkRow {
  readonly recordId: string
  readonly reference: string
  readonly item: number
  readonly target: Address
  readonly waiting: boolean
}

/** The references of these records, in place of those they had. */
export async function replaceLinks(
  tx: Tx,
  book: number,
  had: readonly string[],
  links: readonly LinkRow[],
): Promise<void> {
  if (had.length > 0)
    await tx.rows(sql`delete from link where book = ${book} and record_id = any (${had}::uuid[])`)
  if (links.length === 0) return
  const each = <T>(pick: (link: LinkRow) => T) => links.map(pick)
  await tx.rows(sql`
    insert into link (book, record_id, reference, item, target_book, target_type, target_key, waiting)
    select ${book}, * from unnest(
      ${each((l) => l.recordId)}::uuid[], ${each((l) => l.reference)}::text[], ${each((l) => l.item)}::int[],
      ${each((l) => l.target.book)}::int[], ${each((l) => l.target.type)}::text[],
      ${each((l) => l.target.key)}::text[], ${each((l) => l.waiting)}::boolean[])`)
}

/** The same of what a survey has seen. */
export async function replaceSurveyLinks(
  tx: Tx,
  book: number,
  tracking: string,
  had: readonly string[],
  links: readonly LinkRow[],
): Promise<void> {
  await tx.rows(sql`
    delete from survey_link where book = ${book} and tracking = ${tracking} and record_id = any (${had}::uuid[])`)
  if (links.length === 0) return
  const each = <T>(pick: (link: LinkRow) => T) => links.map(pick)
  await tx.rows(sql`
    insert into survey_link (book, tracking, record_id, reference, item, target_book, target_type, target_key, waiting)
    select ${book}, ${tracking}, * from unnest(
      ${each((l) => l.recordId)}::uuid[], ${each((l) => l.reference)}::text[], ${each((l) => l.item)}::int[],
      ${each((l) => l.target.book)}::int[], ${each((l) => l.target.type)}::text[],
      ${each((l) => l.target.key)}::text[], ${each((l) => l.waiting)}::boolean[])`)
}

/** The target of these references has come. */
export async function settleLinks(
  tx: Tx,
  settled: readonly {
    readonly book: number
    readonly recordId: string
    readonly reference: string
    readonly item: number
  }[],
): Promise<void> {
  if (settled.length === 0) return
  await tx.rows(sql`
    update link l set waiting = false
      from unnest(${settled.map((s) => s.book)}::int[], ${settled.map((s) => s.recordId)}::uuid[],
                  ${settled.map((s) => s.reference)}::text[], ${settled.map((s) => s.item)}::int[])
           as s (book, record_id, reference, item)
     where l.book = s.book and l.record_id = s.record_id and l.reference = s.reference and l.item = s.item`)
}

/** References to a record that is renamed lead to its new key. */
export async function renameTarget(tx: Tx, from: Address, to: string): Promise<void> {
  await tx.rows(sql`
    update link set target_key = ${to}
     where target_book = ${from.book} and target_type = ${from.type} and target_key = ${from.key}`)
}

/** Which of these keys live records of a book have, or had before: each with the present key. */
export async function findKeys(
  tx: Tx,
  book: number,
  type: string,
  keys: readonly string[],
): Promise<{ asked: string; key: string }[]> {
  return tx.rows(sql`
    select k.key as asked, r.key from unnest(${keys}::text[]) as k (key)
     cross join lateral (
       select key from record where book = ${book} and type = ${type} and key = k.key offset 0) r
    union all
    select a.key, r.key from alias a join record r on r.book = a.book and r.record_id = a.record_id
     where a.book = ${book} and a.type = ${type} and a.key = any (${keys}::text[])`)
}
