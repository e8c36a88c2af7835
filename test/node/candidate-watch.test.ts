import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { watchCandidates } from '../../src/node/candidate-watch.ts'
import { activateCandidate, putCandidate } from '../../src/store/candidates.ts'
import { testDatabases } from '../database.ts'

const soon = { timeout: 20_000 }

describe.each(testDatabases())('a version that is activated for a time, on $name', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  const told: string[] = []
  const reload = vi.fn(async () => {})
  const note = (_fields: object, event: string) => told.push(event)
  const watching = () => watchCandidates({ db, definitions: { reload }, log: { error: note, info: note } })

  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    db = await open()
    ;({ close } = await watching())
  })
  afterAll(async () => {
    await close()
    vi.useRealTimers()
    await db.close()
  })

  test('takes effect when its time has come, once, and not before', async () => {
    const id = await candidate()
    const inASecond = new Date(Date.now() + 1000).toISOString()
    await db.transact((tx) => activateCandidate(tx, id, { at: inASecond, by: 'x', reason: 'y' }))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(reload).not.toHaveBeenCalled()
    await sleep(1100)
    await vi.advanceTimersByTimeAsync(5_000)
    await vi.waitFor(() => expect(told).toEqual(['definition.activated']), soon)
    await vi.advanceTimersByTimeAsync(10_000)
    await close()
    ;({ close } = await watching())
    expect(reload).toHaveBeenCalledTimes(1)
  })

  test('is told when it cannot be put in force, and does not keep later ones from it', async () => {
    told.length = 0
    for (const failure of [new Error('it does not load'), null]) {
      if (failure !== null) reload.mockRejectedValueOnce(failure)
      const id = await candidate()
      const at = new Date(Date.now() - 10).toISOString()
      await db.transact((tx) => activateCandidate(tx, id, { at, by: 'x', reason: 'y' }))
      const before = told.length
      await vi.advanceTimersByTimeAsync(5_000)
      await vi.waitFor(() => expect(told).toHaveLength(before + 1), { timeout: 3000 })
    }
    expect(told).toEqual(['definition.not-activated', 'definition.activated'])
  })

  function candidate(): Promise<number> {
    return db.transact((tx) =>
      putCandidate(tx, {
        exchange: 'wells',
        fileName: 'wells.zip',
        hash: 'h',
        problems: [],
        uploadedBy: 'x',
        uploadedAt: new Date().toISOString(),
        files: {},
      }),
    )
  }
})
