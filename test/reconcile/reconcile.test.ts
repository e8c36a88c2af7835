import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { RawTree } from '../../src/exchange/parcel.ts'
import type { ReconcileReport } from '../../src/match/reconcile.ts'
import { bookOfTracking } from '../../src/store/books.ts'
import { listDifferences } from '../../src/store/differences.ts'
import type { Submission } from '../../src/store/model.ts'
import { testDatabases } from '../database.ts'
import { dues, loadRoll, member, rollFile } from '../fixtures/roll.ts'
import { newPartner, openOffice } from '../flow/register.ts'
import { judgeHere, openRiver, type River } from '../flow/river.ts'

let definition: Definition
beforeAll(async () => {
  definition = await loadRoll()
})

describe.each(testDatabases())('reconciliation on the $name', ({ open }) => {
  let river: River
  beforeAll(async () => {
    river = await openRiver(await open(), [definition], judgeHere())
    await openOffice(river)
  })
  afterAll(() => river.close())

  const send = (partner: string, records: readonly RawTree[], change = {}) =>
    river.send(rollFile(records), { partner, owner: partner, fileName: 'roll.ndjson', ...change })
  const reconcile = (partner: string, records: readonly RawTree[] | string, change = {}) =>
    river.send(typeof records === 'string' ? records : rollFile(records), {
      partner,
      owner: partner,
      fileName: 'roll.ndjson',
      scope: 'refresh',
      dryRun: true,
      reconcile: true,
      ...change,
    })
  const reportOf = ({ preview }: Submission) => preview as unknown as ReconcileReport
  const differencesOf = async ({ tracking }: Submission) => {
    const book = bookOfTracking(tracking) ?? 0
    const rows = await river.deps.db.transact((tx) =>
      listDifferences(tx, { book, tracking, kind: null, types: null, after: null, limit: 100 }),
    )
    return rows.map(({ kind, type, key, fields }) =>
      [kind, type, key.replaceAll('\u001f', '/'), ...fields].join(' '),
    )
  }
  const all = (book: number) =>
    river.deps.db.transact(async (tx) => ({
      records: await tx.rows(sql`select * from record where book = ${book} order by record_id`),
      history: await tx.rows(sql`select * from history where book = ${book}`),
      book: await tx.rows(sql`select * from book where book = ${book}`),
      left: await tx.rows(sql`select * from survey where book = ${book}`),
    }))

  test('each difference is told with the names of its fields, and nothing is changed', async () => {
    const club = await newPartner(river, 'north')
    const stored = await send(club, [
      member('1'),
      member('2'),
      member('3', { Phone: [{ Kind: 'home', Digits: '1' }] }),
      member('4'),
      dues('1', 2024),
      dues('1', 2025),
    ])
    const before = await all(stored.book)
    const done = await reconcile(club, [
      { ...member('1'), Action: 'N' },
      member('2', { Standing: { Code: 'I' }, Fee: '7' }),
      member('3', { Phone: [{ Kind: 'home', Digits: '2' }] }),
      member('5'),
      dues('1', 2024),
      dues('1', 2026),
    ])
    expect(done).toMatchObject({ state: 'completed', reconcile: true, dryRun: true, unreadableKeys: 0 })
    expect(done.counts).toMatchObject({ received: 6, unchanged: 2, updated: 2, created: 2, rejected: 0 })
    expect(await differencesOf(done)).toEqual([
      'only-partner dues 1/2026',
      'only-partner member 5',
      'only-centre dues 1/2025',
      'only-centre member 4',
      'different member 2 standing fee',
      'different member 3 phones',
    ])
    expect(reportOf(done)).toMatchObject({
      met: false,
      unreadable: 0,
      refused: 0,
      categories: [
        {
          category: 'members',
          partner: 4,
          centre: 4,
          same: 1,
          total: 4,
          allowed: 1,
          met: false,
          differences: { 'only-partner': 1, 'only-centre': 1, different: 2, repeated: 0 },
        },
        { category: 'dues', partner: 2, centre: 2, same: 1, total: 2, allowed: 0, met: false },
      ],
    })
    expect(await all(stored.book)).toEqual(before)
    const log = await river.log(done.tracking)
    expect(log.map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'updated',
      'updated',
      'created',
      'unchanged',
      'created',
    ])
  })

  test('what is the same is met, and a file of one type says nothing of the other', async () => {
    const club = await newPartner(river, 'south')
    await send(club, [member('1'), member('2'), dues('1', 2024)])
    const same = await reconcile(club, [member('2'), member('1'), dues('1', 2024)])
    expect(reportOf(same)).toMatchObject({ met: true, categories: [{ same: 2 }, { same: 1 }] })
    const members = await reconcile(club, [member('1')], { fileName: 'member.ndjson' })
    expect(reportOf(members)).toMatchObject({
      met: true,
      categories: [{ category: 'members', total: 1, allowed: 1 }],
    })
    expect(reportOf(members).categories).toHaveLength(1)
    expect(await differencesOf(members)).toEqual(['only-centre member 2'])
  })

  test('records that the centre would refuse are compared by their key; without a key nothing is certain', async () => {
    const club = await newPartner(river, 'eastern')
    await send(club, [member('1'), member('2')])
    const done = await reconcile(club, [
      member('1'),
      member('2', { Name: {} }),
      member('bad key'),
      member('1', { Fee: '3' }),
    ])
    expect(await differencesOf(done)).toEqual([
      'different member 2 last_name first_name',
      'repeated member 1',
    ])
    expect(reportOf(done)).toMatchObject({ met: false, unreadable: 1, refused: 1 })
  })

  test('a key that comes again in a later chunk is found too', async () => {
    const club = await newPartner(river, 'western')
    const many = Array.from({ length: river.deps.db.chunkRecordsMax + 5 }, (_, n) => member(`${n}`))
    await send(club, many)
    const done = await reconcile(club, [...many, member('1'), member('2', { Fee: '1' })])
    expect(await differencesOf(done)).toEqual(['repeated member 1', 'repeated member 2'])
    expect(done.counts.received).toBe(many.length + 2)
  })

  test('what changes while the file is read is nobody’s difference; a renamed record is found', async () => {
    const club = await newPartner(river, 'inner')
    const stored = await send(club, [member('1'), member('2')])
    await river.deps.db.transact(async (tx) => {
      const [row] = await tx.rows<{ record_id: string }>(sql`
        select record_id from record where book = ${stored.book} and key = '2'`)
      await tx.rows(sql`update record set key = 'TWO' where book = ${stored.book} and key = '2'`)
      await tx.rows(sql`
        insert into alias (book, type, key, record_id) values (${stored.book}, 'member', '2', ${row?.record_id}::uuid)`)
    })
    const done = await reconcile(club, [member('1'), member('2', { Fee: '2' })])
    expect(await differencesOf(done)).toEqual(['different member 2 fee'])
  })

  test('a file that breaks off leaves no differences behind', async () => {
    const club = await newPartner(river, 'outer')
    await send(club, [member('1')])
    const text = JSON.stringify({ members: [member('7'), member('8')] })
    const done = await reconcile(club, text.slice(0, -12), { fileName: 'roll.json' })
    expect(done.state).toBe('refused')
    expect(await differencesOf(done)).toEqual([])
  })

  test('an exchange that takes no refresh can be reconciled; a reconciliation with effect cannot be asked for', async () => {
    const club = await newPartner(river, 'middle')
    const closed = { ...definition, refresh: { ...definition.refresh, allowed: false } }
    const others = await openRiver(river.deps.db, [closed], judgeHere())
    const tracking = await others.receive(rollFile([member('1')]), {
      partner: club,
      owner: club,
      scope: 'refresh',
      dryRun: true,
      reconcile: true,
      fileName: 'roll.ndjson',
    })
    await others.drain()
    expect((await others.submission(tracking)).state).toBe('completed')
    for (const change of [{ dryRun: false }, { scope: 'incremental' as const }])
      await expect(reconcile(club, [member('1')], change)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})
