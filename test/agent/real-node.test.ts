import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newPostgresUrl } from '../database.ts'
import { type Client, firstSignIn, type NodeProcess, signIn, startTributary } from '../servers/tributary.ts'
import {
  type AgentProcess,
  agentFolder,
  attemptsIn,
  eventually,
  extractsIn,
  putAway,
  startAgent,
  statusOf,
  writeConfig,
} from './agent-process.ts'
import { sqliteCounty } from './county.ts'
import { type MariadbServer, startMariadb } from './mariadb.ts'

/** A real node, real agents and real databases of counties, each a process of its own. */

const exchanges = fileURLToPath(new URL('.', import.meta.url))
const password = 'a-Passphrase-of-our-own-7'
let data = ''
let env: Record<string, string> = {}
let databaseUrl = ''
let administrator = ''
let node: NodeProcess
let centre: Client
let mariadb: MariadbServer

afterAll(putAway)
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'tributary-agent-node-'))
  databaseUrl = await newPostgresUrl()
  env = {
    TRIBUTARY_DATA: data,
    DATABASE_URL: databaseUrl,
    TRIBUTARY_EXCHANGES: exchanges,
    TRIBUTARY_PORT: String(await freePort()),
  }
  node = await startTributary(env)
  administrator = node.administrator?.account ?? ''
  centre = await firstSignIn(node, password)
  mariadb = await startMariadb()
}, 120_000)

afterAll(async () => {
  await node?.kill()
  await mariadb?.stop()
  rmSync(data, { recursive: true, force: true })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

interface County {
  readonly source: object
  run(...statements: readonly string[]): Promise<void> | void
}

const counties: Record<string, (folder: string) => Promise<County>> = {
  async sqlite(folder) {
    const { path, run } = sqliteCounty(folder, 0)
    run('drop view voters', 'drop table voter')
    return { source: { driver: 'sqlite', path }, run }
  },
  async postgres() {
    const href = await newPostgresUrl()
    const url = new URL(href)
    return {
      source: {
        driver: 'postgres',
        host: url.hostname,
        port: Number(url.port),
        database: url.pathname.slice(1),
        user: url.username,
        password: url.password,
        tls: 'off',
      },
      async run(...statements) {
        const client = new pg.Client({ connectionString: href })
        await client.connect()
        for (const text of statements) await client.query(text)
        await client.end()
      },
    }
  },
  async mariadb() {
    await mariadb.run('create database county')
    return {
      source: {
        driver: 'mariadb',
        host: '127.0.0.1',
        port: mariadb.port,
        database: 'county',
        user: 'tests',
        password: mariadb.password,
        tls: 'off',
      },
      run: (...statements) => mariadb.run('use county', ...statements),
    }
  },
}

interface Site extends County {
  readonly folder: string
  readonly partner: string
  /** Runs the job once for this county; the run's name. */
  work(extract: 'full' | 'changes'): Promise<string>
}

let number = 0

/** A county with a table of voters, an account for its agent, and the agent's file. */
async function newSite(kind: string, voters: number, limits: object = {}): Promise<Site> {
  number += 1
  const partner = `county-${number}`
  const folder = agentFolder()
  const county = await (counties[kind] as (typeof counties)[string])(folder)
  await county.run(
    'create table voter (number integer primary key, name varchar(60), born date, party char(1))',
    ...Array.from({ length: Math.ceil(voters / 500) }, (_, turn) => {
      const rows = Array.from({ length: Math.min(500, voters - turn * 500) }, (_one, index) => {
        const id = turn * 500 + index + 1
        return `(${id}, 'Voter ${id}', '1980-02-29', 'D')`
      })
      return `insert into voter values ${rows.join(', ')}`
    }),
    'create view voters as select number as voternumber, name as fullname, born as birthdate, party from voter',
  )
  await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
  await centre.json('POST', '/v1/accounts', { body: { name: `${partner}-agent`, partner, kind: 'machine' } })
  const secret = await centre.json<{ clientId: string; clientSecret: string }>(
    'POST',
    `/v1/accounts/${partner}-agent/secret`,
  )
  await centre.json('PUT', `/v1/accounts/${partner}-agent/channels`, { body: { channels: ['agent'] } })
  await centre.json('PUT', `/v1/accounts/${partner}-agent/grants/roll`, { body: { grants: ['submit'] } })
  writeConfig(folder, {
    node: { url: node.url, client_id: secret.clientId, client_secret: secret.clientSecret },
    poll: { seconds: 1, backoff_seconds: 2 },
    sources: { ems: { ...county.source, limits } },
    batches: [{ exchange: 'roll', source: 'ems', view: 'voters', changes: { by: 'snapshot' } }],
  })
  return {
    ...county,
    folder,
    partner,
    async work(extract) {
      const job = `${partner}-${extract}`
      await centre.json('PUT', `/v1/jobs/${job}`, {
        body: { title: job, exchange: 'roll', extract, zone: 'UTC', partners: [partner], retryLimit: 0 },
      })
      const { items } = await centre.json<{ items: { run: string }[] }>('POST', `/v1/jobs/${job}/runs`, {
        body: { partner },
      })
      return items[0]?.run ?? ''
    },
  }
}

interface RunView {
  readonly state: string
  readonly reason: string | null
}

async function ended(run: string): Promise<RunView> {
  const view = await eventually(
    async () => {
      const view = await centre.json<RunView>('GET', `/v1/runs/${run}`).catch(() => null)
      return view !== null && ['done', 'failed', 'cancelled', 'timed-out'].includes(view.state) ? view : null
    },
    `run ${run} ends`,
    90,
  )
  return view as RunView
}

/** What the node's database holds of a county. */
async function held(partner: string): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ key: string; name: string }>(
    `select r.key, r.body ->> 'name' as name from record r join book b using (book)
      where b.owner = $1 and b.exchange = 'roll' and r.status <> 'deleted'`,
    [partner],
  )
  await client.end()
  return new Map(rows.map(({ key, name }) => [key, name]))
}

