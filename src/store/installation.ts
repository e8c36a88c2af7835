import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** The number that tells this node's database from every other's. */
export async function installationId(tx: Tx): Promise<string> {
  const [row] = await tx.rows<{ id: string }>(sql`select id::text from installation`)
  if (row === undefined) throw new Error('the database has no number')
  return row.id
}

/** How much room the database takes, in bytes. */
export async function databaseBytes(tx: Tx): Promise<number> {
  const [row] = await tx.rows<{ bytes: number }>(
    sql`select pg_database_size(current_database())::float8 as bytes`,
  )
  return row?.bytes ?? 0
}
