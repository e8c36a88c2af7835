import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { claimTask, finishTask } from '../../src/job/queue.ts'
import { processSubmission } from '../../src/run/process.ts'
import type { Receipt } from '../../src/run/receive.ts'
import { release } from '../../src/run/release.ts'
import { testDatabases } from '../database.ts'
import { expectBalance, expectSoundBooks } from '../flow/balance.ts'
import {
  ballot,
  election,
  loadRegister,
  openOffice,
  precinct,
  tiedFile,
  vote,
  voter,
} from '../flow/register.ts'
import { judgeHere, openRiver, type River } from '../flow/river.ts'
import { loadWells, makeWells, wellFile } from '../flow/wells.ts'
import { snapshotOf } from './snapshot.ts'

/** STEPS=all ends it at every transaction; otherwise at some of them, others each time. */
const thorough = process.env.STEPS === 'all'

/** The process is gone: nothing after this point happens. */
class Gone extends Error {}

/**
 * A database whose process ends right after the commit of its nth transaction: what the next one would have
 * written is lost, which is also what an end inside that next transaction leaves.
 */
function endingAt(db: Database, nth: number): Database {
  let count = 0
  return {
    ...db,
    async transact(body, scope) {
      count += 1
      if (count > nth) throw new Gone()
      return db.transact(body, scope)
    },
  }
}

/** What a killed worker leaves is claimed again, as after its lease. */
async function drainAfterCrash(river: River): Promise<void> {
  await river.deps.db.transact((tx) => tx.rows(sql`update task set leased_until = null`))
  await river.drain()
}

interface Story {
  readonly name: string
  /** Sends what stands before the submission that is interrupted. */
  readonly before?: (river: River) => Promise<unknown>
  readonly file: () => Promise<Uint8Array>
  readonly change: Partial<Receipt>
  /** A person releases it when it is held. */
  readonly releases?: boolean
}

const stored = async (river: River) =>
  river.send(await wellFile('ndjson', makeWells(20)), { idempotencyKey: 'stored' })

const register = { exchange: 'register', fileName: 'records.ndjson' }

/** Voters of whom some wait for their precinct, their votes, and ballots of another exchange. */
async function registered(river: River): Promise<void> {
  const voters = ['1', '2', '3', '4', '5', '6'].map((one) =>
    voter(`V${one}`, { precinct: Number(one) > 3 ? 'P2' : 'P1' }),
  )
  const send = (file: string, exchange: string, owner = 'alpha') =>
    river.send(file, { exchange, owner, fileName: 'records.ndjson', idempotencyKey: `${exchange}-stored` })
  await send(tiedFile([election('E1')]), 'elections', 'office')
  await send(tiedFile([precinct('P1'), ...voters, vote('V1', 'E1'), vote('V2', 'E1')]), 'register')
  await send(
    tiedFile([
      ballot('1', 'E1', { voter: 'V1' }),
      ballot('2', 'E1', { voter: 'V2' }),
      ballot('3', 'E1', { voter: 'V9' }),
    ]),
    'ballots',
  )
}

