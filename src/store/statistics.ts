import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/**
 * Tells the planner how the tables have grown. The embedded database never does so by itself, and on a table
 * without statistics the same probe took many times as long (a prefix of the wrong index was walked). Only of
 * what the river looks records up by: statistics of the bodies cost as much as storing the records.
 */
export async function refreshStatistics(tx: Tx): Promise<void> {
  await tx.rows(sql`
    analyze record (book, record_id, type, key, duplicate_key, change_no, submission),
            history (book, record_id, version, type, key, status, change_no),
            finding (book, tracking, position, number),
            survey (book, tracking, type, key, duplicate_key),
            link (book, record_id, target_book, target_type, target_key)`)
}
