// Makes what a new embedded database is copied from: one with the tables of this version. Making one at a node's first
// start would take seconds.
import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { migrate } from '../dist/db/migrate.js'

const dist = (path) => fileURLToPath(new URL(`../dist/db/${path}`, import.meta.url))
const folder = dist('new-database')
const sources = [
  fileURLToPath(import.meta.resolve('@electric-sql/pglite')),
  fileURLToPath(import.meta.url),
  ...readdirSync(dist('migrations')).map((name) => dist(`migrations/${name}`)),
]

const isFresh =
  existsSync(folder) && sources.every((source) => statSync(source).ctimeMs < statSync(folder).ctimeMs)
if (!isFresh) await make()

async function make() {
  const making = `${folder}.making`
  rmSync(making, { recursive: true, force: true })
  const database = await PGlite.create(making)
  await migrate({
    transact: (body) =>
      database.transaction((tx) =>
        body({ rows: async ({ text, values }) => (await tx.query(text, [...values])).rows }),
      ),
  })
  // Each node gives its own a number of its own.
  await database.query(`update installation set id = '00000000-0000-0000-0000-000000000000'`)
  await database.close()
  const names = readdirSync(making, { recursive: true })
  const folders = names.filter((name) => statSync(`${making}/${name}`).isDirectory())
  writeFileSync(`${making}/folders.json`, JSON.stringify(folders))
  rmSync(folder, { recursive: true, force: true })
  renameSync(making, folder)
}
