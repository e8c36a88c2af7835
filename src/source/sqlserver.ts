import type { Connection, ConnectionConfiguration, Request } from 'tedious'
import { type FailureTable, loadDriver, sourceError } from './failure.ts'
import { RowQueue, within } from './paced.ts'
import type { Question, ServerSpec, Source, SourceFailure, SourceLimits, SourceValue } from './source.ts'

/** By the number of the server's error, or the driver's own word. */
const KINDS: Readonly<Record<string, SourceFailure>> = {
  ELOGIN: 'SOURCE_DENIED',
  18456: 'SOURCE_DENIED',
  4060: 'SOURCE_DENIED',
  229: 'SOURCE_DENIED',
  230: 'SOURCE_DENIED',
  208: 'SOURCE_MISSING',
  207: 'SOURCE_MISSING',
  102: 'SOURCE_SYNTAX',
  156: 'SOURCE_SYNTAX',
  195: 'SOURCE_SYNTAX',
  1222: 'SOURCE_TIMEOUT',
  ETIMEOUT: 'SOURCE_TIMEOUT',
  ECANCEL: 'SOURCE_TIMEOUT',
  ESOCKET: 'SOURCE_LOST',
  ECONNCLOSED: 'SOURCE_LOST',
  ECONNRESET: 'SOURCE_LOST',
  EINSTLOOKUP: 'SOURCE_UNREACHABLE',
}

const failures: FailureTable = {
  native: (error) => {
    if ('number' in error && typeof error.number === 'number') return String(error.number)
    return 'code' in error && typeof error.code === 'string' ? error.code : ''
  },
  kind: (native) => KINDS[native] ?? null,
}

/**
 * A session of Microsoft SQL Server. The server has no read-only session: we ask for a readable copy where there
 * is one, are the first to give way in a deadlock, and only ever select.
 */
export async function openSqlServer(spec: ServerSpec, limits: SourceLimits): Promise<Source> {
  const tedious = await loadDriver('tedious', () => import('tedious'))
  const connection = new tedious.Connection(connectionOptions(spec, limits))
  connection.on('error', () => {})
  const lockMs = limits.statementSeconds * 1000
  try {
    await new Promise<void>((resolve, reject) =>
      connection.connect((error) => (error ? reject(told(error)) : resolve())),
    )
    await batch(
      tedious.Request,
      connection,
      `set deadlock_priority low; set lock_timeout ${lockMs}; set transaction isolation level read committed`,
    )
  } catch (error) {
    connection.close()
    throw sourceError(error, failures)
  }
  let running: Request | null = null

  return {
    async columns(view) {
      let names: readonly string[] = []
      const work = batch(tedious.Request, connection, `select * from ${view} where 1 = 0`, (found) => {
        names = found
      })
      await within(limits.statementSeconds, work, () => connection.cancel()).catch((error: unknown) => {
        throw sourceError(error, failures)
      })
      return names
    },
    async *rows({ text, values }: Question) {
      const request = new tedious.Request(text, (error) => {
        running = null
        if (error) queue.fail(told(error))
        else queue.end()
      })
      const queue = new RowQueue(limits.batchRows, request)
      for (const [index, value] of values.entries())
        request.addParameter(`p${index + 1}`, tedious.TYPES.NVarChar, value)
      request.on('row', (columns: readonly Cell[]) => queue.push(columns.map(cellValue)))
      running = request
      connection.execSql(request)
      for (;;) {
        const rows = await within(limits.statementSeconds, queue.pull(), () => connection.cancel()).catch(
          (error: unknown) => {
            throw sourceError(error, failures)
          },
        )
        if (rows === null) break
        yield rows
      }
    },
    async close() {
      if (running !== null) connection.cancel()
      connection.close()
    },
  }
}

/** The options of the driver; apart so that a test can read them. */
export function connectionOptions(spec: ServerSpec, limits: SourceLimits): ConnectionConfiguration {
  return {
    server: spec.host,
    authentication: { type: 'default', options: { userName: spec.user, password: spec.password } },
    options: {
      port: spec.port || 1433,
      database: spec.database,
      appName: 'tributary agent',
      encrypt: spec.tls !== 'off',
      trustServerCertificate: spec.tls !== 'verify',
      ...(spec.ca === null ? {} : { cryptoCredentialsDetails: { ca: spec.ca } }),
      readOnlyIntent: true,
      connectTimeout: limits.connectSeconds * 1000,
      // The limit is ours, for each batch: the driver's own would end a long extraction that goes well.
      requestTimeout: 0,
      useUTC: true,
    },
  }
}

/** What a sign-in failed for stands one level down, in an error of several. */
function told(error: Error): Error {
  if ('errors' in error && Array.isArray(error.errors) && error.errors[0] instanceof Error)
    return error.errors[0]
  return error
}

function batch(
  RequestOf: typeof Request,
  connection: Connection,
  text: string,
  columns: (names: readonly string[]) => void = () => {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new RequestOf(text, (error) => (error ? reject(told(error)) : resolve()))
    request.on('columnMetadata', (metadata) =>
      columns(Object.values(metadata as Record<string, { colName: string }>).map(({ colName }) => colName)),
    )
    connection.execSqlBatch(request)
  })
}

/** A value of a row as the driver gives it. */
export interface Cell {
  readonly value: unknown
  readonly metadata: { readonly type: { readonly name: string } }
}

/** A value as text where JavaScript would show it in another zone. */
export function cellValue({ value, metadata }: Cell): SourceValue {
  if (!(value instanceof Date)) return value as SourceValue
  const iso = value.toISOString()
  switch (metadata.type.name) {
    case 'Date':
      return iso.slice(0, 10)
    case 'Time':
      return iso.slice(11, 23)
    case 'DateTimeOffset':
      return iso
    default:
      return iso.slice(0, 23)
  }
}
