import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newPostgresUrl } from '../database.ts'
import { gifOf, smallest } from '../fixtures/images.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'

/** Documents of records on a real node with PostgreSQL: sent in calls, fetched again. */

let folder = ''
let node: NodeProcess
let centre: Client
let county: Client
let other: Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documents-'))
  node = await startTributary({
    TRIBUTARY_DATA: folder,
    TRIBUTARY_EXCHANGES: new URL('../fixtures/exchanges', import.meta.url).pathname,
    DATABASE_URL: await newPostgresUrl(),
  })
  centre = await firstSignIn(node, 'a-Passphrase-of-our-own-7')
  county = await newCounty('alder')
  other = await newCounty('birch')
}, 60_000)

afterAll(async () => {
  await node?.kill()
  await rm(folder, { recursive: true, force: true })
})

async function newCounty(partner: string): Promise<Client> {
  await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
  await centre.json('POST', '/v1/accounts', { body: { name: `${partner}-feed`, partner, kind: 'machine' } })
  const grants = ['submit', 'read']
  await centre.json('PUT', `/v1/accounts/${partner}-feed/grants/image`, { body: { grants } })
  const secret = await centre.json<{ clientId: string; clientSecret: string }>(
    'POST',
    `/v1/accounts/${partner}-feed/secret`,
  )
  return signIn(node.url, secret.clientId, secret.clientSecret)
}

const send = (client: Client, body: object) => client.request('POST', '/v1/exchanges/image/image', { body })
const pathOf = (key: string, field = 'signature') =>
  `/v1/exchanges/image/records/image/${encodeURIComponent(key)}/documents/${field}`

test('a document is fetched as it was sent, to be saved and never shown', async () => {
  const gif = gifOf(120_000, 5)
  const form = smallest('pdf')
  const sent = await send(county, {
    person_id: 'A1',
    signature: gif.toString('base64'),
    form: form.toString('base64'),
  })
  expect(sent.status).toBe(201)
  const got = await county.request('GET', pathOf('A1'))
  expect(got.status).toBe(200)
  expect(Object.fromEntries(got.headers)).toMatchObject({
    'content-type': 'image/gif',
    'content-length': String(gif.length),
    'content-disposition': `attachment; filename="A1-signature.gif"; filename*=UTF-8''A1-signature.gif`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    etag: `"${createHash('sha256').update(gif).digest('hex')}"`,
  })
  expect(Buffer.from(await got.arrayBuffer()).equals(gif)).toBe(true)
  const pdf = await county.request('GET', pathOf('A1', 'form'))
  expect(pdf.headers.get('content-type')).toBe('application/pdf')
  const held = { 'if-none-match': got.headers.get('etag') ?? '' }
  expect((await county.request('GET', pathOf('A1'), { headers: held })).status).toBe(304)
})

test('only who may read the record gets its documents, and each of its own record', async () => {
  const theirs = gifOf(500, 9)
  await send(other, { person_id: 'A1', signature: theirs.toString('base64') })
  const own = await other.request('GET', pathOf('A1'))
  expect(Buffer.from(await own.arrayBuffer()).equals(theirs)).toBe(true)
  expect((await other.request('GET', `${pathOf('A1')}?partner=alder`)).status).toBe(404)
  expect((await centre.request('GET', pathOf('A1'))).status).toBe(400)
  expect((await centre.request('GET', `${pathOf('A1')}?partner=alder`)).status).toBe(200)
  expect((await fetch(`${node.url}${pathOf('A1')}`)).status).toBe(401)
})

test('what is not there is not found: the record, the field, the document', async () => {
  await send(county, { person_id: 'A2', signature: 'bm8gaW1hZ2U=' })
  for (const path of [
    pathOf('A2'),
    pathOf('A2', 'form'),
    pathOf('A3'),
    pathOf('A1', 'person_id'),
    pathOf('A1', 'no'),
  ])
    expect([path, (await county.request('GET', path)).status]).toEqual([path, 404])
})

test('a record may be as large as its documents, and not larger', async () => {
  const large = { person_id: 'A4', signature: gifOf(299_000).toString('base64'), form: 'x'.repeat(600_000) }
  expect((await send(county, large)).status).toBe(422)
  expect(await announce(4_600_000)).toBe(413)
})

/** The status for a record of so many bytes, of which none is sent: a node that refuses it does not wait for them. */
function announce(bytes: number): Promise<number | undefined> {
  const headers = {
    authorization: `Bearer ${county.token}`,
    'content-type': 'application/json',
    'content-length': bytes,
  }
  return new Promise((resolve, reject) => {
    const call = request(`${node.url}/v1/exchanges/image/image`, { method: 'POST', headers }, (answer) => {
      resolve(answer.statusCode)
      call.destroy()
    })
    call.on('error', reject)
    call.flushHeaders()
  })
}
