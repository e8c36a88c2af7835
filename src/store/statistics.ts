import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/**
 * Tells the planner how the tables have grown. The embedded database never does so by itself, and on a table
 * without statistics the same probe took many times as long (a prefix of the wrong index was walked).
 */
export async function refreshStatistics(tx: Tx): Promise<void> {
  await tx.rows(sql`analyze record, history, finding, survey`)
}
