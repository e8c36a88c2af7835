import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Definition } from '../../src/exchange/definition.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import {
  agentFolder,
  attemptsIn,
  eventually,
  extractsIn,
  putAway,
  startAgent,
  statusOf,
  writeConfig,
} from './agent-process.ts'
import { type Centre, startCentre } from './centre.ts'
import { rollDefinition } from './county.ts'
import { type MariadbServer, startMariadb } from './mariadb.ts'

let definition: Definition
let postgres: PostgresServer
let mariadb: MariadbServer

afterAll(putAway)
beforeAll(async () => {
  definition = await rollDefinition()
  postgres = await startPostgres()
  mariadb = await startMariadb()
})

afterAll(async () => {
  await postgres.stop()
  await mariadb.stop()
})

/** A county's database on a server, as the agent's file names it. */
interface County {
  readonly source: object
  run(...statements: readonly string[]): Promise<void>
  halt(): Promise<void>
  resume(): Promise<void>
}

const counties: Record<string, () => Promise<County>> = {
  async PostgreSQL() {
    const href = await postgres.createDatabase()
    const url = new URL(href)
    const run = async (...statements: readonly string[]) => {
      const client = new pg.Client({ connectionString: href })
      await client.connect()
      for (const text of statements) await client.query(text)
      await client.end()
    }
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
      run,
      halt: () => postgres.halt(),
      resume: () => postgres.resume(),
    }
  },
  async MariaDB() {
    const name = `county_${Math.random().toString(36).slice(2, 8)}`
    await mariadb.run(`create database ${name}`)
    return {
      source: {
        driver: 'mariadb',
        host: '127.0.0.1',
        port: mariadb.port,
        database: name,
        user: 'tests',
        password: mariadb.password,
        tls: 'off',
      },
      run: (...statements) => mariadb.run(`use ${name}`, ...statements),
      halt: () => mariadb.halt(),
      resume: () => mariadb.resume(),
    }
  },
}

async function fill(county: County, count: number, noteChars = 1): Promise<void> {
  await county.run(
    'create table voter (number integer primary key, name varchar(60), born date, party char(3), active boolean, changed timestamp, notes varchar(4000))',
    ...Array.from({ length: Math.ceil(count / 1000) }, (_, turn) => {
      const rows = Array.from({ length: Math.min(1000, count - turn * 1000) }, (_one, index) => {
        const number = turn * 1000 + index + 1
        return `(${number}, 'Müller, Ana ${number}', '1980-02-29', 'D', true, '2026-01-01 10:00:00', repeat('x', ${noteChars}))`
      })
      return `insert into voter values ${rows.join(', ')}`
    }),
    'create view voters as select number as voternumber, name as full_name, born, party, active, changed, notes from voter',
  )
}

const columns = { full_name: 'FullName', born: 'BirthDate', changed: null }

async function agentOn(county: County, batch: object, limits: object = {}) {
  const folder = agentFolder()
  const centre = await startCentre(definition)
  writeConfig(folder, {
    node: { url: centre.url, client_id: 'agent', client_secret: 's' },
    poll: { seconds: 1, backoff_seconds: 1 },
    sources: { ems: { ...county.source, limits } },
    batches: [{ exchange: 'roll', source: 'ems', view: 'voters', columns, ...batch }],
  })
  const agent = startAgent(folder)
  return { folder, centre, agent }
}

async function done({ folder, centre }: { folder: string; centre: Centre }, attempt: string) {
  await eventually(() => centre.attempts.get(attempt)?.state === 'done', 'the attempt is done')
  await eventually(() => attemptsIn(folder).length === 0, 'it is put away')
  expect(extractsIn(folder)).toEqual([])
  return centre.attempts.get(attempt)?.records ?? []
}

async function failureOf(centre: Centre, attempt: string) {
  const failure = await eventually(() => centre.attempts.get(attempt)?.failure, 'a failure is told')
  return failure as { code: string; log: string; records: number }
}

describe.each(Object.entries(counties))('%s', (_, make) => {
  test('everything, then what changed by its time', async () => {
    const county = await make()
    await fill(county, 2500)
    const one = await agentOn(county, { changes: { by: 'timestamp', column: 'CHANGED', overlap: 60 } })
    const all = await done(one, one.centre.offer({ extract: 'full' }))
    expect(all.length).toBe(2500)
    expect(all[0]).toMatchObject({ FullName: 'Müller, Ana 1', BirthDate: '1980-02-29', Party: 'D' })
    expect(JSON.parse(one.centre.lastMarker() ?? '')).toEqual({
      voter: expect.stringMatching(/^2026-01-01 10:00:00/),
    })
    await county.run(
      "update voter set name = 'Later', changed = '2026-01-01 11:00:00' where number = 8",
      "update voter set name = 'Just before', changed = '2026-01-01 09:00:00' where number = 9",
      "update voter set changed = '2026-01-01 08:00:00' where number not in (8, 9)",
    )
    const changed = await done(one, one.centre.offer())
    expect(changed.map(({ FullName }) => FullName)).toEqual(['Later'])
    // The overlap looks at the last minute again.
    expect((await done(one, one.centre.offer())).map(({ FullName }) => FullName)).toEqual(['Later'])
    await one.agent.stop()
    await one.centre.close()
  })

  test('what changed, and what is gone, by a table of changes', async () => {
    const county = await make()
    await fill(county, 100)
    await county.run(
      'create table voter_changes (seq integer primary key, voter integer, op char(1))',
      "insert into voter_changes values (1, 1, 'U')",
    )
    const changes = {
      by: 'tracking',
      table: 'voter_changes',
      sequence: 'SEQ',
      key: { voter: 'VoterNumber' },
      overlap: 0,
    }
    const one = await agentOn(county, { changes })
    expect((await done(one, one.centre.offer({ extract: 'full' }))).length).toBe(100)
    await county.run(
      "update voter set name = 'Changed' where number = 5",
      'delete from voter where number in (6, 7)',
      "insert into voter_changes values (2, 5, 'U'), (3, 6, 'D'), (4, 7, 'D'), (5, 5, 'U')",
    )
    const sent = await done(one, one.centre.offer())
    expect(sent.map(({ VoterNumber, Action }) => [String(VoterNumber), Action]).sort()).toEqual([
      ['5', undefined],
      ['6', 'D'],
      ['7', 'D'],
    ])
    expect(one.centre.held.size).toBe(98)
    expect(await done(one, one.centre.offer())).toEqual([])
    await one.agent.stop()
    await one.centre.close()
  })

  test('the database is stopped in the middle of an extraction, and comes back', async () => {
    const county = await make()
    // So much that no buffer on the way holds all of it.
    await fill(county, 5000, 4000)
    const one = await agentOn(county, {}, { batch_rows: 100, rows_per_second: 1000, connect_seconds: 2 })
    const attempt = one.centre.offer({ extract: 'full' })
    await eventually(
      async () => ((await statusOf(one.folder))?.running[0]?.records ?? 0) > 300,
      'it is in the middle',
    )
    await county.halt()
    const failure = await failureOf(one.centre, attempt)
    expect(failure.code).toBe('SOURCE_LOST')
    expect(failure.records).toBeGreaterThan(300)
    expect(failure.log).not.toContain('Müller')
    expect(extractsIn(one.folder)).toEqual([])
    // Still away: the next try fails too, and says so.
    const next = one.centre.offer({ extract: 'full' })
    expect(await failureOf(one.centre, next)).toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    await county.resume()
    const last = one.centre.offer({ extract: 'full' })
    expect((await done(one, last)).length).toBe(5000)
    await one.agent.stop()
    await one.centre.close()
  })
})
