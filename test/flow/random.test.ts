import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { type Outcome, type Parcel, worst } from '../../src/exchange/parcel.ts'
import { judgeDocument } from '../../src/judge/document.ts'
import { createJudge } from '../../src/judge/judge.ts'
import { documentLimits } from '../../src/judge/read-document.ts'
import { judgeAgainst } from '../../src/validate/against.ts'
import { testDatabases } from '../database.ts'
import { arbitraryExchange, type WireRecord } from '../fixtures/random-definition.ts'
import { expectBalance, expectSoundBooks } from './balance.ts'
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

/** What a record of the model's book is. */
interface Held {
  readonly body: string
  readonly hash: string
  readonly status: string
  readonly version: number
  readonly faulty: readonly string[]
}

/** The river in twenty lines: what each judged record does to a book that is a map. */
function applyTo(book: Map<string, Held>, parcel: Parcel, today: string): Outcome {
  const type = definition.types[0] as Definition['types'][number]
  if (parcel.filtered) return 'filtered'
  if (parcel.key === null || worst(parcel.findings) === 'fatal') return 'rejected'
  const held = book.get(parcel.key)
  const { operation } = parcel
  if (held === undefined ? operation !== 'create' && operation !== 'upsert' : operation === 'create')
    return 'rejected'
  if (held !== undefined && !type.lifecycle.operations[operation]?.from.includes(held.status as 'submitted'))
    return 'rejected'
  if (operation === 'delete') return book.delete(parcel.key) ? 'deleted' : 'rejected'
  const against =
    held === undefined || held.hash === parcel.contentHash
      ? []
      : judgeAgainst(definition, type, JSON.parse(parcel.body), JSON.parse(held.body), today).filter(
          (finding) => !held.faulty.includes(finding.path),
        )
  if (worst(against) === 'fatal') return 'rejected'
  const findings = [...parcel.findings, ...against]
  const status = worst(findings) === 'error' ? 'submitted-with-errors' : 'submitted'
  const same = held?.hash === parcel.contentHash
  if (same && held.status === status) return 'unchanged'
  const faulty = findings.map((finding) => finding.path)
  book.set(parcel.key, {
    body: parcel.body,
    hash: parcel.contentHash,
    status,
    version: (held?.version ?? 0) + 1,
    faulty,
  })
  return held === undefined ? 'created' : same ? 'unchanged' : 'updated'
}

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

test('any definition and any records: books hold what a map would, each record has one outcome, counts balance', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryExchange(), async (exchange) => {
      definition = exchange.definition
      fc.pre(exchange.records.length > 0)
      const owner = await newOwner()
      const done = await sendTo(owner, exchange.records)
      const book = new Map<string, Held>()
      const outcomes = (await judged(exchange.records, owner, done.receivedDate)).map((parcel) =>
        applyTo(book, parcel, done.receivedDate),
      )
      expect((await river.log(done.tracking)).map((line) => line.outcome)).toEqual(outcomes)
      expect(await stored(owner)).toEqual(
        new Map(
          [...book].map(([key, { body, status, version }]) => [
            key,
            { body: JSON.parse(body), status, version },
          ]),
        ),
      )
      await expectBalance(river, definition, done)
    }),
    { numRuns: 60 },
  )
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
      expect(again.counts).toMatchObject({ unchanged: first.counts.created, rejected: first.counts.rejected })
      expect(again.counts.created + again.counts.updated).toBe(0)
      expect(await stored(owner)).toEqual(before)
      if (!definition.refresh.allowed) return
      const refreshed = await sendTo(owner, kept.slice(1), 'refresh')
      await expectBalance(river, definition, refreshed)
      const removed = refreshed.unreadableKeys > 0 ? 0 : before.size - refreshed.counts.unchanged
      expect(refreshed.state === 'held' ? 0 : refreshed.counts.removed).toBeLessThanOrEqual(removed)
      expect((await stored(owner)).size).toBe(before.size - refreshed.counts.removed)
    }),
    { numRuns: 40 },
  )
  await expectSoundBooks(river.deps.db)
})
