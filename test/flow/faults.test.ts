import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { claimTask, finishTask, renewLease, type Task } from '../../src/job/queue.ts'
import { createJudgePool, type JudgePool, POOL_LIMITS } from '../../src/judge/pool.ts'
import { processSubmission } from '../../src/run/process.ts'
import { startWorker } from '../../src/run/worker.ts'
import { createDocumentFolder, sweepIncoming } from '../../src/store/documents.ts'
import { newPostgresUrl, testDatabases } from '../database.ts'
import { startPostgres } from '../servers/postgres.ts'
import { allFindings, expectBalance, expectSoundBooks } from './balance.ts'
import { judgeHere, openRiver, type River } from './river.ts'
import { callWell, loadWells, makeWells, wellFile } from './wells.ts'

/** Numbers of this process's own judging processes. */
function judges(): number[] {
  const text = execFileSync('ps', ['-o', 'pid=,ppid=,args=', '-e']).toString()
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => parent === String(process.pid) && args.join(' ').includes('judge/child'))
    .map(([pid]) => Number(pid))
}

function killJudges(): void {
  for (const pid of judges()) process.kill(pid, 'SIGKILL')
}

async function claim(db: Database): Promise<Task> {
  const task = await db.transact((tx) => claimTask(tx, ['submission'], 30))
  if (task === null) throw new Error('there is a task')
  return task
}

const expireLeases = (db: Database) =>
  db.transact((tx) => tx.rows(sql`update task set leased_until = now() - interval '1 s'`))

/** A pool whose processes are killed each time they have given so many batches. */
function dyingPool(pool: JudgePool, times: number): JudgePool {
  let left = times
  return {
    ...pool,
    async *judge(definition, source, context) {
      let batches = 0
      for await (const batch of pool.judge(definition, source, context)) {
        yield batch
        batches += 1
        if (batches === 2 && left > 0) {
          left -= 1
          killJudges()
        }
      }
    },
  }
}

