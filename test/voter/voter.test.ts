import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { putRuleSet } from '../../src/store/rule-sets.ts'
import { testDatabases } from '../database.ts'
import { NC_VOTERS, ncFile } from '../fixtures/electors.ts'
import { expectSoundBooks } from '../flow/balance.ts'
import { folderOf } from './judging.ts'
import { type Office, openOffice, precincts, voter, voters } from './office.ts'

const caseOf = (name: string) => readFile(`${folderOf('voter')}/cases/${name}/input.json`, 'utf8')

describe.each(testDatabases())('voter registration on the $name', (database) => {
  let office: Office

  beforeAll(async () => {
    office = await openOffice(database)
  })
  afterAll(async () => {
    await expectSoundBooks(office.river.deps.db)
    await office.close()
  })

  /** A county with precincts P1 and P2. */
  async function county(): Promise<string> {
    const code = await office.county()
    await office.send('precinct', code, precincts(code, { P1: ['D1'], P2: ['D1'] }))
    return code
  }

  test('new, changed and unchanged voters, with every version kept', async () => {
    const code = await county()
    expect((await office.send('voter', code, voters(code, 4))).counts).toMatchObject({ created: 4 })
    const cancelled = voter(code, 'V2', {
      Status: 'Cancelled',
      StatusDate: '2024-05-01',
      VoterStatusReasonCode: 'C-DEATH',
      StatusHistory: { Change: [{ Status: 'Active', EffectiveDate: '2020-02-03', ReasonCode: 'A-NEW' }] },
    })
    const done = await office.send('voter', code, [voter(code, 'V1'), cancelled, voter(code, 'V5')])
    expect(await office.outcomes(done)).toEqual([['unchanged'], ['updated'], ['created']])
    expect((await office.standing('voter', code)).V2).toMatchObject({
      version: 2,
      status: 'submitted',
      body: {
        status: 'Cancelled',
        status_history: [{ status: 'Active', effective_date: '2020-02-03', reason: 'A-NEW' }],
      },
    })
    const history = await office.river.deps.db.transact((tx) =>
      tx.rows<{ body: { status: string } }>(sql`
        select h.body from history h join book using (book) where owner = ${code} and exchange = 'voter'`),
    )
    expect(history.map(({ body }) => body.status)).toEqual(['Active'])
  })

  test('a full refresh deletes whom the register leaves out, a few; more are held for a person', async () => {
    const code = await county()
    await office.send('voter', code, voters(code, 100))
    const done = await office.refresh('voter', code, voters(code, 99))
    expect(done).toMatchObject({ state: 'completed', counts: { unchanged: 99, removed: 1, created: 0 } })
    const held = await office.refresh('voter', code, voters(code, 80))
    expect(held).toMatchObject({ state: 'held', preview: { live: 99, remove: 19 } })
    expect(Object.keys(await office.standing('voter', code))).toHaveLength(99)
  })

  test('a voter in an unknown precinct is stored with an error until the precinct comes', async () => {
    const code = await county()
    const done = await office.send('voter', code, [
      voter(code, 'V1', { PrecinctId: 'P9' }),
      voter(code, 'V2'),
    ])
    expect(await office.outcomes(done)).toEqual([['created', 'NO_PRECINCT'], ['created']])
    expect((await office.standing('voter', code)).V1).toMatchObject({
      status: 'submitted-with-errors',
      codes: ['NO_PRECINCT'],
    })
    await office.send('precinct', code, precincts(code, { P9: ['D1'] }))
    expect((await office.standing('voter', code)).V1).toMatchObject({ status: 'submitted', codes: [] })
    // The precinct of another county is another precinct.
    const other = await office.county()
    const there = await office.send('voter', other, [voter(other, 'V1', { PrecinctId: 'P9' })])
    expect(await office.outcomes(there)).toEqual([['created', 'NO_PRECINCT']])
  })

  test('a county writes its own voters only', async () => {
    const [code, other] = [await county(), await county()]
    const done = await office.send('voter', code, [voter(other, 'V1'), voter('59', 'V1'), voter(code, 'V1')])
    expect(await office.outcomes(done)).toEqual([
      ['rejected', 'NOT_YOUR_COUNTY'],
      ['rejected', 'F001C', 'NOT_YOUR_COUNTY'],
      ['created'],
    ])
    expect(await office.standing('voter', other)).toEqual({})
  })

  test('a request to register is kept apart, survives the refresh of the register, and is taken up by renaming', async () => {
    const code = await county()
    await office.send('voter', code, voters(code, 3))
    const request = (await caseOf('nist-registration')).replace('Contra Costa', code)
    const done = await office.send('voter', code, request)
    expect(await office.outcomes(done)).toEqual([['created']])
    const key = 'VRI-0bb1bfd7-0000-4000-8000-9c9e3bb9ccc0'
    expect((await office.standing('voter', code))[key]).toMatchObject({
      status: 'submitted',
      body: { status: 'Pending', origin: 'REQUEST', first_name: 'INVENTA' },
    })
    expect(await office.outcomes(await office.send('voter', code, request))).toEqual([['rejected', 'VR001']])

    const refreshed = await office.refresh('voter', code, voters(code, 3))
    expect(refreshed.counts).toMatchObject({ unchanged: 3, removed: 0 })
    const taken = await office.send('voter', code, [
      voter(code, 'V4', { Operation: 'rename', FormerCountyCode: code, FormerEmsVoterId: key }),
    ])
    expect(await office.outcomes(taken)).toEqual([['updated']])
    const standing = await office.standing('voter', code)
    expect(Object.keys(standing)).toEqual(['V1', 'V2', 'V3', 'V4'])
    expect(standing.V4).toMatchObject({ version: 2, body: { origin: 'REGISTER', status: 'Active' } })
  })

  test('a request about a registration waits for it and does not touch it', async () => {
    const code = await county()
    const request = (await caseOf('nist-correction')).replace('"Value": "01"', `"Value": "${code}"`)
    const done = await office.send('voter', code, request)
    expect(await office.outcomes(done)).toEqual([['created', 'NO_VOTER']])
    await office.send('voter', code, [voter(code, '1000001')])
    const standing = await office.standing('voter', code)
    expect(standing['VRI-t-2']).toMatchObject({ codes: [], status: 'submitted' })
    expect(standing['1000001']).toMatchObject({ version: 1, body: { last_name: 'Alderson' } })
  })

  test('a file in the layout of North Carolina comes in by a rule set alone', async () => {
    const code = await county()
    const content = await readFile(`${folderOf('voter')}/rules/north-carolina.yaml`, 'utf8')
    await office.river.deps.db.transact((tx) =>
      putRuleSet(tx, {
        exchange: 'voter',
        partner: code,
        effectiveAt: '2026-01-01T00:00:00.000Z',
        content,
        reason: 'a test',
        madeBy: 'test',
        madeAt: '2026-01-01T00:00:00.000Z',
      }),
    )
    await office.river.rules.look()
    await office.send('precinct', code, precincts(code, { '03S': ['D1'], '01-07': ['D1'] }))
    const file = ncFile(NC_VOTERS.map((one) => ({ ...one, county_id: String(Number(code)) })))
    const done = await office.send('voter', code, file)
    const outcomes = (await office.outcomes(done)).map(([outcome, ...codes]) => [outcome, ...codes.sort()])
    expect(outcomes).toEqual([
      // There is no date of birth in that file, which is a warning.
      ['created', 'VR110'],
      ['created', 'VR102', 'VR103', 'VR110'],
      ['created', 'F045R', 'VR102', 'VR103', 'VR110'],
      ['filtered', 'NC-CONFIDENTIAL'],
      ['created', 'F037C', 'F045T', 'F051R', 'VR108', 'VR110'],
    ])
    expect((await office.standing('voter', code))['000009000001']).toMatchObject({
      status: 'submitted',
      body: {
        registrant_id: 'AA900001',
        last_name: 'ALDERSON',
        suffix: 'JR',
        status: 'Active',
        status_reason: 'A-CONFIRMED',
        party: 'DEM',
        registration_date: '2001-03-09',
        non_standard_address: '12 MILL ST',
        zip: '272539999',
        phones: ['3365550101'],
        precinct_id: '03S',
      },
    })
  })
})
