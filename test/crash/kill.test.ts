import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { createDocumentFolder } from '../../src/store/documents.ts'
import { newPostgresUrl } from '../database.ts'
import { expectSoundBooks } from '../flow/balance.ts'
import { type Client, clientOf, firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { type Delivery, makeSenders, type Sender } from './deliveries.ts'
import { randomFrom } from './random.ts'
import { type Snapshot, snapshotOf } from './snapshot.ts'

/** KILLS=200 for a long night. */
const kills = Number(process.env.KILLS ?? 5)
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kill-'))
  folders.push(folder)
  return folder
}

/** Both exchanges in one folder, as an operator would have them. */
async function exchangesFolder(): Promise<string> {
  const folder = await makeFolder()
  await symlink(new URL('../../exchanges/ripa', import.meta.url).pathname, join(folder, 'ripa'))
  await symlink(new URL('../fixtures/exchanges/wells', import.meta.url).pathname, join(folder, 'wells'))
  return folder
}

const DATABASES = [
  { name: 'embedded database', url: async () => '' },
  { name: 'PostgreSQL', url: newPostgresUrl },
]

let senders: readonly Sender[]
let exchanges: string
let quiet: Snapshot
beforeAll(async () => {
  exchanges = await exchangesFolder()
  senders = await makeSenders()
  quiet = (await play({ databaseUrl: await newPostgresUrl(), kills: 0 })).snapshot
}, 120_000)

test.concurrent.each(DATABASES)(
  'a node on the $name, killed again and again while partners send, ends with what a node that was never killed has',
  async ({ url }) => {
    const databaseUrl = await url()
    const stormy = await play({ databaseUrl, kills })
    const told = `KILL_SEED=${seed}, ${stormy.kills} kills`
    expect(stormy.kills, told).toBeGreaterThanOrEqual(Math.min(5, kills))
    for (const part of Object.keys(quiet) as (keyof Snapshot)[])
      expect(stormy.snapshot[part], `${part}; ${told}`).toEqual(quiet[part])
    expect(quiet.left).toEqual([])
    // Nodes on a server may share the folder, so there a day passes before anything is swept.
    if (databaseUrl === '') expect(stormy.incoming, 'half received documents').toEqual([])
  },
  240_000,
)

interface Plan {
  /** '' for the embedded database. */
  readonly databaseUrl: string
  readonly kills: number
}

/** Lets the senders send all they have to a node that is killed now and then; what is stored at the end. */
async function play({ databaseUrl, kills }: Plan) {
  const data = await makeFolder()
  const env = {
    TRIBUTARY_DATA: data,
    TRIBUTARY_EXCHANGES: exchanges,
    TRIBUTARY_LEASE_SECONDS: '1',
    TRIBUTARY_TOKEN_MINUTES: '60',
    ...(databaseUrl === '' ? {} : { DATABASE_URL: databaseUrl }),
  }
  const place = { node: await startTributary(env) }
  const tokens = await register(await firstSignIn(place.node, 'a long enough password'), place.node, senders)
  let over = false
  const sending = Promise.all(
    senders.map((sender) => sendAll(sender, () => place.node.url, tokens.get(sender.partner) ?? '')),
  )
    .then(() => settled(() => place.node.url))
    .finally(() => (over = true))
  let killed = 0
  const random = randomFrom(seed)
  while (!over && killed < kills) {
    await Promise.race([sleep(random() * 700), sending.catch(() => {})])
    if (over) break
    await place.node.kill()
    killed += 1
    place.node = await startTributary(env)
  }
  await sending
  expect(await place.node.stop()).toBe(0)
  const incoming = await readdir(join(data, 'documents', 'incoming')).catch(() => [])
  return { snapshot: await storedIn(databaseUrl, data), kills: killed, incoming }
}

async function storedIn(databaseUrl: string, data: string): Promise<Snapshot> {
  const db = databaseUrl === '' ? await openPglite(join(data, 'database')) : openPostgres(databaseUrl)
  try {
    await expectSoundBooks(db)
    return await snapshotOf(db, createDocumentFolder(join(data, 'documents')))
  } finally {
    await db.close()
  }
}

/** Registers the partners and gives the token of each. */
async function register(
  centre: Client,
  node: NodeProcess,
  senders: readonly Sender[],
): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map<string, string>()
  for (const { partner, ori } of senders) {
    await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
    await centre.json('PUT', `/v1/partners/${partner}/identifiers/ori/${ori}`)
    await centre.json('POST', '/v1/accounts', { body: { name: `${partner}-feed`, partner, kind: 'machine' } })
    await centre.json('PUT', `/v1/accounts/${partner}-feed/grants/*`, {
      body: { grants: ['submit', 'read'] },
    })
    const { clientSecret } = await centre.json<{ clientSecret: string }>(
      'POST',
      `/v1/accounts/${partner}-feed/secret`,
    )
    const answer = await clientOf(node.url, null).json<{ access_token: string }>('POST', '/v1/authenticate', {
      body: { account: `${partner}-feed`, password: clientSecret },
    })
    tokens.set(partner, answer.access_token)
  }
  return tokens
}

async function sendAll({ files, calls }: Sender, url: () => string, token: string): Promise<void> {
  await Promise.all(
    [files, calls].map(async (deliveries) => {
      for (const delivery of deliveries) await deliver(delivery, url, token)
    }),
  )
}

/** Sends until there is an answer that is final. */
async function deliver(delivery: Delivery, url: () => string, token: string): Promise<void> {
  for (;;) {
    const response = await clientOf(url(), token)
      .request('POST', delivery.path, {
        headers: {
          'idempotency-key': delivery.key,
          'content-type': delivery.contentType,
          'x-file-name': delivery.fileName,
        },
        body: delivery.body,
      })
      .then(async (answer) => ({ status: answer.status, text: await answer.text() }))
      .catch(() => null)
    if (response !== null && response.status < 500) {
      if (![200, 201, 202, 409, 422].includes(response.status))
        throw new Error(`${delivery.key}: ${response.status} ${response.text}`)
      return
    }
    await sleep(20)
  }
}

/** Resolves when nothing is queued any more. */
async function settled(url: () => string): Promise<void> {
  for (;;) {
    const health = await clientOf(url(), null)
      .json<{ queued: number; ready: boolean }>('GET', '/health')
      .catch(() => null)
    if (health?.ready === true && health.queued === 0) return
    await sleep(50)
  }
}
