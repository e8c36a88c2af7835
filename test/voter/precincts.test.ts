import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RawTree } from '../../src/exchange/parcel.ts'
import { testDatabases } from '../database.ts'
import { expectSoundBooks } from '../flow/balance.ts'
import { makeZip } from '../unpack/zip-maker.ts'
import { EIGHT, type Office, openOffice, precincts, SEVEN, voter, voters } from './office.ts'

const table = (columns: readonly string[], rows: readonly RawTree[]) =>
  [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('')

describe.each(testDatabases())('precincts and districts on the $name', (database) => {
  let office: Office

  beforeAll(async () => {
    office = await openOffice(database)
  })
  afterAll(async () => {
    await expectSoundBooks(office.river.deps.db)
    await office.close()
  })

  const keys = async (code: string) => Object.keys(await office.standing('precinct', code))

  test('three files in one ZIP, in any order, are one batch', async () => {
    const code = await office.county()
    const batch = precincts(code, { P1: ['D1', 'D2'], P2: ['D2'] }) as Record<string, RawTree[]>
    const file = (name: string, property: string, columns: readonly string[]) => ({
      name,
      data: table(['CountyCode', ...columns], batch[property] ?? []),
    })
    const done = await office.send(
      'precinct',
      code,
      makeZip([
        file('precinct_district.csv', 'precinct_districts', ['PrecinctId', 'DistrictId']),
        file('precinct.csv', 'precincts', ['PrecinctId', 'PrecinctName']),
        file('district.csv', 'districts', ['DistrictId', 'DistrictType', 'DistrictName']),
      ]),
      { fileName: 'batch.zip' },
    )
    expect(done).toMatchObject({ state: 'completed', counts: { received: 7, created: 7, withErrors: 0 } })
    expect(await keys(code)).toEqual(['D1', 'D2', 'P1', 'P2', 'P1/D1', 'P1/D2', 'P2/D2'])
  })

  test('a batch that lacks one of the three is refused as a whole', async () => {
    const code = await office.county()
    const { precinct_districts: _, ...lacking } = precincts(code, { P1: ['D1'] }) as Record<string, RawTree[]>
    const done = await office.send('precinct', code, lacking)
    expect(done.counts.received).toBe(0)
    expect(done.state).not.toBe('completed')
    expect(await keys(code)).toEqual([])
  })

  test('they are checked against each other: a row that names an unknown precinct or district is refused', async () => {
    const code = await office.county()
    const batch = precincts(code, { P1: ['D1'] }) as Record<string, RawTree[]>
    const row = (PrecinctId: string, DistrictId: string) => ({ CountyCode: code, PrecinctId, DistrictId })
    const rows = [row('P1', 'D1'), row('P2', 'D1'), row('P1', 'D2')]
    const done = await office.send('precinct', code, { ...batch, precinct_districts: rows })
    expect(await office.outcomes(done)).toEqual([
      ['created'],
      ['created'],
      ['created'],
      ['rejected', 'NO_PRECINCT'],
      ['rejected', 'NO_DISTRICT'],
    ])
  })

  test('the set is replaced: new, changed, unchanged and missing ones', async () => {
    const code = await office.county()
    await office.send('precinct', code, precincts(code, EIGHT))
    const batch = precincts(code, { ...SEVEN, P9: ['D1'] }) as Record<string, RawTree[]>
    const [first, ...rest] = batch.precincts as [RawTree, ...RawTree[]]
    const done = await office.refresh('precinct', code, {
      ...batch,
      precincts: [{ ...first, PrecinctName: 'Another name' }, ...rest],
    })
    expect(done).toMatchObject({
      state: 'completed',
      counts: { created: 2, updated: 1, unchanged: 14, removed: 2 },
    })
    expect(await keys(code)).not.toContain('P8')
    expect(await keys(code)).not.toContain('P8/D1')
  })

  test('a precinct in which voters are registered stays until they have moved', async () => {
    const code = await office.county()
    await office.send('precinct', code, precincts(code, EIGHT))
    await office.send('voter', code, [voter(code, 'V1', { PrecinctId: 'P8' }), ...voters(code, 3).slice(1)])
    const done = await office.refresh('precinct', code, precincts(code, SEVEN))
    expect(done.counts).toMatchObject({ unchanged: 15, removed: 1 })
    expect(await office.fileCodes(done)).toEqual(['PRECINCT_HAS_VOTERS'])
    expect(await keys(code)).toContain('P8')
    await office.send('voter', code, [voter(code, 'V1', { PrecinctId: 'P7' })])
    const again = await office.refresh('precinct', code, precincts(code, SEVEN))
    expect(again.counts).toMatchObject({ unchanged: 15, removed: 1 })
    expect(await keys(code)).not.toContain('P8')
  })

  test('a district that rows of the same file still name stays', async () => {
    const code = await office.county()
    await office.send('precinct', code, precincts(code, { ...EIGHT, P9: ['D2'] }))
    const batch = precincts(code, { ...EIGHT, P9: ['D2'] }) as Record<string, RawTree[]>
    const done = await office.refresh('precinct', code, {
      ...batch,
      districts: (batch.districts ?? []).slice(0, 1),
    })
    expect(done.counts).toMatchObject({ unchanged: 19, removed: 0 })
    expect(await office.fileCodes(done)).toEqual(['DISTRICT_IN_USE'])
    expect(await keys(code)).toContain('D2')
  })

  test('a file that leaves out most of the county is held for a person', async () => {
    const code = await office.county()
    await office.send('precinct', code, precincts(code, EIGHT))
    const held = await office.refresh('precinct', code, precincts(code, { P1: ['D1'] }))
    expect(held).toMatchObject({ state: 'held', preview: { live: 17, remove: 14 } })
  })
})
