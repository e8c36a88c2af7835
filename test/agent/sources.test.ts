import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dialectOf } from '../../src/source/dialect.ts'
import { openSource } from '../../src/source/open.ts'
import type { Row, Source, SourceLimits, SourceSpec } from '../../src/source/source.ts'
import { changedSince, goneKeys, inStretch, lastOf, selectRows } from '../../src/source/statement.ts'
import { newPostgresUrl } from '../database.ts'
import { type MariadbServer, startMariadb } from './mariadb.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-sources-'))
let mariadb: MariadbServer

const limits: SourceLimits = {
  batchRows: 100,
  rowsPerSecond: 0,
  pauseMs: 0,
  statementSeconds: 5,
  connectSeconds: 5,
}

interface County {
  readonly spec: SourceSpec
  run(...statements: readonly string[]): Promise<void>
}

const counties: Record<string, () => Promise<County>> = {
  async PostgreSQL() {
    const url = new URL(await newPostgresUrl())
    const spec: SourceSpec = {
      driver: 'postgres',
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      tls: 'off',
      ca: null,
    }
    return {
      spec,
      async run(...statements) {
        const client = new pg.Client({ connectionString: url.href })
        await client.connect()
        for (const text of statements) await client.query(text)
        await client.end()
      },
    }
  },
  async MariaDB() {
    await mariadb.run('create database if not exists county')
    return {
      spec: {
        driver: 'mariadb',
        host: '127.0.0.1',
        port: mariadb.port,
        database: 'county',
        user: 'tests',
        password: mariadb.password,
        tls: 'off',
        ca: null,
      },
      run: (...statements) => mariadb.run('use county', ...statements),
    }
  },
  async SQLite() {
    const path = join(folder, 'county.sqlite')
    return {
      spec: { driver: 'sqlite', path },
      async run(...statements) {
        const db = new Database(path)
        for (const text of statements) db.exec(text)
        db.close()
      },
    }
  },
}

beforeAll(async () => {
  mariadb = await startMariadb()
})

afterAll(async () => {
  await mariadb.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function all(source: Source, question: { text: string; values: readonly string[] }): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of source.rows(question)) {
    expect(batch.length).toBeGreaterThan(0)
    expect(batch.length).toBeLessThanOrEqual(limits.batchRows)
    rows.push(...batch)
  }
  return rows
}

