import type { Connection, ConnectionAttributes, ExecuteOptions, Metadata, ResultSet } from 'oracledb'
import { type FailureTable, loadDriver, sourceError } from './failure.ts'
import { within } from './paced.ts'
import type { Question, Row, ServerSpec, Source, SourceFailure, SourceLimits } from './source.ts'

const KINDS: Readonly<Record<string, SourceFailure>> = {
  'ORA-01017': 'SOURCE_DENIED',
  'ORA-28000': 'SOURCE_DENIED',
  'ORA-01031': 'SOURCE_DENIED',
  'ORA-01045': 'SOURCE_DENIED',
  'ORA-00942': 'SOURCE_MISSING',
  'ORA-00904': 'SOURCE_MISSING',
  'ORA-12514': 'SOURCE_MISSING',
  'ORA-00933': 'SOURCE_SYNTAX',
  'ORA-00936': 'SOURCE_SYNTAX',
  'ORA-01013': 'SOURCE_TIMEOUT',
  'ORA-03113': 'SOURCE_LOST',
  'ORA-03114': 'SOURCE_LOST',
  'ORA-03135': 'SOURCE_LOST',
  'ORA-12541': 'SOURCE_UNREACHABLE',
  'NJS-003': 'SOURCE_LOST',
  'NJS-040': 'SOURCE_TIMEOUT',
  'NJS-123': 'SOURCE_TIMEOUT',
  'NJS-500': 'SOURCE_LOST',
  'NJS-501': 'SOURCE_UNREACHABLE',
  'NJS-503': 'SOURCE_UNREACHABLE',
  'NJS-510': 'SOURCE_UNREACHABLE',
  'NJS-511': 'SOURCE_UNREACHABLE',
  'NJS-515': 'SOURCE_UNREACHABLE',
  'NJS-518': 'SOURCE_MISSING',
}

const failures: FailureTable = {
  native: (error) => ('code' in error && typeof error.code === 'string' ? error.code : ''),
  kind: (native) => KINDS[native] ?? null,
}

/** A session of Oracle Database by the thin driver: one read-only transaction. */
export async function openOracle(spec: ServerSpec, limits: SourceLimits): Promise<Source> {
  const { default: oracledb } = await loadDriver('oracledb', () => import('oracledb'))
  let connection: Connection
  try {
    connection = await oracledb.getConnection(connectionOptions(spec, limits))
    connection.callTimeout = limits.statementSeconds * 1000
    await connection.execute('set transaction read only')
  } catch (error) {
    throw sourceError(error, failures)
  }
  const options: ExecuteOptions = {
    outFormat: oracledb.OUT_FORMAT_ARRAY,
    resultSet: true,
    fetchArraySize: limits.batchRows,
    fetchTypeHandler: (column) => typeOf(oracledb, column),
  }
  const cancel = () => void connection.break().catch(() => {})

  return {
    async columns(view) {
      try {
        const result = await connection.execute(`select * from ${view} where 1 = 0`)
        return (result.metaData ?? []).map(({ name }) => name)
      } catch (error) {
        throw sourceError(error, failures)
      }
    },
    async *rows({ text, values }: Question) {
      let result: ResultSet<Row> | undefined
      try {
        const asked = connection.execute<Row>(text, [...values], options)
        result = (await within(limits.statementSeconds + 5, asked, cancel)).resultSet
        for (;;) {
          if (result === undefined) break
          const rows = await within(limits.statementSeconds + 5, result.getRows(limits.batchRows), cancel)
          if (rows.length === 0) break
          yield rows
        }
      } catch (error) {
        throw sourceError(error, failures)
      } finally {
        await result?.close().catch(() => {})
      }
    },
    async close() {
      await within(2, connection.close(), () => {}).catch(() => {})
    },
  }
}

/** The options of the driver; apart so that a test can read them. */
export function connectionOptions(spec: ServerSpec, limits: SourceLimits): ConnectionAttributes {
  const scheme = spec.tls === 'off' ? 'tcp' : 'tcps'
  const port = spec.port || (spec.tls === 'off' ? 1521 : 2484)
  return {
    user: spec.user,
    password: spec.password,
    connectString: `${scheme}://${spec.host}:${port}/${spec.database}`,
    transportConnectTimeout: limits.connectSeconds,
    ...(spec.tls === 'verify' ? { sslServerDNMatch: true } : { sslServerDNMatch: false }),
    ...(spec.ca === null ? {} : { walletContent: spec.ca }),
  }
}

type Driver = typeof import('oracledb')

/** Numbers and large texts as text; times as they stand on the database's own clock. */
function typeOf(
  driver: Driver,
  { dbType }: Metadata<unknown>,
): ReturnType<NonNullable<ExecuteOptions['fetchTypeHandler']>> {
  switch (dbType) {
    case driver.DB_TYPE_NUMBER:
    case driver.DB_TYPE_CLOB:
    case driver.DB_TYPE_NCLOB:
    case driver.DB_TYPE_ROWID:
      return { type: driver.STRING }
    case driver.DB_TYPE_BLOB:
      return { type: driver.BUFFER }
    case driver.DB_TYPE_DATE:
    case driver.DB_TYPE_TIMESTAMP:
      return { converter: (value: unknown) => (value instanceof Date ? clockText(value) : value) }
    case driver.DB_TYPE_TIMESTAMP_TZ:
    case driver.DB_TYPE_TIMESTAMP_LTZ:
      return { converter: (value: unknown) => (value instanceof Date ? value.toISOString() : value) }
    default:
      return undefined
  }
}

/** The driver makes times without a zone as if they were of the process's own zone. */
export function clockText(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`
  return `${day} ${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`
}
