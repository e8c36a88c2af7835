import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { countTasks } from '../../src/job/queue.ts'
import { createTrees } from '../../src/node/trees.ts'
import { type PickUp, startPickUp } from '../../src/run/intake/pick-up.ts'
import { startWorker, type Worker } from '../../src/run/worker.ts'
import { testDatabases } from '../database.ts'
import { type Mailroom, openMailroom } from './mailroom.ts'
import { judgeHere, openRiver, type River } from './river.ts'
import { loadWells } from './wells.ts'

const places = { list: async () => [], seen: async () => {} }
const one = (number: string) => JSON.stringify({ Number: number, State: 'O' })
const archive = 'wells/PROD/ARCHIVE'

describe.each(testDatabases())('on the $name', ({ open }) => {
  let river: River
  let room: Mailroom
  let wells: Definition
  let worker: Worker
  beforeAll(async () => {
    const loaded = await loadWells()
    wells = await loadWells({ files: { ...loaded.files, gatherSeconds: 1 } })
    river = await openRiver(await open(), [wells], judgeHere(), Date.now)
    room = await openMailroom(river, wells, { now: Date.now, pass() {} })
    worker = startWorker(river.deps, { lanes: 1, leaseSeconds: 30 })
  })
  afterAll(async () => {
    await worker.close()
    await room.close()
    await river.close()
  })

  /** A process that picks up: trees of its own over the same folders. */
  const start = (leaseSeconds = 30): PickUp =>
    startPickUp({ ...room.deps, queued: () => worker.wake() }, createTrees(room.path('.'), places), {
      scanSeconds: 0.05,
      quietMs: 50,
      leaseSeconds,
    })

  async function until(what: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 50_000
    while (!(await what())) {
      if (Date.now() > end) throw new Error(`still waiting: ${JSON.stringify(await room.intakes())}`)
      await pause(20)
    }
  }
  const settled = (count: number) =>
    until(async () => {
      const files = await room.files()
      const open = (await room.intakes()).filter(({ state }) => state !== 'done')
      return files.length >= count && open.length === 0
    })

  test('of two processes that look at one folder each file is had by one, also when one of them ends in between', async () => {
    let first = start()
    const second = start()
    const count = 300
    for (let index = 0; index < count; index += 1) {
      await room.put(`f${index}.json`, one(`F${index}`))
      if (index === 100) first.wake()
      if (index === 200) {
        await first.close()
        first = start()
      }
    }
    await settled(count)
    await first.close()
    await second.close()
    const files = await room.files()
    expect(files.length).toBe(count)
    expect(files.every(({ state, success }) => state === 'done' && success === 1)).toBe(true)
    const records = await river.deps.db.transact((tx) =>
      tx.rows<{ key: string; version: number }>(sql`select key, version from record where key like 'F%'`),
    )
    expect(records.length).toBe(count)
    expect(records.every(({ version }) => version === 1)).toBe(true)
    expect((await room.names('alpha', archive)).length).toBe(count)
    expect((await room.notices()).length).toBe((await room.intakes()).length)
    expect(await river.deps.db.transact((tx) => tx.rows(sql`select * from task`))).toEqual([])
  })

  test('a tree whose process stands still is taken over when its lease has ended, not before', async () => {
    const leaseEnds = Date.now() + 1500
    await river.deps.db.transact((tx) =>
      tx.rows(sql`
        insert into task (kind, lane, subject, claim, leased_until)
        values ('intake', 'intake-alpha/', 'intake-alpha/', nextval('claim_token'), now() + interval '1.5 seconds')`),
    )
    expect(await river.deps.db.transact(countTasks)).toBe(0)
    const before = (await room.files()).length
    await room.put('later.json', one('LATER'))
    const pickUp = start()
    await settled(before + 1)
    await pickUp.close()
    const later = (await room.files()).filter(({ name }) => name === 'later.json')
    expect(later).toMatchObject([{ state: 'done' }])
    expect(Date.parse(later[0]?.takenAt ?? '')).toBeGreaterThanOrEqual(leaseEnds)
  })

  test('an intake that fails says why, is tried again, and does not keep other partners waiting', async () => {
    let broken = true
    const deps = {
      ...room.deps,
      queued: () => worker.wake(),
      documents: {
        ...room.deps.documents,
        take: (...words: Parameters<typeof room.deps.documents.take>) =>
          broken ? Promise.reject(new Error('no room')) : room.deps.documents.take(...words),
      },
    }
    const before = (await room.files()).length
    await room.put('retried.json', one('RETRIED'))
    const pickUp = startPickUp(deps, createTrees(room.path('.'), places), {
      scanSeconds: 0.05,
      quietMs: 50,
      leaseSeconds: 30,
    })
    await until(async () => (await room.intakes()).some(({ lastError }) => lastError === 'no room'))
    broken = false
    await settled(before + 1)
    await pickUp.close()
    expect((await room.intakes()).every(({ lastError }) => lastError === null)).toBe(true)
  })
})
