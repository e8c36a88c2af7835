import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** Gives a database that came with the product a number of its own; another keeps the one it has. */
export async function numberInstallation(tx: Tx): Promise<void> {
  await tx.rows(sql`
    update installation set id = gen_random_uuid() where id = '00000000-0000-0000-0000-000000000000'`)
}

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
