import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Database } from '../src/db/database.ts'
import { openPglite } from '../src/db/pglite.ts'
import { openPostgres } from '../src/db/postgres.ts'

/** The two databases every test of stored things runs on. Each `open()` is a fresh, migrated one. */
export function testDatabases(): readonly { name: string; open(): Promise<Database> }[] {
  return [
    { name: 'embedded database', open: openEmbedded },
    { name: 'PostgreSQL', open: async () => openPostgres(await newPostgresUrl(inject('postgresTemplate'))) },
  ]
}

/** A fresh, migrated embedded database, which is gone when it is closed. */
export async function openEmbedded(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-embedded-'))
  const db = await openPglite(join(folder, 'database'))
  return {
    ...db,
    async close() {
      await db.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Makes an empty database, or a copy, on the test run's PostgreSQL server and returns its URL. */
export async function newPostgresUrl(template = 'template0'): Promise<string> {
  const admin = inject('postgresUrl')
  const name = `t${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const server = openPostgresAdmin(admin)
  await server(`create database ${name} template ${template}`)
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
