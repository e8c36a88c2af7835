import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MessageHeader, WorkItemView } from '../../src/channel/rest/ports-messages.ts'
import { newPostgresUrl } from '../database.ts'
import { member } from '../fixtures/roll.ts'
import { serve } from '../rest/serve.ts'
import { type Club, type Clubs, openClubs } from '../servers/clubs.ts'

/** Messages and work items on a real node: by HTTP and by command. */

let clubs: Clubs
let alder: Club
let birch: Club
const centre = () => clubs.centre.client

beforeAll(async () => {
  clubs = await openClubs(await newPostgresUrl())
  alder = await clubs.club('alder')
  birch = await clubs.club('birch')
}, 90_000)
afterAll(() => clubs?.close())

const enter = (club: Club, number: string) =>
  club.client.json<{ recordId: string }>('POST', '/v1/exchanges/roll/member?names=wire', {
    body: member(number),
  })
const list = (club: Club, query = '') =>
  club.client.json<{ items: MessageHeader[]; next: number | null }>('GET', `/v1/messages${query}`)

test('the centre changes a record, the partner polls, reads and clears', async () => {
  expect(await list(alder)).toEqual({ items: [], next: null })
  const { recordId } = await enter(alder, '1')
  for (const fee of ['1', '2', '3'])
    await centre().json('PATCH', `/v1/exchanges/roll/member/${recordId}`, { body: { fee } })
  const first = await list(alder, '?limit=2&exchange=roll')
  expect(first.items.map(({ number, type, recordId: id }) => [number, type, id])).toEqual([
    [1, 'data-change', recordId],
    [2, 'data-change', recordId],
  ])
  expect(first.next).toBe(2)
  expect(await list(alder, '?limit=2&after=2')).toMatchObject({ items: [{ number: 3 }], next: null })
  const one = await alder.client.json('GET', '/v1/messages/1')
  expect(one).toMatchObject({ number: 1, body: { fields: ['fee'], version: 2 } })
  expect(JSON.stringify(first)).not.toContain('fields')

  expect((await list(birch)).items).toEqual([])
  expect((await birch.client.request('GET', '/v1/messages/1')).status).toBe(404)
  expect((await birch.client.request('GET', '/v1/messages?partner=alder')).status).toBe(403)
  expect(
    await centre()
      .json<{ items: [] }>('GET', '/v1/messages?partner=alder')
      .then(({ items }) => items.length),
  ).toBe(3)

  for (const body of [{}, { numbers: [1], upTo: 2 }, { numbers: [] }, { upTo: 0 }])
    expect((await alder.client.request('POST', '/v1/messages/clear', { body })).status).toBe(400)
  const clear = (body: object) => alder.client.json('POST', '/v1/messages/clear', { body })
  expect(await clear({ numbers: [2] })).toEqual({ cleared: 1 })
  expect(await clear({ upTo: 2 })).toEqual({ cleared: 1 })
  expect((await list(alder)).items.map(({ number }) => number)).toEqual([3])
  expect((await list(alder, '?cleared=true')).items.map(({ number }) => number)).toEqual([1, 2])
  expect((await alder.client.request('GET', '/v1/messages?exchange=nothing')).status).toBe(404)
  expect((await alder.client.request('GET', '/v1/messages?after=-1')).status).toBe(400)
})

test('a poll that finds nothing leaves no line in the audit log; one that is refused does', async () => {
  const served = await serve()
  try {
    expect((await served.ask('/v1/messages')).status).toBe(200)
    expect((await served.ask('/v1/messages?limit=0')).status).toBe(400)
    await expect.poll(() => served.identity.audited.length, { timeout: 10_000 }).toBeGreaterThan(0)
    expect(served.identity.audited.map(({ status }) => status)).toEqual([400])
    expect(served.logged.filter((line) => line.startsWith('http.answered'))).toHaveLength(1)
  } finally {
    await served.server.close()
  }
})

test('messages are listed, shown and cleared by command', async () => {
  const listed = await alder.cli('message', 'list', '--json')
  expect(JSON.parse(listed.stdout).items).toMatchObject([{ number: 3 }])
  expect((await alder.cli('message', 'list')).stdout).toContain('the centre changed Fee')
  expect(JSON.parse((await alder.cli('message', 'show', '3', '--json')).stdout).body.fields).toEqual(['fee'])
  expect((await alder.cli('message', 'show', '3')).stdout).toContain('"fields"')
  expect((await alder.cli('message', 'show', '99')).code).toBe(3)
  expect((await alder.cli('message', 'clear')).code).toBe(2)
  expect((await alder.cli('message', 'clear', '3')).stdout).toBe('1 cleared.\n')
  expect((await alder.cli('message', 'clear', '--up-to', '99')).stdout).toBe('0 cleared.\n')
  expect((await alder.cli('message', 'list')).stdout).toBe('No messages.\n')
})

