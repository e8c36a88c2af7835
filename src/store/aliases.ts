import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** Of these keys, those that live records had before, each with the present key. */
export async function findAliases(
  tx: Tx,
  book: number,
  type: string,
  keys: readonly string[],
): Promise<{ former: string; key: string }[]> {
  return tx.rows(sql`
    select a.key as former, r.key from alias a join record r on r.book = a.book and r.record_id = a.record_id
     where a.book = ${book} and a.type = ${type} and a.key = any (${keys}::text[])`)
}

/** A record that got another key. */
export interface Renaming {
  readonly recordId: string
  readonly type: string
  readonly from: string
  readonly to: string
}

/** Keeps the keys that records had, in order; a record that has a key again has it no longer as a former one. */
export async function putAliases(tx: Tx, book: number, renamings: readonly Renaming[]): Promise<void> {
  for (const { recordId, type, from, to } of renamings) {
    await tx.rows(sql`delete from alias where book = ${book} and type = ${type} and key = ${to}`)
    await tx.rows(sql`
      insert into alias (book, type, key, record_id) values (${book}, ${type}, ${from}, ${recordId}::uuid)
          on conflict (book, type, key) do update set record_id = excluded.record_id, at = now()`)
  }
  if (renamings.length > 0) await countAliases(tx, book)
}

/** Records that are gone leave their former keys free. */
export async function dropAliases(tx: Tx, book: number, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return
  await tx.rows(sql`delete from alias where book = ${book} and record_id = any (${recordIds}::uuid[])`)
  await countAliases(tx, book)
}

async function countAliases(tx: Tx, book: number): Promise<void> {
  await tx.rows(sql`
    update book set aliases = (select count(*) from alias where book = ${book}) where book = ${book}`)
}
