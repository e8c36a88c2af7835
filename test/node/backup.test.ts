import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { createKeys } from '../../src/identity/keys.ts'
import { backup } from '../../src/node/backup.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { restore } from '../../src/node/restore.ts'
import { createDocumentFolder } from '../../src/store/documents.ts'
import { LEFT_OUT } from '../../src/store/whole-tables.ts'
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
      const manifest = await backup({ ...river.deps, trees: null }, folder)
      expect(manifest.documents).toHaveLength(1)
      const restored = createDocumentFolder(await newFolder())
      const empty = { db: target, documents: restored, trees: null }
      await restore(empty, folder)
      expect(await contentOf(target)).toEqual(await contentOf(river.deps.db))
      expect((await readFile(restored.pathOf(manifest.documents[0] ?? ''))).toString()).toBe(file)
      await expect(restore(empty, folder)).rejects.toMatchObject({ code: 'CONFLICT' })
    } finally {
      await target.close()
      await river.close()
    }
  }, 180_000)

for (const [index, from] of databases.entries())
  test(`a backup of the ${from.name} has every table, however they refer to each other, and numbers go on`, async () => {
    const source = await from.open()
    const target = await (databases[1 - index] ?? from).open()
    const none = createDocumentFolder(await newFolder())
    try {
      for (const db of [source, target]) await makeOddTables(db)
      await source.transact(async (tx) => {
        await tx.rows(sql`insert into partner (partner, name) values ('alpha', 'Alpha')`)
        // The first row refers to a later one, and each table to the other.
        await tx.rows(sql`insert into odd (text) values ('a'), ('b'), ('c')`)
        await tx.rows(
          sql`insert into odd_pair values (1, 3, '{"n": 12345678901234567890, "t": "\\n"}', '\\x00ff')`,
        )
        await tx.rows(sql`update odd set later = 2, pair = 1 where odd = 1`)
        await tx.rows(sql`insert into odd (text) values ('gone')`)
        await tx.rows(sql`delete from odd where text = 'gone'`)
        await tx.rows(sql`insert into contact (partner, exchange, address, frequency)
                          values ('alpha', '*', 'a@example.org', 'daily'), ('alpha', '*', 'b@example.org', 'daily')`)
        await tx.rows(sql`delete from contact where address = 'b@example.org'`)
      })
      const folder = join(await newFolder(), 'copy')
      const { tables } = await backup({ db: source, documents: none, trees: null }, folder)
      expect([...tables.map(({ table }) => table), ...Object.keys(LEFT_OUT)].sort()).toEqual(
        await tablesOf(source),
      )
      await restore({ db: target, documents: none, trees: null }, folder)
      for (const table of (await tablesOf(source)).filter((name) => !(name in LEFT_OUT)))
        expect(await rowsIn(target, table), table).toEqual(await rowsIn(source, table))
      const [odd] = await target.transact((tx) =>
        tx.rows<{ odd: number; doubled: number }>(
          sql`insert into odd (text) values ('next') returning odd, doubled`,
        ),
      )
      expect(odd).toEqual({ odd: 5, doubled: 8 })
      const [contact] = await target.transact((tx) =>
        tx.rows<{ contact: number }>(sql`
          insert into contact (partner, exchange, address, frequency)
          values ('alpha', '*', 'c@example.org', 'daily') returning contact::int as contact`),
      )
      expect(contact).toEqual({ contact: 3 })
      // The references hold again.
      await expect(
        target.transact((tx) => tx.rows(sql`update odd set later = 99 where odd = 1`)),
      ).rejects.toMatchObject({ code: '23503' })
    } finally {
      await source.close()
      await target.close()
    }
  }, 180_000)

/** Tables as a later version might have them: they refer to themselves and to each other, and compute a column. */
async function makeOddTables(db: Database): Promise<void> {
  await db.transact(async (tx) => {
    await tx.rows(sql`
      create table odd (
        odd int generated always as identity primary key, text text not null, later int references odd,
        doubled int generated always as (length(text) * 2) stored)`)
    await tx.rows(sql`
      create table odd_pair (
        pair int primary key, odd int not null references odd on delete cascade, content jsonb, bytes bytea)`)
    await tx.rows(sql`alter table odd add column pair int references odd_pair`)
  })
}

async function tablesOf(db: Database): Promise<string[]> {
  const rows = await db.transact((tx) =>
    tx.rows<{ name: string }>(sql`select tablename::text as name from pg_tables where schemaname = 'public'`),
  )
  return rows.map(({ name }) => name).sort()
}

async function rowsIn(db: Database, table: string): Promise<unknown> {
  const rows = await db.transact((tx) =>
    tx.rows<{ row: string }>({
      text: `select to_jsonb(t)::text as row from public."${table}" t`,
      values: [],
    }),
  )
  return rows.map(({ row }) => row).sort()
}

test('a backup that was changed or cut is refused, and nothing of it is there afterwards', async () => {
  const ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
  const [embedded] = databases as [(typeof databases)[0]]
  const river = await openRiver(await embedded.open(), [ripa])
  const db = await embedded.open()
  try {
    await river.send(file)
    const trees = join(await newFolder(), 'files')
    await mkdir(join(trees, 'alpha/PROD/INPUT'), { recursive: true })
    await writeFile(join(trees, 'alpha/PROD/INPUT/a.json'), '{}')
    const folder = join(await newFolder(), 'copy')
    const { documents } = await backup({ ...river.deps, trees }, folder)
    const data = await newFolder()
    const target = {
      db,
      documents: createDocumentFolder(join(data, 'documents')),
      trees: join(data, 'files'),
    }
    const sha256 = documents[0] ?? ''
    const parts = [
      join('documents', sha256.slice(0, 2), sha256),
      join('files', 'alpha/PROD/INPUT/a.json'),
      join('tables', 'record.ndjson.gz'),
      'files.ndjson.gz',
      'manifest.json',
    ]
    for (const part of parts) {
      const whole = await readFile(join(folder, part))
      for (const wrong of [whole.subarray(0, whole.length / 2), null]) {
        if (wrong === null) await rm(join(folder, part))
        else if (part !== 'manifest.json') await writeFile(join(folder, part), wrong)
        else continue
        await expect(restore(target, folder), part).rejects.toMatchObject({ code: 'CONFIG_WRONG' })
      }
      await writeFile(join(folder, part), whole)
    }
    expect(await db.transact((tx) => tx.rows(sql`select 1 from partner`))).toEqual([])
    expect((await readdir(data)).filter((name) => name.startsWith('files'))).toEqual([])
    await restore(target, folder)
    expect(await readFile(join(data, 'files/alpha/PROD/INPUT/a.json'), 'utf8')).toBe('{}')
  } finally {
    await db.close()
    await river.close()
  }
}, 180_000)
