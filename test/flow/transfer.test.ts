import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { type Transferred, transferRecord } from '../../src/run/transfer.ts'
import { findBooks } from '../../src/store/books.ts'
import { findRecordAsOf, recordHistory, searchRecords } from '../../src/store/records-read.ts'
import { testDatabases } from '../database.ts'
import { expectSoundBooks } from './balance.ts'
import {
  ballot,
  callTied,
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

describe.each(testDatabases())('records given to another owner on the $name', ({ open }) => {
  let definitions: Definition[]
  let river: River
  let number = 0

  beforeAll(async () => {
    definitions = await loadRegister()
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
  const send = (partner: string, records: readonly TiedRecord[]) =>
    sendTied(river, definitions, partner, records)
  const transfer = (type: string, key: string, from: string, to: string): Promise<Transferred> =>
    transferRecord(river.deps, {
      who: {
        account: 'clerk',
        name: 'clerk',
        partner: 'office',
        centre: true,
        kind: 'person',
        realms: ['live'],
        grants: [],
      },
      exchange: 'register',
      realm: 'live',
      type,
      key,
      from,
      to,
      reason: 'Moved house.',
    })

  async function booksOf(...owners: string[]): Promise<number[]> {
    const rows = await river.deps.db.transact((tx) =>
      findBooks(tx, { owners, exchange: 'register', realm: 'live' }),
    )
    return rows.map((row) => row.book)
  }

  test('a record leaves with its history and with what belongs to it; both owners are told', async () => {
    const [here, there] = [await owner(), await owner()]
    await send(here, [voter('V1', { name: 'First' }), voter('V2'), vote('V1', 'E1'), vote('V2', 'E1')])
    await send(here, [voter('V1', { name: 'Second' })])
    await send(here, [ballot('1', 'E9', { voter: 'V1' })])
    const done = await transfer('voter', 'V1', here, there)
    expect(done).toMatchObject({ key: 'V1', others: 2 })
    expect(await standing(river, here)).toEqual({
      'vote V2/E1': expect.anything(),
      'voter V2': expect.anything(),
    })
    expect(await standing(river, there)).toMatchObject({
      'voter V1': { version: 3, status: 'submitted' },
      'vote V1/E1': { version: 2 },
      'ballot 1/E9': { version: 2, status: 'submitted-with-errors', codes: ['NO_TARGET'] },
    })
    const bodies = async (books: readonly number[]) =>
      (await river.deps.db.transact((tx) => recordHistory(tx, books, done.recordId))).map((row) => [
        row.version,
        row.operation,
        row.body?.name ?? null,
      ])
    const whole = [
      [1, 'upsert', 'First'],
      [2, 'upsert', 'Second'],
      [3, 'transfer', 'Second'],
    ]
    expect(await bodies(await booksOf(there))).toEqual(whole)
    expect(await bodies(await booksOf(here))).toEqual([...whole.slice(0, 2), [3, 'transfer', null]])
    expect(await bodies(await booksOf(here, there))).toEqual(whole)

    const left = await river.submission(done.left)
    const came = await river.submission(done.came)
    expect(left).toMatchObject({ owner: here, channel: 'transfer', counts: { received: 2, deleted: 2 } })
    expect(came).toMatchObject({ owner: there, counts: { received: 2, created: 2, withErrors: 0 } })
    expect(await river.log(done.came)).toMatchObject([
      { operation: 'transfer', outcome: 'created', type: 'vote', key: 'V1/E1' },
      { operation: 'transfer', outcome: 'created', type: 'voter', key: 'V1', version: 3 },
    ])
    // It goes on where it is now: what belongs to it still falls with it.
    const gone = await send(there, [{ ...voter('V1'), Operation: 'delete' }])
    expect(gone.counts).toMatchObject({ deleted: 1, cascaded: 2 })
  })

  test('a record as it was: with its former owner then, with its new one now', async () => {
    const [here, there] = [await owner(), await owner()]
    await send(here, [voter('V1', { name: 'First' })])
    const between = new Date(river.deps.now() + 1).toISOString()
    for (let index = 0; index < 5; index += 1) river.deps.now()
    const { recordId } = await transfer('voter', 'V1', here, there)
    await send(there, [voter('V1', { name: 'Second' })])
    const now = new Date(river.deps.now() + 1).toISOString()
    const at = async (books: readonly number[], time: string) =>
      (await river.deps.db.transact((tx) => findRecordAsOf(tx, books, recordId, time)))?.body.name ?? null
    const all = await booksOf(here, there)
    expect(await at(all, between)).toBe('First')
    expect(await at(all, now)).toBe('Second')
    expect(await at(await booksOf(here), now)).toBe(null)
  })

  test('there and back again, renamed on the way', async () => {
    const [here, there] = [await owner(), await owner()]
    await send(here, [voter('V1')])
    const { recordId } = await transfer('voter', 'V1', here, there)
    await send(there, [{ ...voter('W1', { was: 'V1' }), Operation: 'rename' }])
    expect(await transfer('voter', 'V1', there, here)).toMatchObject({ recordId, key: 'W1' })
    expect(await standing(river, here)).toMatchObject({ 'voter W1': { version: 4 } })
    expect(await standing(river, there)).toEqual({})
    const books = await booksOf(here)
    const found = await river.deps.db.transact((tx) =>
      searchRecords(tx, {
        books,
        type: 'voter',
        status: null,
        key: 'V1',
        where: [],
        changedSince: null,
        limit: 10,
        after: null,
      }),
    )
    expect(found).toMatchObject([{ recordId, key: 'W1' }])
    expect(await send(here, [voter('V1', { was: 'V1', name: 'NW1' })])).toMatchObject({
      counts: { unchanged: 1 },
    })
  })

  test('what it refers to is looked up with the new owner', async () => {
    const [here, there] = [await owner(), await owner()]
    await send(here, [
      precinct('P1'),
      precinct('P2'),
      voter('V1', { precinct: 'P1' }),
      voter('V2', { precinct: 'P2' }),
      voter('V3', { homes: [{ place: 'P1' }] }),
    ])
    await send(there, [precinct('P2')])
    await transfer('voter', 'V1', here, there)
    await transfer('voter', 'V2', here, there)
    await expect(transfer('voter', 'V3', here, there)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await standing(river, there)).toMatchObject({
      'voter V1': { status: 'submitted-with-errors', codes: ['V404'] },
      'voter V2': { status: 'submitted', codes: [] },
    })
    await send(there, [precinct('P1')])
    expect(await standing(river, there)).toMatchObject({ 'voter V1': { status: 'submitted', codes: [] } })
    // Nobody lives in P1 here any more, except in an address of long ago, which lets it go.
    expect(await send(here, [{ ...precinct('P1'), Operation: 'delete' }])).toMatchObject({
      counts: { deleted: 1 },
    })
  })

  test('those that wait at the new owner are settled when it comes', async () => {
    const [here, there] = [await owner(), await owner()]
    await send(here, [precinct('P1')])
    await send(there, [voter('V1', { precinct: 'P1' })])
    await transfer('precinct', 'P1', here, there)
    expect(await standing(river, there)).toMatchObject({
      'voter V1': { status: 'submitted', version: 2, codes: [] },
    })
  })

  test('refused: in use, taken there, unknown, the same owner, an exchange of the centre', async () => {
    const [here, there] = [await owner(), await owner()]
    await send(here, [precinct('P1'), voter('V1', { precinct: 'P1' }), voter('V2')])
    await send(there, [voter('V2')])
    const before = [await standing(river, here), await standing(river, there)]
    await expect(transfer('precinct', 'P1', here, there)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(transfer('voter', 'V2', here, there)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(transfer('voter', 'V7', here, there)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(transfer('voter', 'V2', here, here)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(transfer('voter', 'V2', here, 'nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect([await standing(river, here), await standing(river, there)]).toEqual(before)
  })

  test('a call renames a record; its votes are still its votes', async () => {
    const partner = await owner()
    await send(partner, [voter('V1'), vote('V1', 'E1')])
    const { recordId } = await callTied(river, partner, voter('V1'))
    const renamed = await callTied(river, partner, { type: 'voter' } as TiedRecord, {
      operation: 'rename',
      recordId,
      names: 'native',
      bytes: Buffer.from('{"number":"W1"}'),
    })
    expect(renamed).toMatchObject({ outcome: 'updated', key: 'W1', recordId, version: 2 })
    expect(renamed.body).toMatchObject({ number: 'W1', was: 'V1', name: 'NV1' })
    const books = await booksOf(partner)
    const rows = await river.deps.db.transact((tx) =>
      tx.rows(
        sql`select target_key from link where target_key in ('V1', 'W1') and target_book = any (${books}::int[])`,
      ),
    )
    expect(rows).toEqual([{ target_key: 'W1' }])
  })

  test('writers of exchanges that refer to each other, at once: nobody waits for ever, nobody is missed', async () => {
    const partner = await owner()
    const calls: Promise<unknown>[] = []
    for (let index = 0; index < 12; index += 1) {
      calls.push(callTied(river, partner, ballot(`${index}`, 'E-none', { voter: `V${index}` })))
      calls.push(callTied(river, partner, voter(`V${index}`, { precinct: `P${index % 3}` })))
      if (index % 4 === 0) calls.push(callTied(river, partner, precinct(`P${index / 4}`)))
    }
    await Promise.all(calls)
    const now = Object.values(await standing(river, partner))
    expect(now.filter(({ type }) => type === 'voter').every(({ codes }) => codes.length === 0)).toBe(true)
    // Only the election is missing still.
    expect(now.filter(({ type }) => type === 'ballot').map(({ codes }) => codes)).toEqual(
      Array.from({ length: 12 }, () => ['NO_TARGET']),
    )
    const gone = Array.from({ length: 12 }, (_, index) =>
      callTied(river, partner, voter(`V${index}`), { operation: 'delete' }),
    )
    const changed = Array.from({ length: 12 }, (_, index) =>
      callTied(river, partner, ballot(`B${index}`, 'E-none', { voter: `V${index}` })),
    )
    await Promise.all([...gone, ...changed])
    const links = await river.deps.db.transact((tx) =>
      tx.rows(sql`
        select 1 from link l join record r using (book, record_id) join book b using (book)
         where b.owner = ${partner} and l.reference = 'ballots.ballot.voter' and not l.waiting`),
    )
    expect(links, 'no ballot refers to a voter that is gone, unless it says so').toEqual([])
  })
})
