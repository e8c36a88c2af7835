import type { Sql } from './sql.ts'

/** Whose eyes a transaction has. `node`: the node's own work. `books`: only these books' rows exist. */
export type Scope = 'node' | { readonly books: readonly number[] }

/** Only inside a transaction can anything be asked of the database. */
export interface Tx {
  rows<R>(statement: Sql): Promise<R[]>
  /**
   * Bulk insert by COPY in text format. `table` and `columns` are written in our code, never input; each
   * line is already escaped (`copyLine`). Resolves when the server has taken all of it.
   */
  copyIn(table: string, columns: readonly string[], lines: Iterable<string>): Promise<void>
}

/**
 * The one door to PostgreSQL and to the embedded PGlite. There is no query method: statements need a
 * transaction, and a transaction inside a transaction is a defect found at once on both drivers.
 */
export interface Database {
  /**
   * Runs the body in one transaction and commits; a throw rolls back. Serialisation failures and deadlocks
   * are retried, so the body may run more than once and must not act outside the database.
   * Throws fault DATABASE_AWAY when the server cannot be reached.
   */
  transact<T>(body: (tx: Tx) => Promise<T>, scope?: Scope): Promise<T>
  /** Committed work survives power loss (PostgreSQL), or only the end of the process (PGlite). */
  readonly durable: boolean
  readonly kind: 'postgres' | 'pglite'
  /** Records in one chunk: PGlite computes without yielding, so its chunks are small. */
  readonly chunkRecordsMax: number
  close(): Promise<void>
}

/** One COPY text line from values: null is \N, backslashes and control characters escaped, newline added. */
export function copyLine(values: readonly (string | number | boolean | null)[]): string {
  let line = ''
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) line += '\t'
    const value = values[index]
    line +=
      value === null || value === undefined
        ? '\\N'
        : typeof value === 'string'
          ? escapeCopy(value)
          : String(value)
  }
  return `${line}\n`
}

const SPECIAL = /[\\\t\n\r]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function escapeCopy(text: string): string {
  return SPECIAL.test(text)
    ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character)
    : text
}
