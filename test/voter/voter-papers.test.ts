import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RawTree } from '../../src/exchange/parcel.ts'
import { transferRecord } from '../../src/run/transfer.ts'
import { testDatabases } from '../database.ts'
import { gifOf, smallest } from '../fixtures/images.ts'
import { expectSoundBooks } from '../flow/balance.ts'
import { makeZip } from '../unpack/zip-maker.ts'
import { type Office, openOffice, precincts, voter, voters } from './office.ts'

const event = (CountyCode: string, ActivityId: string, more: RawTree = {}): RawTree => ({
  CountyCode,
  ActivityId,
  EmsVoterId: 'V1',
  ActivityType: 'RCP',
  Direction: 'SENT',
  ActivityDate: '2024-06-03',
  ...more,
})

const image = (CountyCode: string, ImageId: string, bytes: Uint8Array, more: RawTree = {}): RawTree => ({
  CountyCode,
  ImageId,
  EmsVoterId: 'V1',
  DocumentType: 'AFFIDAVIT',
  Image: Buffer.from(bytes).toString('base64'),
  ...more,
})

describe.each(testDatabases())('activities and images of voters on the $name', (database) => {
  let office: Office

  beforeAll(async () => {
    office = await openOffice(database)
  })
  afterAll(async () => {
    await expectSoundBooks(office.river.deps.db)
    await office.close()
  })

  /** A county with voters V1 to V3. */
  async function county(): Promise<string> {
    const code = await office.county()
    await office.send('precinct', code, precincts(code, { P1: ['D1'] }))
    await office.send('voter', code, voters(code, 3))
    return code
  }

  const remove = (code: string, id: string) =>
    office.send('voter', code, [voter(code, id, { Operation: 'delete' })])

  describe('activities', () => {
    test('are only ever added: the same is unchanged, another refused, a missing one stays', async () => {
      const code = await county()
      await office.send('activity', code, [event(code, 'A1'), event(code, 'A2')])
      const done = await office.refresh('activity', code, [
        event(code, 'A1'),
        event(code, 'A1', { Direction: 'RETURNED' }),
        event(code, 'A3', { Direction: 'RETURNED', AnswersActivityId: 'A1' }),
      ])
      expect(done).toMatchObject({ state: 'completed', counts: { removed: 0 } })
      expect(await office.outcomes(done)).toEqual([['unchanged'], ['rejected', 'AC002'], ['created']])
      const standing = await office.standing('activity', code)
      expect(Object.keys(standing)).toEqual(['A1', 'A2', 'A3'])
      expect(standing.A1).toMatchObject({ version: 1, body: { direction: 'SENT' } })
      const taken = await office.send('activity', code, [event(code, 'A1', { Operation: 'delete' })])
      expect(taken.counts).toMatchObject({ rejected: 1, deleted: 0 })
    })

    test('of an unknown voter are refused; of a voter who is deleted they stay', async () => {
      const code = await county()
      const done = await office.send('activity', code, [
        event(code, 'A1', { EmsVoterId: 'V99' }),
        event(code, 'A2'),
      ])
      expect(await office.outcomes(done)).toEqual([['rejected', 'NO_VOTER'], ['created']])
      await remove(code, 'V1')
      expect(Object.keys(await office.standing('activity', code))).toEqual(['A2'])
    })
  })

  describe('images', () => {
    test('new, changed and unchanged ones are taken, missing ones stay', async () => {
      const code = await county()
      await office.send('voterimage', code, [
        image(code, 'I1', gifOf(500)),
        image(code, 'I2', gifOf(600)),
        image(code, 'I3', smallest('pdf')),
      ])
      const done = await office.refresh('voterimage', code, [
        image(code, 'I1', gifOf(500)),
        image(code, 'I2', gifOf(600, 7)),
      ])
      expect(done).toMatchObject({ state: 'completed', counts: { unchanged: 1, updated: 1, removed: 0 } })
      expect(Object.keys(await office.standing('voterimage', code))).toEqual(['I1', 'I2', 'I3'])
    })

    test('GIF, TIFF, JPEG and PDF are told by what is in them, in base64 and as files of a ZIP', async () => {
      const code = await county()
      const kinds = ['gif', 'tiff', 'jpeg', 'pdf'] as const
      const rows = kinds.map((kind) => `${code},I-${kind},V1,AFFIDAVIT,${kind}.bin`)
      const done = await office.send(
        'voterimage',
        code,
        makeZip([
          {
            name: 'images.csv',
            data: `CountyCode,ImageId,EmsVoterId,DocumentType,Image\n${rows.join('\n')}\n${code},I-text,V1,LETTER,letter.pdf\n`,
          },
          ...kinds.map((kind) => ({ name: `${kind}.bin`, data: smallest(kind) })),
          { name: 'letter.pdf', data: 'Dear sir or madam' },
        ]),
        { fileName: 'images.zip' },
      )
      expect((await office.outcomes(done)).map(([outcome]) => outcome)).toEqual([
        'created',
        'created',
        'created',
        'created',
        'rejected',
      ])
      const standing = await office.standing('voterimage', code)
      for (const kind of kinds) expect(standing[`I-${kind}`]?.body).toMatchObject({ image: { type: kind } })
    })

    test('of an unknown voter wait, and are deleted with the voter', async () => {
      const code = await county()
      const done = await office.send('voterimage', code, [
        image(code, 'I1', smallest('jpeg'), { EmsVoterId: 'V99' }),
        image(code, 'I2', smallest('jpeg')),
        image(code, 'I3', smallest('tiff'), { DocumentType: 'SIGNATURE' }),
      ])
      expect(await office.outcomes(done)).toEqual([['created', 'NO_VOTER'], ['created'], ['created']])
      await office.send('voter', code, [voter(code, 'V99')])
      expect((await office.standing('voterimage', code)).I1).toMatchObject({ status: 'submitted', codes: [] })
      const gone = await remove(code, 'V1')
      expect(gone.counts).toMatchObject({ deleted: 1, cascaded: 2 })
      expect(Object.keys(await office.standing('voterimage', code))).toEqual(['I1'])
    })
  })

  test('a voter who moves to another county comes with the images and is renamed there', async () => {
    const [old, code] = [await county(), await county()]
    await office.send('voterimage', old, [image(old, 'I1', smallest('jpeg'))])
    const centre = { account: 'clerk', name: 'clerk', partner: 'office', centre: true } as const
    const moved = await transferRecord(office.river.deps, {
      who: { ...centre, kind: 'person', realms: ['live'], grants: [] },
      exchange: 'voter',
      realm: 'live',
      type: 'voter',
      key: `${old}/V1`,
      from: old,
      to: code,
      reason: 'registered again in the new county',
    })
    expect(moved).toMatchObject({ key: `${old}/V1`, others: 1 })
    expect(Object.keys(await office.standing('voter', old))).toEqual(['V2', 'V3'])
    const done = await office.send('voter', code, [
      voter(code, 'V9', { Operation: 'rename', FormerCountyCode: old, FormerEmsVoterId: 'V1' }),
    ])
    expect(await office.outcomes(done)).toEqual([['updated']])
    expect((await office.standing('voter', code)).V9).toMatchObject({ version: 3, status: 'submitted' })
    expect(Object.keys(await office.standing('voterimage', old))).toEqual([])
    expect(Object.keys(await office.standing('voterimage', code))).toEqual([`${old}/I1`])
  })
})
