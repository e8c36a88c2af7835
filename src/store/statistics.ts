import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** Tables that grow: those of records when records change, that of a survey with each record that is surveyed. */
export type Growing = 'records' | 'survey'

/**
 * Tells the planner how tables have grown. The embedded database never does so by itself, and on a table
 * without statistics the same probe took many times as long (a prefix of the wrong index was walked). Only of
 * what the river looks records up by: statistics of the bodies cost as much as storing the records.
 */
export async function refreshStatistics(tx: Tx, growing: Growing): Promise<void> {
  if (growing === 'survey') await tx.rows(sql`analyze survey (book, tracking, type, key, duplicate_key)`)
  else
    await tx.rows(sql`
    analyze record (book, record_id, type, key, duplicate_key, change_no, submission),
            history (book, record_id, version, type, key, status, change_no),
            finding (book, tracking, position, number),
            link (book, record_id, target_book, target_type, target_key)`)
}
