import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { createKeys } from '../../src/identity/keys.ts'
import { backup, restore } from '../../src/node/backup.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { createDocumentFolder } from '../../src/store/documents.ts'
import { testDatabases } from '../database.ts'
import { openRiver } from '../flow/river.ts'

const folders: string[] = []

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backup-'))
  folders.push(folder)
  return folder
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** Stops enough for a document too large for a row. */
const file = [...generateStops({ seed: 9, count: 120, ori: 'CA0000001', faults: 0.2 })]
  .map((stop) => JSON.stringify(stopTree(stop)))
  .join('\n')

async function contentOf(db: Database): Promise<unknown> {
  return db.transact(async (tx) => ({
    records: await tx.rows(sql`select key, status, version, body from record order by key`),
    findings: await tx.rows(
      sql`select position, number, code, message from finding order by position, number`,
    ),
    submissions: await tx.rows(
      sql`select tracking, state, received, created, rejected, receipt from submission`,
    ),
    keys: await tx.rows(sql`select kid from signing_key order by kid`),
  }))
}

const databases = testDatabases()

for (const [index, from] of databases.entries())
  test(`a backup of the ${from.name} restores whole on the other kind, and goes on from there`, async () => {
    const to = databases[1 - index] ?? from
    const ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
    const river = await openRiver(await from.open(), [ripa])
    const target = await to.open()
    try {
      await createKeys(river.deps.db, Date.now).publicKeys()
      await river.send(file)
      const folder = join(await newFolder(), 'copy')
      const manifest = await backup(river.deps.db, river.deps.documents, folder)
      expect(manifest.documents).toHaveLength(1)
      const restored = createDocumentFolder(await newFolder())
      await restore(target, restored, folder)
      expect(await contentOf(target)).toEqual(await contentOf(river.deps.db))
      expect((await readFile(restored.pathOf(manifest.documents[0] ?? ''))).toString()).toBe(file)
      await expect(restore(target, restored, folder)).rejects.toMatchObject({ code: 'CONFLICT' })
    } finally {
      await target.close()
      await river.close()
    }
  }, 60_000)

test('a backup that was changed or cut is refused before anything is restored', async () => {
  const ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
  const [embedded] = databases
  const river = await openRiver(await (embedded as (typeof databases)[0]).open(), [ripa])
  try {
    await river.send(file)
    const folder = join(await newFolder(), 'copy')
    const { documents } = await backup(river.deps.db, river.deps.documents, folder)
    const sha256 = documents[0] ?? ''
    await writeFile(join(folder, 'documents', sha256.slice(0, 2), sha256), 'something else')
    const target = createDocumentFolder(await newFolder())
    await expect(restore(river.deps.db, target, folder)).rejects.toMatchObject({ code: 'CONFIG_WRONG' })
    await rm(join(folder, 'manifest.json'))
    await expect(restore(river.deps.db, target, folder)).rejects.toMatchObject({ code: 'CONFIG_WRONG' })
  } finally {
    await river.close()
  }
}, 60_000)
