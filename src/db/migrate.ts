import { readdir, readFile } from 'node:fs/promises'
import { Fault } from '../fault/fault.ts'
import { ownFile } from '../installed/own-file.ts'
import type { Database } from './database.ts'
import { sql } from './sql.ts'

const folder = ownFile('src/db/migrations/')

/** The migrations of this version, in order. */
export async function migrationNames(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
}

/**
 * Brings the schema to this version: forward only, one transaction each, the version row first, so that two
 * nodes starting together take turns. Files are `NNNN-name.sql` and never change once released.
 * @param only those to apply; all when left out
 * @returns the names applied now
 */
export async function migrate(db: Database, only?: readonly string[]): Promise<readonly string[]> {
  await db.transact((tx) =>
    tx.rows(
      sql`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`,
    ),
  )
  const names = await migrationNames()
  const applied: string[] = []
  for (const name of names) {
    if (only !== undefined && !only.includes(name)) continue
    const statements = splitStatements(await readFile(new URL(name, folder), 'utf8'))
    const isNew = await db.transact(async (tx) => {
      const inserted = await tx.rows(
        sql`insert into migration (name) values (${name}) on conflict do nothing returning 1`,
      )
      if (inserted.length === 0) return false
      for (const text of statements) await tx.rows({ text, values: [] })
      return true
    })
    if (isNew) applied.push(name)
  }
  await refuseNewer(db, names)
  return applied
}

async function refuseNewer(db: Database, known: readonly string[]): Promise<void> {
  const rows = await db.transact((tx) =>
    tx.rows<{ name: string }>(sql`select name from migration order by name`),
  )
  const newer = rows.find((row) => !known.includes(row.name))
  if (newer !== undefined)
    throw new Fault('CONFIG_WRONG', {
      reason: `The database has migration ${newer.name}, which this version of Tributary does not know. Run the newer version.`,
    })
}

/** Statements end with a semicolon at the end of a line, except inside a $$ block. */
export function splitStatements(text: string): readonly string[] {
  const statements: string[] = []
  let current = ''
  let quoted = false
  for (const line of text.split('\n')) {
    if (!quoted && /^\s*(--|$)/.test(line)) continue
    current += `${line}\n`
    if ((line.split('$$').length - 1) % 2 === 1) quoted = !quoted
    if (!quoted && /;\s*(--.*)?$/.test(line)) {
      statements.push(current.trim().replace(/;\s*(--.*)?$/, ''))
      current = ''
    }
  }
  if (current.trim() !== '') statements.push(current.trim())
  return statements
}
