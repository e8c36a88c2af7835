import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { keepAttempt } from '../../src/run/jobs/agent-calls.ts'
import { noteFailure } from '../../src/run/jobs/agent-results.ts'
import {
  pauseJob,
  removeJob,
  resumeJob,
  runNow,
  saveCalendar,
  startOwn,
  stopRun,
} from '../../src/run/jobs/office.ts'
import { appendUpload, beginUpload, completeUpload } from '../../src/run/jobs/uploads.ts'
import { cancel } from '../../src/run/release.ts'
import { listAgents } from '../../src/store/agents.ts'
import { placeInQueue } from '../../src/store/runs.ts'
import { listSessions, listTrends } from '../../src/store/sessions.ts'
import { testDatabases } from '../database.ts'
import { ALPHA, ALPHA_TWO, announced, BETA, once, openYard, wells, type Yard } from './yard.ts'

const NIGHTLY = { cron: '30 1 * * *' }
/** 01:30 in Los Angeles. */
const NIGHT = '2026-03-03T09:30:00Z'

describe.each(testDatabases())('jobs on the $name', ({ open }) => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard(await open())
  }, 60_000)
  afterAll(() => yard.close())
  beforeEach(async () => {
    await yard.db.transact((tx) =>
      tx.rows(sql`
        truncate attempt, run, job, calendar, alert, agent, audit_entry, record, history, finding, submission, segment, survey,
                 task, mail, contact cascade`),
    )
    yard.at('2026-03-02T08:00:00Z')
    await yard.turn()
  })

  const now = (partner: string | null = 'alpha', job = 'wells-nightly', force = false) =>
    runNow(yard.deps, yard.office, { job, partner, force })

  test('a scheduled run is offered, taken, uploaded, processed and done, with the time of each state', async () => {
    await yard.job(NIGHTLY)
    expect(await yard.ask(ALPHA)).toBeNull()
    yard.at(NIGHT)
    await yard.turn()
    expect(await yard.runs()).toMatchObject([
      { state: 'offered', origin: 'schedule', dueAt: '2026-03-03T09:30:00.000Z' },
    ])
    const taken = await yard.take(ALPHA)
    expect(taken).toMatchObject({
      state: 'taken',
      number: 1,
      since: null,
      account: 'alpha-agent',
      extract: 'changes',
    })
    expect(await yard.ask(ALPHA_TWO)).toBeNull()
    await yard.pass(1)
    await keepAttempt(yard.deps, ALPHA, taken.attempt, {
      state: 'extracting',
      records: 2,
      bytes: 10,
      bytesOf: null,
    })
    await yard.pass(1)
    const tracking = await yard.upload(ALPHA, taken.attempt, wells('A1', 'A2', 'A3'), 'm-1')
    expect(await yard.attempt(taken.attempt)).toMatchObject({
      state: 'received',
      tracking,
      marker: 'm-1',
      records: 3,
    })
    await yard.river.drain()
    const done = await yard.attempt(taken.attempt)
    expect(done).toMatchObject({
      state: 'done',
      offeredAt: '2026-03-03T09:30:00.000Z',
      takenAt: '2026-03-03T09:30:00.000Z',
      extractingAt: '2026-03-03T09:31:00.000Z',
      uploadingAt: '2026-03-03T09:32:00.000Z',
      receivedAt: '2026-03-03T09:32:00.000Z',
      closedAt: '2026-03-03T09:32:00.000Z',
    })
    expect(await yard.runs()).toMatchObject([{ state: 'done', attempts: 1 }])
    expect(await yard.river.submission(tracking)).toMatchObject({ channel: 'agent', counts: { created: 3 } })

    yard.at('2026-03-04T09:30:00Z')
    await yard.turn()
    expect(await yard.take(ALPHA)).toMatchObject({ since: 'm-1' })
  })

  test('the same bytes again are a session of their own, judged against what is stored now', async () => {
    await yard.job()
    const trackings: string[] = []
    for (let count = 0; count < 2; count += 1) {
      await now()
      await yard.turn()
      trackings.push(await yard.upload(ALPHA, (await yard.take(ALPHA)).attempt, wells('A1')))
      await yard.river.drain()
    }
    expect(new Set(trackings).size).toBe(2)
    expect((await yard.river.submission(trackings[1] ?? '')).counts).toMatchObject({
      created: 0,
      unchanged: 1,
    })
  })

  test('completing an upload twice gives one submission', async () => {
    await yard.job()
    await now()
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    const first = await yard.upload(ALPHA, attempt, wells('A1'))
    expect(await completeUpload(yard.deps, ALPHA, attempt)).toBe(first)
    await yard.river.drain()
    expect(await completeUpload(yard.deps, ALPHA, attempt)).toBe(first)
    expect(await beginUpload(yard.deps, ALPHA, attempt, announced(wells('A1')))).toBe(wells('A1').length)
    // A word about its progress that was on its way meanwhile is no reason to give up.
    await keepAttempt(yard.deps, ALPHA, attempt, { state: 'uploading', records: 1, bytes: 1, bytesOf: 1 })
  })

  test('an upload goes on where it broke off, begins anew with another hash, and is refused with a wrong one', async () => {
    await yard.job()
    await now()
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    const text = wells('A1', 'A2')
    const half = text.slice(0, 20)
    await beginUpload(yard.deps, ALPHA, attempt, announced(text))
    expect(await appendUpload(yard.deps, ALPHA, attempt, { offset: 0, bytes: once(half) })).toBe(20)
    await yard.restart()
    expect(await beginUpload(yard.deps, ALPHA, attempt, announced(text))).toBe(20)
    await expect(
      appendUpload(yard.deps, ALPHA, attempt, { offset: 0, bytes: once(half) }),
    ).rejects.toMatchObject({ offset: 20 })
    await expect(completeUpload(yard.deps, ALPHA, attempt)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await appendUpload(yard.deps, ALPHA, attempt, { offset: 20, bytes: once('x'.repeat(text.length - 20)) })
    await expect(completeUpload(yard.deps, ALPHA, attempt)).rejects.toMatchObject({
      code: 'UPLOAD_HASH_WRONG',
    })
    expect(await beginUpload(yard.deps, ALPHA, attempt, announced(text))).toBe(0)
    const other = wells('A3')
    expect(await beginUpload(yard.deps, ALPHA, attempt, announced(other))).toBe(0)
    await expect(
      appendUpload(yard.deps, ALPHA, attempt, { offset: 0, bytes: once(`${other} `) }),
    ).rejects.toMatchObject({ code: 'TOO_LARGE' })
    const tracking = await yard.upload(ALPHA, attempt, wells('A4'))
    await yard.river.drain()
    expect((await yard.river.submission(tracking)).counts.created).toBe(1)
  })

  test('a large upload lies among the documents, and a kill before it is registered loses nothing', async () => {
    await yard.job()
    await now()
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    const text = wells(...Array.from({ length: 4000 }, (_, index) => `L${index}`))
    await beginUpload(yard.deps, ALPHA, attempt, announced(text))
    await appendUpload(yard.deps, ALPHA, attempt, { offset: 0, bytes: once(text) })
    // What completing does first, and no more.
    await yard.deps.uploads.finish(attempt, announced(text).sha256)
    await yard.restart()
    const tracking = await completeUpload(yard.deps, ALPHA, attempt)
    await yard.river.drain()
    expect((await yard.river.submission(tracking)).counts).toMatchObject({ received: 4000, created: 4000 })
  })

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
    await now()
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
    await now()
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

    await now()
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
    await now()
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

  test('an agent whom the answer did not reach gets the same attempt again, and another agent does not', async () => {
    await yard.job()
    await now()
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    await yard.restart()
    expect(await yard.ask(ALPHA_TWO)).toBeNull()
    expect(await yard.take(ALPHA)).toMatchObject({ attempt, number: 1 })
    await keepAttempt(yard.deps, ALPHA, attempt, {
      state: 'extracting',
      records: 0,
      bytes: 0,
      bytesOf: null,
    })
    expect(await yard.ask(ALPHA)).toBeNull()
  })

  test('one partner is never extracted twice at once, by whichever agent or job', async () => {
    await yard.job()
    await yard.job({ job: 'wells-full', extract: 'full', priority: 200 })
    await now()
    await now('alpha', 'wells-full')
    await yard.turn()
    const results = await Promise.all([yard.ask(ALPHA), yard.ask(ALPHA_TWO)])
    const got = results.filter((one) => one !== null)
    expect(got).toMatchObject([{ job: 'wells-full', since: null }])
    const { attempt, account } = got[0] ?? { attempt: '', account: '' }
    const agent = account === ALPHA.login ? ALPHA : ALPHA_TWO
    const tracking = await yard.upload(agent, attempt, wells('A1'))
    expect(await yard.ask(ALPHA)).toBeNull()
    await yard.river.drain()
    expect(await yard.river.submission(tracking)).toMatchObject({ scope: 'refresh', state: 'completed' })
    expect(await yard.take(ALPHA)).toMatchObject({ job: 'wells-nightly' })
  })

  test('a full extract that would delete too much is held, and what a person says of it ends the attempt', async () => {
    await yard.job({ extract: 'full' })
    const many = Array.from({ length: 20 }, (_, index) => `H${index}`)
    await now()
    await yard.turn()
    await yard.upload(ALPHA, (await yard.take(ALPHA)).attempt, wells(...many))
    await yard.river.drain()
    await now()
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    const tracking = await yard.upload(ALPHA, attempt, wells('H1', 'H2'))
    await yard.river.drain()
    expect(await yard.attempt(attempt)).toMatchObject({
      state: 'processing',
      reason: expect.stringMatching(/^Held for a person/),
    })
    await now()
    await yard.turn()
    expect((await yard.runs()).find(({ state }) => state === 'scheduled')).toMatchObject({
      reason: expect.stringMatching(/^Waits for attempt .*Held/),
    })
    await cancel(yard.river.deps, tracking, 'The wrong view.')
    expect(await yard.attempt(attempt)).toMatchObject({ state: 'cancelled', reason: 'The wrong view.' })
    await yard.pass(1)
    expect(await yard.take(ALPHA)).toMatchObject({ number: 1 })
  })

  test('a file that cannot be read fails its attempt, which is tried again', async () => {
    await yard.job()
    await now()
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    await yard.upload(ALPHA, attempt, '[{"Number": "A1", ')
    await yard.river.drain()
    expect(await yard.attempt(attempt)).toMatchObject({ state: 'failed', code: 'FILE_REFUSED' })
    expect(await yard.runs()).toMatchObject([{ state: 'scheduled' }])
  })

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

  test('time in which no node ran is given back to agents', async () => {
    await yard.job()
    await now()
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
    await expect(now('alpha', 'wells-nightly')).resolves.toMatchObject([{ state: 'offered' }])
    yard.at('2026-03-03T20:00:00Z')
    await yard.turn()
    await expect(now()).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
      message: expect.stringMatching(/Primary freeze/),
    })
    expect(await now('alpha', 'wells-nightly', true)).toMatchObject([{ origin: 'now' }])
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
    const [centre] = await now('beta')
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
    await expect(now()).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' })
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
    await now(null)
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
    expect((await now(null)).map(({ partner }) => partner)).toEqual(['alpha', 'beta'])
  })

  test('what agents tell of themselves is written once for many questions', async () => {
    for (let count = 0; count < 5; count += 1) await yard.ask(ALPHA)
    await yard.turn()
    expect(await yard.db.transact((tx) => listAgents(tx, null))).toMatchObject([
      {
        login: 'alpha-agent',
        partner: 'alpha',
        version: '1.0.0',
        health: { ok: true },
        batches: [{ exchange: 'wells' }],
      },
    ])
  })

  test('sessions tell of attempts and of other submissions; trends sum them up', async () => {
    await yard.job()
    await now()
    await yard.turn()
    await yard.upload(ALPHA, (await yard.take(ALPHA)).attempt, wells('A1', 'A2'))
    await yard.river.drain()
    await yard.pass(1)
    await yard.river.send(wells('A1', 'A3'))
    await yard.pass(1)
    await now()
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    await noteFailure(yard.deps, ALPHA, attempt, {
      code: 'X',
      message: 'No.',
      log: '',
      records: 0,
      at: NIGHT,
    })
    const all = {
      partners: null,
      partner: null,
      exchange: null,
      realm: null,
      kind: null,
      result: null,
      job: null,
      from: null,
      until: null,
    } as const
    const list = (
      filter: object,
      page = { limit: 10, before: null as { at: string; session: string } | null },
    ) => yard.db.transact((tx) => listSessions(tx, { ...all, ...filter }, page))
    const sessions = await list({})
    expect(sessions).toMatchObject([
      {
        kind: 'attempt',
        result: 'failed',
        code: 'X',
        received: 0,
        job: 'wells-nightly',
        account: 'alpha-agent',
      },
      { kind: 'submission', result: 'done', received: 2, accepted: 2, created: 1, unchanged: 1, job: null },
      { kind: 'attempt', result: 'done', received: 2, created: 2, rejected: 0, seconds: 0 },
    ])
    const [first] = sessions
    const rest = await list({}, { limit: 1, before: { at: first?.at ?? '', session: first?.session ?? '' } })
    expect(rest).toMatchObject([{ kind: 'submission' }])
    expect(await list({ kind: 'attempt', result: 'failed' })).toHaveLength(1)
    expect(await list({ partners: ['beta'] })).toEqual([])
    const trends = await yard.db.transact((tx) =>
      listTrends(tx, all, { by: 'month', zone: 'America/Los_Angeles', limit: 100 }),
    )
    expect(trends).toMatchObject([
      {
        period: '2026-03-01',
        partner: 'alpha',
        sessions: 3,
        done: 2,
        failed: 1,
        received: 4,
        created: 3,
        unchanged: 1,
      },
    ])
  })

  test('alerts are mailed once to the contacts of the centre, those that come together in one mail', async () => {
    await yard.db.transact((tx) =>
      tx.rows(
        sql`insert into contact (partner, exchange, address, frequency) values ('centre', '*', 'ops@example.org', 'daily')`,
      ),
    )
    await yard.job({ partners: ['alpha', 'beta'], retryLimit: 0 })
    await now(null)
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

  test('what people and agents do is in the audit log', async () => {
    await yard.job()
    await now()
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    await yard.upload(ALPHA, attempt, wells('A1'))
    await yard.river.drain()
    const lines = await yard.db.transact((tx) =>
      tx.rows<{ action: string; account: string | null }>(
        sql`select action, account from audit_entry order by entry`,
      ),
    )
    expect(lines.map(({ action }) => action)).toEqual([
      'job made',
      'job run now',
      'attempt offered',
      'attempt taken',
      'attempt uploading',
      'attempt received',
      'attempt processing',
      'attempt done',
    ])
    expect(lines[3]?.account).toBe(ALPHA.account)
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
      expect((await yard.runs())[0]).toMatchObject({
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
