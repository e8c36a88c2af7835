import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { JudgePool } from '../../src/judge/pool.ts'
import { openEmbedded } from '../database.ts'
import {
  arbitraryExchange,
  arbitraryTies,
  type RandomExchange,
  type WireRecord,
} from '../fixtures/random-definition.ts'
import { expectBalance, expectSoundBooks } from './balance.ts'
import { judgeHere, openRiver, type River } from './river.ts'
import { callWell, loadWells, makeWells, wellFile } from './wells.ts'

/** Two rivers: one takes what is stored just as it was sent for judged, the other judges every record each time. */
let quick: River
let thorough: River
let definition: Definition
let repeats = 0
let owners = 0

beforeAll(async () => {
  quick = await open(counting(judgeHere()))
  thorough = await open(forgetful(judgeHere()))
})
afterAll(async () => {
  await quick.close()
  await thorough.close()
})

async function open(pool: JudgePool): Promise<River> {
  const db = await openEmbedded()
  const river = await openRiver({ ...db, chunkRecordsMax: 4 }, [], pool)
  Object.assign(river.deps.definitions, { get: () => definition })
  return river
}

function counting(pool: JudgePool): JudgePool {
  return {
    ...pool,
    async *judge(...asked) {
      for await (const batch of pool.judge(...asked)) {
        repeats += batch.repeats.length
        yield batch
      }
    },
  }
}

function forgetful(pool: JudgePool): JudgePool {
  return {
    ...pool,
    judge: (of, source, { known: _, ...context }) => pool.judge(of, source, context),
  }
}

/** Records of an exchange in the order of some files: each may come again, change, and stay away. */
const arbitraryFiles = (exchanges: fc.Arbitrary<RandomExchange>) =>
  exchanges.chain((exchange) =>
    fc.record({
      exchange: fc.constant(exchange),
      files: fc.array(
        fc.oneof(
          { weight: 3, arbitrary: fc.constant(exchange.records) },
          { weight: 1, arbitrary: fc.shuffledSubarray([...exchange.records]) },
          { weight: 1, arbitrary: fc.constant([...exchange.records, ...exchange.records]) },
        ),
        { minLength: 2, maxLength: 4 },
      ),
    }),
  )

/** What a partner is told, and what is stored, after each of its files; ids and times are each river's own. */
async function outcomes(river: River, exchange: string, files: readonly Buffer[]): Promise<unknown[]> {
  owners += 1
  const owner = `owner-${owners}`
  const { db } = river.deps
  await db.transact((tx) => tx.rows(sql`insert into partner (partner, name) values (${owner}, ${owner})`))
  const told: unknown[] = []
  for (const content of files) {
    const sent = {
      exchange,
      partner: owner,
      owner,
      fileName: 'records.json',
      scope: 'refresh',
    } as const
    const done = await river.send(content, sent)
    if (done.state !== 'held') await expectBalance(river, definition, done)
    const lines = await river.log(done.tracking)
    const stored = await db.transact((tx) =>
      tx.rows(sql`
        select r.key, r.status, r.version, r.body, encode(r.content_hash, 'hex') as content
          from record r join book b using (book) where b.owner = ${owner} order by r.key`),
    )
    const { counts, state, unreadableKeys } = done
    told.push({ counts, state, unreadableKeys, lines: lines.map(withoutIds), stored })
  }
  return told
}

function withoutIds(line: object): object {
  return JSON.parse(
    JSON.stringify(line, (name, value) => (/^(recordId|id|at|salt)$/.test(name) ? undefined : value)),
  )
}

async function expectSame({
  exchange,
  files,
}: {
  exchange: RandomExchange
  files: readonly (readonly WireRecord[])[]
}) {
  definition = exchange.definition
  fc.pre(definition.refresh.allowed && exchange.records.length > 0)
  const contents = files.map((records) => Buffer.from(JSON.stringify({ things: records })))
  expect(await outcomes(quick, 'random', contents)).toEqual(await outcomes(thorough, 'random', contents))
}

test('what comes again just as it was is told and stored as if it had been judged again', async () => {
  await fc.assert(fc.asyncProperty(arbitraryFiles(arbitraryExchange()), expectSame), { numRuns: 8 })
  await fc.assert(fc.asyncProperty(arbitraryFiles(arbitraryTies()), expectSame), { numRuns: 8 })
  expect(repeats, 'some records came again').toBeGreaterThan(0)
  await expectSoundBooks(quick.deps.db)
})

test('what was found in a record, changed in it, or left out is told each time it comes', async () => {
  definition = await loadWells()
  const plain = { Number: 'W1', State: 'O', Depth: '10' }
  const records = [
    plain,
    { ...plain, Number: 'W2', Colour: 'an unknown field is a warning' },
    { ...plain, Number: 'W3', State: 'no such state' },
    { ...plain, Number: ' W4 ' },
    { ...plain, Number: 'W5', Note: 'training' },
    { ...plain, Number: 'W6', Action: 'C' },
    { ...plain, Number: 'W7' },
  ]
  const file = Buffer.from(JSON.stringify(records))
  const changed = Buffer.from(JSON.stringify(records.toReversed().map((one) => ({ ...one, Depth: '11' }))))
  const files = [file, file, changed, file, file]
  repeats = 0
  expect(await outcomes(quick, 'wells', files)).toEqual(await outcomes(thorough, 'wells', files))
  expect(repeats, 'in the second file and in the last, both times that each is read').toBe(3 * 2 * 2)
})

test('a record that somebody changes while the whole file is read is judged after all', async () => {
  definition = await loadWells()
  const wells = makeWells(30)
  const file = await wellFile('json', wells)
  let meanwhile = async () => {}
  const river = await open({
    ...judgeHere(),
    async *judge(...asked) {
      for await (const batch of judgeHere().judge(...asked)) {
        await meanwhile()
        yield batch
      }
    },
  })
  try {
    await river.send(file, { exchange: 'wells', scope: 'refresh' })
    meanwhile = async () => {
      meanwhile = async () => {}
      const [, second] = wells
      if (second !== undefined) await callWell(river, 'alpha', { ...second, depth: '999', action: 'S' })
    }
    const done = await river.send(file, { exchange: 'wells', scope: 'refresh' })
    expect(done).toMatchObject({ state: 'completed', counts: { received: 30, unchanged: 29, updated: 1 } })
    await expectBalance(river, definition, done)
    await expectSoundBooks(river.deps.db)
  } finally {
    await river.close()
  }
})
