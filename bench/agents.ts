import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresServer } from '../test/servers/postgres.ts'
import { compared, type Result } from './results.ts'
import { openSite, psql } from './site.ts'

const agentCount = 200
const everyMs = 15_000
const p99MsMax = 50
const flatOut = 32

interface Asked {
  readonly times: readonly number[]
  readonly seconds: number
  /** Processor time of the node, in seconds. */
  readonly processor: number
  /** Transactions of the database, those of the planner and of the node's other turns included. */
  readonly transactions: number
}

/**
 * Agents that ask for work and mostly find none: as many and as often as the counties of a large state do, and as
 * fast as the node answers. Half of a minute of each, after all have asked once.
 */
export async function measureAgents(
  postgres: PostgresServer,
  { seconds }: { readonly seconds: number },
): Promise<Result[]> {
  const exchanges = new URL('exchanges', import.meta.url).pathname
  const site = await openSite(postgres, { exchanges })
  try {
    const tokens: string[] = []
    for (let index = 0; index < agentCount; index += 1) {
      const name = `county-${index}`
      tokens.push((await site.partner(name, `CA09${String(index).padStart(5, '0')}`)).token)
    }
    await psql(site.database, "update account set channels = '{rest,agent}' where kind = 'machine'")
    await sleep(4000)
    const url = new URL('/v1/agent/next', site.node.url)
    const pid = site.node.process.pid ?? 0
    const polled = await measured(pid, site.database, () => poll(url, tokens, Math.max(seconds, 30)))
    const flat = await measured(pid, site.database, () => askFlatOut(url, tokens, seconds))
    return [pollRow(polled), flatRow(flat)]
  } finally {
    await site.close()
  }
}

function pollRow(asked: Asked): Result {
  const { times, seconds, processor, transactions } = asked
  const [p50, p99] = [share(times, 0.5), share(times, 0.99)]
  const busy = ((processor / seconds) * 100).toFixed(1)
  const perCall = (transactions / times.length).toFixed(1)
  const work =
    `${agentCount} agents asking every ${everyMs / 1000} s, nothing to do: p99 ` +
    `(p50 ${p50.toFixed(1)} ms; node busy ${busy} % of a core; ${perCall} transactions a question, all its turns included)`
  const detail = { p50, p99, busy, transactions, questions: times.length, seconds }
  return {
    work,
    ours: p99,
    peer: 'limit',
    theirs: p99MsMax,
    unit: 'ms',
    ratio: p99 / p99MsMax,
    aim: '≤ 1',
    met: p99 <= p99MsMax,
    detail,
  }
}

function flatRow({ times, seconds, processor }: Asked): Result {
  const [p50, p99] = [share(times, 0.5), share(times, 0.99)]
  return compared(
    `questions of agents with nothing to do, ${flatOut} at a time (p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms)`,
    'calls/s',
    times.length / seconds,
    { name: `${agentCount} agents every ${everyMs / 1000} s`, rate: agentCount / (everyMs / 1000) },
    20,
    { p50, p99, processor, seconds },
  )
}

function share(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN
}

/** Runs something and tells what it cost the node. */
async function measured(pid: number, database: string, run: () => Promise<number[]>): Promise<Asked> {
  const before = await costs(pid, database)
  const began = performance.now()
  const times = await run()
  const seconds = (performance.now() - began) / 1000
  // The database tells its counts with a delay.
  await sleep(1500)
  const after = await costs(pid, database)
  process.stderr.write(
    `  ${times.length} questions in ${seconds.toFixed(0)} s, p99 ${share(times, 0.99).toFixed(1)} ms\n`,
  )
  return {
    times,
    seconds,
    processor: after.processor - before.processor,
    transactions: after.transactions - before.transactions,
  }
}

const ticksPerSecond = 100

async function costs(pid: number, database: string): Promise<{ processor: number; transactions: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const processor = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  const committed = await psql(
    database,
    'select xact_commit from pg_stat_database where datname = current_database()',
  )
  return { processor, transactions: Number(committed) }
}

/** Each agent asks at its own moment of every interval. */
async function poll(url: URL, tokens: readonly string[], seconds: number): Promise<number[]> {
  const pool = new Agent({ keepAlive: true, maxSockets: agentCount })
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  await Promise.all(
    tokens.map(async (token, index) => {
      await sleep((everyMs * index) / tokens.length)
      while (performance.now() < until) {
        const began = performance.now()
        await ask(url, pool, token)
        times.push(performance.now() - began)
        await sleep(Math.max(0, everyMs - (performance.now() - began)))
      }
    }),
  )
  pool.destroy()
  return times
}

async function askFlatOut(url: URL, tokens: readonly string[], seconds: number): Promise<number[]> {
  const pool = new Agent({ keepAlive: true, maxSockets: flatOut })
  const times: number[] = []
  const until = performance.now() + seconds * 1000
  let next = 0
  const caller = async () => {
    while (performance.now() < until) {
      const token = tokens[next % tokens.length] ?? ''
      next += 1
      const began = performance.now()
      await ask(url, pool, token)
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: flatOut }, caller))
  pool.destroy()
  return times
}

const BODY = JSON.stringify({
  version: '1.0.0',
  health: {
    ok: true,
    freeBytes: 10 ** 11,
    sources: [{ name: 'ems', ok: true }],
    since: '2026-03-01T00:00:00.000Z',
  },
  batches: [{ exchange: 'members', realm: 'live' }],
  waitSeconds: 0,
})

function ask(url: URL, agent: Agent, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(BODY),
    }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () =>
        response.statusCode === 204
          ? resolve()
          : reject(new Error(`the node answered ${response.statusCode}`)),
      )
    })
    sent.on('error', reject)
    sent.end(BODY)
  })
}
