import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** So many records of one submission say that they correct records of another. */
export interface Correction {
  readonly tracking: string
  /** Tracking number of the submission that is corrected. */
  readonly corrects: string
  readonly records: number
}

/**
 * Adds to the links between submissions of a book. A submission that the book does not have is not linked:
 * the marker is the sender's text, and says nothing about what others sent.
 */
export async function addCorrections(tx: Tx, book: number, added: readonly Correction[]): Promise<void> {
  if (added.length === 0) return
  await tx.rows(sql`
    insert into correction (book, tracking, corrects, records)
    select ${book}, n.tracking, n.corrects, n.records
      from unnest(${added.map((one) => one.tracking)}::text[], ${added.map((one) => one.corrects)}::text[],
                  ${added.map((one) => one.records)}::bigint[]) as n (tracking, corrects, records)
     where n.tracking <> n.corrects
       and exists (select 1 from submission s where s.book = ${book} and s.tracking = n.corrects)
        on conflict (book, tracking, corrects) do update set records = correction.records + excluded.records`)
}

/** What these submissions correct, and what corrects them, in order of tracking numbers. */
export async function findCorrections(
  tx: Tx,
  books: readonly number[],
  trackings: readonly string[],
): Promise<Correction[]> {
  return tx.rows<Correction>(sql`
    select tracking, corrects, records::int as records from correction
     where book = any (${books}::int[])
       and (tracking = any (${trackings}::text[]) or corrects = any (${trackings}::text[]))
     order by tracking, corrects`)
}
