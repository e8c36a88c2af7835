import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { release } from '../../src/run/release.ts'
import { testDatabases } from '../database.ts'
import { expectSoundBooks } from './balance.ts'
import {
  ballot,
  callTied,
  election,
  loadRegister,
  newPartner,
  openOffice,
  precinct,
  sendTied,
  standing,
  type TiedRecord,
  vote,
  voter,
} from './register.ts'
import { judgeHere, openRiver, type River } from './river.ts'

describe.each(testDatabases())('what a synchronisation does on the $name', ({ open }) => {
  let definitions: Definition[]
  let river: River
  let number = 0

  beforeAll(async () => {
    const loaded = await loadRegister()
    definitions = [...loaded, keeper(loaded[0] as Definition)]
    river = await openRiver({ ...(await open()), chunkRecordsMax: 3 }, definitions, judgeHere())
    await openOffice(river)
    await sendTied(river, definitions, 'office', [election('E1'), election('E2'), election('E3')])
  })
  afterAll(async () => {
    await expectSoundBooks(river.deps.db)
    for (const table of ['survey', 'survey_link', 'survey_set'])
      expect(
        await river.deps.db.transact((tx) => tx.rows({ text: `select 1 from ${table}`, values: [] })),
      ).toEqual([])
    await river.close()
  })

  /** The register again: precincts are the centre's to make, and stay when a refresh leaves them out. */
  function keeper(register: Definition): Definition {
    const refused = { code: 'S1', message: 'Not new.' }
    const types = register.types.map((type) =>
      type.name === 'precinct'
        ? {
            ...type,
            sync: {
              new: 'reject' as const,
              changed: 'accept' as const,
              missing: 'keep' as const,
              newRefused: refused,
              changedRefused: refused,
            },
          }
        : type,
    )
    return { ...register, exchange: 'keeper', types, hash: 'keeper' }
  }

  const owner = () => {
    number += 1
    return newPartner(river, `owner-${number}`)
  }
  const send = (partner: string, records: readonly TiedRecord[], change = {}) =>
    sendTied(river, definitions, partner, records, change)
  const keys = async (partner: string) => Object.keys(await standing(river, partner))

  test('insert only: what is new is stored, what is the same unchanged, what has changed refused', async () => {
    const partner = await owner()
    await send(partner, [ballot('1', 'E1', { state: 'sent' })])
    const done = await send(partner, [
      ballot('1', 'E1', { state: 'sent' }),
      ballot('1', 'E1', { state: 'counted' }),
      ballot('2', 'E1', { state: 'sent' }),
    ])
    expect((await river.log(done.tracking)).map((line) => line.outcome)).toEqual([
      'unchanged',
      'rejected',
      'created',
    ])
    expect((await river.log(done.tracking))[1]?.findings).toMatchObject([
      { code: 'CHANGED_REFUSED', severity: 'fatal' },
    ])
    expect(await callTied(river, partner, ballot('1', 'E1', { state: 'counted' }))).toMatchObject({
      outcome: 'rejected',
      findings: [{ code: 'CHANGED_REFUSED' }],
    })
    // A refused record was seen all the same: it is not missing.
    const refreshed = await send(
      partner,
      [ballot('1', 'E1', { state: 'counted' }), ballot('2', 'E1', { state: 'sent' })],
      { scope: 'refresh' },
    )
    expect(refreshed.counts).toMatchObject({ rejected: 1, unchanged: 1, removed: 0 })
  })

  test('new records refused, missing ones kept', async () => {
    const partner = await owner()
    const done = await send(partner, [precinct('P1'), voter('V1')], { exchange: 'keeper' })
    expect((await river.log(done.tracking))[0]).toMatchObject({
      outcome: 'rejected',
      findings: [{ code: 'S1', message: 'Not new.' }],
    })
    // As if it had been made before the definition said so.
    await river.deps.db.transact((tx) =>
      tx.rows(sql`update record set type = 'precinct' where key = 'V1' and book = ${done.book}`),
    )
    const refreshed = await send(partner, [voter('V2')], { exchange: 'keeper', scope: 'refresh' })
    expect(refreshed).toMatchObject({ state: 'completed', counts: { created: 1, removed: 0 } })
    expect(await keys(partner)).toEqual(['precinct V1', 'voter V2'])
    await river.deps.db.transact((tx) =>
      tx.rows(sql`update record set type = 'voter' where key = 'V1' and book = ${done.book}`),
    )
  })

  test('a refresh within an election replaces the elections it names and no others', async () => {
    const partner = await owner()
    await send(partner, [
      ...['1', '2', '3', '4'].map((one) => ballot(one, 'E1')),
      ...['1', '2', '3'].map((one) => ballot(one, 'E2')),
      ballot('1', 'E3'),
    ])
    const done = await send(partner, [ballot('1', 'E1'), ballot('2', 'E1'), ballot('9', 'E1')], {
      scope: 'refresh',
    })
    expect(done).toMatchObject({ state: 'completed', counts: { created: 1, unchanged: 2, removed: 2 } })
    expect(done.preview).toMatchObject({ live: 4, remove: 2 })
    expect(await keys(partner)).toEqual([
      'ballot 1/E1',
      'ballot 1/E2',
      'ballot 1/E3',
      'ballot 2/E1',
      'ballot 2/E2',
      'ballot 3/E2',
      'ballot 9/E1',
    ])
  })

  test('the limits hold for the sets that are named; a release does what was shown', async () => {
    const partner = await owner()
    await send(partner, [
      ...['1', '2', '3', '4'].map((one) => ballot(one, 'E1')),
      ...['1', '2', '3', '4', '5', '6'].map((one) => ballot(one, 'E2')),
    ])
    // Three of four in the election, though three of ten in the book.
    const held = await send(partner, [ballot('1', 'E1')], { scope: 'refresh' })
    expect(held).toMatchObject({ state: 'held', preview: { live: 4, remove: 3 } })
    expect(held.reason).toContain('3 of 4')
    expect(await keys(partner)).toHaveLength(10)
    await release(river.deps, held.tracking)
    await river.drain()
    expect(await river.submission(held.tracking)).toMatchObject({
      state: 'completed',
      counts: { removed: 3 },
    })
    expect(await keys(partner)).toHaveLength(7)
  })

  test('a refused record names no set, and nothing is deleted where none is named', async () => {
    const partner = await owner()
    await send(partner, [ballot('1', 'E1', { state: 'sent' }), ballot('2', 'E1'), ballot('1', 'E2')])
    const done = await send(partner, [ballot('1', 'E1', { state: 'other' })], { scope: 'refresh' })
    expect(done).toMatchObject({ state: 'completed', counts: { rejected: 1, removed: 0 } })
    expect(await keys(partner)).toHaveLength(3)
  })

  test('what would fall with what is deleted counts against the limits', async () => {
    const partner = await owner()
    await send(
      partner,
      [
        ...Array.from({ length: 10 }, (_, index) => voter(`V${index}`)),
        ...Array.from({ length: 95 }, (_, index) => ballot(`B${index}`, 'E1', { voter: 'V0' })),
        // Ninety-five votes of another exchange fall with one voter.
      ].filter((record) => record.type === 'voter'),
    )
    await send(
      partner,
      Array.from({ length: 105 }, (_, index) => ballot(`B${index}`, 'E1', { voter: 'V0' })),
    )
    const held = await send(
      partner,
      Array.from({ length: 9 }, (_, index) => voter(`V${index + 1}`)),
      { scope: 'refresh' },
    )
    expect(held).toMatchObject({ state: 'held', preview: { live: 10, remove: 1, cascade: 105 } })
    await release(river.deps, held.tracking)
    await river.drain()
    const done = await river.submission(held.tracking)
    expect(done).toMatchObject({ state: 'completed', counts: { removed: 1, cascaded: 105 } })
    expect(await keys(partner)).toHaveLength(9)
  })

  test('a renamed record keeps its id, its history and what refers to it; the old key still finds it', async () => {
    const partner = await owner()
    await send(partner, [voter('V1'), voter('V2'), vote('V1', 'E1')])
    const before = await idOf(partner, 'V1')
    const done = await send(partner, [
      { ...voter('V9', { was: 'V1' }), Operation: 'rename' },
      // Under its old key: the same record.
      voter('V1', { name: 'Changed', was: 'V1' }),
      { ...voter('V2', { was: 'V9' }), Operation: 'rename' },
      { ...voter('V1'), Operation: 'create' },
      vote('V1', 'E2'),
    ])
    expect((await river.log(done.tracking)).map((line) => [line.outcome, line.key])).toEqual([
      ['updated', 'V9'],
      ['updated', 'V9'],
      ['rejected', 'V2'],
      ['rejected', 'V1'],
      ['created', 'V1/E2'],
    ])
    expect((await river.log(done.tracking))[1]?.notes).toEqual([
      { path: 'number', rule: 'rename', from: 'V1', to: 'V9' },
    ])
    expect(await idOf(partner, 'V9')).toBe(before)
    expect(await idOf(partner, 'V1')).toBe(undefined)
    // A chunk of its own: the old key is looked up in the database.
    const again = await send(partner, [
      { ...voter('V9', { was: 'V1', name: 'Changed' }), Operation: 'rename' },
    ])
    expect(again.counts).toMatchObject({ unchanged: 1 })
    expect(await send(partner, [voter('V1', { name: 'Again' })])).toMatchObject({ counts: { updated: 1 } })
    expect(await callTied(river, partner, voter('V1', { name: 'Called' }))).toMatchObject({
      outcome: 'updated',
      recordId: before,
      key: 'V9',
    })
    const gone = await send(partner, [{ ...voter('V1'), Operation: 'delete' }])
    expect(gone.counts).toMatchObject({ deleted: 1, cascaded: 2 })
    expect(await keys(partner)).toEqual(['voter V2'])
    // Its keys are free now.
    expect(await send(partner, [voter('V1')])).toMatchObject({ counts: { created: 1 } })
  })

  test('a full refresh that names a record by its old key does not delete it', async () => {
    const partner = await owner()
    await send(partner, [
      voter('V1'),
      voter('V2'),
      { ...voter('V9', { was: 'V1', name: 'NV1' }), Operation: 'rename' },
    ])
    const done = await send(partner, [voter('V1', { was: 'V1' }), voter('V2')], { scope: 'refresh' })
    expect(done.counts).toMatchObject({ unchanged: 2, removed: 0 })
    const both = [
      { ...voter('V7', { was: 'V2' }), Operation: 'rename' },
      voter('V9', { was: 'V1', name: 'NV1' }),
    ]
    const renamed = await send(partner, both, { scope: 'refresh' })
    expect(renamed.counts).toMatchObject({ updated: 1, unchanged: 1, removed: 0 })
    expect(await keys(partner)).toEqual(['voter V7', 'voter V9'])
  })

  test('renaming what is not there, or to a key that is taken, is refused', async () => {
    const partner = await owner()
    await send(partner, [voter('V1'), voter('V2')])
    const done = await send(partner, [
      { ...voter('V3', { was: 'V8' }), Operation: 'rename' },
      { ...voter('V2', { was: 'V1' }), Operation: 'rename' },
      { ...voter('V5'), Operation: 'rename' },
    ])
    expect(done.counts).toMatchObject({ rejected: 3 })
    expect((await river.log(done.tracking)).map((line) => line.findings?.[0]?.code)).toEqual([
      'MISSING',
      'EXISTS',
      'MISSING',
    ])
  })

  async function idOf(partner: string, key: string): Promise<string | undefined> {
    const [row] = await river.deps.db.transact((tx) =>
      tx.rows<{ record_id: string }>(sql`
        select record_id from record join book using (book)
         where owner = ${partner} and type = 'voter' and key = ${key}`),
    )
    return row?.record_id
  }
})
