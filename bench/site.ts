import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { SubmissionView } from '../src/channel/rest/ports.ts'
import type { PostgresServer } from '../test/servers/postgres.ts'
import { type Client, firstSignIn, type NodeProcess, startTributary } from '../test/servers/tributary.ts'

const run = promisify(execFile)

/** A real node in a process of its own on a fresh database, with partners that may do everything. */
export interface Site {
  readonly node: NodeProcess
  readonly database: string
  /** Registers a partner with one identifier and gives a token of an account of it. */
  partner(name: string, value: string, scheme?: 'ori' | 'county'): Promise<Partner>
  close(): Promise<void>
}

export interface Partner {
  readonly name: string
  readonly ori: string
  readonly token: string
  /** Sends a file and waits until its submission is closed. */
  send(exchange: string, path: string, query?: string): Promise<Sent>
}

export interface Sent {
  readonly tracking: string
  /** From the first byte sent to the submission closed with its receipt. */
  readonly seconds: number
  readonly view: SubmissionView
}

export interface SiteOptions {
  readonly exchanges?: string
  readonly env?: Readonly<Record<string, string>>
}

export async function openSite(postgres: PostgresServer, options: SiteOptions = {}): Promise<Site> {
  const database = await postgres.createDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'))
  const env = {
    DATABASE_URL: database,
    TRIBUTARY_DATA: folder,
    TRIBUTARY_TOKEN_MINUTES: '600',
    ...(options.exchanges === undefined ? {} : { TRIBUTARY_EXCHANGES: options.exchanges }),
    ...options.env,
  }
  const node = await startTributary(env, [], [])
  const centre = await firstSignIn(node, 'a-password-for-the-bench')
  const exchanges = (await centre.json<{ items: { exchange: string }[] }>('GET', '/v1/exchanges')).items
  return {
    node,
    database,
    partner: (name, value, scheme = 'ori') => register(node, centre, exchanges, name, { scheme, value }),
    async close() {
      await node.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function register(
  node: NodeProcess,
  centre: Client,
  exchanges: readonly { exchange: string }[],
  name: string,
  { scheme, value }: { readonly scheme: string; readonly value: string },
): Promise<Partner> {
  await centre.json('POST', '/v1/partners', { body: { name, title: name } })
  await centre.json('PUT', `/v1/partners/${name}/identifiers/${scheme}/${value}`)
  const account = `${name}-records`
  await centre.json('POST', '/v1/accounts', {
    body: { name: account, partner: name, kind: 'machine', realms: ['live', 'test'] },
  })
  for (const { exchange } of exchanges)
    await centre.json('PUT', `/v1/accounts/${account}/grants/${exchange}`, {
      body: { grants: ['submit', 'validate', 'read', 'close'] },
    })
  const { clientId, clientSecret } = await centre.json<{ clientId: string; clientSecret: string }>(
    'POST',
    `/v1/accounts/${account}/secret`,
  )
  const token = await tokenFor(node.url, clientId, clientSecret)
  return {
    name,
    ori: value,
    token,
    send: (exchange, path, query = '') => send(node.url, token, exchange, path, query),
  }
}

async function tokenFor(url: string, clientId: string, clientSecret: string): Promise<string> {
  const response = await fetch(new URL('/v1/oauth/token', url), {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  const answer = (await response.json()) as { access_token?: string }
  if (answer.access_token === undefined) throw new Error(`no token: ${JSON.stringify(answer)}`)
  return answer.access_token
}

async function send(
  url: string,
  token: string,
  exchange: string,
  path: string,
  query: string,
): Promise<Sent> {
  const start = Date.now()
  const { tracking } = await upload(
    new URL(`/v1/exchanges/${exchange}/submissions${query}`, url),
    token,
    path,
  )
  for (;;) {
    const response = await fetch(new URL(`/v1/submissions/${tracking}`, url), {
      headers: { authorization: `Bearer ${token}` },
    })
    const view = (await response.json()) as SubmissionView
    if (view.closedAt !== null) return { tracking, seconds: (Date.parse(view.closedAt) - start) / 1000, view }
    if (view.state === 'held') throw new Error(`${tracking} is held: ${view.reason}`)
    await sleep(100)
  }
}

async function upload(url: URL, token: string, path: string): Promise<SubmissionView> {
  const answered = new Promise<SubmissionView>((resolve, reject) => {
    const call = request(
      url,
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/octet-stream',
          'x-file-name': basename(path),
        },
      },
      async (response) => {
        let text = ''
        for await (const chunk of response) text += String(chunk)
        if (response.statusCode === 202 || response.statusCode === 201 || response.statusCode === 200)
          resolve(JSON.parse(text) as SubmissionView)
        else reject(new Error(`${response.statusCode} ${text}`))
      },
    )
    call.on('error', reject)
    pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), call).catch(reject)
  })
  return answered
}

/** Runs commands in `psql`; the database is left quiet (checkpointed) first when asked. */
export async function psql(database: string, ...commands: readonly string[]): Promise<string> {
  const args = commands.flatMap((command) => ['-c', command])
  const { stdout } = await run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', database, ...args], {
    maxBuffer: 2 ** 26,
  })
  return stdout.trim()
}

/** Highest resident memory of a process since it began, in MB (Linux). */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024)
}

/** Processes that this process started. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number)
}