const STORIES: readonly Story[] = [
  {
    name: 'a file whose records settle, take others with them, and are renamed',
    before: registered,
    file: async () =>
      Buffer.from(
        tiedFile([
          ...['7', '8', '9'].map((one) => voter(`V${one}`, { precinct: 'P2' })),
          { ...voter('V1'), Operation: 'delete' },
          { ...precinct('P1'), Operation: 'delete' },
          { ...voter('W2', { was: 'V2' }), Operation: 'rename' },
          ...['4', '5', '6'].map((one) => voter(`V${one}`, { precinct: 'P2' })),
          precinct('P2'),
          voter('V2', { precinct: 'P2', was: 'V2' }),
          vote('V2', 'E2'),
          { ...voter('V9'), Operation: 'delete' },
        ]),
      ),
    change: register,
  },
  {
    name: 'a full refresh that takes others with it',
    before: registered,
    file: async () =>
      Buffer.from(tiedFile([voter('V3', { precinct: 'P1' }), voter('V4', { precinct: 'P2' })])),
    change: { ...register, scope: 'refresh' },
  },
  {
    name: 'a full refresh within a set',
    before: registered,
    file: async () => Buffer.from(tiedFile([ballot('1', 'E1', { voter: 'V1' }), ballot('9', 'E1')])),
    change: { exchange: 'ballots', fileName: 'records.ndjson', scope: 'refresh' },
    releases: true,
  },

  {
    name: 'an incremental file',
    before: stored,
    file: () => wellFile('csv', [...makeWells(12, { note: 'changed' }), { number: 'W99', state: 'Q' }]),
    change: {},
  },
  {
    name: 'a full refresh that deletes',
    before: stored,
    file: () => wellFile('ndjson', [...makeWells(17), { number: 'NEW', state: 'O' }]),
    change: { scope: 'refresh' },
  },
  {
    name: 'a full refresh that is held and released',
    before: stored,
    file: () => wellFile('ndjson', makeWells(9)),
    change: { scope: 'refresh' },
    releases: true,
  },
  {
    name: 'a full refresh that breaks off',
    before: stored,
    file: async () => (await wellFile('json', makeWells(15))).subarray(0, -30),
    change: { scope: 'refresh' },
  },
  {
    name: 'a file that breaks off',
    before: stored,
    file: async () => (await wellFile('json', makeWells(15, { note: 'x' }))).subarray(0, -30),
    change: {},
  },
  {
    name: 'a dry run',
    before: stored,
    file: () => wellFile('ndjson', makeWells(15, { note: 'changed' })),
    change: { dryRun: true, scope: 'refresh' },
  },
  {
    name: 'a reconciliation',
    before: stored,
    file: async () =>
      wellFile('ndjson', [
        ...makeWells(12),
        ...makeWells(15, { note: 'other' }).slice(12),
        { number: 'NEW', state: 'O' },
        ...makeWells(2),
      ]),
    change: { dryRun: true, scope: 'refresh', reconcile: true },
  },
  {
    name: 'a reconciliation whose file breaks off',
    before: stored,
    file: async () => (await wellFile('json', makeWells(15, { note: 'x' }))).subarray(0, -30),
    change: { dryRun: true, scope: 'refresh', reconcile: true },
  },
  {
    name: 'a full refresh by the centre, of which the owner is told',
    before: stored,
    file: () => wellFile('ndjson', [...makeWells(16, { note: 'changed' }), { number: 'NEW', state: 'O' }]),
    change: { scope: 'refresh', byCentre: true },
    releases: true,
  },
]

describe.each(testDatabases())('on the $name', ({ open }) => {
  const stride = thorough ? 1 : 5
  const first = 1 + (Date.now() % stride)
  let definitions: readonly Definition[]
  let river: River
  beforeAll(async () => {
    const wells = await loadWells()
    const db = await open()
    definitions = [wells, ...(await loadRegister())]
    river = await openRiver({ ...db, chunkRecordsMax: 8 }, definitions, judgeHere())
    await openOffice(river)
  })
  afterAll(() => river.close())

  test.each(STORIES)('$name, ended at any transaction, ends as if it had not been', async (story) => {
    const expected = await play(river, definitions, story, null)
    let ended = 0
    for (let nth = first; ; nth += stride) {
      const { snapshot, whole } = await play(river, definitions, story, nth)
      expect(snapshot, `ended after transaction ${nth} (STEPS=all tries each)`).toEqual(expected.snapshot)
      if (whole) break
      ended += 1
    }
    expect(ended).toBeGreaterThan(thorough ? 5 : 0)
  })
})

async function play(river: River, definitions: readonly Definition[], story: Story, end: number | null) {
  const { db, documents } = river.deps
  await db.transact((tx) =>
    tx.rows(sql`
      truncate record, history, finding, submission, segment, delivery, survey, task, document, correction,
               link, alias, survey_link, survey_set, message, message_queue, work_item, difference,
               book restart identity`),
  )
  await story.before?.(river)
  const tracking = await river.receive(await story.file(), { ...story.change, idempotencyKey: 'told' })
  const whole = end === null ? await run(river) : await runEnding(river, end)
  if (story.releases) {
    expect((await river.submission(tracking)).state).toBe('held')
    await release(river.deps, tracking)
    if (end === null) await run(river)
    else await runEnding(river, end)
  }
  const closed = await river.submission(tracking)
  const definition = definitions.find((one) => one.exchange === closed.exchange)
  if (definition === undefined) throw new Error(`no exchange ${closed.exchange}`)
  await expectBalance(river, definition, closed)
  await expectSoundBooks(db)
  const snapshot = await snapshotOf(db, documents)
  expect(snapshot.left).toEqual([])
  return { snapshot, whole }
}

async function run(river: River): Promise<boolean> {
  await river.drain()
  return true
}

/** Runs the next task and ends the process where told, then goes on with another. True: it was not ended. */
async function runEnding(river: River, end: number): Promise<boolean> {
  const db = endingAt(river.deps.db, end)
  let whole = true
  try {
    const task = await db.transact((tx) => claimTask(tx, ['submission'], 30))
    if (task === null) throw new Error('there is a task')
    await processSubmission({ ...river.deps, db }, task)
    await db.transact((tx) => finishTask(tx, task))
  } catch (error) {
    if (!(error instanceof Gone)) throw error
    whole = false
  }
  await drainAfterCrash(river)
  return whole
}
