import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { type Finding, type Outcome, type Parcel, worst } from '../../src/exchange/parcel.ts'
import { linkPath } from '../../src/exchange/references.ts'
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
  readonly findings: readonly Finding[]
  readonly ties: readonly ModelTie[]
}

/** A reference to another record of the model's book. */
interface ModelTie {
  readonly name: string
  readonly path: string
  readonly target: string
  readonly waiting: boolean
}

/** The model's book, and how many records fell with others. */
interface Model {
  readonly book: Map<string, Held>
  cascaded: number
}

/** The river in few lines: what each judged record does to a book that is a map. */
function applyTo(model: Model, parcel: Parcel, today: string): Outcome {
  const { book } = model
  const type = definition.types[0] as Definition['types'][number]
  if (parcel.filtered) return 'filtered'
  if (parcel.key === null || worst(parcel.findings) === 'fatal') return 'rejected'
  const held = book.get(parcel.key)
  const { operation } = parcel
  if (held === undefined ? operation !== 'create' && operation !== 'upsert' : operation === 'create')
    return 'rejected'
  if (held !== undefined && !type.lifecycle.operations[operation]?.from.includes(held.status as 'submitted'))
    return 'rejected'
  if (operation === 'delete') return deleteFrom(model, parcel.key) ? 'deleted' : 'rejected'
  const same = held?.hash === parcel.contentHash
  if ((held === undefined ? type.sync?.new : same ? null : type.sync?.changed) === 'reject') return 'rejected'
  const against =
    held === undefined || same
      ? []
      : judgeAgainst(definition, type, JSON.parse(parcel.body), JSON.parse(held.body), today).filter(
          (finding) => !held.faulty.includes(finding.path),
        )
  const { ties, missing } = tiesOf(book, parcel)
  if (worst(against) === 'fatal' || (!same && worst(missing) === 'fatal')) return 'rejected'
  const findings = [...parcel.findings, ...against, ...missing.filter((one) => one.severity === 'error')]
  const status = worst(findings) === 'error' ? 'submitted-with-errors' : 'submitted'
  if (same && held.status === status) return 'unchanged'
  const faulty = findings.map((finding) => finding.path)
  const version = (held?.version ?? 0) + 1
  book.set(parcel.key, {
    body: parcel.body,
    hash: parcel.contentHash,
    status,
    version,
    faulty,
    findings,
    ties,
  })
  if (held === undefined) settleIn(book, parcel.key)
  return held === undefined ? 'created' : same ? 'unchanged' : 'updated'
}

function referenceOf(name: string) {
  const found = definition.types[0]?.references?.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no reference ${name}`)
  return found
}

function tiesOf(
  book: ReadonlyMap<string, Held>,
  { links = [], key }: Parcel,
): { readonly ties: readonly ModelTie[]; readonly missing: readonly Finding[] } {
  const missing: Finding[] = []
  const ties = links.map(({ reference: name, item, key: target }): ModelTie => {
    const { code, message, onMissing, ...reference } = referenceOf(name)
    const path = linkPath(definition.types[0]?.fields ?? [], { ...reference, code, message, onMissing }, item)
    const absent = target !== key && !book.has(target)
    const severity = onMissing === 'reject' ? 'fatal' : 'error'
    if (absent && onMissing !== 'accept')
      missing.push({ code, severity, path, field: '', item: null, message, value: target })
    return { name, path, target, waiting: absent && onMissing === 'wait' }
  })
  return { ties, missing }
}

/** Deletes a record with those that belong to it; false, and nothing is deleted, where another needs one of them. */
function deleteFrom(model: Model, key: string): boolean {
  const { book } = model
  const going = new Set([key])
  for (const gone of going)
    for (const [other, { ties }] of book)
      if (ties.some(({ name, target }) => target === gone && referenceOf(name).onDelete === 'cascade'))
        going.add(other)
  for (const [other, { ties }] of book)
    if (
      !going.has(other) &&
      ties.some(({ name, target }) => going.has(target) && referenceOf(name).onDelete === 'restrict')
    )
      return false
  for (const gone of going) book.delete(gone)
  model.cascaded += going.size - 1
  return true
}

/** A record has come: those that wait for it have one error less, in one new version for each reference. */
function settleIn(book: Map<string, Held>, key: string): void {
  for (const [other, before] of book) {
    let held = before
    for (const tie of before.ties) {
      if (!tie.waiting || tie.target !== key) continue
      const { code } = referenceOf(tie.name)
      const findings = held.findings.filter((one) => one.code !== code || one.path !== tie.path)
      held = {
        ...held,
        findings,
        faulty: findings.map((one) => one.path),
        version: held.version + 1,
        status: worst(findings) === 'error' ? 'submitted-with-errors' : 'submitted',
        ties: held.ties.map((one) => (one === tie ? { ...one, waiting: false } : one)),
      }
    }
    if (held !== before) book.set(other, held)
  }
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

test('any definition and any records: books hold what a map would, each record has one outcome, counts balance', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryExchange(), async (exchange) => {
      definition = exchange.definition
      fc.pre(exchange.records.length > 0)
      const owner = await newOwner()
      const done = await sendTo(owner, exchange.records)
      const model: Model = { book: new Map(), cascaded: 0 }
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
