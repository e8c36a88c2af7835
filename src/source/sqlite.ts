import { access } from 'node:fs/promises'
import { type FailureTable, loadDriver, sourceError } from './failure.ts'
import {
  type Row,
  type Source,
  SourceError,
  type SourceFailure,
  type SourceLimits,
  type SourceValue,
  type SqliteSpec,
} from './source.ts'

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
      try {
        const statement = db.prepare(text).raw(true).safeIntegers(true)
        let rows: Row[] = []
        for (const row of statement.iterate(...values) as Iterable<readonly unknown[]>) {
          rows.push(row.map(exactValue))
          if (rows.length < limits.batchRows) continue
          yield rows
          if (!open) throw new SourceError('SOURCE_LOST', '', '')
          rows = []
        }
        if (rows.length > 0) yield rows
      } catch (error) {
        throw sourceError(error, failures)
      }
    },
    async close() {
      open = false
      db.close()
    },
  }
}

function exactValue(value: unknown): SourceValue {
  if (typeof value !== 'bigint') return value as SourceValue
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
