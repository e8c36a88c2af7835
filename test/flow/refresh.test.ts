import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { claimTask } from '../../src/job/queue.ts'
import { processSubmission } from '../../src/run/process.ts'
import { cancel, release } from '../../src/run/release.ts'
import type { Submission } from '../../src/store/model.ts'
import { testDatabases } from '../database.ts'
import { expectBalance, expectSoundBooks } from './balance.ts'
import { openRiver, type River } from './river.ts'
import { callWell, loadWells, makeWells, type Well, wellFile } from './wells.ts'

describe.each(testDatabases())('full refreshes on the $name', ({ open }) => {
  let wells: Definition
  let river: River
  let db: Database
  let number = 0

  beforeAll(async () => {
    wells = await loadWells()
    const closed = await loadWells({ exchange: 'closed', refresh: { ...wells.refresh, allowed: false } })
    db = await open()
    river = await openRiver({ ...db, chunkRecordsMax: 7 }, [wells, closed])
  })
  afterAll(async () => {
    const left = await db.transact((tx) => tx.rows(sql`select * from survey limit 1`))
    expect(left, 'surveys are forgotten').toEqual([])
    await expectSoundBooks(db)
    await river.close()
  })

  /** A partner of its own for each test, with twenty wells stored. */
  async function owner(count = 20): Promise<string> {
    number += 1
    const name = `owner-${number}`
    await db.transact((tx) => tx.rows(sql`insert into partner (partner, name) values (${name}, ${name})`))
    if (count > 0) await send(name, makeWells(count), 'incremental')
    return name
  }

  async function send(
    partner: string,
    list: readonly Well[] | string,
    scope: 'incremental' | 'refresh' = 'refresh',
  ): Promise<Submission> {
    const file = typeof list === 'string' ? list : await wellFile('ndjson', list)
    const done = await river.send(file, { partner, owner: partner, scope, fileName: 'wells.ndjson' })
    if (done.state !== 'held') await expectBalance(river, wells, done)
    return done
  }

  async function keys(partner: string): Promise<string[]> {
    const rows = await db.transact((tx) =>
      tx.rows<{ key: string }>(sql`
        select key from record join book using (book) where owner = ${partner} order by key`),
    )
    return rows.map((row) => row.key)
  }

  test('what the file leaves out is deleted, what it has is created or updated', async () => {
    const partner = await owner()
    const list = [...makeWells(18), { number: 'NEW', state: 'O' }].map((well) =>
      well.number === 'W2' ? { ...well, state: 'X', readings: [] } : well,
    )
    const done = await send(partner, list)
    expect(done.state).toBe('completed')
    expect(done.counts).toMatchObject({ received: 19, created: 1, updated: 1, unchanged: 17, removed: 2 })
    expect(await keys(partner)).toEqual(list.map((well) => well.number).sort())
    const again = await send(partner, list)
    expect(again.counts).toMatchObject({ received: 19, unchanged: 19, removed: 0 })
  })

  test('more deletions than the definition allows are held with a preview, and nothing is done', async () => {
    const partner = await owner()
    const before = await keys(partner)
    const held = await send(partner, makeWells(10))
    expect(held).toMatchObject({ state: 'held', closedAt: null })
    expect(held.preview).toMatchObject({ live: 20, create: 0, update: 0, unchanged: 10, remove: 10 })
    expect(held.preview?.removeExamples).toHaveLength(10)
    expect(held.reason).toContain('10 of 20')
    expect(await keys(partner)).toEqual(before)

    await release(river.deps, held.tracking)
    await river.drain()
    const done = await river.submission(held.tracking)
    expect(done).toMatchObject({ state: 'completed', reason: null })
    expect(done.counts).toMatchObject({ received: 10, unchanged: 10, removed: 10 })
    expect(await keys(partner)).toHaveLength(10)
    await expectBalance(river, wells, done)
  })

  test('more changes than the definition allows are held too', async () => {
    const partner = await owner()
    const held = await send(partner, makeWells(20, { note: 'new' }))
    expect(held.state).toBe('held')
    expect(held.preview).toMatchObject({ update: 20, remove: 0 })
  })

  test('a released refresh that would now do more than was confirmed is held again', async () => {
    const partner = await owner()
    const held = await send(partner, makeWells(10))
    for (let index = 0; index < 3; index += 1)
      await callWell(river, partner, { number: `EXTRA-${index}`, state: 'O' })
    await release(river.deps, held.tracking)
    await river.drain()
    const again = await river.submission(held.tracking)
    expect(again).toMatchObject({ state: 'held' })
    expect(again.preview).toMatchObject({ live: 23, remove: 13 })
    expect(await keys(partner)).toHaveLength(23)
    await release(river.deps, held.tracking)
    await river.drain()
    expect(await river.submission(held.tracking)).toMatchObject({ state: 'completed' })
    expect(await keys(partner)).toHaveLength(10)
  })

  test('a cancelled refresh never happened', async () => {
    const partner = await owner()
    const held = await send(partner, makeWells(2))
    await cancel(river.deps, held.tracking, 'The wrong file.')
    await river.drain()
    expect(await river.submission(held.tracking)).toMatchObject({
      state: 'cancelled',
      reason: 'The wrong file.',
    })
    expect(await keys(partner)).toHaveLength(20)
    await expect(release(river.deps, held.tracking)).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' })
  })

  test.each(['', 'N'.repeat(30)])(
    'one record whose key cannot be read (%o) keeps everything from being deleted',
    async (key) => {
      const partner = await owner()
      const done = await send(partner, [...makeWells(18), { number: key, state: 'O' }])
      expect(done.state).toBe('completed')
      expect(done.counts).toMatchObject({ received: 19, rejected: 1, unchanged: 18, removed: 0 })
      expect(done.preview?.deletionsHeld).toContain('1 record')
      expect(await keys(partner)).toHaveLength(20)
    },
  )

  test('a record that is named but refused, or filtered out, is not deleted', async () => {
    const partner = await owner()
    const list = makeWells(20).map((well) =>
      well.number === 'W5'
        ? { ...well, action: 'N' }
        : well.number === 'W6'
          ? { ...well, note: 'training' }
          : well,
    )
    const done = await send(partner, list)
    expect(done.counts).toMatchObject({ received: 20, rejected: 1, filtered: 1, unchanged: 18, removed: 0 })
    expect(await keys(partner)).toHaveLength(20)
  })

  test('a file that breaks off changes and deletes nothing', async () => {
    const partner = await owner()
    const text = new TextDecoder().decode(await wellFile('json', makeWells(19, { note: 'new' })))
    const done = await send(partner, text.slice(0, -40))
    expect(done).toMatchObject({ state: 'refused' })
    expect(done.reason).toMatch(/end|cut|complete/i)
    expect(done.counts).toMatchObject({ received: 0, updated: 0, removed: 0 })
    const empty = await send(partner, '')
    expect(empty).toMatchObject({ state: 'refused' })
    expect(await keys(partner)).toHaveLength(20)
  })

  test('what a call changes while the refresh runs is newer than its file and stays', async () => {
    const partner = await owner()
    // Every fourth transaction of the refresh is followed by a call for the same book.
    let transactions = 0
    const calls: string[] = []
    const busy: River['deps'] = {
      ...river.deps,
      db: {
        ...river.deps.db,
        async transact(body, scope) {
          const result = await river.deps.db.transact(body, scope)
          transactions += 1
          if (transactions % 2 === 1 && calls.length < 8) {
            const key = calls.length === 1 ? 'W20' : `CALL-${calls.length}`
            calls.push(key)
            await callWell(river, partner, { number: key, state: 'O', note: 'by call' })
          }
          return result
        },
      },
    }
    const tracking = await river.receive(await wellFile('ndjson', makeWells(19)), {
      partner,
      owner: partner,
      scope: 'refresh',
    })
    const before = await keys(partner)
    const task = await db.transact((tx) => claimTask(tx, ['submission'], 30))
    if (task === null) throw new Error('there is a task')
    await processSubmission(busy, task)
    await db.transact((tx) => tx.rows(sql`delete from task where task = ${task.task}`))
    expect(calls.length).toBe(8)
    const done = await river.submission(tracking)
    expect(done.state).toBe('completed')
    // The first call came before the survey began; the file does not name it, so it goes.
    const kept = calls.slice(1)
    expect(await keys(partner)).toEqual(
      [...new Set([...before.filter((key) => key !== 'W20'), ...kept])].sort(),
    )
    await expectBalance(river, wells, done)
  })

  test('a refresh repeats a key: the last record of the file stands', async () => {
    const partner = await owner()
    const list = [...makeWells(20), { number: 'W1', state: 'X' }, { number: 'W2', action: 'D', state: 'O' }]
    const done = await send(partner, list)
    expect(done.counts).toMatchObject({ received: 22, unchanged: 20, updated: 1, deleted: 1, removed: 0 })
    expect(await keys(partner)).toHaveLength(19)
  })

  test('an exchange that allows no full refresh refuses one before a byte is kept', async () => {
    await expect(river.receive('', { exchange: 'closed', scope: 'refresh' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })
})
