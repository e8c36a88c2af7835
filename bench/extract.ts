import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { startCentre } from '../test/agent/centre.ts'
import { rollDefinition, sqliteCounty } from '../test/agent/county.ts'
import { startMariadb } from '../test/agent/mariadb.ts'
import type { PostgresServer } from '../test/servers/postgres.ts'
import type { Result } from './results.ts'
import { peakMegabytes } from './site.ts'

const limitMegabytes = 150
const bin = fileURLToPath(new URL('../bin/tributary.js', import.meta.url))

/** Something that an agent reads, as its file names it. */
interface County {
  readonly name: string
  readonly source: object
  close(): Promise<void>
}

/**
 * Peak resident memory of an agent that takes a whole view out of a county's database, checks each record, remembers
 * it in its snapshot, writes the file encrypted and uploads it.
 */
export async function measureExtract(postgres: PostgresServer, sizes: readonly number[]): Promise<Result[]> {
  const results: Result[] = []
  for (const make of [sqlite, inPostgres.bind(null, postgres), mariadb])
    for (const records of sizes) results.push(await measureOne(make, records))
  return results
}

async function measureOne(
  make: (records: number, folder: string) => Promise<County>,
  records: number,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-agent-'))
  await mkdir(join(folder, 'state'))
  const county = await make(records, folder)
  const centre = await startCentre(await rollDefinition())
  const config = {
    node: { url: centre.url, client_id: 'a', client_secret: 's' },
    state: 'state',
    key: 'ab'.repeat(32),
    poll: { seconds: 1 },
    sources: { ems: county.source },
    batches: [{ exchange: 'roll', source: 'ems', view: 'voters', changes: { by: 'snapshot' } }],
  }
  await writeFile(join(folder, 'agent.yaml'), JSON.stringify(config))
  const attempt = centre.offer({ extract: 'full' })
  const begun = performance.now()
  const agent = spawn(process.execPath, [bin, 'agent', 'run', '--config', join(folder, 'agent.yaml')], {
    stdio: 'ignore',
  })
  try {
    while (centre.attempts.get(attempt)?.state !== 'done') {
      const { failure } = centre.attempts.get(attempt) ?? {}
      if (failure !== undefined && failure !== null)
        throw new Error(`the agent failed: ${String(failure.message)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const seconds = (performance.now() - begun) / 1000
    const megabytes = await peakMegabytes(agent.pid ?? 0)
    process.stderr.write(`  ${county.name}, ${records}: ${megabytes} MB, ${seconds.toFixed(1)} s\n`)
    return resultOf(county.name, records, megabytes, seconds)
  } finally {
    await ended(agent)
    await centre.close()
    await county.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function resultOf(name: string, records: number, megabytes: number, seconds: number): Result {
  return {
    work: `memory of an agent, ${records.toLocaleString('en-US')} rows of ${name}, at ${Math.round(records / seconds).toLocaleString('en-US')} rows/s`,
    ours: megabytes,
    peer: 'limit',
    theirs: limitMegabytes,
    unit: 'MB',
    ratio: megabytes / limitMegabytes,
    aim: '≤ 1',
    met: megabytes <= limitMegabytes,
    detail: { name, records, megabytes, seconds },
  }
}

async function ended(agent: ChildProcess): Promise<void> {
  if (agent.exitCode !== null) return
  const exit = new Promise((resolve) => agent.once('exit', resolve))
  agent.kill('SIGTERM')
  await exit
}

async function sqlite(records: number, folder: string): Promise<County> {
  const { path } = sqliteCounty(folder, records)
  return { name: 'SQLite', source: { driver: 'sqlite', path }, close: async () => {} }
}

const columns =
  "'Voter ' || i as name, date '1980-01-31' as born, 'D' as party, 'Sacramento' as city, '95814' as zip"
const view =
  'select number as voternumber, name as fullname, born as birthdate, party, city as homecity, zip as homezip from voter'

async function inPostgres(postgres: PostgresServer, records: number): Promise<County> {
  const href = await postgres.createDatabase()
  const client = new pg.Client({ connectionString: href })
  await client.connect()
  await client.query(
    `create table voter as select i as number, ${columns} from generate_series(1, ${records}) i`,
  )
  await client.query(`create view voters as ${view}`)
  await client.end()
  const { hostname: host, port, pathname, username: user, password } = new URL(href)
  const source = {
    driver: 'postgres',
    host,
    port: Number(port),
    database: pathname.slice(1),
    user,
    password,
    tls: 'off',
  }
  return { name: 'PostgreSQL', source, close: async () => {} }
}

async function mariadb(records: number): Promise<County> {
  const server = await startMariadb()
  const table = `create table voter as select seq as number, ${columns.replace("'Voter ' || i", "concat('Voter ', seq)")} from seq_1_to_${records}`
  await server.run('create database county', 'use county', table, `create view voters as ${view}`)
  const { port, password } = server
  const source = {
    driver: 'mariadb',
    host: '127.0.0.1',
    port,
    database: 'county',
    user: 'tests',
    password,
    tls: 'off',
  }
  return { name: 'MariaDB', source, close: () => server.stop() }
}
