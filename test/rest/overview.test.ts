import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OverviewPorts } from '../../src/channel/rest/ports-overview.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import { createOverviewPorts } from '../../src/node/overview-ports.ts'
import { openBook } from '../../src/store/books.ts'
import { putPartner } from '../../src/store/partners.ts'
import { listSubmissions } from '../../src/store/submissions.ts'
import { testDatabases } from '../database.ts'

const now = Date.parse('2026-03-10T18:00:00Z')
const all = { exchanges: ['ripa'], realm: 'live', partners: null } as const

describe.each(testDatabases())('what arrived and what needs a person ($name)', ({ open }) => {
  let db: Database
  let overview: OverviewPorts
  const books: number[] = []

  beforeAll(async () => {
    db = await open()
    overview = createOverviewPorts({ db, now: () => now })
    await db.transact(async (tx) => {
      for (const partner of ['alder', 'birch']) {
        await putPartner(tx, { partner, name: partner, centre: false, profile: null })
        books.push((await openBook(tx, 'ripa', 'live', partner)).book)
      }
    })
    await put('a1', 'alder', '2026-03-09T06:30:00Z', { received: 5, created: 4, rejected: 1 })
    await put('a2', 'alder', '2026-03-09T08:30:00Z', { received: 2, updated: 2 })
    await put('b1', 'birch', '2026-03-10T12:00:00Z', { received: 1, created: 1 }, 'Report_100%.csv')
    await put('h1', 'birch', '2025-01-01T00:00:00Z', {}, 'all.csv', 'held')
    await put('r1', 'alder', '2026-03-08T00:00:00Z', {}, 'scan.csv', 'refused')
    await put('r0', 'alder', '2026-01-01T00:00:00Z', {}, 'old.csv', 'refused')
  })

  afterAll(() => db?.close())

  async function put(
    tracking: string,
    partner: 'alder' | 'birch',
    at: string,
    counts: Partial<Record<'received' | 'created' | 'updated' | 'rejected', number>>,
    name = 'stops.csv',
    state = 'completed',
  ) {
    const book = books[partner === 'alder' ? 0 : 1] ?? 0
    const { received = 0, created = 0, updated = 0, rejected = 0 } = counts
    await db.transact((tx) =>
      tx.rows(sql`
        insert into submission (book, tracking, partner, account, channel, by_centre, state, scope, dry_run, file_name,
                                document, document_bytes, received_at, received_date, definition_hash, received,
                                created, updated, rejected)
        values (${book}, ${tracking}, ${partner}, '', 'rest', false, ${state}, 'incremental', false, ${name}, '', 0,
                ${at}::timestamptz, '', '', ${received}, ${created}, ${updated}, ${rejected})`),
    )
  }

  test('days begin where the viewer is', async () => {
    const inUtc = await overview.activity({ ...all, days: 3, zone: 'UTC' })
    expect([inUtc.from, inUtc.to]).toEqual(['2026-03-08', '2026-03-10'])
    expect(inUtc.items.map(({ day, received }) => [day, received])).toEqual([
      ['2026-03-08', 0],
      ['2026-03-09', 7],
      ['2026-03-10', 1],
    ])
    // Half past six in London is still the evening before in California, where clocks went forward that weekend.
    const there = await overview.activity({ ...all, days: 3, zone: 'America/Los_Angeles' })
    expect(there.items.map(({ day, received }) => [day, received])).toEqual([
      ['2026-03-08', 5],
      ['2026-03-09', 2],
      ['2026-03-10', 1],
    ])
  })

  test('a partner sees its own alone', async () => {
    const mine = { ...all, partners: ['alder'] }
    const { items } = await overview.activity({ ...mine, days: 1, zone: 'UTC' })
    expect(items.map(({ submissions }) => submissions)).toEqual([0])
    const { submissions } = await overview.attention(mine)
    expect(submissions.map(({ tracking }) => tracking)).toEqual(['r1'])
  })

  test('what is held is told however old it is; what was refused for two weeks', async () => {
    const { submissions, files, workItems } = await overview.attention(all)
    expect(submissions.map(({ tracking, state }) => `${tracking} ${state}`)).toEqual([
      'h1 held',
      'r1 refused',
    ])
    expect(files).toEqual({ refused: 0, held: 0 })
    expect(workItems).toEqual({ count: 0, dueOn: null })
  })

  test('submissions are found by state, time, trouble and words', async () => {
    const any = {
      books,
      partners: null,
      state: null,
      kind: null,
      withErrors: false,
      from: null,
      until: null,
      text: null,
      limit: 100,
      before: null,
    }
    const found = async (filter: Partial<Parameters<typeof listSubmissions>[1]>) =>
      (await db.transact((tx) => listSubmissions(tx, { ...any, ...filter }))).map(({ tracking }) => tracking)
    expect(await found({})).toEqual(['b1', 'a2', 'a1', 'r1', 'r0', 'h1'])
    expect(await found({ state: 'refused' })).toEqual(['r1', 'r0'])
    expect(await found({ withErrors: true })).toEqual(['a1'])
    expect(await found({ from: '2026-03-09T06:30:00Z', until: '2026-03-09T08:30:00Z' })).toEqual(['a1'])
    expect(await found({ text: 'report_100%' })).toEqual(['b1'])
    expect(await found({ text: '_' })).toEqual(['b1'])
    expect(await found({ kind: 'records' })).toEqual([])
  })
})
