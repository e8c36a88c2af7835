import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { isFault } from '../../src/fault/fault.ts'
import { claimTask, finishTask } from '../../src/job/queue.ts'
import { keepAttempt } from '../../src/run/jobs/agent-calls.ts'
import { attemptResult, noteFailure } from '../../src/run/jobs/agent-results.ts'
import { runNow } from '../../src/run/jobs/office.ts'
import { processSubmission } from '../../src/run/process.ts'
import { testDatabases } from '../database.ts'
import { expectBalance } from '../flow/balance.ts'
import { ALPHA, openYard, wells, type Yard } from '../jobs/yard.ts'

/** STEPS=all ends the node at every step; otherwise at some of them, others each time. */
const thorough = process.env.STEPS === 'all'

/** The node is gone: nothing after this point happens. */
class Gone extends Error {}

/** A database whose node ends right after the commit of its nth transaction. */
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

/** An agent as it is after its own restart: it knows the attempt it was given, if the answer reached it. */
interface AgentState {
  attempt: string | null
  confirmed: boolean
  /** Its first try fails, as when the county's database is away. */
  fails: boolean
}

/** Everything that happens to a job until its run is over, by agent and node together; true when it is. */
async function goOn(yard: Yard, agent: AgentState, db: Database): Promise<boolean> {
  await yard.turn()
  agent.attempt ??= (await yard.ask(ALPHA))?.attempt ?? null
  if (agent.attempt !== null && !agent.confirmed) await work(yard, agent, agent.attempt)
  await drain(yard, db)
  if (agent.attempt === null || !agent.confirmed) return false
  return (await attemptResult(yard.deps, ALPHA, agent.attempt)).state === 'done'
}

async function work(yard: Yard, agent: AgentState, attempt: string): Promise<void> {
  try {
    await keepAttempt(yard.deps, ALPHA, attempt, {
      state: 'extracting',
      records: 1,
      bytes: 10,
      bytesOf: null,
    })
    if (agent.fails) {
      const failure = {
        code: 'SOURCE_AWAY',
        message: 'Away.',
        log: 'log\n',
        records: 0,
        at: '2026-03-02T08:00:00Z',
      }
      await noteFailure(yard.deps, ALPHA, attempt, failure)
      Object.assign(agent, { attempt: null, fails: false })
      return
    }
    await yard.upload(ALPHA, attempt, FILE, 'm-1')
    agent.confirmed = true
  } catch (error) {
    if (!isFault(error, 'JOB_LOST')) throw error
    agent.attempt = null
    agent.fails = false
  }
}

const FILE = wells(...Array.from({ length: 30 }, (_, index) => `K${index}`))

async function drain(yard: Yard, db: Database): Promise<void> {
  for (;;) {
    const task = await db.transact((tx) => claimTask(tx, ['submission'], 30))
    if (task === null) return
    await processSubmission({ ...yard.river.deps, db }, task)
    await db.transact((tx) => finishTask(tx, task))
  }
}

describe.each(testDatabases())('on the $name', ({ name, open }) => {
  let yard: Yard
  beforeAll(async () => {
    yard = await openYard(await open())
  }, 60_000)
  afterAll(() => yard.close())
  beforeEach(() => clear(yard))

  const stride = thorough ? 1 : name === 'PostgreSQL' ? 9 : 8
  const first = 1 + (Date.now() % stride)

  test.each([{ fails: false }, { fails: true }])(
    'a node that is ended at any step of an attempt (fails first: $fails) ends with one delivery and true sessions',
    async ({ fails }) => {
      for (let nth = first; ; nth += stride) {
        await clear(yard)
        const ended = await play(yard, nth, fails)
        await expectOneDelivery(yard, `ended after step ${nth} (STEPS=all tries each)`)
        if (!ended) return
      }
    },
    240_000,
  )
})

async function clear(yard: Yard): Promise<void> {
  await yard.db.transact((tx) =>
    tx.rows(sql`
      truncate attempt, run, job, alert, agent, audit_entry, record, history, finding, submission, segment, survey, task,
               mail, book restart identity cascade`),
  )
  yard.at('2026-03-02T08:00:00Z')
}

/** Plays the story on a node that ends after its nth transaction, then on another. False: it came to its end before. */
async function play(yard: Yard, nth: number, fails: boolean): Promise<boolean> {
  await yard.restart()
  await yard.job({ retryLimit: 10 })
  await runNow(yard.deps, yard.office, { job: 'wells-nightly', partner: 'alpha', force: false })
  const agent: AgentState = { attempt: null, confirmed: false, fails }
  const ending = endingAt(yard.db, nth)
  let ended = false
  try {
    await yard.restart(ending)
    for (let turn = 0; !(await goOn(yard, agent, ending)); turn += 1) {
      if (turn > 50) throw new Error('it never ends')
      await yard.pass(turn < 3 ? 0.1 : 5)
    }
  } catch (error) {
    if (!(error instanceof Gone)) throw error
    ended = true
  }
  await yard.restart()
  await yard.db.transact((tx) => tx.rows(sql`update task set leased_until = null`))
  for (let turn = 0; !(await goOn(yard, agent, yard.db)); turn += 1) {
    if (turn > 50)
      throw new Error(`it never ends: ${JSON.stringify([await yard.runs(), await yard.attempts()])}`)
    await yard.pass(5)
  }
  return ended
}

/** What holds however it came about. */
async function expectOneDelivery(yard: Yard, told: string): Promise<void> {
  const read = <R>(statement: ReturnType<typeof sql>) => yard.db.transact((tx) => tx.rows<R>(statement))
  const submissions = await read<{ tracking: string }>(sql`select tracking from submission`)
  expect(submissions, told).toHaveLength(1)
  const submission = await yard.river.submission(submissions[0]?.tracking ?? '')
  expect(submission.counts, told).toMatchObject({ received: 30, created: 30 })
  await expectBalance(yard.river, yard.river.deps.definitions.get('wells'), submission)
  const attempts = await yard.attempts()
  const done = attempts.filter(({ state }) => state === 'done')
  expect(done, told).toMatchObject([
    { tracking: submission.tracking, marker: 'm-1', code: null, reason: null },
  ])
  for (const attempt of attempts) {
    expect(attempt.closedAt, told).not.toBeNull()
    if (attempt.state === 'failed' || attempt.state === 'timed-out')
      expect(attempt.reason, told).not.toBeNull()
  }
  expect(await yard.runs(), told).toMatchObject([{ state: 'done', reason: null, nextAt: null }])
  for (const alert of await yard.alerts()) expect(alert.resolvedAt, told).not.toBeNull()
  expect(await read(sql`select 1 from task`), told).toEqual([])
}
