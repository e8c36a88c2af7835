import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { StatusName } from '../exchange/definition.ts'
import type { Live } from '../match/decide.ts'

/** What a survey holds of one key: where it would stand after the records surveyed so far. */
export interface Surveyed {
  readonly type: string
  readonly key: string
  readonly duplicateKey: string | null
  readonly position: number
  /** Would be live after this record. */
  readonly present: boolean
  readonly recordId: string | null
  readonly status: StatusName | null
  readonly version: number | null
  readonly contentHash: string | null
  readonly body: string | null
}

/** Remembers the keys of a chunk; a later record of the same key replaces the earlier. */
export async function putSurveyed(
  tx: Tx,
  book: number,
  tracking: string,
  rows: readonly Surveyed[],
): Promise<void> {
  if (rows.length === 0) return
  const last = new Map(rows.map((row) => [`${row.type}\u001e${row.key}`, row]))
  const each = <T>(pick: (row: Surveyed) => T) => [...last.values()].map(pick)
  await tx.rows(sql`
    insert into survey (book, tracking, type, key, duplicate_key, position, present, record_id, status,
                        version, content_hash, body)
    select ${book}, ${tracking}, type, key, duplicate_key, position, present, record_id, status, version,
           decode(content_hash, 'hex'), body::jsonb
      from unnest(${each((r) => r.type)}::text[], ${each((r) => r.key)}::text[],
                  ${each((r) => r.duplicateKey)}::text[], ${each((r) => r.position)}::bigint[],
                  ${each((r) => r.present)}::boolean[], ${each((r) => r.recordId)}::uuid[],
                  ${each((r) => r.status)}::text[], ${each((r) => r.version)}::int[],
                  ${each((r) => r.contentHash)}::text[], ${each((r) => r.body)}::text[])
        as s (type, key, duplicate_key, position, present, record_id, status, version, content_hash, body)
        on conflict (book, tracking, type, key) do update set
           duplicate_key = excluded.duplicate_key, position = excluded.position, present = excluded.present,
           record_id = excluded.record_id, status = excluded.status, version = excluded.version,
           content_hash = excluded.content_hash, body = excluded.body`)
}

/** What earlier records of the surveyed file would have made of these keys and duplicate keys. */
export async function findSurveyed(
  tx: Tx,
  book: number,
  tracking: string,
  type: string,
  keys: readonly string[],
  duplicateKeys: readonly string[],
): Promise<{ readonly key: string; readonly live: Live | null }[]> {
  const rows = await tx.rows<{
    key: string
    duplicate_key: string | null
    present: boolean
    record_id: string
    status: StatusName
    version: number
    content_hash: string
    body: string | null
  }>(sql`
    select key, duplicate_key, present, record_id, status, version, encode(content_hash, 'hex') as content_hash,
           body::text as body
      from survey
     where book = ${book} and tracking = ${tracking} and type = ${type} and record_id is not null
       and (key = any (${keys}::text[]) or duplicate_key = any (${duplicateKeys}::text[]))`)
  return rows.map((row) => ({
    key: row.key,
    live: row.present
      ? {
          recordId: row.record_id,
          key: row.key,
          duplicateKey: row.duplicate_key,
          status: row.status,
          version: row.version,
          contentHash: row.content_hash,
          body: row.body,
          stored: false,
          faultyPaths: [],
        }
      : null,
  }))
}

/** Remembers keys that were seen without effect (rejected, filtered): a full refresh does not miss them. */
export async function putSeen(
  tx: Tx,
  book: number,
  tracking: string,
  seen: readonly { type: string; key: string; position: number }[],
): Promise<void> {
  if (seen.length === 0) return
  const first = new Map<string, { type: string; key: string; position: number }>()
  for (const one of seen) {
    const place = `${one.type}\u001e${one.key}`
    if (!first.has(place)) first.set(place, one)
  }
  const each = <T>(pick: (one: { type: string; key: string; position: number }) => T) =>
    [...first.values()].map(pick)
  await tx.rows(sql`
    insert into survey (book, tracking, type, key, position, present)
    select ${book}, ${tracking}, type, key, position, false
      from unnest(${each((s) => s.type)}::text[], ${each((s) => s.key)}::text[],
                  ${each((s) => s.position)}::bigint[]) as s (type, key, position)
        on conflict do nothing`)
}

/** Remembers the sets that accepted records belong to. */
export async function putSets(
  tx: Tx,
  book: number,
  tracking: string,
  sets: readonly { readonly type: string; readonly setKey: string }[],
): Promise<void> {
  if (sets.length === 0) return
  const each = new Map(sets.map((one) => [`${one.type}\u001e${one.setKey}`, one]))
  await tx.rows(sql`
    insert into survey_set (book, tracking, type, set_key)
    select ${book}, ${tracking}, * from unnest(${[...each.values()].map((s) => s.type)}::text[],
                                              ${[...each.values()].map((s) => s.setKey)}::text[])
        on conflict do nothing`)
}

export async function dropSurvey(tx: Tx, book: number, tracking: string): Promise<void> {
  await tx.rows(sql`delete from survey_set where book = ${book} and tracking = ${tracking}`)
  await tx.rows(sql`delete from survey_link where book = ${book} and tracking = ${tracking}`)
  await tx.rows(sql`delete from survey where book = ${book} and tracking = ${tracking}`)
}
