import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { newPostgresUrl } from '../database.ts'
import { type Client, clientOf, firstSignIn, type NodeProcess, startTributary } from '../servers/tributary.ts'
import { announced, HEALTH, wells } from './yard.ts'

const soon = { timeout: 15_000 }
const FIXTURES = new URL('../fixtures/exchanges', import.meta.url).pathname
const JOB = { title: 'Wells', exchange: 'wells', extract: 'changes', zone: 'UTC', partners: ['north'] }

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

interface Site {
  readonly node: NodeProcess
  readonly centre: Client
  readonly agent: Client
  /** A person of the partner. */
  readonly north: Client
}

async function openSite(databaseUrl: string): Promise<Site> {
  const data = await mkdtemp(join(tmpdir(), 'tributary-jobs-'))
  cleanUp.push(() => rm(data, { recursive: true, force: true }))
  const node = await startTributary({
    TRIBUTARY_DATA: data,
    TRIBUTARY_EXCHANGES: FIXTURES,
    ...(databaseUrl === '' ? {} : { DATABASE_URL: databaseUrl }),
  })
  cleanUp.push(() => node.stop())
  const centre = await firstSignIn(node, 'a long enough password')
  await centre.json('POST', '/v1/partners', { body: { name: 'north', title: 'North County' } })
  const client = async (name: string, channels: string[]) => {
    await centre.json('POST', '/v1/accounts', { body: { name, partner: 'north', kind: 'machine' } })
    await centre.json('PUT', `/v1/accounts/${name}/grants/wells`, { body: { grants: ['submit', 'read'] } })
    await centre.json('PUT', `/v1/accounts/${name}/channels`, { body: { channels } })
    const { clientSecret } = await centre.json<{ clientSecret: string }>(
      'POST',
      `/v1/accounts/${name}/secret`,
    )
    const { access_token: token } = await clientOf(node.url, null).json<{ access_token: string }>(
      'POST',
      '/v1/authenticate',
      { body: { account: name, password: clientSecret } },
    )
    return clientOf(node.url, token)
  }
  return {
    node,
    centre,
    agent: await client('north-agent', ['agent']),
    north: await client('north-web', ['rest']),
  }
}

const question = (waitSeconds = 0) => ({
  body: { version: '1.0.0', health: HEALTH, batches: [{ exchange: 'wells', realm: 'live' }], waitSeconds },
})

interface Work {
  readonly attempt: string
  readonly definitionHash: string
  readonly leaseSeconds: number
}