function voters(count: number, change: Readonly<Record<string, string | null>> = {}): Map<string, string> {
  const all = new Map(Array.from({ length: count }, (_, index) => [String(index + 1), `Voter ${index + 1}`]))
  for (const [key, name] of Object.entries(change)) {
    if (name === null) all.delete(key)
    else all.set(key, name)
  }
  return all
}

async function settled({ folder }: Site, agent: AgentProcess): Promise<void> {
  await eventually(() => attemptsIn(folder).length === 0, 'nothing is left to do')
  expect(extractsIn(folder)).toEqual([])
  await agent.stop()
}

test.each(Object.keys(counties))(
  '%s: everything, then changes and deletions; told at both ends',
  async (kind) => {
    const site = await newSite(kind, 1200)
    const agent = startAgent(site.folder)
    expect(await ended(await site.work('full'))).toMatchObject({ state: 'done', reason: null })
    expect(await held(site.partner)).toEqual(voters(1200))
    await site.run(
      "update voter set name = 'Changed' where number = 5",
      'delete from voter where number in (6, 7)',
      "insert into voter values (9000, 'New', null, 'R')",
    )
    expect(await ended(await site.work('changes'))).toMatchObject({ state: 'done' })
    expect(await held(site.partner)).toEqual(voters(1200, { 5: 'Changed', 6: null, 7: null, 9000: 'New' }))
    await site.run(
      "update voter set name = 'Again' where number = 8",
      'delete from voter where number = 9000',
    )
    const run = await site.work('changes')
    expect(await ended(run)).toMatchObject({ state: 'done' })
    expect(await held(site.partner)).toEqual(voters(1200, { 5: 'Changed', 6: null, 7: null, 8: 'Again' }))
    const status = await eventually(async () => {
      const told = await statusOf(site.folder)
      return told?.ended.length === 3 ? told : null
    }, 'the agent knows how its jobs ended')
    expect(status?.ended.map(({ result, records }) => [result, records])).toEqual([
      ['done', 2],
      ['done', 4],
      ['done', 1200],
    ])
    const { items } = await centre.json<{
      items: { partner: string; version: string; health: { ok: boolean } }[]
    }>('GET', '/v1/agents')
    expect(items.find(({ partner }) => partner === site.partner)).toMatchObject({
      version: '0.1.0',
      health: { ok: true },
    })
    await settled(site, agent)
  },
)

describe('kills', () => {
  const slow = { rows_per_second: 1500, batch_rows: 100 }

  test('the agent in the middle of extraction: the same attempt goes on', async () => {
    const site = await newSite('sqlite', 4000, slow)
    let agent = startAgent(site.folder)
    const run = await site.work('full')
    await eventually(
      async () => ((await statusOf(site.folder))?.running[0]?.records ?? 0) > 1000,
      'it is in the middle',
    )
    await agent.kill()
    agent = startAgent(site.folder)
    expect(await ended(run)).toMatchObject({ state: 'done' })
    expect(await held(site.partner)).toEqual(voters(4000))
    await settled(site, agent)
  })

  test('the node, again and again, while an agent extracts and uploads', async () => {
    const site = await newSite('sqlite', 4000, slow)
    const agent = startAgent(site.folder)
    const run = await site.work('full')
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 900 + turn * 300))
      await node.kill()
      node = await startTributary(env)
      centre = await signIn(node.url, administrator, password)
    }
    expect(await ended(run)).toMatchObject({ state: 'done' })
    expect(await held(site.partner)).toEqual(voters(4000))
    const { items } = await centre.json<{ items: unknown[] }>('GET', `/v1/attempts?run=${run}`)
    expect(items.length).toBe(1)
    await settled(site, agent)
  })
})

test('a source that is away: a failed session with its log, and an alert', async () => {
  const site = await newSite('sqlite', 10)
  site.run('drop view voters')
  const agent = startAgent(site.folder)
  const run = await site.work('full')
  expect((await ended(run)).state).toBe('failed')
  const { items } = await centre.json<{ items: { attempt: string; state: string; reason: string }[] }>(
    'GET',
    `/v1/attempts?run=${run}`,
  )
  expect(items[0]).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('no such table: voters'),
  })
  const log = await (await centre.request('GET', `/v1/attempts/${items[0]?.attempt}/log`)).text()
  expect(log).toContain('no such table: voters')
  expect(log).toContain('Source: ems (sqlite)')
  await settled(site, agent)
})
