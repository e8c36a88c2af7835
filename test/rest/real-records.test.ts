import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stopTree } from '../../src/cli/demo-stop-forms.ts'
import { generateStops } from '../../src/cli/demo-stops.ts'
import { newPostgresUrl } from '../database.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'

/** The native API on a real node with PostgreSQL: one record's life by REST. */

const ORI = 'CA0990100'
let folder = ''
let node: NodeProcess
let centre: Client
let agency: Client
let other: Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rest-'))
  node = await startTributary({ TRIBUTARY_DATA: folder, DATABASE_URL: await newPostgresUrl() })
  centre = await firstSignIn(node, 'a-Passphrase-of-our-own-7')
  agency = await newAgency('alder', ORI)
  other = await newAgency('birch', 'CA0880100')
}, 60_000)

afterAll(async () => {
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

async function newAgency(partner: string, ori: string): Promise<Client> {
  await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
  await centre.request('PUT', `/v1/partners/${partner}/identifiers/ori/${ori}`)
  await centre.json('POST', '/v1/accounts', { body: { name: `${partner}-feed`, partner, kind: 'machine' } })
  const grants = ['submit', 'read', 'close', 'validate']
  await centre.json('PUT', `/v1/accounts/${partner}-feed/grants/ripa`, { body: { grants } })
  const secret = await centre.json<{ clientId: string; clientSecret: string }>(
    'POST',
    `/v1/accounts/${partner}-feed/secret`,
  )
  return signIn(node.url, secret.clientId, secret.clientSecret)
}

interface RecordResult {
  recordId: string
  outcome: string
  status: string
  version: number
  findings: { code: string; field: string }[]
  tracking: string
}

const firstDay = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10)
let made = 0

/** A clean stop in wire names, each with an id of its own. */
function newStop(): Record<string, unknown> {
  made += 1
  const [stop] = generateStops({ seed: 3, count: 1, ori: ORI, firstDay, firstNumber: made })
  return stopTree(stop as NonNullable<typeof stop>)
}

function send(body: object, headers: Record<string, string> = {}, client = agency) {
  return client.request('POST', '/v1/exchanges/ripa/stop?names=wire', { body, headers })
}

test('a record is created, read, found, and unseen by another agency', async () => {
  const created = await send(newStop())
  expect(created.status).toBe(201)
  const { recordId, tracking } = (await created.json()) as RecordResult
  const path = `/v1/exchanges/ripa/stop/${recordId}`
  const read = await agency.request('GET', path)
  expect(read.status).toBe(200)
  const record = (await read.json()) as { body: { officer: { uid?: string } }; key: string; status: string }
  expect(record.status).toBe('submitted')
  expect(
    (await agency.request('GET', path, { headers: { 'if-none-match': read.headers.get('etag') ?? '' } }))
      .status,
  ).toBe(304)
  const found = await agency.json<{ items: { recordId: string }[] }>(
    'GET',
    `/v1/exchanges/ripa/stop?key=${encodeURIComponent(record.key)}`,
  )
  expect(found.items.map((item) => item.recordId)).toEqual([recordId])
  expect((await other.request('GET', path)).status).toBe(404)
  expect((await other.request('GET', `/v1/submissions/${tracking}`)).status).toBe(404)
  expect((await centre.request('GET', path)).status).toBe(200)
})

test('the same idempotency key gives the first answer again, and refuses another body', async () => {
  const stop = newStop()
  const first = (await (await send(stop, { 'idempotency-key': 'k-1' })).json()) as RecordResult
  const again = await send(stop, { 'idempotency-key': 'k-1' })
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect((await again.json()) as RecordResult).toMatchObject({
    recordId: first.recordId,
    tracking: first.tracking,
  })
  expect((await send(newStop(), { 'idempotency-key': 'k-1' })).status).toBe(409)
})

test('a stop with errors is merged, replaced and closed; each version stays readable', async () => {
  const sent = (await (await send({ ...newStop(), SDur: '' })).json()) as RecordResult
  expect(sent).toMatchObject({ outcome: 'created', status: 'submitted-with-errors' })
  const path = `/v1/exchanges/ripa/stop/${sent.recordId}`
  const before = new Date().toISOString()
  const merge = (duration: unknown, headers: Record<string, string> = {}) =>
    agency.request('PATCH', path, {
      body: JSON.stringify({ duration }),
      headers: { 'content-type': 'application/merge-patch+json', ...headers },
    })
  expect((await merge(15, { 'if-match': '"9"' })).status).toBe(412)
  const merged = (await (await merge(99999)).json()) as RecordResult
  expect(merged).toMatchObject({ outcome: 'updated', version: 2, status: 'submitted-with-errors' })
  expect((await agency.request('POST', `${path}/close`)).status).toBe(200)
  expect((await merge(15)).status).toBe(409)
  const history = await agency.json<{ items: { version: number; status: string }[] }>(
    'GET',
    `${path}/history`,
  )
  expect(history.items.map(({ version, status }) => [version, status])).toEqual([
    [1, 'submitted-with-errors'],
    [2, 'submitted-with-errors'],
    [3, 'closed'],
  ])
  const then = await agency.json<{ version: number }>('GET', `${path}?asOf=${before}`)
  expect(then.version).toBe(1)
})

test('many calls of one agency at once are each durable and each answered for itself', async () => {
  const stops = Array.from({ length: 40 }, newStop)
  const answers = await Promise.all([...stops, ...stops.slice(0, 10)].map((stop) => send(stop)))
  const statuses = answers.map((answer) => answer.status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(40)
  expect(statuses.filter((status) => status === 409)).toHaveLength(10)
})

test('validation alone stores nothing and tells everything', async () => {
  const stop = { ...newStop(), SDur: 'soon' }
  const answer = await agency.json<{ findings: { field: string }[] }>(
    'POST',
    '/v1/exchanges/ripa/stop/validate?checks=both&names=wire',
    { body: stop },
  )
  expect(answer.findings.map((finding) => finding.field)).toContain('SDur')
  expect((await send({ ...stop, SDur: '10' })).status).toBe(201)
})

test('a document is followed to its end, and its outcomes, log, receipt and proof agree', async () => {
  const lines = Array.from({ length: 30 }, () => JSON.stringify(newStop())).join('\n')
  const held = await agency.json<{ tracking: string }>('POST', '/v1/exchanges/ripa/submissions', {
    body: lines,
    headers: { 'content-type': 'application/x-ndjson' },
  })
  const path = `/v1/submissions/${held.tracking}`
  await (await agency.request('GET', `${path}/events`, { headers: { accept: 'text/event-stream' } })).text()
  const done = await agency.json<{ state: string; counts: Record<string, number> }>('GET', path)
  expect(done).toMatchObject({ state: 'completed', counts: { received: 30, created: 30, rejected: 0 } })
  const outcomes = await agency.json<{ items: unknown[] }>('GET', `${path}/outcomes?limit=100`)
  expect(outcomes.items).toHaveLength(30)
  expect((await agency.request('GET', `${path}/receipt`)).status).toBe(200)
  const proof = await agency.json<{ path: unknown[]; root: string }>('GET', `${path}/proof/17`)
  expect(proof.path.length).toBeGreaterThan(3)
})