test.each([
  { name: 'embedded database', url: async () => '' },
  { name: 'PostgreSQL', url: newPostgresUrl },
])(
  'an agent does a job of a real node on the $name',
  async ({ url }) => {
    const { centre, agent, north } = await openSite(await url())
    expect((await agent.request('POST', '/v1/agent/next', question())).status).toBe(204)
    await centre.json('PUT', '/v1/jobs/wells', { body: JOB })
    // A question that is kept open is answered as soon as there is work.
    const waiting = agent.json<Work>('POST', '/v1/agent/next', question(30))
    const { items: runs } = await centre.json<{ items: { run: string }[] }>('POST', '/v1/jobs/wells/runs', {
      body: {},
    })
    const work = await waiting
    expect(work).toMatchObject({
      job: 'wells',
      exchange: 'wells',
      extract: 'changes',
      since: null,
      attemptNumber: 1,
    })
    const definition = await agent.json<{ hash: string; types: unknown[] }>(
      'GET',
      '/v1/exchanges/wells/definition',
    )
    expect(definition).toMatchObject({ hash: work.definitionHash, exchange: 'wells' })

    const text = wells('N1', 'N2', 'N3')
    const of = `/v1/agent/attempts/${work.attempt}`
    const progress = { state: 'extracting', records: 2, bytes: 20, bytesOf: null }
    expect(await agent.json('POST', `${of}/progress`, { body: progress })).toEqual({
      leaseSeconds: work.leaseSeconds,
    })
    expect(await north.json('GET', `/v1/attempts/${work.attempt}`)).toMatchObject({
      state: 'extracting',
      records: 2,
    })
    const upload = { body: announced(text, 'marker-1') }
    expect(await agent.json('POST', `${of}/upload`, upload)).toEqual({ offset: 0 })
    const send = (offset: number, body: string) =>
      agent.request('PATCH', `${of}/upload`, {
        headers: { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) },
        body,
      })
    expect(await (await send(0, text.slice(0, 30))).json()).toEqual({ offset: 30 })
    const wrong = await send(7, text.slice(7))
    expect([wrong.status, await wrong.json()]).toMatchObject([409, { code: 'UPLOAD_OFFSET', offset: 30 }])
    expect(await (await send(30, text.slice(30))).json()).toEqual({ offset: text.length })
    const confirmed = await agent.json<{ tracking: string }>('POST', `${of}/upload/complete`, { body: {} })
    expect(confirmed).toMatchObject({
      deletable: true,
      acknowledgement: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    })
    await vi.waitFor(async () => {
      const result = await agent.json<{ state: string }>('GET', of)
      expect(result).toMatchObject({
        state: 'done',
        counts: { received: 3, created: 3 },
        tracking: confirmed.tracking,
      })
    }, soon)
    expect(await centre.json('GET', `/v1/runs/${runs[0]?.run}`)).toMatchObject({
      state: 'done',
      place: null,
      history: [{ attempt: work.attempt, state: 'done' }],
    })
    const { items: sessions } = await north.json<{ items: object[] }>('GET', '/v1/sessions')
    expect(sessions).toMatchObject([
      { session: work.attempt, result: 'done', created: 3, log: `/v1/submissions/${confirmed.tracking}/log` },
    ])
    const { items: trends } = await centre.json<{ items: object[] }>(
      'GET',
      '/v1/trends?by=day&exchange=wells',
    )
    expect(trends).toMatchObject([{ partner: 'north', sessions: 1, done: 1, created: 3 }])
    await vi.waitFor(async () => {
      const { items } = await centre.json<{ items: object[] }>('GET', '/v1/agents')
      expect(items).toMatchObject([{ login: 'north-agent', version: '1.0.0', silent: false }])
    }, soon)
  },
  120_000,
)

test('failures come as alerts at once, with their log, until the job goes well again', async () => {
  const { node, centre, agent, north } = await openSite('')
  const gone = new AbortController()
  cleanUp.push(async () => gone.abort())
  const token = (await clientToken(node)) ?? ''
  const stream = await fetch(new URL('/v1/alerts/stream', node.url), {
    headers: { authorization: `Bearer ${token}` },
    signal: gone.signal,
  })
  const events = readEvents(stream)
  await centre.json('PUT', '/v1/jobs/wells', { body: { ...JOB, retryLimit: 0 } })
  const work = async () => {
    await centre.json('POST', '/v1/jobs/wells/runs', { body: { partner: 'north' } })
    return agent.json<Work>('POST', '/v1/agent/next', question(30))
  }
  const { attempt } = await work()
  const failure = {
    code: 'SOURCE_AWAY',
    message: 'The database is away.',
    log: 'line 1\nline 2\n',
    records: 0,
    at: new Date().toISOString(),
  }
  await agent.json('POST', `/v1/agent/attempts/${attempt}/failure`, { body: failure })
  expect(await next(events)).toMatchObject({
    event: 'raised',
    data: { job: 'wells', kind: 'limit', code: 'SOURCE_AWAY' },
  })
  expect(await (await north.request('GET', `/v1/attempts/${attempt}/log`)).text()).toBe('line 1\nline 2\n')
  const { items: alerts } = await centre.json<{ items: { alert: number }[] }>('GET', '/v1/alerts?open=true')
  const acknowledge = `/v1/alerts/${alerts[0]?.alert}/acknowledge`
  expect((await north.request('POST', acknowledge, { body: {} })).status).toBe(404)
  await centre.json('POST', acknowledge, { body: { note: 'Firewall.' } })
  expect(await next(events)).toMatchObject({ event: 'acknowledged', data: { note: 'Firewall.' } })
  const again = await work()
  const text = wells('N1')
  const of = `/v1/agent/attempts/${again.attempt}`
  await agent.json('POST', `${of}/upload`, { body: announced(text) })
  await agent.request('PATCH', `${of}/upload`, {
    headers: { 'content-type': 'application/octet-stream', 'upload-offset': '0' },
    body: text,
  })
  await agent.json('POST', `${of}/upload/complete`, { body: {} })
  expect(await next(events)).toMatchObject({
    event: 'resolved',
    data: { resolution: expect.stringContaining(again.attempt) },
  })
}, 120_000)

