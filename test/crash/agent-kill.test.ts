import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { sql } from '../../src/db/sql.ts'
import { newPostgresUrl } from '../database.ts'
import { expectSoundBooks } from '../flow/balance.ts'
import { announced, HEALTH } from '../jobs/yard.ts'
import { type Client, clientOf, firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { randomFrom } from './random.ts'

/** KILLS=100 for a long night. */
const kills = Number(process.env.KILLS ?? 4)
const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000)
const partners = ['north', 'south', 'west']
const jobsEach = 4
const recordsEach = 400

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

test.each([
  { name: 'embedded database', url: async () => '' },
  { name: 'PostgreSQL', url: newPostgresUrl },
])(
  'a node on the $name, killed again and again while agents work, has each delivery once and true sessions',
  async ({ url }) => {
    const databaseUrl = await url()
    const data = await mkdtemp(join(tmpdir(), 'agent-kill-'))
    folders.push(data)
    const env = {
      TRIBUTARY_DATA: data,
      TRIBUTARY_EXCHANGES: new URL('../fixtures/exchanges', import.meta.url).pathname,
      TRIBUTARY_LEASE_SECONDS: '1',
      TRIBUTARY_AGENT_LEASE_SECONDS: '20',
      TRIBUTARY_TOKEN_MINUTES: '60',
      ...(databaseUrl === '' ? {} : { DATABASE_URL: databaseUrl }),
    }
    const place = { node: await startTributary(env) }
    const centre = await firstSignIn(place.node, 'a long enough password')
    const tokens = await register(centre, place.node)
    let over = false
    const working = Promise.all(
      partners.map((partner) =>
        workThrough(partner, () => clientOf(place.node.url, tokens.get(partner) ?? '')),
      ),
    ).finally(() => (over = true))
    const random = randomFrom(seed)
    let killed = 0
    while (!over && killed < kills) {
      await Promise.race([sleep(300 + random() * 1500), working.catch(() => {})])
      if (over) break
      await place.node.kill()
      killed += 1
      place.node = await startTributary(env)
    }
    await working
    expect(await place.node.stop()).toBe(0)
    await expectTrueSessions(databaseUrl, data, `KILL_SEED=${seed}, ${killed} kills`)
  },
  240_000,
)

/** Jobs that are told to run again and again by their partners, and the tokens of these. */
async function register(centre: Client, node: NodeProcess): Promise<Map<string, string>> {
  const tokens = new Map<string, string>()
  for (const partner of partners) {
    await centre.json('POST', '/v1/partners', { body: { name: partner, title: partner } })
    await centre.json('POST', '/v1/accounts', {
      body: { name: `${partner}-agent`, partner, kind: 'machine' },
    })
    await centre.json('PUT', `/v1/accounts/${partner}-agent/grants/wells`, {
      body: { grants: ['submit', 'read'] },
    })
    await centre.json('PUT', `/v1/accounts/${partner}-agent/channels`, {
      body: { channels: ['rest', 'agent'] },
    })
    const { clientSecret } = await centre.json<{ clientSecret: string }>(
      'POST',
      `/v1/accounts/${partner}-agent/secret`,
    )
    const { access_token: token } = await clientOf(node.url, null).json<{ access_token: string }>(
      'POST',
      '/v1/authenticate',
      { body: { account: `${partner}-agent`, password: clientSecret } },
    )
    tokens.set(partner, token)
  }
  await centre.json('PUT', '/v1/jobs/wells', {
    body: {
      title: 'Wells',
      exchange: 'wells',
      extract: 'changes',
      zone: 'UTC',
      retryMinutes: 1,
      retryLimit: 100,
      ownStart: { perDayMax: 1000, atOnceMax: 1000 },
    },
  })
  return tokens
}

