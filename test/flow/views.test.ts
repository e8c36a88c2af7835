import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { openDefinitions } from '../../src/node/definitions.ts'
import { listFindings } from '../../src/store/findings.ts'
import { deletedSince, findRecordAsOf, searchRecords } from '../../src/store/records-read.ts'
import { findSegments } from '../../src/store/segments.ts'
import { findSubmission, listSubmissions } from '../../src/store/submissions.ts'
import { testDatabases } from '../database.ts'
import { judgeHere, openRiver, type River } from './river.ts'
import { makeWells, wellFile } from './wells.ts'

describe.each(testDatabases())('reading on the $name', ({ open }) => {
  let folder: string
  let db: Database
  let river: River
  const rows = <R>(text: string) => db.transact((tx) => tx.rows<R>({ text, values: [] }))

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exchanges-'))
    await symlink(new URL('../../exchanges/ripa', import.meta.url).pathname, join(folder, 'ripa'))
    await symlink(new URL('../fixtures/exchanges/wells', import.meta.url).pathname, join(folder, 'wells'))
    db = await open()
    const definitions = await openDefinitions(db, folder)
    river = await openRiver(db, definitions.list(), judgeHere())
  })
  afterAll(async () => {
    await river.close()
    await rm(folder, { recursive: true, force: true })
  })

  const send = (partner: string, file: Uint8Array | string, exchange = 'wells') =>
    river.send(file, { exchange, partner, owner: partner })

  test('views show records and their nested lists as rows, each partner with its own name', async () => {
    const stops = [...generateStops({ seed: 4, count: 25, ori: 'CA0000001', faults: 0.2 })]
    const done = await send('alpha', JSON.stringify({ records: stops.map(stopTree) }), 'ripa')
    const [seen] = await rows<{ stops: number; persons: number }>(`
      select (select count(*)::int from live.ripa_stop) as stops,
             (select count(distinct (record_id, persons_number))::int from live.ripa_stop_persons) as persons`)
    expect(seen?.stops).toBe(done.counts.created)
    expect(seen?.persons).toBeGreaterThanOrEqual(done.counts.created)
    const [one] = await rows<{ partner: string; ori: string }>(
      'select partner, ori from live.ripa_stop limit 1',
    )
    expect(one).toEqual({ partner: 'alpha', ori: 'CA0000001' })
    expect(await rows('select * from test.ripa_stop')).toEqual([])
  })

  test('a restart leaves the views alone, with all that people built on them', async () => {
    await rows('create view live.my_stops as select ori, count(*) as stops from live.ripa_stop group by ori')
    await openDefinitions(db, folder)
    expect(await rows('select ori from live.my_stops')).toEqual([{ ori: 'CA0000001' }])
  })

  test('values that could not be read are null in the views, and numbers are numbers', async () => {
    await send(
      'alpha',
      await wellFile('csv', [
        { number: 'A', state: 'O', depth: '12.5' },
        { number: 'B', state: 'O', depth: 'deep' },
      ]),
    )
    expect(await rows('select key, depth::float as depth from live.wells_well order by key')).toEqual([
      { key: 'A', depth: 12.5 },
      { key: 'B', depth: null },
    ])
  })

  test('a reader sees the rows of its books and no others, whatever it asks for', async () => {
    const mine = await send('alpha', await wellFile('csv', [...makeWells(5), { number: 'BAD', state: 'Q' }]))
    const other = await send('beta', await wellFile('csv', [...makeWells(9), { number: 'BAD', state: 'Q' }]))
    const scope = { books: [mine.book] }
    const both = [mine.book, other.book]
    for (const table of ['record', 'history', 'finding', 'submission', 'segment']) {
      const found = await db.transact(
        (tx) => tx.rows<{ book: number }>({ text: `select distinct book from ${table}`, values: [] }),
        scope,
      )
      expect(
        found.every((row) => row.book === mine.book),
        table,
      ).toBe(true)
    }
    const seen = await db.transact(
      async (tx) => ({
        other: await findSubmission(tx, other.book, other.tracking),
        list: await listSubmissions(tx, {
          books: both,
          partners: null,
          state: null,
          kind: null,
          withErrors: false,
          from: null,
          until: null,
          text: null,
          limit: 100,
          before: null,
        }),
        findings: await listFindings(tx, {
          book: other.book,
          tracking: other.tracking,
          code: null,
          after: null,
          limit: 10,
        }),
        segments: await findSegments(tx, other.book, other.tracking),
        views: await tx.rows<{ partner: string }>(sql`select distinct partner from live.wells_well`),
      }),
      scope,
    )
    expect(seen.other).toBeNull()
    expect(new Set(seen.list.map((row) => row.book))).toEqual(new Set([mine.book]))
    expect([seen.findings, seen.segments]).toEqual([[], []])
    expect(seen.views).toEqual([{ partner: 'alpha' }])
    await expect(
      db.transact((tx) => tx.rows(sql`update record set status = 'closed'`), scope),
    ).rejects.toThrow(/permission denied/)
    for (const table of ['account', 'signing_key', 'partner', 'audit_entry', 'task'])
      await expect(
        db.transact((tx) => tx.rows({ text: `select * from ${table}`, values: [] }), scope),
        table,
      ).rejects.toThrow(/permission denied/)
    const none = await db.transact((tx) => tx.rows(sql`select * from record`), { books: [] })
    expect(none).toEqual([])
  })

  test('changed since, deleted since and as-of give what stood, also when the clock is set back', async () => {
    const clock = Date.parse('2026-05-01T12:00:00Z')
    let now = clock
    const late: River = await openRiver(db, river.deps.definitions.list(), judgeHere(), () => now)
    const change = async (note: string, at: number, action = 'S') => {
      now = at
      return late.send(await wellFile('csv', [{ number: 'CLOCK', state: 'O', note, action }]), {
        exchange: 'wells',
        partner: 'alpha',
        owner: 'alpha',
      })
    }
    const first = await change('one', clock)
    const [line] = await late.log(first.tracking)
    const id = line?.recordId ?? ''
    const books = [first.book]
    await change('two', clock + 60_000)
    // The clock is set back an hour: times of the book do not go back with it.
    await change('three', clock - 3_600_000)
    await change('four', clock - 3_500_000)
    const history = await db.transact((tx) =>
      tx.rows<{ from_at: Date; until_at: Date | null; version: number }>(sql`
        select version, from_at, until_at from history where record_id = ${id}::uuid order by version`),
    )
    for (const row of history) expect(row.until_at?.getTime()).toBeGreaterThanOrEqual(row.from_at.getTime())
    const at = (time: number) =>
      db
        .transact((tx) => findRecordAsOf(tx, books, id, new Date(time).toISOString()))
        .then((row) => row?.body.note ?? null)
    expect(await at(clock - 1)).toBeNull()
    expect(await at(clock)).toBe('one')
    expect(await at(clock + 59_999)).toBe('one')
    expect(await at(clock + 60_000)).toBe('four')
    const search = {
      books,
      type: 'well',
      status: null,
      key: null,
      where: [],
      limit: 100,
      after: null,
    } as const
    const [before] = await rows<{ change_no: number }>(
      `select change_no from book where book = ${first.book}`,
    )
    await change('five', clock + 120_000)
    const changed = await db.transact((tx) =>
      searchRecords(tx, { ...search, changedSince: before?.change_no ?? 0 }),
    )
    expect(changed.map((row) => [row.key, row.body.note])).toEqual([['CLOCK', 'five']])
    await change('', clock + 180_000, 'D')
    const deleted = await db.transact((tx) => deletedSince(tx, books, before?.change_no ?? 0, 10))
    expect(deleted.map((row) => row.key)).toEqual(['CLOCK'])
    expect(await at(clock + 179_999)).toBe('five')
    expect(await at(clock + 180_000)).toBeNull()
  })
})