describe.each(Object.entries(counties))('%s', (name, make) => {
  let county: County
  const select = (columns: readonly string[], more: Partial<Parameters<typeof selectRows>[1]> = {}) =>
    selectRows(dialectOf(county.spec.driver), {
      view: 'voters',
      columns,
      where: null,
      conditions: [],
      ...more,
    })

  beforeAll(async () => {
    county = await make()
    const tick = name === 'MariaDB' ? '`' : '"'
    await county.run(
      `create table voter_table (id integer primary key, name varchar(40), ${tick}Order${tick} varchar(9),
        born date, changed_at timestamp, big bigint, share decimal(30, 10))`,
      `insert into voter_table values (0, null, 'x', '1999-12-31', '2026-01-01 10:00:00', 9007199254740993, 0.1)`,
      ...Array.from(
        { length: 7 },
        (_, turn) =>
          `insert into voter_table values ${Array.from({ length: 50 }, (_one, index) => {
            const id = turn * 50 + index + 1
            return `(${id}, 'O''Hara ${id}', 'a', '2000-02-29', '2026-02-0${turn + 1} 08:00:00', ${id}, 1.5)`
          }).join(', ')}`,
      ),
      'create view voters as select * from voter_table',
      'create table changes (seq integer primary key, voter integer, op char(1))',
      "insert into changes values (1, 5, 'U'), (2, 900, 'D'), (3, 7, 'U'), (4, 7, 'U'), (5, 901, 'U')",
    )
  })

  test('rows come in batches, and what JavaScript would change stays text', async () => {
    const source = await openSource(county.spec, limits)
    expect(await source.columns('voters')).toEqual([
      'id',
      'name',
      'Order',
      'born',
      'changed_at',
      'big',
      'share',
    ])
    const rows = await all(source, select(['id', 'name', 'Order', 'born', 'big']))
    expect(rows.length).toBe(351)
    const [first] = rows.filter((row) => String(row[0]) === '0')
    expect(first?.slice(1)).toEqual([null, 'x', '1999-12-31', '9007199254740993'])
    await source.close()
  })

  test('changes by time, by a table of changes, and what is gone', async () => {
    const source = await openSource(county.spec, limits)
    const dialect = dialectOf(county.spec.driver)
    const since = changedSince(dialect, 'changed_at', '2026-02-07 08:00:00', false)
    expect((await all(source, select(['id'], { conditions: [since], where: 'id <> 350' }))).length).toBe(49)
    const changes = {
      table: 'changes',
      key: [['voter', 'id']] as const,
      sequence: 'seq',
      operation: null,
    }
    expect((await all(source, lastOf(dialect, changes))).map(String)).toEqual(['5'])
    const stretch = { after: '1', upTo: '5' }
    const changed = inStretch(dialect, 'voters', changes, stretch)
    expect((await all(source, select(['id'], { conditions: [changed] }))).map(String)).toEqual(['7'])
    const gone = await all(source, goneKeys(dialect, { view: 'voters', where: null }, changes, stretch))
    expect(gone.map(String).sort()).toEqual(['900', '901'])
    const marked = { ...changes, operation: { column: 'op', deletes: ['D'] } }
    const deleted = await all(source, goneKeys(dialect, { view: 'voters', where: null }, marked, stretch))
    expect(deleted.map(String)).toEqual(['900'])
    await source.close()
  })

  test('all questions of a session see one moment', async () => {
    if (name === 'SQLite') return
    const source = await openSource(county.spec, limits)
    await source.columns('voters')
    await county.run("insert into voter_table (id, name) values (5000, 'late')")
    expect((await all(source, select(['id']))).length).toBe(351)
    await source.close()
    await county.run('delete from voter_table where id = 5000')
  })

  test('a session cannot write', async () => {
    const source = await openSource(county.spec, limits)
    await expect(all(source, { text: 'delete from changes', values: [] })).rejects.toThrow()
    await source.close()
    const after = await openSource(county.spec, limits)
    expect((await all(after, { text: 'select count(*) from changes', values: [] })).map(String)).toEqual([
      '5',
    ])
    await after.close()
  })

  test('what is wrong is told by code and without values', async () => {
    const source = await openSource(county.spec, limits)
    const code = (work: Promise<unknown>) =>
      work.then(
        () => 'nothing',
        (error: Error & { code: string }) => error.code,
      )
    expect(await code(source.columns('nowhere'))).toBe('SOURCE_MISSING')
    expect(await code(all(source, select(['nothing'])))).toMatch(
      name === 'SQLite' ? /nothing|MISSING/ : /MISSING/,
    )
    expect(await code(all(source, select(['id'], { where: 'id =' })))).toBe('SOURCE_SYNTAX')
    // The session goes on after an error.
    expect((await all(source, select(['id'], { where: 'id < 5' }))).length).toBe(5)
    await source.close()
    if (county.spec.driver === 'sqlite') {
      const away = openSource({ driver: 'sqlite', path: join(folder, 'away.sqlite') }, limits)
      expect(await code(away)).toBe('SOURCE_MISSING')
    } else if (county.spec.driver !== 'files') {
      expect(await code(openSource({ ...county.spec, password: 'wrong' }, limits))).toBe('SOURCE_DENIED')
      expect(await code(openSource({ ...county.spec, port: 1 }, limits))).toBe('SOURCE_UNREACHABLE')
    }
  })

  test('a session left in the middle ends', async () => {
    const source = await openSource(county.spec, limits)
    for await (const rows of source.rows(select(['id']))) {
      expect(rows.length).toBe(100)
      break
    }
    await source.close()
    // Nothing of it is left: the county may change its tables.
    await county.run('create table after_all (id integer)', 'drop table after_all')
  })
})

test('delimited files: the newest that fits, and no broken row is passed over', async () => {
  const write = (name: string, text: string, secondsAgo: number) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    utimesSync(path, Date.now() / 1000 - secondsAgo, Date.now() / 1000 - secondsAgo)
  }
  write('voters_1.csv', 'id|name\n1|old\n', 90)
  write('voters_2.csv', 'id|name\n1|"new|er"\n2|x\n', 60)
  const source = await openSource({ driver: 'files', folder, delimiter: '|' }, limits)
  expect(await source.columns('voters_*.csv')).toEqual(['id', 'name'])
  expect(await all(source, { text: 'voters_?.csv', values: [] })).toEqual([
    ['1', 'new|er'],
    ['2', 'x'],
  ])
  write('empty.csv', '\ufeffid|"name"\n', 60)
  expect(await source.columns('empty.csv')).toEqual(['id', 'name'])
  expect(await all(source, { text: 'empty.csv', values: [] })).toEqual([])
  write('broken.csv', 'id|name\n1|a\n2|b|Jane Doe\n', 60)
  await expect(all(source, { text: 'broken.csv', values: [] })).rejects.toThrow(
    /^The database cannot do what was asked\. Line 3 of the file cannot be read\. \(RECORD_RAGGED\)$/,
  )
  write('fresh.csv', 'id\n1\n', 0)
  await expect(source.columns('fresh.csv')).rejects.toThrow('still being written')
  await expect(source.columns('none.csv')).rejects.toThrow('No file')
})
