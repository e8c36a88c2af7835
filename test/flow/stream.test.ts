import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoStop, stopHeader, stopRows, stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import type { Database } from '../../src/db/database.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { ReceiptClaims } from '../../src/feedback/receipt.ts'
import { prove, proves } from '../../src/identity/merkle.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import { findBooks } from '../../src/store/books.ts'
import { recordHistory, searchRecords } from '../../src/store/records-read.ts'
import { testDatabases } from '../database.ts'
import { allFindings, errorBytes, expectBalance, expectSoundBooks, logTexts } from './balance.ts'
import { openRiver, type River } from './river.ts'
import { gzipped, loadWells, makeWells, WELL_FORMATS, type Well, wellFile, zipped } from './wells.ts'

const ORI = 'CA0000001'

function stopsJson(stops: Iterable<DemoStop>): string {
  return JSON.stringify({ records: [...stops].map(stopTree) })
}

function stopsCsv(stops: Iterable<DemoStop>): string {
  return [stopHeader('v2'), ...[...stops].flatMap(stopRows)].map((row) => row.join('|')).join('\n')
}

/** Outcome of each record, in file order. */
async function outcomes(river: River, tracking: string): Promise<string[]> {
  return (await river.log(tracking)).map((line) => line.outcome)
}

describe.each(testDatabases())('incremental files on the $name', ({ open }) => {
  let wells: Definition
  let ripa: Definition
  let river: River
  let db: Database

  beforeAll(async () => {
    wells = await loadWells()
    ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
    db = await open()
    // Chunks of seven: everything below crosses chunks.
    river = await openRiver({ ...db, chunkRecordsMax: 7 }, [wells, ripa])
  })
  afterAll(async () => {
    await expectSoundBooks(db)
    await river.close()
  })

  const send = (bytes: Uint8Array | string, partner: string, change = {}) =>
    river.send(bytes, { exchange: 'wells', partner, owner: partner, ...change })
  const sendStops = (text: string, change = {}) => river.send(text, { exchange: 'ripa', ...change })

  async function rowsOf(exchange: string, owner: string, type: string) {
    return db.transact(async (tx) => {
      const books = await findBooks(tx, { owners: [owner], exchange, realm: 'live' })
      return searchRecords(tx, {
        books: books.map((row) => row.book),
        type,
        status: null,
        key: null,
        where: [],
        changedSince: null,
        limit: 10_000,
        after: null,
      })
    })
  }

  test('each format gives the same outcomes, and the same records again change nothing', async () => {
    const faulty: Well[] = [
      { number: 'F1', state: 'Q' },
      { number: 'F2', state: 'X', readings: [{ day: '2025-02-30', level: '1' }] },
      { number: 'N'.repeat(30), state: 'O' },
      { number: 'F4', state: 'O', note: 'training' },
      { number: 'F5', action: 'C', state: 'O' },
      { number: 'F6', action: '?', state: 'O' },
      { number: 'W3', action: 'N', state: 'O' },
      { number: 'W4', action: 'D', state: 'O' },
      { number: 'F1', state: 'O' },
      { number: 'W4', action: 'D', state: 'O' },
    ]
    const sent = [...makeWells(20), ...faulty]
    const expected = [
      ...Array<string>(20).fill('created'),
      ...['created', 'created', 'rejected', 'filtered', 'rejected', 'rejected', 'rejected'],
      ...['deleted', 'updated', 'rejected'],
    ]
    for (const [index, format] of WELL_FORMATS.entries()) {
      const owner = index === 0 ? 'alpha' : `format-${format}`
      await db.transact((tx) =>
        tx.rows(sql`insert into partner (partner, name) values (${owner}, ${owner}) on conflict do nothing`),
      )
      const file = await wellFile(format, sent)
      const name = `wells.${format}`
      const packed = [
        { bytes: file, fileName: name },
        { bytes: zipped(name, file), fileName: 'wells.zip' },
        { bytes: gzipped(file), fileName: `${name}.gz` },
      ]
      const first = packed[index % 3] as (typeof packed)[number]
      const done = await send(first.bytes, owner, { fileName: first.fileName })
      expect(done, `${format}: ${done.reason}`).toMatchObject({ state: 'completed', reason: null })
      expect(await outcomes(river, done.tracking), format).toEqual(expected)
      expect(
        (await allFindings(db, done)).map((one) => one.code),
        format,
      ).toEqual(['F002C', 'F007T', 'F001L', 'W200', 'W002', 'W004', 'W001', 'W002'])
      await expectBalance(river, wells, done)
      expect(await rowsOf('wells', owner, 'well')).toHaveLength(21)

      for (const { bytes, fileName } of packed) {
        const again = await send(bytes, owner, { fileName })
        expect(again.state, `${fileName}: ${again.reason}`).toBe('completed')
        expect(again.counts.received).toBe(30)
        await expectBalance(river, wells, again)
      }
      const clean = await send(
        await wellFile(
          format,
          makeWells(20).filter(({ number }) => number !== 'W4'),
        ),
        owner,
      )
      expect(clean.counts).toMatchObject({ received: 19, unchanged: 19 })
    }
  })

  test('a record that is created, corrected and closed keeps its id and its history', async () => {
    const [stop] = generateStops({ seed: 1, count: 1, ori: ORI, firstNumber: 500 })
    const wrong = { ...(stop as DemoStop), persons: [{ ...(stop as DemoStop).persons[0]!, narrative: '' }] }
    const made = await sendStops(stopsJson([wrong]))
    const again = await sendStops(stopsJson([wrong]))
    const closed = await sendStops(stopsJson([{ ...wrong, transaction: 'U', closes: true }]))
    const late = await sendStops(stopsJson([{ ...(stop as DemoStop), transaction: 'U' }]))
    const lines = await Promise.all([made, again, closed, late].map((one) => river.log(one.tracking)))
    expect(lines.map(([line]) => [line?.outcome, line?.status, line?.version])).toEqual([
      ['created', 'submitted-with-errors', 1],
      ['rejected', null, null],
      ['updated', 'closed', 2],
      ['rejected', 'closed', 2],
    ])
    expect(lines[1]?.[0]?.findings?.map((one) => one.code)).toContain('DV236')
    expect(lines[3]?.[0]?.findings?.map((one) => one.code)).toContain('R03B')
    const id = lines[0]?.[0]?.recordId ?? ''
    const history = await db.transact((tx) => recordHistory(tx, [made.book], id))
    expect(history.map((row) => [row.version, row.status, row.submission])).toEqual([
      [1, 'submitted-with-errors', made.tracking],
      [2, 'closed', closed.tracking],
    ])
    for (const one of [made, again, closed, late]) await expectBalance(river, ripa, one)
  })

  test('a correction that leaves no error makes the record a successful submission', async () => {
    const [stop] = generateStops({ seed: 2, count: 1, ori: ORI, firstNumber: 520 })
    const right = stop as DemoStop
    const wrong = { ...right, location: { ...right.location, city: 'NOWHERE' } }
    const made = await sendStops(stopsCsv([wrong]))
    const corrected = await sendStops(stopsCsv([{ ...right, transaction: 'U' }]))
    const [before] = await river.log(made.tracking)
    const [after] = await river.log(corrected.tracking)
    expect([before?.status, after?.status, after?.outcome]).toEqual([
      'submitted-with-errors',
      'submitted',
      'updated',
    ])
    expect(after?.recordId).toBe(before?.recordId)
  })

  test('duplicates are found inside a chunk, across chunks and in what is stored', async () => {
    const stops = [...generateStops({ seed: 3, count: 12, ori: ORI, firstNumber: 1000 })]
    const [first, second] = stops as [DemoStop, DemoStop]
    const sameMoment = (one: DemoStop, number: string): DemoStop => ({ ...one, leaRecordId: number })
    const file = [...stops, first, sameMoment(second, 'other-1')]
    const done = await sendStops(
      stopsJson([first, first, ...stops.slice(1), first, sameMoment(second, 'other-1')]),
    )
    const lines = await river.log(done.tracking)
    const codes = lines.map((line) => line.findings?.find((one) => one.severity === 'fatal')?.code ?? null)
    expect(codes).toEqual([null, 'DV236', ...Array<null>(11).fill(null), 'DV236', 'DV004'])
    expect(done.counts).toMatchObject({ received: 15, created: 12, rejected: 3 })
    const again = await sendStops(stopsJson(file))
    expect(again.counts).toMatchObject({ received: 14, rejected: 14 })
    await expectBalance(river, ripa, done)
    await expectBalance(river, ripa, again)
  })

  test('a deleted record leaves its history, and its key can be used for a new one', async () => {
    const wellsDone = await send(await wellFile('csv', [{ number: 'DEL', state: 'O' }]), 'beta')
    const gone = await send(await wellFile('csv', [{ number: 'DEL', action: 'D', state: 'O' }]), 'beta')
    const back = await send(await wellFile('csv', [{ number: 'DEL', action: 'N', state: 'O' }]), 'beta')
    const ids = (await Promise.all([wellsDone, gone, back].map((s) => river.log(s.tracking)))).map(
      ([line]) => [line?.outcome, line?.recordId] as const,
    )
    expect(ids.map(([outcome]) => outcome)).toEqual(['created', 'deleted', 'created'])
    expect(ids[1]?.[1]).toBe(ids[0]?.[1])
    expect(ids[2]?.[1]).not.toBe(ids[0]?.[1])
    const history = await db.transact((tx) => recordHistory(tx, [gone.book], ids[0]?.[1] ?? ''))
    expect(history.map((row) => [row.version, row.status, row.body === null])).toEqual([
      [1, 'submitted', false],
      [2, 'deleted', true],
    ])
  })

  test("a record under another partner's ORI is refused and nothing of it is stored", async () => {
    const before = await rowsOf('ripa', 'alpha', 'stop')
    const done = await sendStops(
      stopsJson(generateStops({ seed: 5, count: 3, ori: 'CA0000002', firstNumber: 3000 })),
    )
    expect(done.counts).toMatchObject({ received: 3, rejected: 3 })
    for (const line of await river.log(done.tracking))
      expect(line.findings?.filter((one) => one.severity === 'fatal').map((one) => one.code)).toEqual([
        'F003W',
      ])
    expect(await rowsOf('ripa', 'alpha', 'stop')).toEqual(before)
  })

  test('a dry run tells the outcomes and findings of the run itself and changes nothing', async () => {
    const stops = [...generateStops({ seed: 6, count: 40, ori: ORI, firstNumber: 4000, faults: 0.4 })]
    const text = stopsJson(stops)
    const before = await stateOf(db)
    const dry = await sendStops(text, { dryRun: true })
    expect(dry.state).toBe('completed')
    expect(await stateOf(db)).toEqual(before)
    const real = await sendStops(text)
    expect(dry.counts).toEqual(real.counts)
    expect(await outcomes(river, dry.tracking)).toEqual(await outcomes(river, real.tracking))
    const bare = async (one: typeof dry) =>
      (await allFindings(db, one)).map(({ key: _, ...finding }) => finding)
    expect(await bare(dry)).toEqual(await bare(real))
    await expectBalance(river, ripa, dry)
    await expectBalance(river, ripa, real)
    const [survey] = await db.transact((tx) =>
      tx.rows<{ n: number }>(sql`select count(*)::int as n from survey`),
    )
    expect(survey?.n).toBe(0)
  })

  test('any line of the session log proves itself against the receipt, and an altered one does not', async () => {
    const done = await send(await wellFile('csv', makeWells(23, { note: 'proof' })), 'alpha')
    const root = (JSON.parse(done.receipt ?? '{}') as ReceiptClaims).log.root
    const texts = await logTexts(river, done.tracking)
    async function* lines() {
      yield* texts
    }
    for (const text of texts) {
      const proof = await prove(lines(), (line) => line === text)
      expect(proof?.root).toBe(root)
      expect(proves(text, proof?.path ?? [], root)).toBe(true)
      expect(proves(text.replace('"outcome":"', '"outcome":"x'), proof?.path ?? [], root)).toBe(false)
    }
  })

  test('an error file comes back in the format sent, can be corrected and sent again', async () => {
    for (const format of WELL_FORMATS) {
      const owner = 'beta'
      const sent = [
        ...makeWells(9, { note: format }).map((well) => ({ ...well, number: `E-${format}-${well.number}` })),
        { number: `E-${format}-bad`, action: 'N', state: 'Q' },
        { number: `E-${format}-lost`, action: 'C', state: 'O' },
      ]
      const done = await send(await wellFile(format, sent), owner, { fileName: `mine.${format}` })
      expect(done.counts).toMatchObject({ created: 10, rejected: 1, withErrors: 1 })
      const { bytes } = await errorBytes(river, wells, done)
      // What asked for the wrong thing asks for the right one now.
      if (format === 'xlsx') {
        const again = await send(bytes, owner, { fileName: `errors.${format}` })
        expect(again.counts, format).toMatchObject({ received: 2, created: 1, unchanged: 1, withErrors: 1 })
        continue
      }
      const corrected = new TextDecoder().decode(bytes).replace('Q', 'C')
      const right = await send(new TextEncoder().encode(corrected), owner, { fileName: `right.${format}` })
      expect(right.counts, `${format}: ${corrected}`).toMatchObject({
        received: 2,
        created: 1,
        updated: 1,
        withErrors: 0,
      })
      await expectBalance(river, wells, right)
    }
  })
})

/** Everything a dry run must leave alone. */
async function stateOf(db: Database): Promise<unknown> {
  return db.transact(async (tx) => [
    await tx.rows(sql`select * from record order by book, record_id`),
    await tx.rows(sql`select * from history order by book, record_id, version`),
    await tx.rows(sql`select * from book order by book`),
  ])
}