describe.each(testDatabases())('faults on the $name', ({ open }) => {
  let wells: Definition
  let river: River
  let db: Database

  beforeAll(async () => {
    wells = await loadWells()
    db = await open()
    river = await openRiver({ ...db, chunkRecordsMax: 200 }, [wells])
  })
  afterAll(async () => {
    await expectSoundBooks(db)
    await river.close()
  })

  test('a judging process that is killed in the middle of a file is replaced, and the file goes on', async () => {
    const file = await wellFile('ndjson', makeWells(6000, { note: 'x'.repeat(200) }))
    const tracking = await river.receive(file, { fileName: 'w.ndjson' })
    const pool = createJudgePool()
    const task = await claim(db)
    await processSubmission({ ...river.deps, pool: dyingPool(pool, 1) }, task)
    await db.transact((tx) => finishTask(tx, task))
    await pool.close()
    const done = await river.submission(tracking)
    expect(done).toMatchObject({ state: 'completed' })
    expect(done.counts).toMatchObject({ received: 6000, created: 6000 })
    await expectBalance(river, wells, done)
  })

  test('a judging process that dies twice at one place ends the file with a finding', async () => {
    const limits = { ...POOL_LIMITS, residentMegabytes: 1 }
    const pool = createJudgePool(limits)
    const tracking = await river.receive(await wellFile('ndjson', makeWells(5)), { fileName: 'w.ndjson' })
    const task = await claim(db)
    const dying: JudgePool = {
      ...pool,
      async *judge(...asked) {
        const killing = sleep(5).then(killJudges)
        try {
          yield* pool.judge(...asked)
        } finally {
          await killing
        }
      },
    }
    await processSubmission({ ...river.deps, pool: dying }, task)
    await db.transact((tx) => finishTask(tx, task))
    await pool.close()
    const done = await river.submission(tracking)
    expect(done.state).toBe('refused')
    expect((await allFindings(db, done)).map((one) => one.code)).toEqual(['FILE_DECODER_DIED'])
    await expectBalance(river, wells, done)
  })

  test('a database that is slow for longer than a judging process may be silent does not cost the process its life', async () => {
    const pool = createJudgePool({ ...POOL_LIMITS, silentMs: 1500 })
    let slow = 0
    const busy: Database = {
      ...river.deps.db,
      async transact(body, scope) {
        slow += 1
        if (slow === 4) await sleep(2000)
        return river.deps.db.transact(body, scope)
      },
    }
    // A warm process, so that only its silence is measured.
    await river.receive(await wellFile('ndjson', makeWells(1)))
    const small = await claim(db)
    await processSubmission({ ...river.deps, pool }, small)
    await db.transact((tx) => finishTask(tx, small))
    const tracking = await river.receive(await wellFile('ndjson', makeWells(900, { note: 'slow' })))
    const task = await claim(db)
    await processSubmission({ ...river.deps, db: busy, pool }, task)
    await db.transact((tx) => finishTask(tx, task))
    await pool.close()
    expect(await river.submission(tracking)).toMatchObject({ state: 'completed' })
  })

  test('a worker that lost its lease writes nothing more, whoever finishes the file', async () => {
    const tracking = await river.receive(await wellFile('ndjson', makeWells(900, { note: 'lease' })))
    const first = await claim(db)
    let chunks = 0
    let second: Task | null = null
    const paused: Database = {
      ...river.deps.db,
      async transact(body, scope) {
        chunks += 1
        // It stands still in the middle of the file; its lease runs out; another takes over and finishes.
        if (chunks === 5) {
          await expireLeases(db)
          second = await claim(db)
          await processSubmission(river.deps, second)
        }
        return river.deps.db.transact(body, scope)
      },
    }
    await expect(processSubmission({ ...river.deps, db: paused }, first)).rejects.toMatchObject({
      code: 'LEASE_LOST',
    })
    expect(await db.transact((tx) => renewLease(tx, first, 30))).toBe(false)
    expect(await db.transact((tx) => finishTask(tx, first))).toBe(false)
    expect(await db.transact((tx) => finishTask(tx, second as unknown as Task))).toBe(true)
    const done = await river.submission(tracking)
    expect(done.counts).toMatchObject({ received: 900 })
    await expectBalance(river, wells, done)
  })

  test('a worker that lost its lease after the survey cannot remove anything', async () => {
    const owner = { partner: 'beta', owner: 'beta' }
    await river.send(await wellFile('ndjson', makeWells(20)), owner)
    const tracking = await river.receive(await wellFile('ndjson', makeWells(17)), {
      ...owner,
      scope: 'refresh',
    })
    const first = await claim(db)
    let count = 0
    const paused: Database = {
      ...river.deps.db,
      async transact(body, scope) {
        count += 1
        // Right before it closes the submission.
        const [row] = await db.transact((tx) =>
          tx.rows<{ phase: string; removed: number }>(
            sql`select phase, removed from submission where tracking = ${tracking}`,
          ),
        )
        if (row?.phase === 'remove' && row.removed === 3 && count > 0) {
          count = -1000
          await expireLeases(db)
          const second = await claim(db)
          await processSubmission(river.deps, second)
          await db.transact((tx) => finishTask(tx, second))
        }
        return river.deps.db.transact(body, scope)
      },
    }
    await expect(processSubmission({ ...river.deps, db: paused }, first)).rejects.toMatchObject({
      code: 'LEASE_LOST',
    })
    const done = await river.submission(tracking)
    expect(done.counts).toMatchObject({ received: 17, unchanged: 17, removed: 3 })
    await expectBalance(river, wells, done)
    const [row] = await db.transact((tx) =>
      tx.rows<{ n: number }>(
        sql`select count(*)::int as n from record join book using (book) where owner = 'beta'`,
      ),
    )
    expect(row?.n).toBe(17)
  })

  test('several workers share the lanes: no book is worked on by two, and each file is done once', async () => {
    const trackings: string[] = []
    for (let round = 0; round < 4; round += 1)
      for (const owner of ['alpha', 'beta', 'gamma', 'delta']) {
        await db.transact((tx) =>
          tx.rows(
            sql`insert into partner (partner, name) values (${owner}, ${owner}) on conflict do nothing`,
          ),
        )
        const wellsNow = makeWells(60, { note: `round ${round}` })
        trackings.push(await river.receive(await wellFile('csv', wellsNow), { partner: owner, owner }))
      }
    const open = new Map<number, string>()
    const clashes: string[] = []
    const watching: Database = {
      ...river.deps.db,
      transact: (body, scope) => river.deps.db.transact(body, scope),
    }
    const here = judgeHere()
    const pool: JudgePool = {
      ...here,
      async *judge(definition, source, context) {
        const key = Number.parseInt(context.partner, 36)
        if (open.has(key)) clashes.push(context.partner)
        open.set(key, context.partner)
        try {
          yield* here.judge(definition, source, context)
        } finally {
          open.delete(key)
        }
      },
    }
    const workers = [1, 2, 3].map(() =>
      startWorker({ ...river.deps, db: watching, pool }, { lanes: 2, leaseSeconds: 30 }),
    )
    await expect
      .poll(async () => (await db.transact((tx) => tx.rows(sql`select 1 from task`))).length, {
        timeout: 30_000,
      })
      .toBe(0)
    await Promise.all(workers.map((worker) => worker.close()))
    expect(clashes).toEqual([])
    for (const tracking of trackings) {
      const done = await river.submission(tracking)
      expect(done.counts.received).toBe(60)
      await expectBalance(river, wells, done)
    }
    const notes = await db.transact((tx) =>
      tx.rows<{ note: string }>(
        sql`select distinct body ->> 'note' as note from record join book using (book) where owner = 'gamma'`,
      ),
    )
    expect(notes, 'the last file of the book stands').toEqual([{ note: 'round 3' }])
  })

  test('a queue that is committed out of order still lets one file of a book run at a time', async () => {
    await river.receive(await wellFile('csv', makeWells(1)), { partner: 'alpha', owner: 'alpha' })
    await river.receive(await wellFile('csv', makeWells(1)), { partner: 'alpha', owner: 'alpha' })
    const rows = await db.transact((tx) =>
      tx.rows<{ task: number }>(sql`select task from task order by task`),
    )
    // The older of the two becomes visible only when the younger is being done.
    await db.transact((tx) =>
      tx.rows(
        sql`update task set lane = 'elsewhere', run_at = now() + interval '1 day' where task = ${rows[0]?.task}`,
      ),
    )
    const younger = await claim(db)
    expect(younger.task).toBe(rows[1]?.task)
    await db.transact((tx) =>
      tx.rows(sql`
      update task set run_at = now(), lane = (select lane from task where task = ${younger.task}) where task = ${rows[0]?.task}`),
    )
    expect(await db.transact((tx) => claimTask(tx, ['submission'], 30))).toBeNull()
    await processSubmission(river.deps, younger)
    await db.transact((tx) => finishTask(tx, younger))
    await river.drain()
    expect(await db.transact((tx) => tx.rows(sql`select 1 from task`))).toEqual([])
  })
})

