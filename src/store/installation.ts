import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** The number that tells this node's database from every other's. */
export async function installationId(tx: Tx): Promise<string> {
  const [row] = await tx.rows<{ id: string }>(sql`select id::text from installation`)
  if (row === undefined) throw new Error('the database has no number')
  return row.id
}
