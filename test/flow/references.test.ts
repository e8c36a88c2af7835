import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
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

const deleted = { Operation: 'delete' }

describe.each(testDatabases())('references on the $name', ({ open }) => {
  let definitions: Definition[]
  let river: River
  let number = 0

  beforeAll(async () => {
    definitions = await loadRegister()
    // Chunks of three: everything below crosses chunks.
    river = await openRiver({ ...(await open()), chunkRecordsMax: 3 }, definitions, judgeHere())
    await openOffice(river)
  })
  afterAll(async () => {
    await expectSoundBooks(river.deps.db)
    await river.close()
  })

  const owner = () => {
    number += 1
    return newPartner(river, `owner-${number}`)
  }
  const send = (partner: string, records: readonly TiedRecord[], change = {}) =>
    sendTied(river, definitions, partner, records, change)
  const outcomes = async (tracking: string) =>
    (await river.log(tracking)).filter((line) => line.position > 0).map((line) => line.outcome)

  async function linksOf(partner: string): Promise<string[]> {
    const rows = await river.deps.db.transact((tx) =>
      tx.rows<{ text: string }>(sql`
        select concat_ws(' ', r.key, l.reference, l.item, l.target_key, l.waiting) as text
          from link l join record r using (book, record_id) join book b using (book)
         where b.owner = ${partner} order by 1`),
    )
    return rows.map((row) => row.text)
  }

  test('a target that is not there: refused, stored with an error, or stored, as the reference says', async () => {
    const partner = await owner()
    const done = await send(partner, [
      vote('V9', 'E1'),
      voter('V1', { precinct: 'P9' }),
      precinct('P1', { within: 'P8' }),
      voter('V2', { homes: [{ place: 'P1' }, { place: 'P7' }] }),
      voter('V3', { homes: [{ since: '2020-01-01' }, { place: 'P1' }] }),
    ])
    expect(await outcomes(done.tracking)).toEqual(['rejected', 'created', 'created', 'rejected', 'created'])
    const lines = await river.log(done.tracking)
    expect(lines[0]?.findings).toEqual([
      {
        code: 'NO_TARGET',
        severity: 'fatal',
        path: 'voter',
        field: 'voter',
        item: null,
        message: 'There is no voter with this key.',
        value: 'V9',
      },
    ])
    expect(lines[1]?.findings).toMatchObject([
      { code: 'V404', severity: 'error', path: 'precinct', value: 'P9' },
    ])
    expect(lines[3]?.findings).toMatchObject([{ code: 'V405', path: 'homes[2].place', item: 2, value: 'P7' }])
    expect(done.counts).toMatchObject({ created: 3, rejected: 2, withErrors: 1 })
    expect(await standing(river, partner)).toMatchObject({
      'voter V1': { status: 'submitted-with-errors', codes: ['V404'] },
      'precinct P1': { status: 'submitted' },
    })
    expect(await linksOf(partner)).toEqual([
      'P1 register.precinct.parent 0 P8 f',
      'V1 register.voter.precinct 0 P9 t',
      'V3 register.voter.home 2 P1 f',
    ])
  })

  test('a target earlier in the same file counts, one later in it does not', async () => {
    const partner = await owner()
    const done = await send(partner, [vote('V1', 'E1'), voter('V1'), vote('V1', 'E2'), vote('V1', 'E3')])
    expect(await outcomes(done.tracking)).toEqual(['rejected', 'created', 'created', 'created'])
  })

  test('a record may refer to itself', async () => {
    const partner = await owner()
    await send(partner, [precinct('P1', { within: 'P1' })])
    expect(await send(partner, [precinct('P1', deleted)])).toMatchObject({ counts: { deleted: 1 } })
  })

  test('when the target comes, those that wait get a new version without their error', async () => {
    const partner = await owner()
    const first = await send(partner, [
      voter('V1', { precinct: 'P1' }),
      voter('V2', { precinct: 'P1', name: '' }),
      voter('V3', { precinct: 'P2' }),
    ])
    const came = await send(partner, [precinct('P1')])
    expect(came.counts).toMatchObject({ received: 1, created: 1, updated: 0 })
    expect(await standing(river, partner)).toMatchObject({
      'voter V1': { status: 'submitted', version: 2, codes: [] },
      'voter V2': { status: 'submitted-with-errors', version: 2, codes: ['F002R'] },
      'voter V3': { status: 'submitted-with-errors', version: 1, codes: ['V404'] },
    })
    const [line] = await river.log(came.tracking)
    expect(line).toMatchObject({
      settled: [
        { type: 'voter', key: 'V1' },
        { type: 'voter', key: 'V2' },
      ],
    })
    const history = await river.deps.db.transact((tx) =>
      tx.rows(sql`
        select h.key, h.version, h.status, h.operation from history h join book using (book)
         where owner = ${partner} order by h.key, h.version`),
    )
    expect(history).toMatchObject([
      { key: 'V1', version: 1, status: 'submitted-with-errors' },
      { key: 'V2', version: 1, status: 'submitted-with-errors' },
    ])
    // What was said of the first file stays said.
    expect((await river.log(first.tracking))[0]?.findings).toHaveLength(1)
    const again = await send(partner, [
      voter('V1', { precinct: 'P1' }),
      voter('V2', { precinct: 'P1', name: '' }),
    ])
    expect(again.counts).toMatchObject({ unchanged: 2 })
  })

  test('target and record in one chunk, the record first: it is settled there and then', async () => {
    const partner = await owner()
    const done = await send(partner, [
      voter('V1', { precinct: 'P1' }),
      precinct('P1'),
      voter('V1', { precinct: 'P1' }),
    ])
    expect(await outcomes(done.tracking)).toEqual(['created', 'created', 'unchanged'])
    expect(await standing(river, partner)).toMatchObject({
      'voter V1': { status: 'submitted', version: 2, codes: [] },
    })
    expect(await linksOf(partner)).toEqual(['V1 register.voter.precinct 0 P1 f'])
  })

  test('a record that waits is told again while its target is missing, and stays unchanged', async () => {
    const partner = await owner()
    await send(partner, [voter('V1', { precinct: 'P1' })])
    const again = await send(partner, [voter('V1', { precinct: 'P1' })])
    expect(again.counts).toMatchObject({ unchanged: 1, withErrors: 1 })
    expect((await standing(river, partner))['voter V1']).toMatchObject({ version: 1 })
    const moved = await send(partner, [voter('V1')])
    expect(moved.counts).toMatchObject({ updated: 1, withErrors: 0 })
    await send(partner, [precinct('P1')])
    expect((await standing(river, partner))['voter V1']).toMatchObject({ version: 2, codes: [] })
    expect(await linksOf(partner)).toEqual([])
  })

  test('what others refer to cannot be deleted, unless they go first', async () => {
    const partner = await owner()
    await send(partner, [precinct('P1'), voter('V1', { precinct: 'P1' }), voter('V2', { precinct: 'P1' })])
    const refused = await send(partner, [precinct('P1', deleted)])
    expect((await river.log(refused.tracking))[0]).toMatchObject({
      outcome: 'rejected',
      findings: [{ code: 'V409', message: 'Voters live in this precinct.' }],
    })
    const done = await send(partner, [
      voter('V1', { precinct: 'P2' }),
      voter('V2', deleted),
      precinct('P1', deleted),
    ])
    expect(done.counts).toMatchObject({ updated: 1, deleted: 2 })
    expect(Object.keys(await standing(river, partner))).toEqual(['voter V1'])
  })

  test('what belongs to a record is deleted with it, with history and counted apart', async () => {
    const partner = await owner()
    await send(partner, [voter('V1'), voter('V2'), vote('V1', 'E1'), vote('V1', 'E2'), vote('V2', 'E1')])
    const done = await send(partner, [voter('V1', deleted)])
    expect(done.counts).toMatchObject({ received: 1, deleted: 1, cascaded: 2 })
    expect(Object.keys(await standing(river, partner))).toEqual(['vote V2/E1', 'voter V2'])
    const lines = (await river.log(done.tracking)) as unknown as Record<string, unknown>[]
    expect(lines.slice(1)).toMatchObject([
      { cascaded: true, by: 1, type: 'vote', key: 'V1/E1', version: 2 },
      { cascaded: true, by: 1, type: 'vote', key: 'V1/E2', version: 2 },
    ])
    const stones = await river.deps.db.transact((tx) =>
      tx.rows(sql`
        select h.key, h.operation, h.version, h.submission from history h join book using (book)
         where owner = ${partner} and status = 'deleted' and type = 'vote' order by key`),
    )
    expect(stones).toEqual(
      ['V1\u001fE1', 'V1\u001fE2'].map((key) => ({
        key,
        operation: 'cascade',
        version: 2,
        submission: done.tracking,
      })),
    )
    expect(await linksOf(partner)).toEqual(['V2\u001fE1 register.vote.voter 0 V2 f'])
  })

  test('in one chunk: made, deleted with its target, and refused after it', async () => {
    const partner = await owner()
    await send(partner, [voter('V1')])
    const done = await send(partner, [vote('V1', 'E1'), voter('V1', deleted), vote('V1', 'E1')])
    expect(await outcomes(done.tracking)).toEqual(['created', 'deleted', 'rejected'])
    expect(done.counts.cascaded).toBe(1)
    expect(await standing(river, partner)).toEqual({})
  })

  test('references lead to records of another exchange of the same owner, and to those of the centre', async () => {
    const partner = await owner()
    const other = await owner()
    await send(other, [voter('V1')])
    const done = await send(partner, [ballot('1', 'E-A', { voter: 'V1' }), ballot('2', 'E-A')])
    expect(done.counts).toMatchObject({ created: 2, withErrors: 2 })
    await send(partner, [voter('V1')])
    expect(await standing(river, partner)).toMatchObject({
      'ballot 1/E-A': { version: 2, status: 'submitted-with-errors', codes: ['NO_TARGET'] },
    })
    await send('office', [election('E-A')])
    expect(await standing(river, partner)).toMatchObject({
      'ballot 1/E-A': { version: 3, status: 'submitted', codes: [] },
      'ballot 2/E-A': { version: 2, status: 'submitted', codes: [] },
    })
    const refused = await send('office', [election('E-A', deleted)])
    expect((await river.log(refused.tracking))[0]?.findings).toMatchObject([{ code: 'IN_USE' }])
    const gone = await send(partner, [voter('V1', deleted)])
    expect(gone.counts).toMatchObject({ deleted: 1, cascaded: 1 })
    expect((await river.log(gone.tracking))[1]).toMatchObject({
      cascaded: true,
      exchange: 'ballots',
      key: '1/E-A',
    })
    expect(Object.keys(await standing(river, partner))).toEqual(['ballot 2/E-A'])
    expect(Object.keys(await standing(river, other))).toEqual(['voter V1'])
  })

  test('a dry run judges references with what it has seen, and writes nothing', async () => {
    const partner = await owner()
    await send(partner, [precinct('P1'), voter('V9', { precinct: 'P1' })])
    const before = await standing(river, partner)
    const done = await send(
      partner,
      [
        voter('V1', { precinct: 'P1' }),
        vote('V1', 'E1'),
        vote('V1', 'E2'),
        vote('V2', 'E1'),
        voter('V9', deleted),
        precinct('P1', deleted),
        voter('V1', deleted),
        precinct('P1', deleted),
        vote('V1', 'E1'),
      ],
      { dryRun: true },
    )
    expect(await outcomes(done.tracking)).toEqual([
      'created',
      'created',
      'created',
      'rejected',
      'deleted',
      'rejected',
      'deleted',
      'deleted',
      'rejected',
    ])
    expect(done.counts).toMatchObject({ cascaded: 2 })
    expect(await standing(river, partner)).toEqual(before)
    expect(await river.deps.db.transact((tx) => tx.rows(sql`select 1 from survey_link`))).toEqual([])
  })

  test('single calls: refused, settled and cascaded in their own transaction; a repeated call is answered again', async () => {
    const partner = await owner()
    expect(await callTied(river, partner, vote('V1', 'E1'))).toMatchObject({
      outcome: 'rejected',
      findings: [{ code: 'NO_TARGET' }],
    })
    expect(await callTied(river, partner, voter('V1', { precinct: 'P1' }))).toMatchObject({
      outcome: 'created',
      status: 'submitted-with-errors',
    })
    await callTied(river, partner, precinct('P1'))
    await callTied(river, partner, vote('V1', 'E1'))
    expect(await standing(river, partner)).toMatchObject({ 'voter V1': { version: 2, status: 'submitted' } })
    const call = () =>
      callTied(river, partner, voter('V1'), { operation: 'delete', idempotencyKey: `${partner}-delete` })
    const first = await call()
    expect(first).toMatchObject({ outcome: 'deleted', repeated: false })
    expect((await river.submission(first.tracking)).counts).toMatchObject({ deleted: 1, cascaded: 1 })
    expect(await call()).toMatchObject({ outcome: 'deleted', repeated: true, tracking: first.tracking })
    expect(Object.keys(await standing(river, partner))).toEqual(['precinct P1'])
  })

  test('a full refresh deletes those that refer before what they refer to, and keeps what is still needed', async () => {
    const partner = await owner()
    await send(partner, [
      precinct('P1'),
      precinct('P2'),
      precinct('P3'),
      voter('V1', { precinct: 'P1' }),
      voter('V2', { precinct: 'P2' }),
      vote('V1', 'E1'),
      vote('V2', 'E1'),
    ])
    const refreshed = await send(
      partner,
      [precinct('P3'), voter('V1', { precinct: 'P1' }), vote('V1', 'E2')],
      { scope: 'refresh' },
    )
    expect(refreshed).toMatchObject({ state: 'completed' })
    // V2 with its vote, P2, and the vote of V1; V1 is named and lives in P1, so P1 stays.
    expect(refreshed.counts.removed + refreshed.counts.cascaded).toBe(4)
    expect(Object.keys(await standing(river, partner))).toEqual([
      'precinct P1',
      'precinct P3',
      'vote V1/E2',
      'voter V1',
    ])
    const kept = await river.deps.db.transact((tx) =>
      tx.rows(sql`
        select position, key, code, severity from finding where tracking = ${refreshed.tracking} and code = 'V409'`),
    )
    expect(kept).toEqual([{ position: 0, key: 'P1', code: 'V409', severity: 'error' }])
  })

  test('closing a record that waits: it stays closed when its target comes', async () => {
    const partner = await owner()
    await send(partner, [
      voter('V1', { precinct: 'P1' }),
      voter('V1', { precinct: 'P1', Operation: 'close' }),
    ])
    await send(partner, [precinct('P1')])
    expect(await standing(river, partner)).toMatchObject({ 'voter V1': { status: 'closed', codes: [] } })
  })
})
