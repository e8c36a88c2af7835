import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { dialectOf } from '../../src/source/dialect.ts'
import { openSource } from '../../src/source/open.ts'
import { clockText, connectionOptions as oracleOptions } from '../../src/source/oracle.ts'
import type { Row, ServerSpec, SourceLimits } from '../../src/source/source.ts'
import { cellValue } from '../../src/source/sqlserver.ts'
import { changedSince, goneKeys, inStretch, selectRows } from '../../src/source/statement.ts'
import { type FakeColumn, startFakeSqlServer } from './fake-sqlserver.ts'

// No SQL Server and no Oracle Database can be installed here: these tests show that the drivers are wired as they
// should be and what they are asked, up to a server that only speaks the protocol. docs/guide/agent.md says so.

const limits: SourceLimits = {
  batchRows: 100,
  rowsPerSecond: 0,
  pauseMs: 0,
  statementSeconds: 5,
  connectSeconds: 5,
}

const spec = (driver: 'sqlserver' | 'oracle', port: number): ServerSpec => ({
  driver,
  host: '127.0.0.1',
  port,
  database: 'ems',
  user: 'reader',
  password: 'secret',
  tls: 'off',
  ca: null,
})

const columns: readonly FakeColumn[] = [
  { name: 'Number', type: 'int', value: (row) => row },
  { name: 'Name', type: 'nvarchar', value: (row) => (row === 1 ? null : `Müller ${row}`) },
  { name: 'Born', type: 'date', value: () => '1980-02-29' },
  { name: 'Active', type: 'bit', value: () => true },
]

test('SQL Server: a session signs in, gives way to others, reads columns and streams rows', async () => {
  const server = await startFakeSqlServer(columns, 1050)
  const source = await openSource(spec('sqlserver', server.port), limits)
  expect(server.asked.join('\n')).toContain('set deadlock_priority low; set lock_timeout 5000')
  // The application's intent is a bit of the sign-in: a readable copy is enough for us.
  expect((server.logins[0]?.readUInt8(26) ?? 0) & 0x20).toBe(0x20)
  expect(await source.columns('dbo.voters')).toEqual(['Number', 'Name', 'Born', 'Active'])
  const dialect = dialectOf('sqlserver')
  const question = selectRows(dialect, {
    view: 'dbo.voters',
    columns: ['Number', 'Name'],
    where: "county = '34'",
    conditions: [changedSince(dialect, 'changed', '2026-01-01 00:00:00.000', false)],
  })
  const rows: Row[] = []
  for await (const batch of source.rows(question)) {
    expect(batch.length).toBeLessThanOrEqual(100)
    rows.push(...batch)
  }
  expect(rows.length).toBe(1050)
  expect(rows[1]).toEqual([1, null, '1980-02-29', true])
  expect(rows[1049]).toEqual([1049, 'Müller 1049', '1980-02-29', true])
  const asked = server.asked.at(-1) ?? ''
  expect(asked).toContain(
    "select [Number], [Name] from dbo.voters where (county = '34') and [changed] >= cast(@p1 as datetime2)",
  )
  expect(asked).toContain('2026-01-01 00:00:00.000')
  await source.close()
  await server.close()
})

test('SQL Server: what is wrong is told by its number', async () => {
  const server = await startFakeSqlServer(columns, 1)
  const source = await openSource(spec('sqlserver', server.port), limits)
  server.fail = { text: 'nowhere', number: 208 }
  await expect(source.columns('nowhere')).rejects.toMatchObject({ code: 'SOURCE_MISSING', native: '208' })
  server.fail = { text: 'broken', number: 8134 }
  const rows = source.rows({ text: 'select broken', values: [] })[Symbol.asyncIterator]()
  // What may quote data is not passed on.
  await expect(rows.next()).rejects.toMatchObject({
    code: 'SOURCE_QUERY',
    message: 'The database cannot do what was asked. (8134)',
  })
  await source.close()
  await server.close()
  await expect(openSource(spec('sqlserver', server.port), limits)).rejects.toMatchObject({
    name: 'SourceError',
  })
})

