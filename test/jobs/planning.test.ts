import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keepAttempt } from '../../src/run/jobs/agent-calls.ts'
import {
  pauseJob,
  removeJob,
  resumeJob,
  runNow,
  saveCalendar,
  startOwn,
  stopRun,
} from '../../src/run/jobs/office.ts'
import { placeInQueue } from '../../src/store/runs.ts'
import { testDatabases } from '../database.ts'
import { ALPHA, BETA, clearYard, openYard, runJob, wells, type Yard } from './yard.ts'

const NIGHTLY = { cron: '30 1 * * *' }
/** 01:30 in Los Angeles. */
const NIGHT = '2026-03-03T09:30:00Z'

describe.each(testDatabases())('jobs on the $name', ({ open }) => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard(await open())
  }, 60_000)
  afterAll(() => yard.close())
  beforeEach(() => clearYard(yard))

  test('missed occurrences are made up for once, or left out, as the job says', async () => {
    await yard.job({ cron: '0 * * * *' })
    await yard.job({ job: 'wells-skip', cron: '0 * * * *', missed: 'skip' })
    yard.at('2026-03-02T13:30:00Z')
    await yard.restart()
    const runs = await yard.runs()
    expect(runs).toHaveLength(2)
    expect(runs.find(({ job }) => job === 'wells-nightly')).toMatchObject({
      state: 'offered',
      dueAt: '2026-03-02T13:00:00.000Z',
      reason: 'Makes up for it: 5 occurrences passed while no node looked after jobs.',
    })
    expect(runs.find(({ job }) => job === 'wells-skip')).toMatchObject({
      state: 'cancelled',
      reason: 'Left out: 5 occurrences passed while no node looked after jobs.',
    })
    await yard.pass(30)
    expect((await yard.runs()).filter(({ job }) => job === 'wells-skip')).toMatchObject([
      { state: 'offered' },
      {},
    ])
  })

  test('work is handed out within the window only, and not on days of rest', async () => {
    await saveCalendar(yard.deps, yard.office, {
      calendar: 'elections',
      title: 'Elections',
      exceptions: [{ from: '2026-03-03', until: '2026-03-04', reason: 'Primary freeze' }],
    })
    await yard.job({ cron: '0 12 * * *', calendar: 'elections', window: { from: '22:00', until: '05:00' } })
    // Noon of 2 March in Los Angeles; the window opens at ten in the evening, still on 2 March.
    yard.at('2026-03-02T20:00:00Z')
    await yard.turn()
    expect(await yard.runs()).toMatchObject([
      {
        state: 'scheduled',
        nextAt: '2026-03-03T06:00:00.000Z',
        reason: 'Waits for its window, 22:00-05:00.',
      },
    ])
    yard.at('2026-03-03T06:00:00Z')
    await yard.turn()
    expect(await yard.runs()).toMatchObject([{ state: 'offered' }])
    await expect(runJob(yard, 'alpha', 'wells-nightly')).resolves.toMatchObject([{ state: 'offered' }])
    yard.at('2026-03-03T20:00:00Z')
    await yard.turn()
    await expect(runJob(yard)).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
      message: expect.stringMatching(/Primary freeze/),
    })
    expect(await runJob(yard, 'alpha', 'wells-nightly', true)).toMatchObject([{ origin: 'now' }])
    yard.at('2026-03-05T20:00:00Z')
    await yard.turn()
    expect((await yard.runs())[0]).toMatchObject({ dueAt: '2026-03-05T20:00:00.000Z' })
  })

  test('partners start a job within its policy, behind all other work', async () => {
    const hours = { from: '00:00', until: '06:00' }
    await yard.job({ ownStart: { hours, perDayMax: 2, atOnceMax: 1 }, partners: ['alpha', 'beta'] })
    const alpha = { account: ALPHA.account, partner: 'alpha', name: ALPHA.login }
    const beta = { account: BETA.account, partner: 'beta', name: BETA.login }
    const own = await startOwn(yard.deps, alpha, 'wells-nightly')
    expect(own).toMatchObject({ origin: 'partner', startedBy: 'alpha-agent', state: 'scheduled' })
    expect(await startOwn(yard.deps, alpha, 'wells-nightly')).toMatchObject({ run: own.run })
    await expect(startOwn(yard.deps, beta, 'wells-nightly')).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
    })
    const [centre] = await runJob(yard, 'beta')
    if (centre === undefined) throw new Error('no run')
    expect(await yard.db.transact((tx) => placeInQueue(tx, own))).toBe(2)
    expect(await yard.db.transact((tx) => placeInQueue(tx, centre))).toBe(1)
    await yard.turn()
    await yard.upload(ALPHA, (await yard.take(ALPHA)).attempt, wells('A1'))
    await yard.river.drain()
    await startOwn(yard.deps, alpha, 'wells-nightly')
    await yard.turn()
    await yard.upload(ALPHA, (await yard.take(ALPHA)).attempt, wells('A1'))
    await yard.river.drain()
    await expect(startOwn(yard.deps, alpha, 'wells-nightly')).rejects.toMatchObject({
      message: expect.stringMatching(/started 2 times today/),
    })
    yard.at('2026-03-02T16:00:00Z')
    await expect(startOwn(yard.deps, alpha, 'wells-nightly')).rejects.toMatchObject({
      message: expect.stringMatching(/from 00:00 until 06:00/),
    })
    yard.at('2026-03-03T09:00:00Z')
    await expect(startOwn(yard.deps, alpha, 'wells-nightly')).resolves.toMatchObject({ state: 'scheduled' })
    await yard.job({ ownStart: null })
    await yard.turn()
    await stopRun(yard.deps, yard.office, (await yard.runs())[0]?.run ?? '', 'No.')
    await expect(startOwn(yard.deps, alpha, 'wells-nightly')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  })

  test('a paused job offers nothing, and goes on with its next occurrence', async () => {
    await yard.job(NIGHTLY)
    yard.at(NIGHT)
    await yard.turn()
    await pauseJob(yard.deps, yard.office, 'wells-nightly', 'The county moves.')
    await yard.turn()
    expect(await yard.ask(ALPHA)).toBeNull()
    await expect(runJob(yard)).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' })
    yard.at('2026-03-05T12:00:00Z')
    await yard.turn()
    expect(await yard.runs()).toHaveLength(1)
    await resumeJob(yard.deps, yard.office, 'wells-nightly')
    yard.at('2026-03-06T09:30:00Z')
    await yard.turn()
    expect((await yard.runs())[0]).toMatchObject({
      state: 'offered',
      dueAt: '2026-03-06T09:30:00.000Z',
      reason: null,
    })
  })

  test('a removed job takes back what was not delivered; its sessions stay known', async () => {
    await yard.job({ partners: ['alpha', 'beta'] })
    await runJob(yard, null)
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    const other = await yard.take(BETA)
    await yard.upload(BETA, other.attempt, wells('B1'))
    await removeJob(yard.deps, yard.office, 'wells-nightly')
    await expect(
      keepAttempt(yard.deps, ALPHA, attempt, { state: 'uploading', records: 1, bytes: 1, bytesOf: 1 }),
    ).rejects.toMatchObject({ code: 'JOB_LOST' })
    await yard.river.drain()
    expect(await yard.attempt(other.attempt)).toMatchObject({ state: 'done' })
    expect(await yard.attempt(attempt)).toMatchObject({ state: 'cancelled', reason: 'The job was removed.' })
  })

  test('a job of all partners is for those with an agent that may submit', async () => {
    await yard.job({ partners: null })
    expect((await runJob(yard, null)).map(({ partner }) => partner)).toEqual(['alpha', 'beta'])
  })
})