let stopEndless = false
async function* endless(): AsyncGenerator<Uint8Array> {
  for (let size = 0; !stopEndless; size += 1) {
    yield Buffer.alloc(100_000, 'a')
    if (size > 5) await sleep(5)
  }
}

test('a document that is half received leaves no file, and one that a crash left is swept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'documents-'))
  const documents = createDocumentFolder(folder)
  async function* breaking() {
    yield Buffer.alloc(200_000, 'a')
    throw new Error('the sender hung up')
  }
  await expect(documents.take(breaking(), 2 ** 30)).rejects.toThrow('hung up')
  await expect(documents.take(endless(), 300_000)).rejects.toMatchObject({ code: 'TOO_LARGE' })
  expect(await readdir(join(folder, 'incoming'))).toEqual([])
  const waiting = endless()
  const taking = documents.take(waiting, 2 ** 40)
  taking.catch(() => {})
  await sleep(50)
  expect(await readdir(join(folder, 'incoming'))).toHaveLength(1)
  await sweepIncoming(folder, Date.now() - 60_000)
  expect(await readdir(join(folder, 'incoming'))).toHaveLength(1)
  await sweepIncoming(folder, Date.now() + 1000)
  expect(await readdir(join(folder, 'incoming'))).toEqual([])
  stopEndless = true
  await taking.catch(() => {})
  await rm(folder, { recursive: true, force: true })
})

test('connections that the server ends in the middle of a chunk cost nothing but time', async () => {
  const wells = await loadWells()
  const url = await newPostgresUrl()
  const db = openPostgres(url)
  await migrate(db)
  const river = await openRiver({ ...db, chunkRecordsMax: 50 }, [wells], judgeHere())
  const admin = openPostgres(inject('postgresUrl'))
  const name = new URL(url).pathname.slice(1)
  const tracking = await river.receive(await wellFile('ndjson', makeWells(1500)))
  const worker = startWorker({ ...river.deps, db: river.deps.db }, { lanes: 1, leaseSeconds: 1 })
  let ended = 0
  while (ended < 4 || (await closedAt(river, tracking)) === null) {
    if (ended < 4) {
      await sleep(120)
      const rows = await admin.transact((tx) =>
        tx.rows(sql`
          select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`),
      )
      if (rows.length > 0) ended += 1
    } else await sleep(100)
    worker.wake()
  }
  await worker.close()
  const done = await river.submission(tracking)
  expect(done).toMatchObject({ state: 'completed' })
  expect(done.counts).toMatchObject({ received: 1500, created: 1500 })
  await expectBalance(river, wells, done)
  await expectSoundBooks(db)
  await river.close()
  await admin.close()
}, 60_000)

test('a database server that crashes and comes back: the file goes on, calls meanwhile are told to come again', async () => {
  const wells = await loadWells()
  const server = await startPostgres()
  const db = openPostgres(await server.createDatabase())
  await migrate(db)
  const river = await openRiver({ ...db, chunkRecordsMax: 40 }, [wells], judgeHere())
  const tracking = await river.receive(await wellFile('ndjson', makeWells(1200)))
  const worker = startWorker(river.deps, { lanes: 1, leaseSeconds: 1 })
  await expect
    .poll(async () => (await river.submission(tracking)).checkpoint, { interval: 10 })
    .toBeGreaterThan(0)
  await server.halt()
  await expect(callWell(river, 'alpha', { number: 'C1', state: 'O' })).rejects.toMatchObject({
    code: 'DATABASE_AWAY',
  })
  await expect(river.receive('x')).rejects.toMatchObject({ code: 'DATABASE_AWAY' })
  await sleep(500)
  await server.resume()
  await expect.poll(() => closedAt(river, tracking), { timeout: 20_000 }).not.toBeNull()
  expect((await callWell(river, 'alpha', { number: 'C1', state: 'O' })).outcome).toBe('created')
  await worker.close()
  const done = await river.submission(tracking)
  expect(done.counts).toMatchObject({ received: 1200, created: 1200 })
  await expectBalance(river, wells, done)
  await expectSoundBooks(db)
  await river.close()
  await server.stop()
}, 90_000)

async function closedAt(river: River, tracking: string): Promise<string | null> {
  return (await river.submission(tracking).catch(() => null))?.closedAt ?? null
}
