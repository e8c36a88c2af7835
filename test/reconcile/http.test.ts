import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SubmissionView } from '../../src/channel/rest/ports.ts'
import type { DifferenceView, ReconciliationView } from '../../src/channel/rest/ports-reconcile.ts'
import { newPostgresUrl } from '../database.ts'
import { member, rollFile } from '../fixtures/roll.ts'
import { type Club, type Clubs, openClubs } from '../servers/clubs.ts'

/** Reconciliations on a real node: by HTTP and by command. */

let clubs: Clubs
let alder: Club
let birch: Club

beforeAll(async () => {
  clubs = await openClubs(await newPostgresUrl())
  alder = await clubs.club('alder')
  birch = await clubs.club('birch')
}, 90_000)
afterAll(() => clubs?.close())

async function send(club: Club, text: string, query = ''): Promise<SubmissionView> {
  const { tracking } = await club.client.json<SubmissionView>(
    'POST',
    `/v1/exchanges/roll/submissions${query}`,
    {
      body: text,
      headers: { 'x-file-name': 'member.ndjson', 'content-type': 'application/x-ndjson' },
    },
  )
  for (;;) {
    const view = await club.client.json<SubmissionView>('GET', `/v1/submissions/${tracking}`)
    if (view.closedAt !== null) return view
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const mine = [member('2', { Fee: '1' }), member('3'), member('4', { Standing: { Code: 'L' } }), member('=5')]

test('a whole file is held against the centre, and the report is read page by page', async () => {
  await send(alder, rollFile(['1', '2', '3', '4'].map((number) => member(number))))
  const done = await send(alder, rollFile(mine), '?reconcile=true')
  expect(done).toMatchObject({ state: 'completed', reconcile: true, scope: 'refresh', dryRun: true })
  const path = `/v1/reconciliations/${done.tracking}`
  const view = await alder.client.json<ReconciliationView>('GET', path)
  expect(view.report).toMatchObject({
    met: false,
    unreadable: 1,
    categories: [{ category: 'members', partner: 3, centre: 4, same: 1, total: 3, allowed: 1, met: false }],
  })
  type Page = { items: DifferenceView[]; next: string | null }
  const first = await alder.client.json<Page>('GET', `${path}/differences?limit=2`)
  expect(first.items).toMatchObject([
    { kind: 'only-centre', category: 'members', type: 'member', key: '1', position: null, fields: [] },
    { kind: 'different', key: '2', position: 1, fields: ['fee'] },
  ])
  const rest = await alder.client.json<Page>('GET', `${path}/differences?limit=2&after=${first.next}`)
  expect(rest).toMatchObject({ items: [{ key: '4', fields: ['standing'] }], next: null })
  const some = await alder.client.json<Page>('GET', `${path}/differences?kind=only-centre&category=members`)
  expect(some.items.map(({ key }) => key)).toEqual(['1'])
  expect((await alder.client.json<Page>('GET', `${path}/differences?category=dues`)).items).toEqual([])

  const csv = await alder.client.request('GET', `${path}/differences.csv`)
  expect(csv.headers.get('content-disposition')).toContain(`${done.tracking}-differences.csv`)
  const lines = (await csv.text()).split('\r\n')
  expect(lines[0]).toBe('Difference,Category,Type,Key,Position,Fields,RecordId')
  expect(lines[1]).toMatch(/^only-centre,members,member,1,,,[0-9a-f-]{36}$/)
  expect(lines).toHaveLength(5)

  const { items } = await alder.client.json<{ items: ReconciliationView[] }>(
    'GET',
    '/v1/reconciliations?exchange=roll',
  )
  expect(items.map(({ tracking }) => tracking)).toEqual([done.tracking])
  expect(await alder.client.json('GET', '/v1/exchanges/roll/submissions')).toMatchObject({
    items: { length: 2 },
  })

  expect((await birch.client.request('GET', path)).status).toBe(404)
  expect((await birch.client.request('GET', `${path}/differences.csv`)).status).toBe(404)
  expect(await birch.client.json('GET', '/v1/reconciliations')).toEqual({ items: [], next: null })
  expect((await clubs.centre.client.request('GET', path)).status).toBe(200)
  const plain = await send(alder, rollFile([member('1')]))
  expect((await alder.client.request('GET', `/v1/reconciliations/${plain.tracking}`)).status).toBe(404)
})

test('the same by command', async () => {
  const file = join(clubs.folder, 'member.ndjson')
  await writeFile(file, rollFile(mine))
  const sent = await alder.cli('reconcile', 'send', file, '--exchange', 'roll')
  expect(sent.code).toBe(1)
  expect(sent.stdout).toMatch(/Members +3 +4 +1 +0 +1 +2 +0 +1 +not met/)
  const again = await alder.cli('reconcile', 'send', file, '--exchange', 'roll', '--json')
  const { tracking } = JSON.parse(again.stdout) as ReconciliationView
  expect((await alder.cli('reconcile', 'list')).stdout).toContain(tracking)
  expect((await alder.cli('reconcile', 'show', tracking)).code).toBe(1)
  const shown = await alder.cli('reconcile', 'differences', tracking, '--kind', 'different', '--json')
  expect(JSON.parse(shown.stdout).items.map(({ key }: DifferenceView) => key)).toEqual(['2', '4'])
  const saved = await alder.cli('reconcile', 'differences', tracking, '--csv')
  expect(saved.stdout).toContain(`${tracking}-differences.csv`)

  const right = join(clubs.folder, 'members.ndjson')
  await writeFile(right, rollFile(['1', '2', '3', '4'].map((number) => member(number))))
  const met = await alder.cli('reconcile', 'send', right, '--exchange', 'roll')
  expect([met.code, met.stdout.includes('Met.')]).toEqual([0, true])
})