test('SQL Server: times stay on the clock they stand on', () => {
  const value = new Date('2026-01-02T03:04:05.678Z')
  const of = (name: string) => cellValue({ value, metadata: { type: { name } } })
  expect(['Date', 'Time', 'DateTime2', 'DateTimeOffset'].map(of)).toEqual([
    '2026-01-02',
    '03:04:05.678',
    '2026-01-02T03:04:05.678',
    '2026-01-02T03:04:05.678Z',
  ])
})

test('Oracle: the driver asks the listener for the service, and a refusal is told', async () => {
  const asked: string[] = []
  const listener = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (packet: Buffer) => {
      asked.push(packet.toString('latin1'))
      const text = '(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR=12514)(ERROR_STACK=(ERROR=(CODE=12514)(EMFI=4))))'
      const reply = Buffer.alloc(12 + text.length)
      reply.writeUInt16BE(reply.length, 0)
      reply.writeUInt8(4, 4)
      reply.writeUInt16BE(text.length, 10)
      reply.write(text, 12, 'latin1')
      socket.end(reply)
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  await expect(openSource(spec('oracle', port), limits)).rejects.toMatchObject({
    code: 'SOURCE_MISSING',
    native: 'NJS-518',
  })
  expect(asked[0]).toContain('SERVICE_NAME=ems')
  await new Promise((resolve) => listener.close(resolve))
  await expect(openSource(spec('oracle', port), limits)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
})

test('Oracle: the address of the database, encrypted or not; times as they stand', () => {
  expect(oracleOptions(spec('oracle', 0), limits)).toMatchObject({
    connectString: 'tcp://127.0.0.1:1521/ems',
    transportConnectTimeout: 5,
  })
  expect(oracleOptions({ ...spec('oracle', 0), tls: 'verify' }, limits)).toMatchObject({
    connectString: 'tcps://127.0.0.1:2484/ems',
    sslServerDNMatch: true,
  })
  expect(clockText(new Date(2026, 0, 2, 3, 4, 5, 6))).toBe('2026-01-02 03:04:05.006')
})

test('Oracle: statements are in its spelling', () => {
  const dialect = dialectOf('oracle')
  const changes = {
    table: 'ems.changes',
    key: [['VOTER', 'REG_NO']] as const,
    sequence: 'SEQ',
    operation: { column: 'OP', deletes: ['D', 'X'] },
  }
  const stretch = { after: '5', upTo: '9' }
  expect(
    selectRows(dialect, {
      view: 'ems.voters',
      columns: ['REG_NO'],
      where: null,
      conditions: [
        changedSince(dialect, 'CHANGED', '2026-01-01 00:00:00.000', false),
        inStretch(dialect, 'ems.voters', changes, stretch),
      ],
    }),
  ).toEqual({
    text:
      `select "REG_NO" from ems.voters where "CHANGED" >= to_timestamp(:1, 'YYYY-MM-DD HH24:MI:SS.FF') and ` +
      'exists (select 1 from ems.changes c where c."VOTER" = voters."REG_NO" and c."SEQ" > to_number(:2) and c."SEQ" <= to_number(:3))',
    values: ['2026-01-01 00:00:00.000', '5', '9'],
  })
  expect(goneKeys(dialect, { view: 'ems.voters', where: 'x = 1' }, changes, stretch)).toEqual({
    text:
      'select distinct c."VOTER" from ems.changes c where c."SEQ" > to_number(:1) and c."SEQ" <= to_number(:2) and ' +
      'not exists (select 1 from ems.voters where voters."REG_NO" = c."VOTER" and (x = 1)) and c."OP" in (:3, :4)',
    values: ['5', '9', 'D', 'X'],
  })
})
