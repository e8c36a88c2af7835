import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { keepAttempt } from '../../src/run/jobs/agent-calls.ts'
import { noteFailure } from '../../src/run/jobs/agent-results.ts'
import { beginUpload, completeUpload } from '../../src/run/jobs/uploads.ts'
import { testDatabases } from '../database.ts'
import { ALPHA, ALPHA_TWO, announced, clearYard, openYard, runJob, wells, type Yard } from './yard.ts'

const NIGHTLY = { cron: '30 1 * * *' }
/** 01:30 in Los Angeles. */
const NIGHT = '2026-03-03T09:30:00Z'

describe.each(testDatabases())('attempts that do not go well on the $name', ({ open }) => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard(await open())
  }, 60_000)
  afterAll(() => yard.close())
  beforeEach(() => clearYard(yard))

  test('a failure is retried at the interval; after the limit the next occurrence still runs', async () => {
    await yard.job(NIGHTLY)
    yard.at(NIGHT)
    await yard.turn()
    for (let number = 1; number <= 3; number += 1) {
      const { attempt, number: told } = await yard.take(ALPHA)
      expect(told).toBe(number)
      const failure = {
        code: 'SOURCE_AWAY',
        message: 'The database refuses.',
        log: 'try 1\n',
        records: 5,
        at: NIGHT,
      }
      await noteFailure(yard.deps, ALPHA, attempt, failure)
      expect(await yard.attempt(attempt)).toMatchObject({ state: 'failed', code: 'SOURCE_AWAY', records: 5 })
      expect((await yard.attempt(attempt)).errorLog).toMatch(/^[0-9a-f]{64}$/)
      const [run] = await yard.runs()
      if (number === 3) break
      expect(run).toMatchObject({ state: 'scheduled', reason: 'The database refuses.' })
      await yard.pass(19)
      expect(await yard.ask(ALPHA)).toBeNull()
      await yard.pass(1)
    }
    expect(await yard.runs()).toMatchObject([{ state: 'failed', attempts: 3, nextAt: null }])
    expect(await yard.alerts()).toMatchObject([
      { kind: 'limit', times: 3, resolvedAt: null, code: 'SOURCE_AWAY' },
    ])
    yard.at('2026-03-04T09:30:00Z')
    await yard.turn()
    await yard.upload(ALPHA, (await yard.take(ALPHA)).attempt, wells('A1'))
    await yard.river.drain()
    expect(await yard.alerts()).toMatchObject([{ kind: 'limit', resolvedAt: expect.any(String) }])
  })

  test('an attempt that nobody takes, one whose agent falls silent and one whose file is late time out', async () => {
    await yard.job()
    await runJob(yard)
    await yard.turn()
    await yard.pass(60)
    expect(await yard.attempts()).toMatchObject([{ state: 'timed-out', code: 'NOT_TAKEN' }])
    await yard.pass(20)
    await yard.take(ALPHA)
    await yard.pass(2)
    expect(await yard.attempts()).toMatchObject([
      { state: 'timed-out', code: 'AGENT_SILENT' },
      { code: 'NOT_TAKEN' },
    ])
    await yard.pass(20)
    const { attempt } = await yard.take(ALPHA)
    for (let minute = 0; minute < 60; minute += 1) {
      await keepAttempt(yard.deps, ALPHA, attempt, {
        state: 'extracting',
        records: minute,
        bytes: 1,
        bytesOf: null,
      })
      await yard.pass(1)
    }
    expect(await yard.attempt(attempt)).toMatchObject({ state: 'timed-out', code: 'FILE_LATE', records: 59 })
    expect(await yard.runs()).toMatchObject([{ state: 'timed-out', attempts: 3 }])
    expect(await yard.alerts()).toMatchObject([{ kind: 'limit', times: 3 }])
  })

  test('a late file is taken as long as no newer attempt has begun, and refused then', async () => {
    await yard.job()
    await runJob(yard)
    await yard.turn()
    const late = await yard.take(ALPHA)
    await yard.pass(2)
    expect(await yard.attempt(late.attempt)).toMatchObject({ state: 'timed-out' })
    // The next one is offered, and not begun.
    await yard.pass(20)
    expect(await yard.runs()).toMatchObject([{ state: 'offered', attempts: 2 }])
    await yard.upload(ALPHA, late.attempt, wells('A1'))
    await yard.river.drain()
    expect(await yard.attempts()).toMatchObject([
      { state: 'cancelled' },
      { state: 'done', code: null, reason: null },
    ])
    expect(await yard.runs()).toMatchObject([{ state: 'done' }])
    expect(await yard.ask(ALPHA_TWO)).toBeNull()
    expect(await yard.alerts()).toMatchObject([{ resolvedAt: expect.any(String) }])

    await runJob(yard)
    await yard.turn()
    const lost = await yard.take(ALPHA)
    await yard.pass(2)
    await yard.pass(20)
    const newer = await yard.take(ALPHA_TWO)
    const offer = announced(wells('A2'))
    await expect(beginUpload(yard.deps, ALPHA, lost.attempt, offer)).rejects.toMatchObject({
      code: 'JOB_LOST',
    })
    await expect(completeUpload(yard.deps, ALPHA, newer.attempt)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    // Its log still tells why.
    const failure = { code: 'SOURCE_LOST', message: 'Connection reset.', log: 'x', records: 1, at: NIGHT }
    await noteFailure(yard.deps, ALPHA, lost.attempt, failure)
    expect(await yard.attempt(lost.attempt)).toMatchObject({
      state: 'timed-out',
      code: 'SOURCE_LOST',
      reason: 'Connection reset.',
    })
    expect(await yard.attempt(newer.attempt)).toMatchObject({ state: 'taken' })
  })

  test('a late error log changes the reason of its session, its run and its alert', async () => {
    await yard.job()
    await runJob(yard)
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    await yard.pass(2)
    const failure = { code: 'DISK_FULL', message: 'No room\0 left.', log: 'df\n', records: 7, at: NIGHT }
    await noteFailure(yard.deps, ALPHA, attempt, failure)
    await noteFailure(yard.deps, ALPHA, attempt, failure)
    expect(await yard.attempt(attempt)).toMatchObject({ state: 'timed-out', code: 'DISK_FULL', records: 7 })
    expect(await yard.runs()).toMatchObject([{ state: 'scheduled', reason: 'No room� left.' }])
    expect(await yard.alerts()).toMatchObject([{ code: 'DISK_FULL', message: 'No room� left.', times: 1 }])
  })

  test('time in which no node ran is given back to agents', async () => {
    await yard.job()
    await runJob(yard)
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    yard.down('2026-03-02T12:00:00Z')
    await yard.restart()
    expect(await yard.attempt(attempt)).toMatchObject({
      state: 'taken',
      arriveBy: '2026-03-02T13:00:00.000Z',
    })
    await keepAttempt(yard.deps, ALPHA, attempt, { state: 'extracting', records: 1, bytes: 1, bytesOf: null })
  })

  test('a newer occurrence takes the place of one that still waits, and tells', async () => {
    await yard.job({ cron: '0 * * * *', arriveMinutes: 600 })
    yard.at('2026-03-02T09:00:00Z')
    await yard.turn()
    yard.at('2026-03-02T10:00:00Z')
    await yard.turn()
    expect(await yard.runs()).toMatchObject([{ state: 'offered' }, { state: 'timed-out' }])
    expect(await yard.alerts()).toMatchObject([{ code: 'NOT_TAKEN' }])
  })

  test('alerts are mailed once to the contacts of the centre, those that come together in one mail', async () => {
    await yard.db.transact((tx) =>
      tx.rows(
        sql`insert into contact (partner, exchange, address, frequency) values ('centre', '*', 'ops@example.org', 'daily')`,
      ),
    )
    await yard.job({ partners: ['alpha', 'beta'], retryLimit: 0 })
    await runJob(yard, null)
    await yard.turn()
    await yard.pass(60)
    await yard.pass(1)
    await yard.pass(1)
    const mails = await yard.db.transact((tx) =>
      tx.rows<{ subject: string; text_body: string }>(sql`select subject, text_body from mail`),
    )
    expect(mails).toMatchObject([{ subject: '2 jobs did not go well' }])
    expect(mails[0]?.text_body).toMatch(/wells-nightly, alpha .*failed for the last time/)
  })
})