test("an agent's account makes an agent's calls and no others; others see what is theirs", async () => {
  const { node, centre, agent, north } = await openSite('')
  for (const path of ['/v1/submissions', '/v1/jobs', '/v1/exchanges/wells'])
    expect((await agent.request('GET', path)).status, path).toBe(403)
  expect((await agent.request('GET', '/v1/me')).status).toBe(200)
  expect((await north.request('POST', '/v1/agent/next', question())).status).toBe(403)
  expect((await agent.request('GET', '/v1/exchanges/ripa/definition')).status).toBe(404)
  expect((await agent.request('POST', '/v1/agent/next', { body: { version: '1' } })).status).toBe(400)
  expect((await north.request('PUT', '/v1/jobs/mine', { body: JOB })).status).toBe(403)
  await centre.json('POST', '/v1/partners', { body: { name: 'south', title: 'South' } })
  await centre.json('PUT', '/v1/jobs/both', { body: { ...JOB, partners: ['north', 'south'] } })
  await centre.json('PUT', '/v1/jobs/south', { body: { ...JOB, partners: ['south'] } })
  expect(await north.json('GET', '/v1/jobs')).toMatchObject({ items: [{ job: 'both', partners: ['north'] }] })
  expect((await north.request('GET', '/v1/jobs/south')).status).toBe(404)
  expect((await north.request('POST', '/v1/jobs/both/runs', { body: {} })).status).toBe(403)
  expect((await centre.request('PUT', '/v1/jobs/bad', { body: { ...JOB, cron: 'nightly' } })).status).toBe(
    400,
  )
  expect((await centre.request('PUT', '/v1/jobs/bad', { body: { ...JOB, zone: 'Nowhere' } })).status).toBe(
    400,
  )
  expect((await centre.request('PUT', '/v1/jobs/bad', { body: { ...JOB, calendar: 'none' } })).status).toBe(
    404,
  )
  await centre.json('PUT', '/v1/calendars/rest', {
    body: { title: 'Rest', exceptions: [{ from: '2026-01-01', until: '2199-12-31', reason: 'For ever' }] },
  })
  await centre.json('PUT', '/v1/jobs/both', { body: { ...JOB, calendar: 'rest', cron: '0 1 * * *' } })
  expect(await centre.json('GET', '/v1/jobs/both')).toMatchObject({ nextDue: '2200-01-01T01:00:00.000Z' })
  expect((await centre.request('POST', '/v1/jobs/both/runs', { body: {} })).status).toBe(409)
  expect((await centre.request('DELETE', '/v1/calendars/rest')).status).toBe(409)
  await centre.request('DELETE', '/v1/jobs/both')
  expect((await centre.request('DELETE', '/v1/calendars/rest')).status).toBe(204)
  expect(node.log()).not.toMatch(/"level":(50|60)/)
}, 120_000)

async function clientToken(node: NodeProcess): Promise<string | undefined> {
  const { administrator } = node
  const answer = await clientOf(node.url, null).json<{ access_token: string }>('POST', '/v1/authenticate', {
    body: { account: administrator?.account, password: 'a long enough password' },
  })
  return answer.access_token
}

interface Told {
  readonly event: string
  readonly data: object
}

async function* readEvents(response: Response): AsyncGenerator<Told> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end)
      text = text.slice(end + 2)
      const event = /^event: (.*)$/m.exec(block)?.[1]
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) as object }
    }
  }
}

async function next(events: AsyncGenerator<Told>): Promise<Told> {
  const { value } = await events.next()
  if (value === undefined) throw new Error('the stream ended')
  return value
}
