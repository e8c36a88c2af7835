import { SourceError, type SourceFailure } from './source.ts'

const NETWORK: Readonly<Record<string, SourceFailure>> = {
  ECONNREFUSED: 'SOURCE_UNREACHABLE',
  EHOSTUNREACH: 'SOURCE_UNREACHABLE',
  ENETUNREACH: 'SOURCE_UNREACHABLE',
  ENOTFOUND: 'SOURCE_UNREACHABLE',
  EAI_AGAIN: 'SOURCE_UNREACHABLE',
  ETIMEDOUT: 'SOURCE_UNREACHABLE',
  ECONNRESET: 'SOURCE_LOST',
  EPIPE: 'SOURCE_LOST',
  ENOENT: 'SOURCE_MISSING',
  EACCES: 'SOURCE_DENIED',
  EPERM: 'SOURCE_DENIED',
}

/** Failures whose messages name accounts, addresses, views and columns, and never hold a value of a row. */
const TELLING: ReadonlySet<SourceFailure> = new Set([
  'SOURCE_DENIED',
  'SOURCE_MISSING',
  'SOURCE_UNREACHABLE',
  'SOURCE_SYNTAX',
])

/** How a driver's own codes are to be read. */
export interface FailureTable {
  /** The code that the driver gave, '' for none. */
  native(error: Error): string
  /** The failure by that code, or null. */
  kind(native: string): SourceFailure | null
}

/**
 * What a driver threw, as a SourceError. Its message is passed on only for failures whose messages name
 * accounts, views and columns, never rows.
 */
export function sourceError(error: unknown, table: FailureTable): SourceError {
  if (error instanceof SourceError) return error
  if (!(error instanceof Error)) return new SourceError('SOURCE_QUERY', '', '')
  const system = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const native = table.native(error) || system
  const kind = table.kind(native) ?? NETWORK[system] ?? (isTls(system) ? 'SOURCE_UNREACHABLE' : null)
  const detail = kind !== null && TELLING.has(kind) ? firstLine(error.message) : ''
  return new SourceError(kind ?? 'SOURCE_QUERY', native, detail, error)
}

function isTls(code: string): boolean {
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)
}

function firstLine(text: string): string {
  const line = (text.split('\n')[0] ?? '').trim().slice(0, 300)
  return line === '' || /[.!?]$/.test(line) ? line : `${line}.`
}

/** A driver is loaded when a configuration names it. Throws SourceError SOURCE_DRIVER naming its package. */
export async function loadDriver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    throw new SourceError('SOURCE_DRIVER', '', `Install it with: npm install ${name}.`, error)
  }
}
