import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RawTree } from '../../src/exchange/parcel.ts'
import { testDatabases } from '../database.ts'
import { expectSoundBooks } from '../flow/balance.ts'
import { EIGHT, election, type Office, openOffice, precincts, SEVEN, voter, voters } from './office.ts'

const took = (CountyCode: string, EmsVoterId: string, ElectionId = 'E1', more: RawTree = {}): RawTree => ({
  CountyCode,
  EmsVoterId,
  ElectionId,
  Method: 'MAIL',
  ...more,
})

const ballot = (CountyCode: string, ProvisionalBallotId: string, more: RawTree = {}): RawTree => ({
  CountyCode,
  ElectionId: 'E1',
  ProvisionalBallotId,
  Status: 'REVIEW',
  ...more,
})

const place = (CountyCode: string, PollingPlaceId: string, more: RawTree = {}): RawTree => ({
  CountyCode,
  ElectionId: 'E1',
  PollingPlaceId,
  PlaceType: 'POLL',
  PlaceName: 'School',
  Address: '1 Mill St',
  City: 'Alder Flat',
  Hours: { Day: [{ Date: '2024-11-05', Opens: '07:00', Closes: '20:00' }] },
  Precincts: { PrecinctId: ['P1'] },
  ...more,
})

describe.each(testDatabases())('what belongs to elections on the $name', (database) => {
  let office: Office

  beforeAll(async () => {
    office = await openOffice(database)
  })
  afterAll(async () => {
    await expectSoundBooks(office.river.deps.db)
    await office.close()
  })

  /** A county with precinct P1 and voters V1 to V25. */
  async function county(): Promise<string> {
    const code = await office.county()
    await office.send('precinct', code, precincts(code, { P1: ['D1'] }))
    await office.send('voter', code, voters(code, 25))
    return code
  }

  describe('elections', () => {
    test('new, changed and unchanged ones are taken, missing ones stay, and those in use cannot be deleted', async () => {
      const done = await office.refresh('election', 'office', [
        election('E1'),
        election('E3', { ElectionName: 'Special election' }),
      ])
      expect(done).toMatchObject({ state: 'completed', counts: { created: 1, unchanged: 1, removed: 0 } })
      const changed = await office.send('election', 'office', [election('E3', { ElectionName: 'Recall' })])
      expect(changed.counts).toMatchObject({ updated: 1 })
      expect(Object.keys(await office.standing('election', 'office'))).toEqual(['E1', 'E2', 'E3'])

      const code = await county()
      await office.send('participat', code, [took(code, 'V1')])
      const gone = await office.send('election', 'office', [
        { ElectionId: 'E1', Operation: 'delete' },
        { ElectionId: 'E3', Operation: 'delete' },
      ])
      expect(await office.outcomes(gone)).toEqual([['rejected', 'ELECTION_IN_USE'], ['deleted']])
    })
  })

  describe('participation', () => {
    test('a full refresh replaces the election that it names and no other', async () => {
      const code = await county()
      const all = voters(code, 25).map((one) => took(code, String(one.EmsVoterId)))
      await office.send('participat', code, [...all, took(code, 'V1', 'E2')])
      const [first, ...rest] = all.slice(0, 24) as [RawTree, ...RawTree[]]
      const done = await office.refresh('participat', code, [{ ...first, Method: 'POLL' }, ...rest])
      expect(done).toMatchObject({
        state: 'completed',
        preview: { live: 25 },
        counts: { updated: 1, unchanged: 23, removed: 1, created: 0 },
      })
      const keys = Object.keys(await office.standing('participat', code))
      expect(keys).toHaveLength(25)
      expect(keys).toContain('V1/E2')
      expect(keys).not.toContain('V25/E1')
    })

    test('an unknown election refuses it, an unknown voter waits, an unknown precinct is taken as said', async () => {
      const code = await county()
      const done = await office.send('participat', code, [
        took(code, 'V1', 'E9'),
        took(code, 'V99'),
        took(code, 'V2', 'E1', { PrecinctId: 'P0' }),
      ])
      expect(await office.outcomes(done)).toEqual([
        ['rejected', 'NO_ELECTION'],
        ['created', 'NO_VOTER'],
        ['created'],
      ])
      await office.send('voter', code, [voter(code, 'V99')])
      expect((await office.standing('participat', code))['V99/E1']).toMatchObject({
        status: 'submitted',
        codes: [],
      })
    })

    test('it stays when the voter is deleted', async () => {
      const code = await county()
      await office.send('participat', code, [took(code, 'V1')])
      const done = await office.send('voter', code, [voter(code, 'V1', { Operation: 'delete' })])
      expect(done.counts).toMatchObject({ deleted: 1, cascaded: 0 })
      expect(Object.keys(await office.standing('participat', code))).toEqual(['V1/E1'])
    })
  })

  describe('provisional ballots', () => {
    test('new and changed ones are taken, missing ones stay', async () => {
      const code = await county()
      await office.send('provision', code, [ballot(code, 'B1'), ballot(code, 'B2'), ballot(code, 'B3')])
      const done = await office.refresh('provision', code, [
        ballot(code, 'B1', { Status: 'COUNTED', EmsVoterId: 'V1' }),
        ballot(code, 'B2'),
        ballot(code, 'B4'),
      ])
      expect(done).toMatchObject({
        state: 'completed',
        counts: { updated: 1, unchanged: 1, created: 1, removed: 0 },
      })
      expect(Object.keys(await office.standing('provision', code))).toEqual([
        'E1/B1',
        'E1/B2',
        'E1/B3',
        'E1/B4',
      ])
    })

    test('an unknown election refuses it, an unknown voter is accepted, an unknown precinct waits', async () => {
      const code = await county()
      const done = await office.send('provision', code, [
        ballot(code, 'B1', { ElectionId: 'E9' }),
        ballot(code, 'B2', { EmsVoterId: 'V99' }),
        ballot(code, 'B3', { PrecinctId: 'P9' }),
      ])
      expect(await office.outcomes(done)).toEqual([
        ['rejected', 'NO_ELECTION'],
        ['created'],
        ['created', 'NO_PRECINCT'],
      ])
      await office.send('precinct', code, precincts(code, { P9: ['D1'] }))
      expect((await office.standing('provision', code))['E1/B3']).toMatchObject({ status: 'submitted' })
    })

    test('what was decided does not go back into review', async () => {
      const code = await county()
      await office.send('provision', code, [
        ballot(code, 'B1', { Status: 'NOTCOUNTED', ReasonCode: 'NOSIGNATURE' }),
      ])
      const done = await office.send('provision', code, [ballot(code, 'B1')])
      expect(await office.outcomes(done)).toEqual([['rejected', 'PV104']])
    })
  })

  describe('polling places', () => {
    test('a full refresh replaces the election that it names and no other', async () => {
      const code = await county()
      const four = ['A', 'B', 'C', 'D'].map((id) => place(code, id))
      await office.send('pollplace', code, [...four, place(code, 'A', { ElectionId: 'E2' })])
      const done = await office.refresh('pollplace', code, [
        place(code, 'A', { PlaceName: 'Library' }),
        place(code, 'B'),
        place(code, 'C'),
        place(code, 'E'),
      ])
      expect(done).toMatchObject({
        state: 'completed',
        counts: { updated: 1, unchanged: 2, created: 1, removed: 1 },
      })
      expect(Object.keys(await office.standing('pollplace', code))).toEqual([
        'E1/A',
        'E1/B',
        'E1/C',
        'E1/E',
        'E2/A',
      ])
    })

    test('an unknown election refuses it, an unknown precinct among others waits', async () => {
      const code = await county()
      const done = await office.send('pollplace', code, [
        place(code, 'A', { ElectionId: 'E9' }),
        place(code, 'B', { Precincts: { PrecinctId: ['P1', 'P9'] } }),
      ])
      expect(await office.outcomes(done)).toEqual([
        ['rejected', 'NO_ELECTION'],
        ['created', 'NO_PRECINCT'],
      ])
      await office.send('precinct', code, precincts(code, { P9: ['D1'] }))
      expect((await office.standing('pollplace', code))['E1/B']).toMatchObject({ codes: [] })
    })

    test('a precinct that has a polling place stays', async () => {
      const code = await office.county()
      await office.send('precinct', code, precincts(code, EIGHT))
      await office.send('pollplace', code, [place(code, 'A', { Precincts: { PrecinctId: ['P8'] } })])
      const done = await office.refresh('precinct', code, precincts(code, SEVEN))
      expect(await office.fileCodes(done)).toEqual(['PRECINCT_HAS_PLACE'])
      expect(Object.keys(await office.standing('precinct', code))).toContain('P8')
    })
  })
})
