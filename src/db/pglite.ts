import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Fault } from '../fault/fault.ts'
import { ownFile } from '../installed/own-file.ts'
import type { Database, Tx } from './database.ts'
import type { Place, Reply, Request } from './pglite-worker.ts'
import type { Sql } from './sql.ts'
import { beginText, inTransaction, retrying } from './transaction.ts'

type Asked = Request extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never

/**
 * The embedded database, for demo, development, tests and the command line. It survives a killed process,
 * not a power cut: it never syncs to disk.
 * @param folder where its files are; where there are none, a new one with the tables of this version is made
 */
export async function openPglite(folder: string): Promise<Database> {
  const place: Place = {
    folder,
    from: fileURLToPath(ownFile('dist/db/new-database')),
  }
  const worker = new Worker(ownFile('dist/db/pglite-worker.js'), { workerData: place, execArgv: [] })
  const waiting = new Map<number, { resolve: (rows: unknown[]) => void; reject: (error: Error) => void }>()
  let lastId = 0
  let tail: Promise<unknown> = Promise.resolve()
  let gone: Error | null = null

  const started = new Promise<unknown[]>((resolve, reject) => waiting.set(0, { resolve, reject }))
  worker.on('message', (reply: Reply) => {
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('rows' in reply) call?.resolve(reply.rows)
    else call?.reject(Object.assign(new Error(reply.error.message), { code: reply.error.code }))
  })
  worker.on('error', lost)
  worker.on('exit', () => lost(new Error('the embedded database was closed')))
  await started

  const transaction: Tx = {
    rows: <R>(statement: Sql) =>
      ask({ kind: 'query', text: statement.text, values: [...statement.values] }) as Promise<R[]>,
    async copyIn(table, columns, lines) {
      const text = `copy ${table} (${columns.join(', ')}) from '/dev/blob'`
      await ask({ kind: 'copy', text, lines: [...lines].join('') })
    },
  }

  return {
    kind: 'pglite',
    durable: false,
    chunkRecordsMax: 500,
    transact: (body, scope = 'node') =>
      inTransaction(() => retrying(() => queued(() => once(body, beginText(scope))))),
    async close() {
      await queued(() => ask({ kind: 'close' }))
      await worker.terminate()
    },
  }

  function lost(error: Error): void {
    gone = new Fault('DATABASE_AWAY', { reason: error.message }, error)
    for (const call of waiting.values()) call.reject(gone)
    waiting.clear()
  }

  function ask(request: Asked): Promise<unknown[]> {
    if (gone !== null) return Promise.reject(gone)
    lastId += 1
    const id = lastId
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker.postMessage({ ...request, id })
    })
  }

  /** One connection: transactions take turns. */
  function queued<T>(work: () => Promise<T>): Promise<T> {
    const turn = tail.then(work, work)
    tail = turn.catch(() => {})
    return turn
  }

  async function once<T>(body: (tx: Tx) => Promise<T>, begin: string): Promise<T> {
    await ask({ kind: 'exec', text: begin })
    try {
      const result = await body(transaction)
      await ask({ kind: 'exec', text: 'commit' })
      return result
    } catch (error) {
      if (gone === null) await ask({ kind: 'exec', text: 'rollback' })
      throw error
    }
  }
}
