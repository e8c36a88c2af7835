import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'

/** The number that tells this node's database from every other's; one that came with the product gets its own here. */
export async function installationId(tx: Tx): Promise<string> {
  await tx.rows(sql`
    update installation set id = gen_random_uuid() where id = '00000000-0000-0000-0000-000000000000'`)
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
