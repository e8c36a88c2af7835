import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MessagePorts } from '../../src/channel/rest/ports-messages.ts'
import { sql } from '../../src/db/sql.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import type { Who } from '../../src/identity/who.ts'
import { createMessagePorts } from '../../src/node/message-ports.ts'
import { transferRecord } from '../../src/run/transfer.ts'
import { listMessages, putMessages } from '../../src/store/messages.ts'
import { testDatabases } from '../database.ts'
import { dues, loadRoll, member, rollFile } from '../fixtures/roll.ts'
import { newPartner, openOffice } from '../flow/register.ts'
import { judgeHere, openRiver, type River } from '../flow/river.ts'

const who = (partner: string, centre = false): Who => ({
  account: `${partner}-clerk`,
  name: `${partner}-clerk`,
  partner,
  centre,
  kind: 'person',
  realms: ['live'],
  grants: [{ exchange: '*', grants: ['submit', 'read', 'manage'] }],
})

let definition: Definition
beforeAll(async () => {
  definition = await loadRoll()
})

describe.each(testDatabases())('messages on the $name', ({ name, open }) => {
  let river: River
  let ports: MessagePorts
  beforeAll(async () => {
    river = await openRiver(await open(), [definition], judgeHere())
    await openOffice(river)
    ports = createMessagePorts(river.deps)
  })
  afterAll(() => river.close())

  const send = (partner: string, records: Parameters<typeof rollFile>[0], change = {}) =>
    river.send(rollFile(records), { partner, owner: partner, fileName: 'roll.ndjson', ...change })
  const byCentre = { byCentre: true }
  const queue = (partner: string, more = {}) =>
    ports.list({
      partner,
      realm: 'live',
      exchanges: null,
      type: null,
      cleared: false,
      after: 0,
      limit: 100,
      ...more,
    })

  test('what a partner does itself is not told; what the centre changes is, in order', async () => {
    const club = await newPartner(river, 'rowers')
    await send(club, [member('1'), member('2'), member('3'), dues('3', 2025)])
    expect(await queue(club)).toEqual([])

    const done = await send(
      club,
      [
        member('1', { Standing: { Code: 'L', Reason: 'moved' }, Fee: '10' }),
        member('2', { Name: { Last: 'Other' } }),
        { ...member('3'), Action: 'D' },
        member('4'),
        member('1', { Standing: { Code: 'L', Reason: 'moved' }, Fee: '11' }),
      ],
      byCentre,
    )
    expect(done.counts).toMatchObject({ received: 5, updated: 3, deleted: 1, created: 1, cascaded: 1 })
    const told = await queue(club)
    expect(
      told.map(({ number, type, recordType, key, title }) => [number, type, recordType, key, title]),
    ).toEqual([
      [1, 'status-change', 'member', '1', 'Member 1: Standing is L now.'],
      [2, 'data-change', 'member', '2', 'Member 2: the centre changed Last name, First name.'],
      [3, 'status-change', 'member', '3', 'Member 3 was deleted by the centre.'],
      [4, 'status-change', 'dues', '3/2025', 'Dues 3/2025 was deleted with a record that it belongs to.'],
      [5, 'data-change', 'member', '4', 'Member 4 was entered by the centre.'],
      [6, 'data-change', 'member', '1', 'Member 1: the centre changed Fee.'],
    ])
    expect(JSON.stringify(told)).not.toContain('body')
    const one = await ports.find({ partner: club, realm: 'live' }, 1)
    expect(one?.body).toEqual({
      change: 'updated',
      cause: 'sent',
      version: 2,
      status: 'submitted',
      fields: ['standing', 'standing_reason', 'fee'],
      values: {
        standing: { before: 'A', after: 'L' },
        standing_reason: { before: null, after: 'moved' },
      },
      submission: done.tracking,
    })
    // Names of personal fields, never their values.
    const two = await ports.find({ partner: club, realm: 'live' }, 2)
    expect(JSON.stringify(two)).not.toContain('Other')

    // What was changed and is sent again unchanged tells nothing.
    await send(club, [member('4')], byCentre)
    expect(await queue(club)).toHaveLength(6)
  })

  test('messages are read on, filtered and cleared, each partner its own', async () => {
    const club = await newPartner(river, 'skaters')
    const other = await newPartner(river, 'divers')
    for (const partner of [club, other])
      await send(
        partner,
        Array.from({ length: 5 }, (_, n) => member(`${n}`)),
        byCentre,
      )
    const [first, second] = await queue(club, { limit: 2 })
    expect([first?.number, second?.number]).toEqual([1, 2])
    expect((await queue(club, { after: 2, limit: 2 })).map(({ number }) => number)).toEqual([3, 4])
    expect(await queue(club, { type: 'transfer' })).toEqual([])
    expect(await queue(club, { exchanges: ['other'] })).toEqual([])
    expect(await queue(club, { exchanges: ['roll', 'other'] })).toHaveLength(5)

    const mine = { partner: club, realm: 'live' } as const
    expect(await ports.clear(who(club), mine, null, { numbers: [1, 3, 99] })).toBe(2)
    expect(await ports.clear(who(club), mine, null, { numbers: [1] })).toBe(0)
    expect((await queue(club)).map(({ number }) => number)).toEqual([2, 4, 5])
    expect(await ports.clear(who(club), mine, ['other'], { upTo: 5 })).toBe(0)
    expect(await ports.clear(who(club), mine, ['roll'], { upTo: 4 })).toBe(2)
    expect((await queue(club)).map(({ number }) => number)).toEqual([5])
    const cleared = await queue(club, { cleared: true })
    expect(cleared.map(({ number, clearedBy }) => [number, clearedBy])).toEqual(
      [1, 2, 3, 4].map((number) => [number, 'skaters-clerk']),
    )
    expect(await queue(other)).toHaveLength(5)
    expect(
      await ports.list({
        ...mine,
        realm: 'test',
        exchanges: null,
        type: null,
        cleared: false,
        after: 0,
        limit: 9,
      }),
    ).toEqual([])
  })

  test('a full file of the centre tells what it left out; a refusal tells nothing', async () => {
    const club = await newPartner(river, 'climbers')
    await send(club, [member('1'), member('2'), dues('2', 2025)])
    await send(club, [member('1')], { ...byCentre, scope: 'refresh', fileName: 'member.ndjson' })
    await send(club, [{ ...member('9'), Action: 'D' }], byCentre)
    const told = await queue(club)
    expect(told.length).toBeGreaterThan(0)
    for (const { title } of told) expect(title).toMatch(/a full file of the centre|belongs to/)
  })

  test('a transfer is told to both owners, and the former one is asked to confirm it', async () => {
    const [from, to] = [await newPartner(river, 'west'), await newPartner(river, 'east')]
    await send(from, [member('7'), dues('7', 2025)])
    const done = await transferRecord(river.deps, {
      who: who('office', true),
      exchange: 'roll',
      realm: 'live',
      type: 'member',
      key: '7',
      from,
      to,
      reason: 'moved',
    })
    const told = await queue(from)
    expect(told.map(({ type, key }) => [type, key])).toEqual([
      ['transfer', '7'],
      ['transfer', '7/2025'],
      ['work-item', '7'],
    ])
    expect(told[0]?.title).toBe('Member 7 was transferred to east.')
    const gained = await queue(to)
    expect(gained.map(({ title }) => title)).toEqual([
      'Member 7 was transferred from west.',
      'Dues 7/2025 was transferred from west.',
    ])
    const found = await ports.find({ partner: to, realm: 'live' }, 1)
    expect(found?.body).toEqual({ from, to, reason: 'moved', submission: done.came })

    const item = told[2]?.workItem ?? ''
    const refused = await ports.settle(who(from), item, 'refused', 'still ours')
    expect(refused).toMatchObject({ state: 'refused', reason: 'still ours', kind: 'transfer' })
    expect((await queue(from)).map(({ type }) => type)).toEqual(['transfer', 'transfer'])
  })

  test('work items are put, listed, become overdue, and are answered once', async () => {
    const club = await newPartner(river, 'fencers')
    await send(club, [member('1')])
    const asked = {
      exchange: 'roll',
      realm: 'live',
      partner: club,
      kind: 'deceased',
      record: { type: 'member', key: '1' },
      title: 'Reported deceased',
      body: { source: 'registrar' },
      dueDays: null,
    } as const
    const centre = who('office', true)
    const made = await ports.ask(centre, asked)
    // The river's clock begins on a Monday.
    expect(made).toMatchObject({
      state: 'open',
      dueOn: '2026-03-05',
      overdue: false,
      key: '1',
      partner: club,
    })
    const [message] = await queue(club, { type: 'work-item' })
    expect(message).toMatchObject({
      workItem: made.item,
      recordId: made.recordId,
      title: 'Reported deceased',
    })
    const late = createMessagePorts({ ...river.deps, now: () => Date.parse('2026-03-07T12:00:00Z') })
    expect((await late.workItem(made.item))?.overdue).toBe(true)
    const query = {
      partners: [club],
      exchanges: null,
      realm: 'live',
      kind: null,
      limit: 10,
      after: null,
    } as const
    expect((await late.workItems({ ...query, state: 'overdue' })).items.map(({ item }) => item)).toEqual([
      made.item,
    ])
    expect((await ports.workItems({ ...query, state: 'overdue' })).items).toEqual([])

    await expect(ports.ask(centre, { ...asked, kind: 'felon' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
    await expect(ports.ask(centre, { ...asked, record: { type: 'member', key: '8' } })).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    )
    await expect(ports.ask(centre, { ...asked, partner: 'nobody' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })

    expect(await late.settle(who(club), made.item, 'confirmed', null)).toMatchObject({
      state: 'confirmed',
      answeredBy: 'fencers-clerk',
      overdue: false,
    })
    expect(await queue(club)).toEqual([])
    // The same answer again, because the first got lost on its way.
    expect(await ports.settle(who(club), made.item, 'confirmed', null)).toMatchObject({ state: 'confirmed' })
    await expect(ports.settle(who(club), made.item, 'refused', 'no')).rejects.toMatchObject({
      code: 'NOT_ALLOWED_NOW',
    })
    const second = await ports.ask(centre, { ...asked, record: null, kind: 'transfer', dueDays: 10 })
    expect(second.dueOn).toBe('2026-03-16')
    const page = await ports.workItems({ ...query, state: null, limit: 1 })
    expect(page.items.map(({ item }) => item)).toEqual([made.item])
    const rest = await ports.workItems({ ...query, state: null, limit: 1, after: page.next })
    expect(rest).toMatchObject({ items: [{ item: second.item }], next: null })
  })

  test('messages are numbered without gaps while many are put at once', async () => {
    const club = await newPartner(river, 'chess')
    const message = (n: number) => ({
      type: 'data-change' as const,
      recordType: 'member',
      recordId: null,
      key: `${n}`,
      title: `${n}`,
      body: {},
    })
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        river.deps.db.transact((tx) =>
          putMessages(
            tx,
            { partner: club, realm: 'live' },
            'roll',
            [message(2 * n), message(2 * n + 1)],
            '2026-03-02T12:00:00Z',
          ),
        ),
      ),
    )
    const told = await queue(club)
    expect(told.map(({ number }) => number)).toEqual(Array.from({ length: 24 }, (_, n) => n + 1))
    for (let n = 0; n < 24; n += 2) expect(Number(told[n + 1]?.title)).toBe(Number(told[n]?.title) + 1)
  })

  test.runIf(name === 'PostgreSQL')('a poll probes an index, however many messages there are', async () => {
    const db = river.deps.db
    await db.transact(async (tx) => {
      await tx.rows(
        sql`insert into partner (partner, name) select 'p' || n, 'p' from generate_series(1, 300) n`,
      )
      await tx.rows(sql`
        insert into message (partner, realm, number, exchange, type, title, body, created_at, cleared_at)
        select 'p' || p, 'live', n, 'roll', 'data-change', '', '{}', now(), case when n > 98 then null else now() end
          from generate_series(1, 300) p, generate_series(1, 100) n`)
      await tx.rows(sql`analyze message`)
    })
    const query = { partner: 'p7', realm: 'live', type: null, cleared: false, after: 0, limit: 100 } as const
    const asked: string[] = []
    for (const exchanges of [null, ['roll']])
      await db.transact(async (tx) => {
        await listMessages(
          {
            copyIn: tx.copyIn,
            async rows(statement) {
              const plan = await tx.rows<{ 'QUERY PLAN': string }>({
                ...statement,
                text: `explain ${statement.text}`,
              })
              asked.push(plan.map((row) => row['QUERY PLAN']).join('\n'))
              return []
            },
          },
          { ...query, exchanges },
        )
      })
    expect(asked).toHaveLength(2)
    for (const plan of asked) {
      expect(plan).toMatch(/Index Scan (?:using|on) message_open/)
      expect(plan).not.toMatch(/Seq Scan/)
    }
  })
})
