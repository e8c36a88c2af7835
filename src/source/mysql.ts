import type { Connection, ConnectionOptions, FieldPacket } from 'mysql2'
import { type FailureTable, loadDriver, sourceError } from './failure.ts'
import { within } from './paced.ts'
import type { Question, Row, ServerSpec, Source, SourceFailure, SourceLimits } from './source.ts'
import { tlsOptions } from './tls.ts'

const KINDS: Readonly<Record<string, SourceFailure>> = {
  ER_ACCESS_DENIED_ERROR: 'SOURCE_DENIED',
  ER_DBACCESS_DENIED_ERROR: 'SOURCE_DENIED',
  ER_TABLEACCESS_DENIED_ERROR: 'SOURCE_DENIED',
  ER_COLUMNACCESS_DENIED_ERROR: 'SOURCE_DENIED',
  ER_BAD_DB_ERROR: 'SOURCE_MISSING',
  ER_NO_SUCH_TABLE: 'SOURCE_MISSING',
  ER_BAD_FIELD_ERROR: 'SOURCE_MISSING',
  ER_VIEW_INVALID: 'SOURCE_MISSING',
  ER_PARSE_ERROR: 'SOURCE_SYNTAX',
  ER_SP_DOES_NOT_EXIST: 'SOURCE_SYNTAX',
  ER_QUERY_INTERRUPTED: 'SOURCE_TIMEOUT',
  ER_QUERY_TIMEOUT: 'SOURCE_TIMEOUT',
  ER_STATEMENT_TIMEOUT: 'SOURCE_TIMEOUT',
  ER_LOCK_WAIT_TIMEOUT: 'SOURCE_TIMEOUT',
  ER_SERVER_SHUTDOWN: 'SOURCE_LOST',
  ER_CON_COUNT_ERROR: 'SOURCE_UNREACHABLE',
  PROTOCOL_CONNECTION_LOST: 'SOURCE_LOST',
  HANDSHAKE_SSL_ERROR: 'SOURCE_UNREACHABLE',
  HANDSHAKE_NO_SSL_SUPPORT: 'SOURCE_UNREACHABLE',
}

const failures: FailureTable = {
  native: (error) => {
    if (/closed state|Connection is closed|destroyed/i.test(error.message)) return 'PROTOCOL_CONNECTION_LOST'
    return 'code' in error && typeof error.code === 'string' ? error.code : ''
  },
  kind: (native) => KINDS[native] ?? null,
}

/**
 * A session of MySQL or MariaDB: one read-only transaction with a consistent snapshot. Rows stream as the server
 * makes them; while we rest the server waits, for an hour at most.
 */
export async function openMysql(spec: ServerSpec, limits: SourceLimits): Promise<Source> {
  const { createConnection } = await loadDriver('mysql2', () => import('mysql2'))
  const options = connectionOptions(spec, limits)
  const connection = createConnection(options)
  const breakage = watchBreakage(connection)
  const run = (text: string) => command(connection, text)
  try {
    await within(
      limits.connectSeconds,
      new Promise<void>((resolve, reject) =>
        connection.connect((error) => (error === null ? resolve() : reject(error))),
      ),
      () => connection.destroy(),
    )
    await run('set session net_write_timeout = 3600')
    await run('set session transaction isolation level repeatable read')
    await run('start transaction with consistent snapshot, read only')
  } catch (error) {
    connection.destroy()
    throw sourceError(error, failures)
  }
  let running = false
  const cancel = () => {
    const id = connection.threadId
    connection.destroy()
    if (id !== null) killQuery(createConnection(options), id)
  }

  return {
    async columns(view) {
      const work = new Promise<readonly string[]>((resolve, reject) =>
        connection.query(`select * from ${view} limit 0`, (error, _rows, fields) =>
          error === null ? resolve(namesOf(fields)) : reject(error),
        ),
      )
      return within(limits.statementSeconds, work, cancel).catch((error: unknown) => {
        throw sourceError(error, failures)
      })
    },
    async *rows({ text, values }: Question) {
      const stream = connection
        .query({ sql: text, values: [...values], rowsAsArray: true })
        .stream({ highWaterMark: limits.batchRows })
      running = true
      const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Row>
      try {
        for (;;) {
          const work = breakage.or(batchOf(iterator, limits.batchRows))
          const rows = await within(limits.statementSeconds, work, cancel)
          if (rows.length > 0) yield rows
          if (rows.length < limits.batchRows) break
        }
        running = false
      } catch (error) {
        throw sourceError(error, failures)
      }
    },
    async close() {
      // A stream that nobody reads to its end would go on at the server.
      if (running) cancel()
      else
        await within(2, new Promise<void>((resolve) => connection.end(() => resolve())), () =>
          connection.destroy(),
        ).catch(() => {})
    },
  }
}

function connectionOptions(spec: ServerSpec, limits: SourceLimits): ConnectionOptions {
  const ssl = tlsOptions(spec)
  return {
    host: spec.host,
    port: spec.port || 3306,
    database: spec.database,
    user: spec.user,
    password: spec.password,
    ...(ssl === null
      ? {}
      : {
          ssl: {
            rejectUnauthorized: ssl.rejectUnauthorized,
            ...(ssl.ca === undefined ? {} : { ca: ssl.ca }),
          },
        }),
    charset: 'utf8mb4',
    connectTimeout: limits.connectSeconds * 1000,
    // What JavaScript would round, or move to another zone, stays text.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    multipleStatements: false,
  }
}

interface Breakage {
  /** The work, or what broke the connection meanwhile. */
  or<T>(work: Promise<T>): Promise<T>
}

/**
 * A stream of rows does not hear of a connection that breaks: the connection does. No promise that lives as long as
 * the session waits here: each race would leave its rows on it.
 */
function watchBreakage(connection: Connection): Breakage {
  let broken: Error | null = null
  let tell: (error: Error) => void = () => {}
  const hear = (error: Error) => {
    broken ??= error
    tell(broken)
  }
  connection.on('error', hear)
  connection.on('end', () =>
    hear(Object.assign(new Error('the server closed the connection'), { code: 'PROTOCOL_CONNECTION_LOST' })),
  )
  return {
    or: (work) =>
      new Promise((resolve, reject) => {
        tell = reject
        if (broken !== null) reject(broken)
        work.then(resolve, reject)
      }),
  }
}

/** Up to `max` rows; fewer only at the end. */
async function batchOf(iterator: AsyncIterator<Row>, max: number): Promise<readonly Row[]> {
  const rows: Row[] = []
  while (rows.length < max) {
    const next = await iterator.next()
    if (next.done === true) break
    rows.push(next.value)
  }
  return rows
}

function command(connection: Connection, text: string): Promise<void> {
  return new Promise((resolve, reject) =>
    connection.query(text, (error) => (error === null ? resolve() : reject(error))),
  )
}

function namesOf(fields: readonly FieldPacket[]): readonly string[] {
  return fields.map(({ name }) => name)
}

/** Ends a query of ours from a second connection: a server notices a closed one only when it next writes. */
function killQuery(second: Connection, id: number): void {
  second.on('error', () => {})
  second.query(`kill query ${id}`, () => second.destroy())
}
