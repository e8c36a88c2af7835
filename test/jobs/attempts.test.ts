import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keepAttempt } from '../../src/run/jobs/agent-calls.ts'
import { appendUpload, beginUpload, completeUpload } from '../../src/run/jobs/uploads.ts'
import { cancel } from '../../src/run/release.ts'
import { testDatabases } from '../database.ts'
import { ALPHA, ALPHA_TWO, announced, clearYard, once, openYard, runJob, wells, type Yard } from './yard.ts'

const NIGHTLY = { cron: '30 1 * * *' }
/** 01:30 in Los Angeles. */
const NIGHT = '2026-03-03T09:30:00Z'

describe.each(testDatabases())('attempts on the $name', ({ open }) => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard(await open())
  }, 60_000)
  afterAll(() => yard.close())
  beforeEach(() => clearYard(yard))

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
      await runJob(yard)
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
    await runJob(yard)
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
    await runJob(yard)
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
    await runJob(yard)
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

  test('an agent whom the answer did not reach gets the same attempt again, and another agent does not', async () => {
    await yard.job()
    await runJob(yard)
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
    await runJob(yard)
    await runJob(yard, 'alpha', 'wells-full')
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
    await runJob(yard)
    await yard.turn()
    await yard.upload(ALPHA, (await yard.take(ALPHA)).attempt, wells(...many))
    await yard.river.drain()
    await runJob(yard)
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    const tracking = await yard.upload(ALPHA, attempt, wells('H1', 'H2'))
    await yard.river.drain()
    expect(await yard.attempt(attempt)).toMatchObject({
      state: 'processing',
      reason: expect.stringMatching(/^Held for a person/),
    })
    await runJob(yard)
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
    await runJob(yard)
    await yard.turn()
    const { attempt } = await yard.take(ALPHA)
    await yard.upload(ALPHA, attempt, '[{"Number": "A1", ')
    await yard.river.drain()
    expect(await yard.attempt(attempt)).toMatchObject({ state: 'failed', code: 'FILE_REFUSED' })
    expect(await yard.runs()).toMatchObject([{ state: 'scheduled' }])
  })
})
