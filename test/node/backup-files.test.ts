import { appendFile, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { hostKeys } from '../../src/identity/host-keys.ts'
import { backup } from '../../src/node/backup.ts'
import { restore } from '../../src/node/restore.ts'
import { createTrees } from '../../src/node/trees.ts'
import { startPickUp } from '../../src/run/intake/pick-up.ts'
import { startWorker } from '../../src/run/worker.ts'
import { listContacts, putContact } from '../../src/store/contacts.ts'
import { createDocumentFolder } from '../../src/store/documents.ts'
import { incompleteUploads, markIncomplete, unmarkIncomplete } from '../../src/store/incomplete-uploads.ts'
import { listMails, newMailId, putMail } from '../../src/store/mails.ts'
import { makeOurKey } from '../../src/store/pgp-keys.ts'
import { createTreeCopy } from '../../src/store/tree-copy.ts'
import { sealFor } from '../../src/unpack/seal.ts'
import { testDatabases } from '../database.ts'
import { createClock, type Mailroom, openMailroom } from '../flow/mailroom.ts'
import { judgeHere, openRiver, type River } from '../flow/river.ts'
import { loadWells } from '../flow/wells.ts'

const [embedded, postgres] = testDatabases() as [Kind, Kind]
type Kind = ReturnType<typeof testDatabases>[0]
const one = (number: string) => JSON.stringify({ Number: number, State: 'O' })
const input = 'wells/PROD/INPUT'
const archive = 'wells/PROD/ARCHIVE'
const cleanUp: (() => Promise<unknown>)[] = []
let wells: Definition

beforeAll(async () => {
  const { files } = await loadWells()
  wells = await loadWells({ files: { ...files, gatherSeconds: 1 } })
})

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backup-files-'))
  cleanUp.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

interface Site {
  readonly river: River
  readonly room: Mailroom
}

async function openSite(db: Database, clock: { now: () => number; pass(ms: number): void }): Promise<Site> {
  const river = await openRiver(db, [wells], judgeHere(), clock.now)
  cleanUp.push(() => river.close())
  const room = await openMailroom(river, wells, clock)
  cleanUp.push(() => room.close())
  return { river, room }
}

/** Restores a backup into a new database of a kind, and opens a node over it. */
async function restored(folder: string, kind: Kind, clock = createClock()): Promise<Site> {
  const data = await newFolder()
  const documents = join(data, 'documents')
  const trees = join(data, 'files')
  const db = await kind.open()
  await restore({ db, documents: createDocumentFolder(documents), trees }, folder)
  const site = await openSite(db, clock)
  await mkdir(site.room.path('.'), { recursive: true })
  await cp(trees, site.room.path('.'), { recursive: true, preserveTimestamps: true })
  return site
}

async function recordsOf({ river }: Site): Promise<{ key: string; version: number }[]> {
  return river.deps.db.transact((tx) =>
    tx.rows<{ key: string; version: number }>(sql`select key, version from record order by key`),
  )
}

for (const [from, to] of [
  [embedded, postgres],
  [postgres, embedded],
] as const)
  test(`a backup of the ${from.name} has files that wait and files in work, keys, contacts and mails`, async () => {
    const clock = createClock()
    const site = await openSite(await from.open(), clock)
    const { room } = site
    const { db } = site.river.deps
    const key = await db.transact((tx) => makeOurKey(tx, null, clock.now()))
    const shown = await hostKeys(db)
    await db.transact(async (tx) => {
      const contact = {
        partner: 'alpha',
        exchange: '*',
        address: 'a@example.org',
        frequency: 'daily',
      } as const
      const { contact: id } = await putContact(tx, contact)
      const mail = { partner: 'alpha', exchange: 'wells', recipient: 'a@example.org', subject: 'S' }
      await putMail(tx, {
        ...mail,
        mail: newMailId(clock.now()),
        contact: id,
        text: 'T',
        html: 'H',
        at: clock.now(),
      })
    })
    await room.put('done.json', one('DONE'))
    await room.settle()
    await room.put('taken.json', one('TAKEN'))
    await room.turn()
    await room.put('waits.json', one('WAITS'), { modifiedAt: Date.parse('2026-03-02T11:00:00Z') })
    await room.put(
      'sealed.json.pgp',
      await sealFor(Buffer.from(one('SEALED')), { theirs: [key.publicKey], ours: [] }),
    )
    await room.put('half.json', '{"Number": ', { modifiedAt: Date.now() - 60_000 })
    await markIncomplete(room.path('alpha'), `${input}/half.json`, clock.now())
    expect((await room.intakes()).map(({ state }) => state).sort()).toEqual(['done', 'gathering'])

    const folder = join(await newFolder(), 'copy')
    const manifest = await backup({ ...site.river.deps, trees: room.path('.') }, folder)
    expect(manifest.files).toBeGreaterThanOrEqual(6)
    const after = await restored(folder, to, clock)
    const there = after.river.deps.db
    expect(await hostKeys(there)).toEqual(shown)
    for (const read of [
      (tx: Parameters<typeof listContacts>[0]) => listContacts(tx, null),
      (tx: Parameters<typeof listContacts>[0]) =>
        listMails(tx, { partner: null, state: null, before: null, limit: 10 }),
    ])
      expect(await there.transact<unknown[]>(read)).toEqual(await db.transact<unknown[]>(read))
    expect((await incompleteUploads(after.room.path('alpha'))).list).toMatchObject([
      { path: `${input}/half.json` },
    ])

    await after.room.settle()
    expect(await recordsOf(after)).toEqual(
      ['DONE', 'SEALED', 'TAKEN', 'WAITS'].map((name) => ({ key: name, version: 1 })),
    )
    expect(await after.room.names('alpha', archive)).toEqual(
      ['done.json', 'sealed.json.pgp', 'taken.json', 'waits.json'].sort(),
    )
    expect(await after.room.names('alpha', input)).toEqual(['half.json'])
    const files = await after.room.files()
    expect(files.map(({ name, state }) => `${name} ${state}`).sort()).toEqual(
      ['done.json done', 'sealed.json.pgp done', 'taken.json done', 'waits.json done'].sort(),
    )
    expect(files.find(({ name }) => name === 'waits.json')?.modifiedAt).toBe('2026-03-02T11:00:00.000Z')
  }, 180_000)

test('backups of a node at work: whenever one is taken, each file is in it once, and processed once after it', async () => {
  const site = await openSite(await postgres.open(), { now: Date.now, pass() {} })
  const { room, river } = site
  const worker = startWorker(river.deps, { lanes: 1, leaseSeconds: 30 })
  const pickUp = startPickUp(
    { ...room.deps, queued: () => worker.wake() },
    createTrees(room.path('.'), { list: async () => [], seen: async () => {} }),
    { scanSeconds: 0.05, quietMs: 50, leaseSeconds: 30 },
  )
  let count = 0
  let going = true
  // As the file server does: marked from before it is there until it is whole.
  const upload = async () => {
    while (going) {
      const name = `f${String(count).padStart(4, '0')}.json`
      const path = room.path('alpha', input, name)
      await mkdir(room.path('alpha', input), { recursive: true })
      await markIncomplete(room.path('alpha'), `${input}/${name}`, Date.now())
      const text = one(name.slice(0, 5).toUpperCase())
      await writeFile(path, text.slice(0, 12))
      await appendFile(path, text.slice(12))
      await unmarkIncomplete(room.path('alpha'), `${input}/${name}`)
      count += 1
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
  }
  const uploading = upload()
  const copies: { folder: string; before: number }[] = []
  try {
    for (let index = 0; index < 3; index += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500 + 130 * index))
      const folder = join(await newFolder(), 'copy')
      const before = count
      await backup({ ...river.deps, trees: room.path('.') }, folder)
      copies.push({ folder, before })
    }
  } finally {
    going = false
    await uploading
    await pickUp.close()
    await worker.close()
  }
  for (const { folder, before } of copies) {
    const after = await restored(folder, embedded, createClock(Date.now() + 3600_000))
    await after.room.settle()
    const records = await recordsOf(after)
    expect(records.filter(({ version }) => version !== 1)).toEqual([])
    const keys = records.map(({ key }) => key)
    const sent = Array.from({ length: before }, (_, number) => `F${String(number).padStart(4, '0')}`)
    expect(sent.filter((key) => !keys.includes(key))).toEqual([])
    const files = await after.room.files()
    const whole = files.filter(({ code }) => code !== 'FILE_INCOMPLETE')
    expect(whole.filter(({ state }) => state !== 'done')).toEqual([])
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length)
    expect(await after.room.names('alpha', archive)).toEqual(files.map(({ name }) => name).sort())
  }
}, 400_000)

test('a copy of folders that change has each file whole, or none of one that is being written', async () => {
  const top = await newFolder()
  const from = join(top, 'files')
  const to = join(top, 'copy')
  await mkdir(join(from, 'alpha', input), { recursive: true })
  const path = (name: string) => join(from, 'alpha', input, name)
  await writeFile(path('whole.json'), 'whole')
  await writeFile(path('now.json'), 'half')
  await markIncomplete(join(from, 'alpha'), `${input}/now.json`, Date.now())
  const copy = createTreeCopy(from, to)
  await copy.round()
  await rm(path('whole.json'))
  await writeFile(path('other.json'), 'other')
  await copy.settle()
  expect(await readdir(join(to, 'alpha', input))).toEqual(['other.json'])
  expect(copy.files().map((file) => file.path)).toEqual([
    expect.stringMatching(/^alpha\/\.work\/incomplete\//),
    `alpha/${input}/other.json`,
  ])
  expect(await createTreeCopy(join(top, 'none'), join(top, 'nothing')).round()).toBe(0)
})
