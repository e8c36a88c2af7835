import { access } from 'node:fs/promises'
import { type FailureTable, loadDriver, sourceError } from './failure.ts'
import type { Row, Source, SourceFailure, SourceLimits, SourceValue, SqliteSpec } from './source.ts'

const KINDS: Readonly<Record<string, SourceFailure>> = {
  SQLITE_BUSY: 'SOURCE_TIMEOUT',
  SQLITE_LOCKED: 'SOURCE_TIMEOUT',
  SQLITE_CANTOPEN: 'SOURCE_DENIED',
  SQLITE_NOTADB: 'SOURCE_MISSING',
  SQLITE_READONLY: 'SOURCE_DENIED',
  NO_SUCH: 'SOURCE_MISSING',
  SYNTAX: 'SOURCE_SYNTAX',
}

const failures: FailureTable = {
  native: (error) => {
    // SQLite has one code for all mistakes in a statement; these two messages hold names only.
    if (/no such (table|column)/.test(error.message)) return 'NO_SUCH'
    if (/syntax error|no such function/.test(error.message)) return 'SYNTAX'
    return 'code' in error && typeof error.code === 'string' ? error.code : ''
  },
  kind: (native) => KINDS[native] ?? null,
}

/** A SQLite database. It answers in this process: between two batches everything else has its turn. */
export async function openSqlite(spec: SqliteSpec, limits: SourceLimits): Promise<Source> {
  const { default: Database } = await loadDriver('libsql', () => import('libsql'))
  // SQLite would make a file that is not there.
  await access(spec.path).catch((error: unknown) => {
    throw sourceError(error, failures)
  })
  let db: InstanceType<typeof Database>
  try {
    db = new Database(spec.path, { timeout: limits.statementSeconds * 1000 })
    db.exec('pragma query_only = on; begin')
  } catch (error) {
    throw sourceError(error, failures)
  }
  let open = true

  return {
    async columns(view) {
      try {
        return db
          .prepare(`select * from ${view} where 1 = 0`)
          .columns()
          .map(({ name }) => name)
      } catch (error) {
        throw sourceError(error, failures)
      }
    },
    async *rows({ text, values }) {
      let unfinished: (() => unknown) | null = null
      try {
        const statement = db.prepare(text).raw(true).safeIntegers(true)
        unfinished = () => statement.get(...values)
        let rows: Row[] = []
        for (const row of statement.iterate(...values) as Iterable<readonly unknown[]>) {
          rows.push(row.map(exactValue))
          if (rows.length < limits.batchRows) continue
          yield rows
          rows = []
        }
        unfinished = null
        if (rows.length > 0) yield rows
      } catch (error) {
        throw sourceError(error, failures)
      } finally {
        if (open) reset(unfinished)
      }
    },
    async close() {
      open = false
      // The lock on the file goes with the transaction; closing alone leaves it to the garbage collector.
      try {
        db.exec('rollback')
      } catch {
        // It ended by itself.
      }
      db.close()
    },
  }
}

/** A statement left in the middle holds the file's lock until it is run again from its beginning. */
function reset(unfinished: (() => unknown) | null): void {
  try {
    unfinished?.()
  } catch {
    // It failed before, and does so again.
  }
}

function exactValue(value: unknown): SourceValue {
  if (typeof value !== 'bigint') return value as SourceValue
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
