// Makes what a new embedded database is copied from: one with the tables of this version. Making one at a node's first
// start would take seconds.
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { migrate } from '../src/db/migrate.ts'
import { openPglite } from '../src/db/pglite.ts'
import { sql } from '../src/db/sql.ts'
import { ownFile } from '../src/installed/own-file.ts'

const folder = fileURLToPath(ownFile('dist/db/new-database'))
const migrations = fileURLToPath(ownFile('src/db/migrations/'))
const sources = [
  fileURLToPath(import.meta.resolve('@electric-sql/pglite')),
  fileURLToPath(import.meta.url),
  ...readdirSync(migrations).map((name) => `${migrations}${name}`),
]

const isFresh =
  existsSync(folder) && sources.every((source) => statSync(source).ctimeMs < statSync(folder).ctimeMs)
if (!isFresh) await make()

async function make(): Promise<void> {
  const making = `${folder}.making`
  rmSync(making, { recursive: true, force: true })
  await (await PGlite.create(making)).close()
  const database = await openPglite(making)
  await migrate(database)
  // Each node gives its own a number of its own.
  const nobody = '00000000-0000-0000-0000-000000000000'
  await database.transact((tx) => tx.rows(sql`update installation set id = ${nobody}`))
  await database.close()
  await dropTemplates(making)
  const names = readdirSync(making, { recursive: true, encoding: 'utf8' })
  const folders = names.filter((name) => statSync(`${making}/${name}`).isDirectory())
  writeFileSync(`${making}/folders.json`, JSON.stringify(folders))
  rmSync(folder, { recursive: true, force: true })
  renameSync(making, folder)
}

/** A node makes no further databases beside its own, and what they would be made from is half of the files. */
async function dropTemplates(database: string): Promise<void> {
  const engine = await PGlite.create(database)
  await engine.exec(`update pg_database set datistemplate = false where datname <> current_database()`)
  for (const name of ['template0', 'template1']) await engine.exec(`drop database ${name}`)
  await engine.close()
}
