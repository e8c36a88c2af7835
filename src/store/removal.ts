import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** Deletes records that a full refresh did not name: last version and tombstone go to history. */
export async function removeAbsent(
  tx: Tx,
  by: { readonly book: number; readonly tracking: string; readonly changeNo: number; readonly at: string },
  recordIds: readonly string[],
): Promise<void> {
  await tx.rows(sql`
    with gone as (
      delete from record where book = ${by.book} and record_id = any (${recordIds}::uuid[]) returning *
    ), numbered as (
      select *, ${by.changeNo}::bigint + row_number() over (order by type, key) as new_change_no from gone
    )
    insert into history (book, record_id, version, type, key, status, change_no, operation, definition_version,
                         content_hash, body, submission, position, from_at, until_at)
    select book, record_id, version, type, key, status, change_no, operation, definition_version, content_hash,
           body, submission, position, changed_at, ${by.at}::timestamptz
      from numbered
     union all
    select book, record_id, version + 1, type, key, 'deleted', new_change_no, 'remove', definition_version,
           content_hash, null, ${by.tracking}, 0, ${by.at}::timestamptz, null
      from numbered`)
}
