import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Database, Tx } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { openPglite } from '../db/pglite.ts'
import { sql } from '../db/sql.ts'
import { Fault } from '../fault/fault.ts'
import type { Config } from './config.ts'
import { lockFolder } from './folder-lock.ts'

export type DatabaseConfig = Pick<Config, 'databaseUrl' | 'databaseConnections' | 'dataFolder'>

/** A database for a command that works on it directly. */
export interface OpenDatabase {
  readonly db: Database
  close(): Promise<void>
}

/**
 * Opens a node's database, made when it is missing; the embedded one has no lock of its own, so its folder is taken
 * first. Throws fault FOLDER_IN_USE.
 * @param opened what must be closed, in reverse order
 */
export async function openStore(
  config: DatabaseConfig,
  opened: (() => Promise<unknown>)[],
): Promise<Database> {
  if (config.databaseUrl === null) opened.push(await lockFolder(config.dataFolder))
  const db =
    config.databaseUrl === null
      ? await openPglite(embeddedFolder(config))
      : (await import('../db/postgres.ts')).openPostgres(config.databaseUrl, config.databaseConnections)
  opened.push(() => db.close())
  return db
}

/** Is there an embedded database in the data folder? */
export async function hasEmbedded(config: Pick<Config, 'dataFolder'>): Promise<boolean> {
  return stat(embeddedFolder(config)).then(
    () => true,
    () => false,
  )
}

export function embeddedFolder({ dataFolder }: Pick<Config, 'dataFolder'>): string {
  return join(dataFolder, 'database')
}

/** Opens the database of a node that is there. Throws fault CONFIG_WRONG when there is none, and makes nothing then. */
export async function openNodeDatabase(config: DatabaseConfig): Promise<OpenDatabase> {
  const { databaseUrl, dataFolder } = config
  if (databaseUrl === null && !(await hasEmbedded(config))) throw noNode(`in ${resolve(dataFolder)}`)
  return opening(config, async (db) => {
    const [row] = await db.transact((tx) =>
      tx.rows<{ there: boolean }>(sql`select to_regclass('public.partner') is not null as there`),
    )
    if (row?.there !== true)
      throw noNode(databaseUrl === null ? `in ${resolve(dataFolder)}` : 'in the database that was named')
    await migrate(db)
  })
}

/** Opens the database that a node is to have; one that is made for it has no tables. */
export async function openNewDatabase(config: DatabaseConfig): Promise<OpenDatabase> {
  const made = config.databaseUrl === null && !(await hasEmbedded(config))
  return opening(config, async (db) => {
    // A new embedded database has the tables of this version; what comes may be of an earlier one.
    if (made) await db.transact(dropTables)
  })
}

async function dropTables(tx: Tx): Promise<void> {
  await tx.rows(sql`drop schema public cascade`)
  await tx.rows(sql`create schema public`)
  // As a database has it when it is made: roles that may read find what is there.
  await tx.rows(sql`grant usage on schema public to public`)
}

async function opening(
  config: DatabaseConfig,
  prepare: (db: Database) => Promise<void>,
): Promise<OpenDatabase> {
  const opened: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const end of opened.splice(0).reverse()) await end()
  }
  try {
    const db = await openStore(config, opened)
    await prepare(db)
    return { db, close }
  } catch (error) {
    await close()
    throw error
  }
}

function noNode(where: string): Fault {
  return new Fault('CONFIG_WRONG', {
    reason:
      `There is no data of a node ${where}. Name its data folder with TRIBUTARY_DATA, or its PostgreSQL database ` +
      'with DATABASE_URL.',
  })
}
