// Makes the empty embedded database that new ones are unpacked from: making one anew takes seconds at each start.
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'

const made = fileURLToPath(new URL('../dist/db/empty-database.tar.gz', import.meta.url))
const engine = fileURLToPath(import.meta.resolve('@electric-sql/pglite'))
if (!existsSync(made) || statSync(made).mtimeMs < statSync(engine).ctimeMs) {
  const database = await PGlite.create('memory://')
  const packed = await database.dumpDataDir('gzip')
  await database.close()
  writeFileSync(made, Buffer.from(await packed.arrayBuffer()))
}
