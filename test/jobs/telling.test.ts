import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { noteFailure } from '../../src/run/jobs/agent-results.ts'
import { listAgents } from '../../src/store/agents.ts'
import { listSessions, listTrends } from '../../src/store/sessions.ts'
import { testDatabases } from '../database.ts'
import { ALPHA, clearYard, openYard, runJob, wells, type Yard } from './yard.ts'

/** 01:30 in Los Angeles. */
const NIGHT = '2026-03-03T09:30:00Z'

describe.each(testDatabases())('what is told of jobs on the $name', ({ open }) => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard(await open())
  }, 60_000)
  afterAll(() => yard.close())
  beforeEach(() => clearYard(yard))

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
    await runJob(yard)
    await yard.turn()
    await yard.upload(ALPHA, (await yard.take(ALPHA)).attempt, wells('A1', 'A2'))
    await yard.river.drain()
    await yard.pass(1)
    await yard.river.send(wells('A1', 'A3'))
    await yard.pass(1)
    await runJob(yard)
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

  test('what people and agents do is in the audit log', async () => {
    await yard.job()
    await runJob(yard)
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