test('the centre asks, the partner answers', async () => {
  await enter(alder, '2')
  const body = { exchange: 'roll', partner: 'alder', kind: 'deceased', record: { type: 'member', key: '2' } }
  expect((await alder.client.request('POST', '/v1/work-items', { body })).status).toBe(403)
  const made = await centre().request('POST', '/v1/work-items', { body })
  expect(made.status).toBe(201)
  const item = (await made.json()) as WorkItemView
  expect(item).toMatchObject({ title: 'Reported deceased', state: 'open', key: '2', overdue: false })
  expect(made.headers.get('location')).toBe(`/v1/work-items/${item.item}`)
  for (const change of [{ kind: 'felon' }, { partner: 'nobody' }, { record: { type: 'member', key: 'x' } }])
    expect([400, 404]).toContain(
      (await centre().request('POST', '/v1/work-items', { body: { ...body, ...change } })).status,
    )
  expect((await list(alder, '?type=work-item')).items).toMatchObject([{ workItem: item.item }])
  expect((await birch.client.request('GET', `/v1/work-items/${item.item}`)).status).toBe(404)
  expect((await birch.client.request('GET', '/v1/work-items?partner=alder')).status).toBe(404)
  expect(await birch.client.json('GET', '/v1/work-items')).toEqual({ items: [], next: null })

  const answer = (words: object, club = alder) =>
    club.client.request('POST', `/v1/work-items/${item.item}/answer`, { body: words })
  expect((await answer({ answer: 'confirmed' }, birch)).status).toBe(404)
  expect((await answer({ answer: 'refused' })).status).toBe(400)
  expect((await answer({ answer: 'refused', reason: 'alive' })).status).toBe(200)
  expect((await answer({ answer: 'refused', reason: 'alive' })).status).toBe(200)
  expect((await answer({ answer: 'confirmed' })).status).toBe(409)
  expect((await list(alder)).items).toEqual([])
  expect(
    await centre().json('GET', '/v1/work-items?exchange=roll&state=refused&partner=alder'),
  ).toMatchObject({ items: [{ item: item.item, reason: 'alive' }] })
})

test('work items are added, answered and withdrawn by command', async () => {
  const added = await clubs.centre.cli(
    'work-item',
    'add',
    'roll',
    'alder',
    'transfer',
    '--record',
    'member:2',
    '--title',
    'Has moved',
    '--days',
    '2',
    '--json',
  )
  const { item } = JSON.parse(added.stdout) as WorkItemView
  expect(
    (await clubs.centre.cli('work-item', 'add', 'roll', 'alder', 'transfer', '--record', 'nonsense')).code,
  ).toBe(2)
  expect((await alder.cli('work-item', 'list', '--state', 'open')).stdout).toContain('Has moved')
  expect((await alder.cli('work-item', 'show', item)).stdout).toContain(item)
  expect((await alder.cli('work-item', 'answer', item)).code).toBe(2)
  expect((await alder.cli('work-item', 'withdraw', item, '--reason', 'no')).code).toBe(4)
  expect((await alder.cli('work-item', 'answer', item, '--confirm')).stdout).toContain('confirmed')
  const second = await clubs.centre.cli('work-item', 'add', 'roll', 'alder', 'deceased', '--json')
  const other = JSON.parse(second.stdout) as WorkItemView
  expect(
    (await clubs.centre.cli('work-item', 'withdraw', other.item, '--reason', 'a mistake')).stdout,
  ).toContain('withdrawn')
  expect((await alder.cli('work-item', 'answer', other.item, '--refuse', 'no')).code).toBe(4)
  expect((await alder.cli('message', 'list')).stdout).toBe('No messages.\n')
  expect((await alder.cli('work-item', 'list', '--state', 'overdue')).stdout).toBe('No work items.\n')
})

test('a record is given to another partner, who is told, as is the one that had it', async () => {
  await enter(alder, '3')
  await centre().json('POST', '/v1/exchanges/roll/records/member/3/transfer', {
    body: { from: 'alder', to: 'birch', reason: 'moved' },
  })
  expect((await list(birch)).items).toMatchObject([{ type: 'transfer', key: '3' }])
  expect((await list(alder)).items.map(({ type }) => type)).toEqual(['transfer', 'work-item'])
})
