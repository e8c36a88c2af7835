import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { claimTask, finishTask } from '../../src/job/queue.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { type OneRequest, validateOne } from '../../src/run/one-record.ts'
import { processSubmission } from '../../src/run/process.ts'
import { receive } from '../../src/run/receive.ts'
import { recordHistory } from '../../src/store/records-read.ts'
import { testDatabases } from '../database.ts'
import { expectSoundBooks } from './balance.ts'
import { openRiver, plain, type River } from './river.ts'
import { callWell, loadWells, makeWells, type Well, wellFile } from './wells.ts'

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

describe.each(testDatabases())('single-record calls on the $name', ({ open }) => {
  let wells: Definition
  let strict: Definition
  let patient: Definition
  let ripa: Definition
  let river: River
  let db: Database

  beforeAll(async () => {
    wells = await loadWells()
    strict = await loadWells({ exchange: 'strict', realtime: { interleave: false, waitMs: 300 } })
    patient = await loadWells({ exchange: 'patient', realtime: { interleave: false, waitMs: 60_000 } })
    ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
    db = await open()
    river = await openRiver({ ...db, chunkRecordsMax: 5 }, [wells, ripa, strict, patient])
  })
  afterAll(async () => {
    await expectSoundBooks(db)
    await river.close()
  })

  const call = (well: Well, change: Partial<OneRequest> = {}) => callWell(river, 'alpha', well, change)
  const count = async (table: 'submission' | 'document' | 'record') => {
    const [row] = await db.transact((tx) =>
      tx.rows<{ n: number }>({ text: `select count(*)::int as n from ${table}`, values: [] }),
    )
    return row?.n ?? 0
  }

  test('a call is stored, logged and answered at once', async () => {
    const made = await call({ number: 'R1', state: 'O', depth: '12.50' })
    expect(made).toMatchObject({
      outcome: 'created',
      version: 1,
      key: 'R1',
      status: 'submitted',
      repeated: false,
    })
    expect(made.body).toMatchObject({ number: 'R1', state: 'O' })
    const same = await call({ number: 'R1', state: 'O', depth: '12.50' })
    expect(same).toMatchObject({ outcome: 'unchanged', version: 1, recordId: made.recordId })
    const wrong = await call({ number: 'R1', state: 'Q' })
    expect(wrong).toMatchObject({ outcome: 'updated', version: 2, status: 'submitted-with-errors' })
    expect(wrong.findings.map((one) => one.code)).toEqual(['F002C'])
    expect((await river.log(made.tracking)).length).toBe(1)
  })

  test('calls made at the same time share transactions and each has its own answer', async () => {
    const before = await count('submission')
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        call({ number: `P${index % 40}`, state: index % 7 === 0 ? 'Q' : 'O', note: `n${index}` }),
      ),
    )
    expect(new Set(answers.map((one) => one.tracking)).size).toBe(60)
    expect(answers.slice(0, 40).every((one) => one.outcome === 'created')).toBe(true)
    expect(answers.slice(40).every((one) => one.outcome === 'updated' && one.version === 2)).toBe(true)
    expect(await count('submission')).toBe(before + 60)
  })

  test('a retry with the same idempotency key gets the first answer, whatever was stored since', async () => {
    const key = { idempotencyKey: 'create-k1' }
    const made = await call({ number: 'K1', action: 'N', state: 'O' }, key)
    await call({ number: 'K1', action: 'C', state: 'C' })
    const again = await call({ number: 'K1', action: 'N', state: 'O' }, key)
    expect(again).toEqual({ ...made, repeated: true })
    await expect(call({ number: 'K1', action: 'N', state: 'C' }, key)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  test('a rejected call is repeated with its findings too', async () => {
    const key = { idempotencyKey: 'reject-k1' }
    const refused = await call({ number: 'K2', action: 'C', state: 'O' }, key)
    expect(refused.outcome).toBe('rejected')
    await call({ number: 'K2', action: 'N', state: 'O' })
    expect(await call({ number: 'K2', action: 'C', state: 'O' }, key)).toEqual({ ...refused, repeated: true })
  })

  test('a retried change with If-Match, a retried merge and a retried deletion get their first answer', async () => {
    const made = await call({ number: 'K3', state: 'O', note: 'one' })
    const recordId = made.recordId
    const steps: [string, Partial<OneRequest>][] = [
      [
        'replace',
        {
          operation: 'replace',
          expectedVersion: 1,
          bytes: bytes({ number: 'K3', state: 'C' }),
          names: 'native',
        },
      ],
      ['merge', { operation: 'merge', expectedVersion: 2, bytes: bytes({ note: 'two' }), names: 'native' }],
      ['delete', { operation: 'delete', bytes: bytes({}), names: 'native' }],
    ]
    for (const [name, step] of steps) {
      const request = { ...step, recordId, idempotencyKey: `key-${name}` }
      const first = await call({ number: '' }, request)
      const again = await call({ number: '' }, request)
      expect(again, name).toEqual({ ...first, repeated: true })
      expect(first.outcome, name).toBe(name === 'delete' ? 'deleted' : 'updated')
    }
    const history = await db.transact((tx) => recordHistory(tx, [1, 2, 3, 4], recordId ?? ''))
    expect(history.map((row) => row.version)).toEqual([1, 2, 3, 4])
    const other = await call({ number: 'K4', state: 'O' })
    await expect(
      call({ number: '' }, { ...steps[2]?.[1], recordId: other.recordId, idempotencyKey: 'key-delete' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('the same key sent many times at once is done once', async () => {
    const before = await count('record')
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => call({ number: 'ONCE', state: 'O' }, { idempotencyKey: 'once' })),
    )
    expect(new Set(answers.map((one) => one.tracking)).size).toBe(1)
    expect(answers.filter((one) => !one.repeated)).toHaveLength(1)
    expect(answers.every((one) => one.outcome === 'created')).toBe(true)
    expect(await count('record')).toBe(before + 1)
  })

  test('a document delivered many times at once with one key is one submission', async () => {
    const file = await wellFile('csv', makeWells(4, { note: 'twice' }))
    const before = await count('submission')
    async function* once() {
      yield file
    }
    const send = () =>
      receive(river.deps, { ...plain([wells]), bytes: once(), idempotencyKey: 'document-1' }, 2 ** 20)
    const answers = await Promise.all(Array.from({ length: 8 }, send))
    expect(new Set(answers.map((one) => one.tracking)).size).toBe(1)
    expect(answers.filter((one) => !one.repeated)).toHaveLength(1)
    expect(await count('submission')).toBe(before + 1)
    await expect(river.receive('other', { idempotencyKey: 'document-1' })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await river.drain()
    await expect(call({ number: 'X' }, { idempotencyKey: 'document-1' })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  test('calls run between the chunks of a file of the same book', async () => {
    const tracking = await river.receive(await wellFile('ndjson', makeWells(60, { note: 'file' })))
    const task = await db.transact((tx) => claimTask(tx, ['submission'], 30))
    if (task === null) throw new Error('there is a task')
    const working = processSubmission(river.deps, task)
    const seen: number[] = []
    while ((await river.submission(tracking)).closedAt === null) {
      await call({ number: `BETWEEN-${seen.length}`, state: 'O' })
      seen.push((await river.submission(tracking)).checkpoint)
    }
    await working
    await db.transact((tx) => finishTask(tx, task))
    expect(seen.some((checkpoint) => checkpoint > 0 && checkpoint < 60)).toBe(true)
    expect((await river.submission(tracking)).counts.received).toBe(60)
  })

  test('where calls may not run between chunks, they wait for the file, and no longer than the exchange says', async () => {
    await river.receive(await wellFile('ndjson', makeWells(3)), { exchange: 'strict' })
    const before = await count('submission')
    const refused = await Promise.allSettled(
      [1, 2, 3].map((number) => call({ number: `L${number}`, state: 'O' }, { exchange: 'strict' })),
    )
    expect(refused.map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
      Array(3).fill('LANE_BUSY'),
    )
    expect(await count('submission')).toBe(before)
    const tracking = await river.receive(await wellFile('ndjson', makeWells(3)), { exchange: 'patient' })
    const waiting = call({ number: 'L9', state: 'O' }, { exchange: 'patient' })
    await river.drain()
    expect((await waiting).outcome).toBe('created')
    expect((await river.submission(tracking)).state).toBe('completed')
  })

  test('only the centre deletes a stop; that frees both its keys and keeps its history', async () => {
    const [stop] = [...generateStops({ seed: 9, count: 1, ori: 'CA0000001', firstNumber: 9000 })]
    if (stop === undefined) throw new Error('one stop was made')
    const request: Partial<OneRequest> = { exchange: 'ripa', type: 'stop', bytes: bytes(stopTree(stop)) }
    const made = await call({ number: '' }, request)
    expect(made, JSON.stringify(made.findings)).toMatchObject({
      outcome: 'created',
      statusLabel: 'Successful Submission',
    })
    const twice = await call({ number: '' }, request)
    expect(twice).toMatchObject({ outcome: 'rejected', recordId: null })
    const remove = { ...request, operation: 'delete', recordId: made.recordId, bytes: bytes({}) } as const
    const refused = await call({ number: '' }, remove)
    expect(refused.findings.map((one) => one.code)).toEqual(['OPERATION_NOT_GRANTED'])
    const centre = {
      account: 'c',
      name: 'c',
      partner: 'alpha',
      centre: true,
      kind: 'person',
      realms: ['live'],
      grants: [],
    } as const
    expect(await call({ number: '' }, { ...remove, who: centre })).toMatchObject({
      outcome: 'deleted',
      version: 2,
    })
    const moved = { ...stop, leaRecordId: 'another' }
    expect(await call({ number: '' }, { ...request, bytes: bytes(stopTree(moved)) })).toMatchObject({
      outcome: 'created',
    })
    expect(
      await call({ number: '' }, { ...request, bytes: bytes(stopTree({ ...stop, time: '00:01' })) }),
    ).toMatchObject({
      outcome: 'created',
    })
    const history = await db.transact((tx) => recordHistory(tx, [1, 2, 3, 4], made.recordId ?? ''))
    expect(history.map((row) => row.status)).toEqual(['submitted', 'deleted'])
  })

  test('validation alone stores nothing', async () => {
    const before = [await count('submission'), await count('document'), await count('record')]
    const answer = await validateOne(river.deps, {
      exchange: 'wells',
      type: 'well',
      partner: 'alpha',
      bytes: bytes({ Number: 'V', State: 'X', Readings: { Reading: [{ Day: '2025-01-01', Level: '1' }] } }),
      format: 'json',
      names: 'wire',
      checks: 'both',
    })
    expect(answer.findings.map((one) => one.code)).toEqual(['W100'])
    expect([await count('submission'), await count('document'), await count('record')]).toEqual(before)
  })

  test('a change made from a version that is no longer current is refused', async () => {
    const made = await call({ number: 'V1', state: 'O' })
    await call({ number: 'V1', state: 'C' })
    const change = {
      operation: 'replace',
      recordId: made.recordId,
      expectedVersion: 1,
      names: 'native',
    } as const
    await expect(
      call({ number: '' }, { ...change, bytes: bytes({ number: 'V1', state: 'O' }) }),
    ).rejects.toMatchObject({ code: 'PRECONDITION' })
    const racing = await Promise.allSettled(
      ['a', 'b', 'c'].map((note) =>
        call(
          { number: '' },
          { ...change, expectedVersion: 2, bytes: bytes({ number: 'V1', state: 'O', note }) },
        ),
      ),
    )
    const done = racing.filter((one) => one.status === 'fulfilled' && one.value.outcome === 'updated')
    expect(done).toHaveLength(1)
  })

  test('nothing is left waiting', async () => {
    const tasks = await db.transact((tx) => tx.rows(sql`select * from task`))
    expect(tasks).toEqual([])
  })
})
