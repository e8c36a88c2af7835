import { inject } from 'vitest'
import type { Database } from '../src/db/database.ts'
import { migrate } from '../src/db/migrate.ts'
import { openPglite } from '../src/db/pglite.ts'
import { openPostgres } from '../src/db/postgres.ts'

/** The two databases every test of stored things runs on. Each `open()` is a fresh, migrated one. */
export function testDatabases(): readonly { name: string; open(): Promise<Database> }[] {
  return [
    { name: 'embedded database', open: () => opened(openPglite('memory://')) },
    { name: 'PostgreSQL', open: async () => opened(openPostgres(await newPostgresUrl())) },
  ]
}

async function opened(opening: Database | Promise<Database>): Promise<Database> {
  const db = await opening
  await migrate(db)
  return db
}

/** Makes an empty database on the test run's PostgreSQL server and returns its URL. */
export async function newPostgresUrl(): Promise<string> {
  const admin = inject('postgresUrl')
  const name = `t${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const server = openPostgresAdmin(admin)
  await server(`create database ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return url.href
}

function openPostgresAdmin(url: string): (text: string) => Promise<void> {
  return async (text) => {
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(text)
    await client.end()
  }
}
