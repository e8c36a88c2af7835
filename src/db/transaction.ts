import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { Fault } from '../fault/fault.ts'
import type { Scope } from './database.ts'

const open = new AsyncLocalStorage<true>()

/**
 * Runs a transaction's body marked as such. PGlite has one connection, so a transaction inside a
 * transaction would wait for itself for ever; the same assertion on PostgreSQL keeps code that works there
 * from hanging on the embedded database.
 */
export function inTransaction<T>(body: () => Promise<T>): Promise<T> {
  assert(open.getStore() === undefined, 'transact() inside transact(); pass the tx instead')
  return open.run(true, body)
}

/** First statement of a transaction: what the scope may see is decided by row policies (migration 0002). */
export function beginText(scope: Scope): string {
  if (scope === 'node') return 'begin'
  const books = scope.books.map((book) => {
    assert(Number.isSafeInteger(book), 'a book is a whole number')
    return String(book)
  })
  return `begin; set local role tributary_reader; set local tributary.books = '{${books.join(',')}}'`
}

const RETRIED = new Set(['40001', '40P01'])
const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN'])
const attemptsMax = 6

/** Tries again after a serialisation failure or deadlock, with a growing random pause. */
export async function retrying<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!RETRIED.has(stateOf(error)) || count === attemptsMax) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** count))
    }
  }
}

/** A lost or refused connection becomes fault DATABASE_AWAY, a full disk DISK_FULL; all else is returned as it is. */
export function asFault(error: unknown): unknown {
  const state = stateOf(error)
  if (state === '53100') return new Fault('DISK_FULL', {}, error)
  const gone =
    AWAY.has(state) ||
    state.startsWith('08') ||
    state.startsWith('57P') ||
    state === '53300' ||
    (error instanceof Error &&
      /^Connection terminated|timeout exceeded when trying to connect/.test(error.message))
  return gone && error instanceof Error
    ? new Fault('DATABASE_AWAY', { reason: error.message || state }, error)
    : error
}

/** SQLSTATE or system error code of a thrown value, '' when it has none. */
export function stateOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}
