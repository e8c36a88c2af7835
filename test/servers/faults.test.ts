import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { openPostgres } from '../../src/db/postgres.ts'
import { newPostgresUrl } from '../database.ts'
import { expectSoundBooks } from '../flow/balance.ts'
import { makeWells, wellFile } from '../flow/wells.ts'
import { smallDisk } from './small-disk.ts'
import { type Client, clientOf, firstSignIn, startTributary } from './tributary.ts'

const exchanges = new URL('../fixtures/exchanges', import.meta.url).pathname
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'node-'))
  folders.push(folder)
  return folder
}

/** A partner with a token for sending and reading wells. */
async function newSender(centre: Client, url: string): Promise<Client> {
  return clientOf(url, await newToken(centre, url))
}

async function newToken(centre: Client, url: string): Promise<string> {
  await centre.json('POST', '/v1/partners', { body: { name: 'alpha', title: 'Alpha' } })
  await centre.json('POST', '/v1/accounts', { body: { name: 'feed', partner: 'alpha', kind: 'machine' } })
  await centre.json('PUT', '/v1/accounts/feed/grants/*', { body: { grants: ['submit', 'read'] } })
  const { clientSecret } = await centre.json<{ clientSecret: string }>('POST', '/v1/accounts/feed/secret')
  const { access_token } = await clientOf(url, null).json<{ access_token: string }>(
    'POST',
    '/v1/authenticate',
    {
      body: { account: 'feed', password: clientSecret },
    },
  )
  return access_token
}

test('a disk that is full while a document is received: the sender is told, nothing is kept, and smaller ones go on', async () => {
  const data = await makeFolder()
  const documents = join(data, 'documents')
  await mkdir(documents)
  const node = await startTributary(
    { TRIBUTARY_DATA: data, TRIBUTARY_EXCHANGES: exchanges, DATABASE_URL: await newPostgresUrl() },
    smallDisk(documents, 12),
  )
  try {
    const sender = await newSender(await firstSignIn(node, 'a long enough password'), node.url)
    const send = (body: Uint8Array, key: string) =>
      sender.request('POST', '/v1/exchanges/wells/submissions', {
        headers: {
          'content-type': 'application/octet-stream',
          'x-file-name': 'w.ndjson',
          'idempotency-key': key,
        },
        body,
      })
    const large = Buffer.alloc(30 * 2 ** 20, 'x')
    const refused = await send(large, 'large')
    expect(refused.status).toBe(507)
    expect(await refused.json()).toMatchObject({ code: 'DISK_FULL', status: 507 })
    const { items } = await sender.json<{ items: unknown[] }>('GET', '/v1/submissions')
    expect(items).toEqual([])
    const inside = join('/proc', String(node.process.pid), 'root', documents, 'incoming')
    expect(await readdir(inside)).toEqual([])

    const call = await sender.request('POST', '/v1/exchanges/wells/well?names=wire', {
      body: { Number: 'C1', State: 'O' },
    })
    expect(call.status).toBe(201)
    const small = await send(await wellFile('ndjson', makeWells(1500, { note: 'x'.repeat(60) })), 'small')
    expect(small.status).toBe(202)
    const { tracking } = (await small.json()) as { tracking: string }
    await expect
      .poll(async () => (await sender.json<{ state: string }>('GET', `/v1/submissions/${tracking}`)).state, {
        timeout: 20_000,
      })
      .toBe('completed')
  } finally {
    await node.stop()
  }
})

test('a disk that is full while a file is processed stops the file, and it goes on when there is room', async () => {
  const data = await makeFolder()
  const documents = join(data, 'documents')
  await mkdir(documents)
  const node = await startTributary(
    { TRIBUTARY_DATA: data, TRIBUTARY_EXCHANGES: exchanges, DATABASE_URL: await newPostgresUrl() },
    smallDisk(documents, 12),
  )
  try {
    const inside = join('/proc', String(node.process.pid), 'root', documents)
    const sender = await newSender(await firstSignIn(node, 'a long enough password'), node.url)
    // Every record has a finding that cannot be packed, so that the log's pieces are too large for the database.
    const wells = makeWells(3000).map((well) => ({ ...well, state: randomBytes(90).toString('hex') }))
    const file = await wellFile('ndjson', wells)
    const filler = join(inside, 'filler')
    const free = 12 * 2 ** 20 - file.length - 40_000
    await writeFile(filler, Buffer.alloc(free))
    const sent = await sender.request('POST', '/v1/exchanges/wells/submissions', {
      headers: { 'content-type': 'application/octet-stream', 'x-file-name': 'w.ndjson' },
      body: file,
    })
    expect(sent.status).toBe(202)
    const { tracking } = (await sent.json()) as { tracking: string }
    const state = async () =>
      sender.json<{ state: string; counts: Record<string, number> }>('GET', `/v1/submissions/${tracking}`)
    await expect.poll(() => node.log(), { timeout: 20_000 }).toMatch(/submission\.failed|DISK_FULL/)
    expect((await state()).state).toBe('processing')
    await rm(filler)
    await expect.poll(async () => (await state()).state, { timeout: 20_000 }).toBe('completed')
    expect((await state()).counts).toMatchObject({ received: 3000, created: 3000, withErrors: 3000 })
  } finally {
    await node.stop()
  }
})

