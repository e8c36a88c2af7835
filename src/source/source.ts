/**
 * What every driver of a partner's database gives: columns of a view, and its rows as a stream. Nothing here
 * writes: sessions are opened read-only as far as the database knows such a thing.
 */

/** A value as it came from the database: numbers that JavaScript would round stay text. */
export type SourceValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly SourceValue[]
  | { readonly [name: string]: unknown }

/** Values in the order of the columns asked for. */
export type Row = readonly SourceValue[]

/** What is asked of a database: text with parameters in the driver's own spelling (`dialect.ts`). */
export interface Question {
  readonly text: string
  readonly values: readonly string[]
}

export interface Source {
  /** The columns of a view, in its order, spelled as the database does. Throws SourceError. */
  columns(view: string): Promise<readonly string[]>
  /**
   * Rows in batches of at most `batchRows`, never an empty batch, in constant memory: the database is asked
   * for more only when the caller pulls. Rows of files take the columns in the order of `columns`.
   * Throws SourceError, also when the database says nothing for `statementSeconds`.
   */
  rows(question: Question): AsyncIterable<readonly Row[]>
  /** Ends the session; an unfinished question is cancelled. Never throws. */
  close(): Promise<void>
}

/** The load that a source may be put under. */
export interface SourceLimits {
  /** Rows asked for at a time. */
  readonly batchRows: number
  /** 0: as fast as it goes. */
  readonly rowsPerSecond: number
  /** Rest after each batch, in milliseconds. */
  readonly pauseMs: number
  /** How long the database may be silent before a question is given up. */
  readonly statementSeconds: number
  readonly connectSeconds: number
}

export const SOURCE_FAILURES = {
  SOURCE_UNREACHABLE: 'The database does not answer.',
  SOURCE_DENIED: 'The database refuses the account, or a right is missing.',
  SOURCE_MISSING: 'A database, view, column or file that is named does not exist.',
  SOURCE_TIMEOUT: 'The database took longer than it may.',
  SOURCE_LOST: 'The connection to the database broke, or the database was stopped.',
  SOURCE_SYNTAX: 'The database does not understand the selection criteria.',
  SOURCE_QUERY: 'The database cannot do what was asked.',
  SOURCE_DRIVER: 'The driver of this database is not installed.',
} as const satisfies Record<string, string>

export type SourceFailure = keyof typeof SOURCE_FAILURES

/**
 * A source failed. The message holds no value of any row: databases quote data in their messages, so only what
 * is known to be names, codes and addresses is passed on.
 */
export class SourceError extends Error {
  readonly code: SourceFailure
  /** The database's own code: SQLSTATE, ORA-00942, ER_…, ECONNREFUSED; '' where there is none. */
  readonly native: string
  constructor(code: SourceFailure, native: string, detail: string, cause?: unknown) {
    const told = [SOURCE_FAILURES[code], detail].filter((text) => text !== '').join(' ')
    super(native === '' ? told : `${told} (${native})`, { cause })
    this.name = 'SourceError'
    this.code = code
    this.native = native
  }
}

/** How to reach a database, as the agent's configuration says it. */
export type SourceSpec = ServerSpec | SqliteSpec | FilesSpec

export interface ServerSpec {
  readonly driver: 'postgres' | 'mysql' | 'mariadb' | 'sqlserver' | 'oracle'
  readonly host: string
  /** 0: the usual one of the driver. */
  readonly port: number
  /** Oracle: the service name. */
  readonly database: string
  readonly user: string
  readonly password: string
  readonly tls: TlsMode
  /** PEM of the authority that signed the server's certificate; null: those of Node. */
  readonly ca: string | null
}

/** `verify`: encrypted, certificate checked. `encrypt`: encrypted, not checked. `off`: plain. */
export type TlsMode = 'verify' | 'encrypt' | 'off'

export interface SqliteSpec {
  readonly driver: 'sqlite'
  readonly path: string
}

export interface FilesSpec {
  readonly driver: 'files'
  readonly folder: string
  readonly delimiter: ',' | '|' | '\t'
}
