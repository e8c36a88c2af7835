import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Database, Tx } from './database.ts'
import type { Sql } from './sql.ts'
import { asFault, beginText, inTransaction, retrying } from './transaction.ts'

/** int8 and numeric counts are far below 2^53 here; a number is what every caller wants. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === 20) return Number
    return pg.types.getTypeParser(oid, format as 'text')
  },
}

const idleInTransactionMs = 60_000

const copyChunkChars = 64 * 1024

/**
 * A database on a PostgreSQL server (14 or later).
 * @param url connection string (`postgres://user@host/database`)
 * @param connectionsMax size of the pool; each transaction holds one
 */
export function openPostgres(url: string, connectionsMax = 10): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    types,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // A process that stands still in a transaction (stopped, swapped out) must not hold a book's lock for ever.
    idle_in_transaction_session_timeout: idleInTransactionMs,
    application_name: 'tributary',
  })
  // An idle connection that dies is replaced at next use; without a listener it would end the process.
  pool.on('error', () => {})
  const names = new Map<string, string>()

  return {
    kind: 'postgres',
    durable: true,
    chunkRecordsMax: 2000,
    transact: (body, scope = 'node') =>
      inTransaction(() => retrying(() => once(body, beginText(scope)))).catch((error) => {
        throw asFault(error)
      }),
    close: () => pool.end(),
  }

  async function once<T>(body: (tx: Tx) => Promise<T>, begin: string): Promise<T> {
    const client = await pool.connect()
    let broken: Error | undefined
    const onError = (error: Error) => {
      broken = error
    }
    client.on('error', onError)
    try {
      await client.query(begin)
      const result = await body(transactionOn(client))
      await client.query('commit')
      return result
    } catch (error) {
      if (broken === undefined) await client.query('rollback').catch((failure: Error) => (broken = failure))
      throw error
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }

  function transactionOn(client: pg.PoolClient): Tx {
    return {
      async rows<R>(statement: Sql) {
        const result = await client.query({
          name: nameOf(statement.text),
          text: statement.text,
          values: [...statement.values],
        })
        return result.rows as R[]
      },
      async copyIn(table, columns, lines) {
        const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`))
        await pipeline(
          Readable.from(gathered(lines), { objectMode: false, highWaterMark: copyChunkChars }),
          stream,
        )
      },
    }
  }

  /** Statements are prepared once a connection; their texts come from our code, so there are few. */
  function nameOf(text: string): string {
    let name = names.get(text)
    if (name === undefined) {
      name = `s${names.size}`
      names.set(text, name)
    }
    return name
  }
}

function* gathered(lines: Iterable<string>): Generator<string> {
  let text = ''
  for (const line of lines) {
    text += line
    if (text.length >= copyChunkChars) {
      yield text
      text = ''
    }
  }
  if (text !== '') yield text
}