test('a second node on the same data folder is refused, also when the first one was killed and another took over', async () => {
  const data = await makeFolder()
  const env = { TRIBUTARY_DATA: data, TRIBUTARY_EXCHANGES: exchanges }
  const first = await startTributary(env)
  await expect(startTributary(env)).rejects.toThrow(/FOLDER_IN_USE|uses the folder|in use/i)
  expect((await clientOf(first.url, null).request('GET', '/health')).status).toBe(200)
  await first.kill()
  const next = await startTributary(env)
  await expect(startTributary(env)).rejects.toThrow(/FOLDER_IN_USE|uses the folder|in use/i)
  expect(await next.stop()).toBe(0)
})

test('two nodes on one server: when one stands still in the middle of a file the other goes on, and each record is done once', async () => {
  const env = {
    TRIBUTARY_DATA: await makeFolder(),
    TRIBUTARY_EXCHANGES: exchanges,
    TRIBUTARY_LEASE_SECONDS: '1',
    DATABASE_URL: await newPostgresUrl(),
  }
  const first = await startTributary(env)
  const token = await newToken(await firstSignIn(first, 'a long enough password'), first.url)
  const second = await startTributary(env)
  try {
    const sent = await clientOf(first.url, token).json<{ tracking: string }>(
      'POST',
      '/v1/exchanges/wells/submissions',
      {
        headers: { 'content-type': 'application/octet-stream', 'x-file-name': 'w.ndjson' },
        body: await wellFile('ndjson', makeWells(20_000, { note: 'z'.repeat(300) })),
      },
    )
    // The token is good at either node.
    const elsewhere = clientOf(second.url, token)
    const now = () =>
      elsewhere.json<{ state: string; counts: Record<string, number> }>(
        'GET',
        `/v1/submissions/${sent.tracking}`,
      )
    await expect
      .poll(async () => (await now()).counts.received, { interval: 5, timeout: 20_000 })
      .toBeGreaterThan(0)
    // Whichever works on it, both stand still once.
    for (const node of [first, second]) {
      node.process.kill('SIGSTOP')
      await sleep(1500)
      node.process.kill('SIGCONT')
    }
    await expect.poll(async () => (await now()).state, { timeout: 40_000 }).toBe('completed')
    expect((await now()).counts).toMatchObject({ received: 20_000, created: 20_000 })
    const db = openPostgres(env.DATABASE_URL)
    await expectSoundBooks(db)
    await db.close()
    const last = await elsewhere.json<{ items: { position: number; outcome: string }[] }>(
      'GET',
      `/v1/submissions/${sent.tracking}/outcomes?after=${Buffer.from('{"position":19990}').toString('base64url')}`,
    )
    expect(last.items.map((one) => one.position)).toEqual(Array.from({ length: 10 }, (_, at) => 19_991 + at))
  } finally {
    await Promise.all([first.stop(), second.stop()])
  }
})

test('a node whose database goes away answers 503, says so in its health, and works again when it is back', async () => {
  const { startPostgres } = await import('./postgres.ts')
  const server = await startPostgres()
  const data = await makeFolder()
  const node = await startTributary({
    TRIBUTARY_DATA: data,
    TRIBUTARY_EXCHANGES: exchanges,
    TRIBUTARY_LEASE_SECONDS: '1',
    DATABASE_URL: await server.createDatabase(),
  })
  try {
    const sender = await newSender(await firstSignIn(node, 'a long enough password'), node.url)
    const call = (number: string) =>
      sender.request('POST', '/v1/exchanges/wells/well?names=wire', {
        headers: { 'idempotency-key': `key-${number}` },
        body: { Number: number, State: 'O' },
      })
    expect((await call('A')).status).toBe(201)
    await server.halt()
    const away = await call('B')
    expect(away.status).toBe(503)
    expect(away.headers.get('retry-after')).not.toBeNull()
    expect(await away.text()).not.toMatch(/ECONNREFUSED.*at |node_modules/)
    const health = await clientOf(node.url, null).request('GET', '/health')
    expect(health.status).toBe(503)
    await server.resume()
    await expect.poll(async () => (await call('B')).status, { timeout: 15_000 }).toBe(201)
    expect((await call('A')).headers.get('idempotency-replayed')).toBe('true')
    expect(await node.stop()).toBe(0)
  } finally {
    await node.kill()
    await server.stop()
  }
})
