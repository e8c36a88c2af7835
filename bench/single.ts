import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { stopTree } from '../src/cli/demo-stop-forms.ts'
import { generateStops } from '../src/cli/demo-stops.ts'
import type { PostgresServer } from '../test/servers/postgres.ts'
import { compared, type Result } from './results.ts'
import { median } from './rounds.ts'
import { openSite, psql } from './site.ts'
import { recentDays, seed } from './stop-file.ts'

const concurrency = 32
const partnerCount = 8
const p99MsMax = 50

/** One request to be sent: body and headers differ, the rest is the same for all. */
interface Shot {
  readonly body: string
  readonly token: string
}

interface Volley {
  readonly rate: number
  readonly p50: number
  readonly p99: number
}

/** One record a call, judged, stored and answered, against a bare server that inserts the same body durably. */
export async function measureSingle(
  postgres: PostgresServer,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<Result[]> {
  const site = await openSite(postgres)
  const bareDatabase = await postgres.createDatabase()
  const bare = await startBare(bareDatabase)
  const tokens: string[] = []
  for (let index = 0; index < partnerCount; index += 1)
    tokens.push((await site.partner(`agency-${index}`, oriOf(index))).token)
  const next = shots(tokens)
  const ours: Volley[] = []
  const theirs: Volley[] = []
  const nodeUrl = new URL('/v1/exchanges/ripa/stop?names=wire', site.node.url)
  const bareUrl = new URL('/records', bare.url)
  for (const url of [nodeUrl, bareUrl]) await fire(url, next, 2)
  for (let round = 0; round < rounds; round += 1) {
    await psql(site.database, 'checkpoint')
    ours.push(told('node', await fire(nodeUrl, next, seconds)))
    await psql(bareDatabase, 'checkpoint')
    theirs.push(told('bare', await fire(bareUrl, next, seconds)))
  }
  await site.close()
  bare.process.kill()
  const middle = (volleys: readonly Volley[], of: keyof Volley) => median(volleys.map((volley) => volley[of]))
  const p50 = middle(ours, 'p50').toFixed(1)
  const p99 = middle(ours, 'p99').toFixed(1)
  const barely = `p50 ${middle(theirs, 'p50').toFixed(1)} ms, p99 ${middle(theirs, 'p99').toFixed(1)} ms`
  const result = compared(
    `one stop a call, ${concurrency} at a time, ${partnerCount} partners (p50 ${p50} ms, p99 ${p99} ms)`,
    'calls/s',
    middle(ours, 'rate'),
    { name: `bare Fastify, one durable \`INSERT\` (${barely})`, rate: middle(theirs, 'rate') },
    0.7,
    { ours, theirs },
  )
  return [{ ...result, aim: `≥ 0.7, p99 ≤ ${p99MsMax} ms`, met: result.met && Number(p99) <= p99MsMax }]
}

function told(name: string, volley: Volley): Volley {
  process.stderr.write(
    `  ${name}: ${Math.round(volley.rate)} calls/s, p50 ${volley.p50.toFixed(1)} ms, p99 ${volley.p99.toFixed(1)} ms\n`,
  )
  return volley
}

const oriOf = (index: number) => `CA099000${index + 1}`

/** Stops of the partners in turn, each a new one; made ahead, so that making them is not measured. */
function shots(tokens: readonly string[]): () => Shot {
  const sources = tokens.map((_, index) =>
    generateStops({ seed: seed + index, count: 1_000_000, ori: oriOf(index), faults: 0, ...recentDays() }),
  )
  const ready: Shot[] = []
  return () => {
    if (ready.length === 0)
      for (let index = 0; index < 256; index += 1) {
        const partner = index % tokens.length
        const stop = sources[partner]?.next().value
        if (stop === undefined) throw new Error('no stops left')
        ready.push({ body: JSON.stringify(stopTree(stop)), token: tokens[partner] as string })
      }
    return ready.pop() as Shot
  }
}

/** Keeps so many calls open for so long. */
async function fire(url: URL, next: () => Shot, seconds: number): Promise<Volley> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const times: number[] = []
  const start = performance.now()
  const until = start + seconds * 1000
  const caller = async () => {
    while (performance.now() < until) {
      const shot = next()
      const began = performance.now()
      await call(url, agent, shot)
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
  const rate = times.length / ((performance.now() - start) / 1000)
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN
  return { rate, p50: at(0.5), p99: at(0.99) }
}

function call(url: URL, agent: Agent, { body, token }: Shot): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () =>
        response.statusCode === 201 ? resolve() : reject(new Error(`${response.statusCode} ${text}`)),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function startBare(database: string): Promise<{ url: string; process: ChildProcess }> {
  const script = new URL('bare-server.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: database },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()))
    child.once('exit', () => reject(new Error('the bare server ended')))
  })
  return { url, process: child }
}
