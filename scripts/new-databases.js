// Makes what embedded databases are unpacked from: an empty one, and one with the tables of this version. Making one at
// a node's first start would take seconds.
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'

const dist = (path) => fileURLToPath(new URL(`../dist/db/${path}`, import.meta.url))
const engine = fileURLToPath(import.meta.resolve('@electric-sql/pglite'))
const migrations = readdirSync(dist('migrations')).map((name) => dist(`migrations/${name}`))

/** Is there a file that is younger than all it is made from? */
function isFresh(file, sources) {
  return existsSync(file) && sources.every((source) => statSync(source).ctimeMs < statSync(file).mtimeMs)
}

async function dump(database, file) {
  writeFileSync(file, Buffer.from(await (await database.dumpDataDir('gzip')).arrayBuffer()))
  await database.close()
}

const empty = dist('empty-database.tar.gz')
if (!isFresh(empty, [engine])) await dump(await PGlite.create('memory://'), empty)

const current = dist('new-database.tar.gz')
if (!isFresh(current, [empty, ...migrations])) {
  const { migrate } = await import('../dist/db/migrate.js')
  const database = await PGlite.create('memory://')
  await migrate({
    transact: (body) =>
      database.transaction((tx) =>
        body({ rows: async ({ text, values }) => (await tx.query(text, [...values])).rows }),
      ),
  })
  // Each node gives its own a number of its own.
  await database.query(`update installation set id = '00000000-0000-0000-0000-000000000000'`)
  await dump(database, current)
}
