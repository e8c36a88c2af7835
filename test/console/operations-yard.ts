import { createHash } from 'node:crypto'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../../src/node/config.ts'
import { type Node, startNode } from '../../src/node/start.ts'
import { makeWells, wellFile } from '../flow/wells.ts'
import { type Client, clientOf, signIn } from '../servers/tributary.ts'
import { ADMINISTRATOR, CLERK, openOffice, PASSWORD } from './office.ts'

/** An office at work: a job, an agent that does it, folders that files come by, and people. */

export const AGENCY_ADMINISTRATOR = 'ada.administrator'
export const JOB = 'wells-nightly'
const PARTNER = 'riverbend-pd'

export interface OperationsYard {
  readonly node: Node
  readonly centre: Client
  /** Takes what is offered next, waiting for it; the attempt's name. */
  take(): Promise<string>
  /** Tells that the attempt failed. */
  fail(attempt: string, message: string): Promise<void>
  /** Brings so many wells by the attempt. */
  bring(attempt: string, count: number): Promise<void>
  /** Sends wells as the clerk, as everything there is. */
  refresh(count: number, name: string): Promise<string>
  /** Puts a file into the partner's input folder. */
  put(name: string, count: number): Promise<void>
  close(): Promise<void>
}

export async function openOperationsYard(folder: string): Promise<OperationsYard> {
  await writeExchanges(folder)
  const node = await startNode(
    readConfig(
      { TRIBUTARY_SFTP_PORT: '0', TRIBUTARY_SFTP_HOST: '127.0.0.1', TRIBUTARY_SCAN_SECONDS: '1' },
      {
        dataFolder: join(folder, 'data'),
        exchangesFolder: join(folder, 'exchanges'),
        port: 0,
        logLevel: 'silent',
      },
    ),
  )
  const { account, password } = node.administrator ?? { account: '', password: '' }
  await node.identity.changePassword({ account, secret: password, newPassword: PASSWORD, address: '' })
  const centre = await signIn(node.url, ADMINISTRATOR, PASSWORD)
  await openOffice(node.url, centre)
  await people(node.url, centre)
  const agent = await agentOf(node.url, centre)
  await tellJob(centre)
  const clerk = await signIn(node.url, CLERK, PASSWORD)
  return {
    node,
    centre,
    take: () => take(agent),
    async fail(attempt, message) {
      const body = {
        code: 'SOURCE_AWAY',
        message,
        log: `${message}\nconnect ECONNREFUSED 10.1.2.3:1521\n`,
        records: 0,
        at: new Date().toISOString(),
      }
      await agent.json('POST', `/v1/agent/attempts/${attempt}/failure`, { body })
    },
    bring: (attempt, count) => bring(agent, attempt, count),
    async refresh(count, name) {
      const { tracking } = await clerk.json<{ tracking: string }>(
        'POST',
        '/v1/exchanges/wells/submissions?scope=refresh',
        {
          headers: { 'x-file-name': name, 'content-type': 'application/json' },
          body: await wellFile('json', makeWells(count)),
        },
      )
      await (await clerk.request('GET', `/v1/submissions/${tracking}/events`)).text()
      return tracking
    },
    async put(name, count) {
      const path = encodeURIComponent(`/wells/PROD/INPUT/${name}`)
      const headers = { 'content-type': 'application/octet-stream' }
      const body = await wellFile('json', makeWells(count))
      await centre.json('PUT', `/v1/partners/${PARTNER}/files/content?path=${path}`, { headers, body })
    },
    close: () => node.close(),
  }
}

/** Stops, and wells whose files wait for their checksum. */
async function writeExchanges(folder: string): Promise<void> {
  const own = new URL('../../exchanges/ripa', import.meta.url).pathname
  await cp(own, join(folder, 'exchanges', 'ripa'), { recursive: true })
  const wells = join(folder, 'exchanges', 'wells')
  await cp(new URL('../fixtures/exchanges/wells', import.meta.url).pathname, wells, { recursive: true })
  const path = join(wells, 'exchange.yaml')
  const text = await readFile(path, 'utf8')
  await writeFile(path, `${text}files: { gather_seconds: 3600, checksum: required }\n`)
}

async function people(url: string, centre: Client): Promise<void> {
  await centre.json('PUT', `/v1/accounts/${CLERK}/grants/wells`, { body: { grants: ['submit', 'read'] } })
  const account = { name: AGENCY_ADMINISTRATOR, partner: PARTNER, kind: 'person', realms: ['live'] }
  await centre.json('POST', '/v1/accounts', { body: account })
  const grants = ['submit', 'validate', 'read', 'close']
  await centre.json('PUT', `/v1/accounts/${AGENCY_ADMINISTRATOR}/grants/wells`, { body: { grants } })
  const made = await centre.json<{ clientSecret: string }>(
    'POST',
    `/v1/accounts/${AGENCY_ADMINISTRATOR}/secret`,
  )
  const change = { account: AGENCY_ADMINISTRATOR, password: made.clientSecret, newPassword: PASSWORD }
  await clientOf(url, null).json('POST', '/v1/password', { body: change })
}

async function agentOf(url: string, centre: Client): Promise<Client> {
  const name = 'riverbend-agent'
  await centre.json('POST', '/v1/accounts', { body: { name, partner: PARTNER, kind: 'machine' } })
  await centre.json('PUT', `/v1/accounts/${name}/grants/wells`, { body: { grants: ['submit'] } })
  await centre.json('PUT', `/v1/accounts/${name}/channels`, { body: { channels: ['agent'] } })
  const made = await centre.json<{ clientSecret: string }>('POST', `/v1/accounts/${name}/secret`)
  return signIn(url, name, made.clientSecret)
}

async function tellJob(centre: Client): Promise<void> {
  const days = [{ from: '2026-01-01', until: '2026-01-01', reason: 'New Year' }]
  await centre.json('PUT', '/v1/calendars/holidays', { body: { title: 'Holidays', exceptions: days } })
  const rule = {
    title: 'Wells, every night',
    exchange: 'wells',
    extract: 'changes',
    cron: '30 1 * * *',
    zone: 'America/Los_Angeles',
    calendar: 'holidays',
    partners: [PARTNER],
    ownStart: { perDayMax: 5, atOnceMax: 10 },
  }
  await centre.json('PUT', `/v1/jobs/${JOB}`, { body: rule })
}

async function take(agent: Client): Promise<string> {
  const health = {
    ok: true,
    freeBytes: 81 * 10 ** 9,
    sources: [{ name: 'wells-db', ok: true }],
    since: new Date().toISOString(),
  }
  const batches = [{ exchange: 'wells', realm: 'live' }]
  const body = { version: '1.4.0', health, batches, waitSeconds: 20 }
  return (await agent.json<{ attempt: string }>('POST', '/v1/agent/next', { body })).attempt
}

async function bring(agent: Client, attempt: string, count: number): Promise<void> {
  const of = `/v1/agent/attempts/${attempt}`
  const bytes = await wellFile('ndjson', makeWells(count))
  const announced = {
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    fileName: 'wells.json',
    contentType: 'application/json',
    records: count,
    marker: null,
  }
  await agent.json('POST', `${of}/upload`, { body: announced })
  await agent.json('PATCH', `${of}/upload`, {
    headers: { 'content-type': 'application/octet-stream', 'upload-offset': '0' },
    body: bytes,
  })
  await agent.json('POST', `${of}/upload/complete`, { body: {} })
}
