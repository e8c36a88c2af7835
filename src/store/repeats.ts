import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { StatusName } from '../exchange/definition.ts'
import type { Repeat } from '../judge/known-records.ts'

/** What is stored of a record that may have been sent again just as it was. */
export interface StoredRepeat {
  /** Without hyphens, as it was asked for. */
  readonly record_id: string
  readonly uuid: string
  readonly status: StatusName
  readonly version: number
  readonly type: string
  readonly key: string
  readonly duplicate_key: string | null
  readonly set_key: string | null
  readonly definition_version: string
  readonly content_hash: string
  readonly owner_value: string | null
}

/** Live records of a book that need no second judging when they come again, in order of their ids. */
export function repeatableRecords(
  tx: Tx,
  book: number,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Pick<Repeat, 'recordId' | 'rawHash'>[]> {
  return tx.rows(sql`
    select record_id as "recordId", encode(raw_hash, 'hex') as "rawHash" from record
     where book = ${book} and status = 'submitted' and length(raw_hash) = 32
       and (${page.after}::uuid is null or record_id > ${page.after}::uuid)
     order by record_id limit ${page.limit}`)
}

/**
 * The records that these repeats are, by their hashes in full; those that are not there, or not the same any more,
 * are left out.
 * @param ownerFields type → the field of the body that holds an identifier of the book's owner; bodies are large
 */
export function findRepeats(
  tx: Tx,
  book: number,
  repeats: readonly Repeat[],
  ownerFields: Readonly<Record<string, string>>,
): Promise<StoredRepeat[]> {
  return tx.rows(sql`
    select replace(r.record_id::text, '-', '') as record_id, r.record_id as uuid, r.status, r.version,
           r.type, r.key, r.duplicate_key, r.set_key,
           r.definition_version, encode(r.content_hash, 'hex') as content_hash,
           r.body ->> (${JSON.stringify(ownerFields)}::jsonb ->> r.type) as owner_value
      from unnest(${repeats.map(({ recordId }) => recordId)}::uuid[],
                  ${repeats.map(({ rawHash }) => rawHash)}::text[]) as s (record_id, raw_hash)
     cross join lateral (
       select * from record where book = ${book} and record_id = s.record_id offset 0) r
     where r.status = 'submitted' and r.raw_hash = decode(s.raw_hash, 'hex')`)
}

/** Notes as what unchanged records were sent, so that they need no judging when they come so again. */
export async function noteRawHashes(
  tx: Tx,
  book: number,
  sent: readonly { readonly recordId: string; readonly rawHash: string }[],
): Promise<void> {
  if (sent.length === 0) return
  await tx.rows(sql`
    update record r set raw_hash = decode(s.raw_hash, 'hex')
      from unnest(${sent.map(({ recordId }) => recordId)}::uuid[],
                  ${sent.map(({ rawHash }) => rawHash)}::text[]) as s (record_id, raw_hash)
     where r.book = ${book} and r.record_id = s.record_id and r.raw_hash <> decode(s.raw_hash, 'hex')`)
}
