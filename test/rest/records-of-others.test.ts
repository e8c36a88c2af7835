import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CLERK, openOffice, PASSWORD, sendFile, stopsFile } from '../console/office.ts'
import { addOtherAgencies, makeHistory, type RecordOffice } from '../console/record-office.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'

/** Searches, exports, quality and duplicates on a real node: what each may see of others. */

const stops = '/v1/exchanges/ripa/stop'
let folder = ''
let node: NodeProcess
let centre: Client
let clerk: Client
let made: RecordOffice

interface Page {
  readonly items: readonly { readonly key: string; readonly partner: string; readonly changeNo: number }[]
  readonly next: string | null
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'))
  node = await startTributary({ TRIBUTARY_DATA: join(folder, 'data') })
  centre = await firstSignIn(node, PASSWORD)
  await openOffice(node.url, centre)
  await sendFile(node.url, stopsFile(40, 0.4))
  await addOtherAgencies(centre, 12)
  made = await makeHistory(node.url)
  clerk = await signIn(node.url, CLERK, PASSWORD)
}, 120_000)

afterAll(async () => {
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

test('the latest changed come first, page after page, each once', async () => {
  const keys: string[] = []
  let after = ''
  for (let next: string | null = ''; next !== null; ) {
    const page: Page = await clerk.json('GET', `${stops}?order=newest&limit=10${after}`)
    keys.push(...page.items.map(({ key }) => key))
    next = page.next
    after = `&after=${next}`
  }
  const straight = await clerk.json<Page>('GET', `${stops}?limit=1000`)
  expect(keys).toEqual(straight.items.map(({ key }) => key).toReversed())
  expect(keys[0]).toBe(made.twin.key)
})

test('a part of the key finds, a `%` in it is no wildcard', async () => {
  const found = async (text: string) =>
    (await clerk.json<Page>('GET', `${stops}?text=${encodeURIComponent(text)}`)).items.map(({ key }) => key)
  expect(await found(made.good.key.toLowerCase().slice(3))).toEqual([made.good.key])
  expect(await found('%')).toEqual([])
})

test('an export is what the search finds, can be sent back, and holds nothing of others', async () => {
  const csv = await (await clerk.request('GET', `${stops}/export?format=csv`)).text()
  const { items } = await clerk.json<Page>('GET', `${stops}?limit=1000`)
  expect(new Set(csv.match(/CA0\d{6}/g))).toEqual(new Set(['CA0990100']))
  const one = await clerk.request('GET', `${stops}/export?format=csv&text=${made.good.key.slice(-8)}`)
  expect(one.headers.get('content-disposition')).toContain('attachment')
  const tried = await clerk.json<{ tracking: string }>('POST', '/v1/exchanges/ripa/submissions?dryRun=true', {
    headers: { 'content-type': 'text/csv', 'x-file-name': 'back.csv' },
    body: csv,
  })
  await (await clerk.request('GET', `/v1/submissions/${tried.tracking}/events`)).text()
  const { counts } = await clerk.json<{ counts: { received: number } }>(
    'GET',
    `/v1/submissions/${tried.tracking}`,
  )
  expect(counts.received).toBe(items.length)
  for (const format of ['json', 'xml', 'xlsx'])
    expect((await clerk.request('GET', `${stops}/export?format=${format}`)).status).toBe(200)
  expect((await clerk.request('GET', `${stops}/export?nonsense=1`)).status).toBe(400)
})

test('the centre narrows to a partner; a partner cannot name another', async () => {
  const { items } = await centre.json<Page>('GET', `${stops}?partner=lakeside-pd`)
  expect(new Set(items.map(({ partner }) => partner))).toEqual(new Set(['lakeside-pd']))
  for (const path of [`${stops}?partner=lakeside-pd`, `${stops}/export?partner=lakeside-pd`])
    expect((await clerk.request('GET', path)).status).toBe(403)
})

test('quality: own rates and the median of three others, without a name', async () => {
  const text = await (await clerk.request('GET', '/v1/quality?exchange=ripa')).text()
  const card = JSON.parse(text) as {
    partner: string
    all: { rate: number; median: number | null }
    months: { month: string; received: number }[]
  }
  expect(card.partner).toBe('riverbend-pd')
  expect(card.months).toHaveLength(6)
  expect(card.all.rate).toBeGreaterThan(0)
  expect(card.all.median).not.toBeNull()
  expect(text).not.toMatch(/lakeside|oak-county|hill-valley/)
  expect((await clerk.request('GET', '/v1/quality?exchange=ripa&partner=lakeside-pd')).status).toBe(403)
  expect((await clerk.request('GET', '/v1/quality?exchange=ripa&from=2020-01-01')).status).toBe(400)
  const all = await centre.json<{ partner: string | null; received: number }>(
    'GET',
    '/v1/quality?exchange=ripa',
  )
  expect(all.partner).toBeNull()
  const csv = await centre.request('GET', '/v1/quality?exchange=ripa&partner=lakeside-pd&format=csv')
  expect(csv.headers.get('content-type')).toContain('text/csv')
  expect(await csv.text()).toMatch(/^month,rule,message,records,findings,per_1000,others_median\r\n/)
})

test('duplicates are for the centre; a refused record is shown as it was understood', async () => {
  const { items } = await centre.json<{ items: { first: { key: string }; second: { key: string } }[] }>(
    'GET',
    '/v1/duplicates?exchange=ripa',
  )
  const pairs = items.map(({ first, second }) => [first.key, second.key].sort())
  expect(pairs).toContainEqual([made.good.key, made.twin.key].sort())
  const refused = await centre.json<{ items: { tracking: string; position: number; key: string }[] }>(
    'GET',
    '/v1/duplicates/refused?exchange=ripa',
  )
  const [one] = refused.items
  const path = `/v1/duplicates/refused/${one?.tracking}/${one?.position}`
  const pair = await centre.json<{
    fields: string[]
    refused: { key: string; body: Record<string, unknown> }
    stored: { key: string; body: Record<string, unknown> }
  }>('GET', path)
  expect(pair.refused.key).toBe(one?.key)
  expect(pair.stored.key).not.toBe(one?.key)
  for (const name of pair.fields) expect(pair.stored.body[name]).toBe(pair.refused.body[name])
  for (const forbidden of ['/v1/duplicates?exchange=ripa', '/v1/duplicates/refused?exchange=ripa', path])
    expect((await clerk.request('GET', forbidden)).status).toBe(403)
  expect((await centre.request('GET', `/v1/duplicates/refused/${one?.tracking}/99999`)).status).toBe(404)
})

test('a deletion says why: in the history, on its submission, and to the owner; anything else is no reason', async () => {
  const path = `${stops}/${made.twin.recordId}`
  for (const body of [{ reason: '' }, { why: 'x' }, [1]])
    expect((await centre.request('DELETE', path, { body })).status).toBe(400)
  expect((await clerk.request('DELETE', path, { body: { reason: 'x' } })).status).toBe(403)
  const { tracking } = await centre.json<{ tracking: string }>('DELETE', path, {
    body: { reason: 'Twice the same.' },
  })
  const { items } = await clerk.json<{ items: { status: string; reason: string | null; account: string }[] }>(
    'GET',
    `${path}/history`,
  )
  expect(items.at(-1)).toMatchObject({
    status: 'deleted',
    reason: 'Twice the same.',
    account: 'administrator',
  })
  expect(items[0]).toMatchObject({ reason: null, account: CLERK })
  expect(await clerk.json('GET', `/v1/submissions/${tracking}`)).toMatchObject({ reason: 'Twice the same.' })
  const messages = await clerk.json<{ items: { number: number; key: string }[] }>('GET', '/v1/messages')
  const told = messages.items.find(({ key }) => key === made.twin.key)
  expect(await clerk.json('GET', `/v1/messages/${told?.number}`)).toMatchObject({
    type: 'status-change',
    body: { change: 'deleted', reason: 'Twice the same.' },
  })
})
