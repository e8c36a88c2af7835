import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { Parcel } from '../../src/exchange/parcel.ts'
import { judgeDocument } from '../../src/judge/document.ts'
import { createJudge } from '../../src/judge/judge.ts'
import { documentLimits } from '../../src/judge/read-document.ts'
import { testDatabases } from '../database.ts'
import {
  arbitraryExchange,
  arbitraryTies,
  type RandomExchange,
  type WireRecord,
} from '../fixtures/random-definition.ts'
import { expectBalance, expectSoundBooks } from './balance.ts'
import { applyTo, type Held, type Model } from './book-model.ts'
import { judgeHere, openRiver, type River } from './river.ts'

let river: River
let definition: Definition
let owners = 0

beforeAll(async () => {
  const [embedded] = testDatabases()
  if (embedded === undefined) throw new Error('there is an embedded database')
  const db = await embedded.open()
  river = await openRiver({ ...db, chunkRecordsMax: 4 }, [], judgeHere())
  Object.assign(river.deps.definitions, { get: () => definition })
})
afterAll(() => river.close())

/** A partner without records. */
async function newOwner(): Promise<string> {
  owners += 1
  const name = `owner-${owners}`
  await river.deps.db.transact((tx) =>
    tx.rows(sql`insert into partner (partner, name) values (${name}, ${name})`),
  )
  return name
}

const fileOf = (records: readonly WireRecord[]) => Buffer.from(JSON.stringify({ things: records }))
const sendTo = (
  owner: string,
  records: readonly WireRecord[],
  scope: 'incremental' | 'refresh' = 'incremental',
) =>
  river.send(fileOf(records), { exchange: 'random', partner: owner, owner, fileName: 'things.json', scope })

async function judged(records: readonly WireRecord[], partner: string, today: string): Promise<Parcel[]> {
  const parcels: Parcel[] = []
  const context = { partner, today, fileName: 'things.json', fromPosition: 0, limits: documentLimits }
  const source = { kind: 'bytes', bytes: fileOf(records) } as const
  for await (const batch of judgeDocument(definition, createJudge(definition), source, context))
    parcels.push(...batch.parcels)
  return parcels
}

async function stored(
  owner: string,
): Promise<Map<string, { body: unknown; status: string; version: number }>> {
  const rows = await river.deps.db.transact((tx) =>
    tx.rows<{ key: string; body: unknown; status: string; version: number }>(sql`
      select key, body, status, version from record join book using (book) where owner = ${owner}`),
  )
  return new Map(rows.map(({ key, ...row }) => [key, row]))
}

/** What is stored of references is what the model has of them. */
async function expectTies(owner: string, book: ReadonlyMap<string, Held>): Promise<void> {
  const rows = await river.deps.db.transact((tx) =>
    tx.rows<{ text: string }>(sql`
      select concat_ws(' ', r.key, l.reference, l.target_key, l.waiting) as text
        from link l join record r using (book, record_id) join book using (book)
       where owner = ${owner}`),
  )
  const held = [...book].flatMap(([key, { ties }]) =>
    ties.map(({ name, target, waiting }) => `${key} random.thing.${name} ${target} ${waiting ? 't' : 'f'}`),
  )
  expect(rows.map((row) => row.text).sort()).toEqual(held.sort())
}

/** Sends the records of an exchange, and holds what comes of them against a book that is a map. */
async function expectModelled(exchange: RandomExchange): Promise<Model> {
  definition = exchange.definition
  const owner = await newOwner()
  const done = await sendTo(owner, exchange.records)
  const model: Model = { definition, book: new Map(), cascaded: 0 }
  const { book } = model
  const outcomes = (await judged(exchange.records, owner, done.receivedDate)).map((parcel) =>
    applyTo(model, parcel, done.receivedDate),
  )
  const lines = (await river.log(done.tracking)).filter((line) => line.position !== undefined)
  expect(lines.map((line) => line.outcome)).toEqual(outcomes)
  expect(done.counts.cascaded).toBe(model.cascaded)
  await expectTies(owner, book)
  expect(await stored(owner)).toEqual(
    new Map(
      [...book].map(([key, { body, status, version }]) => [key, { body: JSON.parse(body), status, version }]),
    ),
  )
  await expectBalance(river, definition, done)
  return model
}

test('any definition and any records: books hold what a map would, each record has one outcome, counts balance', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryExchange(), async (exchange) => {
      fc.pre(exchange.records.length > 0)
      await expectModelled(exchange)
    }),
    { numRuns: 60 },
  )
  await expectSoundBooks(river.deps.db)
})

test('records that refer to each other in any way, and a dry run of them, come to what a map would', async () => {
  let cascaded = 0
  await fc.assert(
    fc.asyncProperty(arbitraryTies(), async (exchange) => {
      const model = await expectModelled(exchange)
      cascaded += model.cascaded
      const dry = await newOwner()
      const surveyed = await river.send(fileOf(exchange.records), {
        exchange: 'random',
        partner: dry,
        owner: dry,
        fileName: 'things.json',
        dryRun: true,
      })
      await expectBalance(river, definition, surveyed)
      expect(await stored(dry)).toEqual(new Map())
      expect(surveyed.counts.cascaded).toBe(model.cascaded)
    }),
    { numRuns: 50 },
  )
  expect(cascaded, 'some records fell with others').toBeGreaterThan(5)
  await expectSoundBooks(river.deps.db)
})

test('any definition that synchronises: the same records again leave every one unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryExchange(), async (exchange) => {
      definition = exchange.definition
      const upserts = 'U' in (definition.types[0]?.operation.values ?? {})
      fc.pre(upserts && exchange.records.length > 0)
      const owner = await newOwner()
      const parcels = await judged(exchange.records, owner, '2026-03-02')
      const last = new Map(parcels.map((parcel, index) => [parcel.key ?? `unread-${index}`, index]))
      const kept = exchange.records.filter(
        (_, index) => [...last.values()].includes(index) && parcels[index]?.operation === 'upsert',
      )
      fc.pre(kept.length > 0)
      const first = await sendTo(owner, kept)
      const before = await stored(owner)
      const again = await sendTo(owner, kept)
      // What was refused for a target that came later in the file is stored the second time.
      const refers = (definition.types[0]?.references ?? []).some((one) => one.onMissing === 'reject')
      if (!refers) {
        expect(again.counts).toMatchObject({
          unchanged: first.counts.created,
          rejected: first.counts.rejected,
        })
        expect(again.counts.created + again.counts.updated).toBe(0)
        expect(await stored(owner)).toEqual(before)
      }
      if (!definition.refresh.allowed) return
      const live = await stored(owner)
      const refreshed = await sendTo(owner, kept.slice(1), 'refresh')
      await expectBalance(river, definition, refreshed)
      const { counts, unreadableKeys } = refreshed
      if (!refers) {
        const removed = unreadableKeys > 0 ? 0 : live.size - counts.unchanged
        expect(refreshed.state === 'held' ? 0 : counts.removed).toBeLessThanOrEqual(removed)
      }
      if (definition.types[0]?.sync?.missing === 'keep') expect(counts.removed + counts.cascaded).toBe(0)
      expect((await stored(owner)).size).toBe(live.size + counts.created - counts.removed - counts.cascaded)
    }),
    { numRuns: 40 },
  )
  await expectSoundBooks(river.deps.db)
})