/** Starts its job, does what it is given, and goes on with the next when the centre says that it is done. */
async function workThrough(partner: string, client: () => Client): Promise<void> {
  for (let job = 0; job < jobsEach; job += 1) {
    const { items } = await stubborn(() =>
      client().json<{ items: { run: string }[] }>('POST', '/v1/jobs/wells/runs', { body: {} }),
    )
    const run = items[0]?.run ?? ''
    for (;;) {
      const { state } = await stubborn(() => client().json<{ state: string }>('GET', `/v1/runs/${run}`))
      if (state === 'done') break
      const question = {
        version: '1',
        health: HEALTH,
        batches: [{ exchange: 'wells', realm: 'live' }],
        waitSeconds: 1,
      }
      const work = await stubborn(() =>
        client().json<{ attempt: string } | null>('POST', '/v1/agent/next', { body: question }),
      )
      if (work !== null) await deliver(client, work.attempt, wellsOf(partner, job))
    }
  }
}

function wellsOf(partner: string, job: number): string {
  return Array.from({ length: recordsEach }, (_, index) =>
    JSON.stringify({ Number: `${partner}-${index}`, State: 'O', Note: `job ${job}`, Depth: String(index) }),
  ).join('\n')
}

/** Uploads until the centre has confirmed; ends early when the attempt is another's. */
async function deliver(client: () => Client, attempt: string, text: string): Promise<void> {
  const of = `/v1/agent/attempts/${attempt}`
  for (;;) {
    const begun = await stubborn(() => client().request('POST', `${of}/upload`, { body: announced(text) }))
    if (begun.status === 409) return
    const { offset } = (await begun.json()) as { offset: number }
    if (offset < text.length) {
      const headers = { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) }
      await stubborn(() =>
        client().request('PATCH', `${of}/upload`, { headers, body: text.slice(offset, offset + 9000) }),
      ).then(drained)
      continue
    }
    const completed = await stubborn(() => client().request('POST', `${of}/upload/complete`, { body: {} }))
    await drained(completed)
    if (completed.status === 200 || completed.status === 409) return
  }
}

async function drained(response: Response): Promise<void> {
  await response.arrayBuffer().catch(() => {})
}

/** Asks again for as long as there is no answer, or one that says later. */
async function stubborn<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const answer = await ask()
      if (!(answer instanceof Response) || answer.status < 500) return answer
      await drained(answer)
    } catch (error) {
      if (/: 4\d\d /.test(String(error))) throw error
    }
    await sleep(50)
  }
}

async function expectTrueSessions(databaseUrl: string, data: string, told: string): Promise<void> {
  const db = databaseUrl === '' ? await openPglite(join(data, 'database')) : openPostgres(databaseUrl)
  try {
    await expectSoundBooks(db)
    const read = <R>(statement: ReturnType<typeof sql>) => db.transact((tx) => tx.rows<R>(statement))
    const runs = await read<{ state: string }>(sql`select state from run`)
    expect(
      runs.map(({ state }) => state),
      told,
    ).toEqual(Array(partners.length * jobsEach).fill('done'))
    // Each delivery once, and for each an attempt that is done: all others are over and say why.
    const [counts] = await read(sql`
      select count(*)::int as submissions, sum(received)::int as received, sum(created)::int as created,
             sum(updated)::int as updated, count(distinct a.attempt)::int as attempts
        from submission s left join attempt a on a.tracking = s.tracking and a.state = 'done'`)
    const deliveries = partners.length * jobsEach
    expect(counts, told).toEqual({
      submissions: deliveries,
      received: deliveries * recordsEach,
      created: partners.length * recordsEach,
      updated: (deliveries - partners.length) * recordsEach,
      attempts: deliveries,
    })
    const odd = await read(sql`
      select * from attempt where closed_at is null or (state <> 'done' and (reason is null or tracking is not null))`)
    expect(odd, told).toEqual([])
    expect(await read(sql`select * from alert where resolved_at is null`), told).toEqual([])
    expect(await read(sql`select * from task`), told).toEqual([])
  } finally {
    await db.close()
  }
}