describe('a loaded node', () => {
  test('defers what partners started to the window, and lets all other work pass', async () => {
    const database = testDatabases()[0]
    if (database === undefined) throw new Error('no database')
    const yard = await openYard(await database.open(), { loadedAttempts: 1 })
    try {
      const ownStart = { hours: null, perDayMax: 9, atOnceMax: 9 }
      await yard.job({ partners: ['alpha', 'beta'], ownStart, window: { from: '22:00', until: '05:00' } })
      yard.at('2026-03-02T20:00:00Z')
      await runNow(yard.deps, yard.office, { job: 'wells-nightly', partner: 'alpha', force: false })
      await yard.turn()
      const taken = await yard.take(ALPHA)
      await startOwn(yard.deps, { account: BETA.account, partner: 'beta', name: BETA.login }, 'wells-nightly')
      await yard.turn()
      expect((await yard.runs()).find(({ origin }) => origin === 'partner')).toMatchObject({
        state: 'scheduled',
        nextAt: '2026-03-03T06:00:00.000Z',
        reason:
          'Deferred to the window, 22:00-05:00: the node is loaded (submissions: 0, attempts under way: 1).',
      })
      await yard.upload(ALPHA, taken.attempt, wells('A1'))
      await yard.river.drain()
      yard.at('2026-03-03T06:00:00Z')
      await yard.turn()
      expect(await yard.take(BETA)).toMatchObject({ origin: 'partner' })
    } finally {
      await yard.close()
    }
  }, 60_000)
})
