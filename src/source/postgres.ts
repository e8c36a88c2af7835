import type { Client, QueryResult } from 'pg'
import { type FailureTable, loadDriver, sourceError } from './failure.ts'
import { within } from './paced.ts'
import type { Question, Row, ServerSpec, Source, SourceFailure, SourceLimits, SourceValue } from './source.ts'
import { tlsOptions } from './tls.ts'

/** By class of SQLSTATE, or the whole of it. */
const KINDS: Readonly<Record<string, SourceFailure>> = {
  '08': 'SOURCE_LOST',
  '28': 'SOURCE_DENIED',
  '3D000': 'SOURCE_MISSING',
  '42501': 'SOURCE_DENIED',
  '42601': 'SOURCE_SYNTAX',
  '42703': 'SOURCE_MISSING',
  '42P01': 'SOURCE_MISSING',
  '42883': 'SOURCE_SYNTAX',
  '53': 'SOURCE_UNREACHABLE',
  '57014': 'SOURCE_TIMEOUT',
  '57P01': 'SOURCE_LOST',
  '57P02': 'SOURCE_LOST',
  '57P03': 'SOURCE_UNREACHABLE',
  '25P03': 'SOURCE_LOST',
}

const failures: FailureTable = {
  native: (error) => {
    if ('code' in error && typeof error.code === 'string') return error.code
    return /terminated|Connection ended|not queryable/i.test(error.message) ? '08006' : ''
  },
  kind: (native) =>
    /^[0-9A-Z]{5}$/.test(native) ? (KINDS[native] ?? KINDS[native.slice(0, 2)] ?? null) : null,
}

/** How long the server lets our transaction stand idle between two batches before it ends the session. */
const idleSeconds = 600

/** A session of PostgreSQL: one read-only transaction, so that all questions see the same moment. */
export async function openPostgres(spec: ServerSpec, limits: SourceLimits): Promise<Source> {
  const { default: pg } = await loadDriver('pg', () => import('pg'))
  const { default: Cursor } = await loadDriver('pg-cursor', () => import('pg-cursor'))
  const client = new pg.Client({
    host: spec.host,
    port: spec.port || 5432,
    database: spec.database,
    user: spec.user,
    password: spec.password,
    ssl: tlsOptions(spec) ?? false,
    application_name: 'tributary agent',
    connectionTimeoutMillis: limits.connectSeconds * 1000,
    statement_timeout: limits.statementSeconds * 1000,
    idle_in_transaction_session_timeout: idleSeconds * 1000,
    keepAlive: true,
  })
  // A connection that breaks between two questions says so at the next one.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query("set default_transaction_read_only = on; set datestyle = 'ISO, YMD'")
  } catch (error) {
    await client.end().catch(() => {})
    throw sourceError(error, failures)
  }
  const types = { getTypeParser: (oid: number) => parserOf(pg.types, oid) }
  let begun = false

  async function asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      if (!begun) await client.query('begin transaction isolation level repeatable read, read only')
      begun = true
      return await ask()
    } catch (error) {
      // After an error PostgreSQL refuses all else in the transaction.
      begun = false
      await client.query('rollback').catch(() => {})
      throw sourceError(error, failures)
    }
  }

  return {
    columns: (view) =>
      asked(async () => {
        const result: QueryResult = await client.query(`select * from ${view} where 1 = 0`)
        return result.fields.map(({ name }) => name)
      }),
    async *rows({ text, values }: Question) {
      const cursor = await asked(async () =>
        client.query(new Cursor<Row>(text, [...values], { rowMode: 'array', types })),
      )
      for (;;) {
        const rows = await asked(() =>
          within(limits.statementSeconds + 5, cursor.read(limits.batchRows), () => void client.end()),
        )
        if (rows.length === 0) break
        yield rows
      }
      await cursor.close().catch(() => {})
    },
    close: () => closed(client),
  }
}

/** Ends the session, and does not wait long for a server that is gone. */
async function closed(client: Client): Promise<void> {
  const timer = new Promise<void>((resolve) => setTimeout(resolve, 2000).unref())
  await Promise.race([client.end().catch(() => {}), timer])
}

const BOOLEAN = 16
const BYTES = 17
/** Lists of texts, characters, and numbers: the driver reads them; times and all else stay text. */
const LISTS: ReadonlySet<number> = new Set([1002, 1005, 1007, 1009, 1014, 1015, 1016, 1231])

type Types = { getTypeParser(oid: number, format?: 'text'): (text: string) => unknown }

function parserOf(types: Types, oid: number): (text: string) => SourceValue {
  if (oid === BOOLEAN) return (text) => text === 't'
  if (oid === BYTES || LISTS.has(oid))
    return types.getTypeParser(oid, 'text') as (text: string) => SourceValue
  return (text) => text
}
