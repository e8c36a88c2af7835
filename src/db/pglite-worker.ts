import { existsSync, openAsBlob } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

/**
 * The embedded database in a thread of its own: it computes on the thread that calls it, and a chunk being
 * applied must not stall HTTP. One request at a time; the other side keeps transactions apart.
 */
export type Request =
  | { id: number; kind: 'exec'; text: string }
  | { id: number; kind: 'query'; text: string; values: unknown[] }
  | { id: number; kind: 'copy'; text: string; lines: string }
  | { id: number; kind: 'close' }

export type Reply = { id: number; rows: unknown[] } | { id: number; error: { message: string; code: string } }

export interface Place {
  /** Data folder, or `memory://`. */
  readonly folder: string
  /** A tar file that a new database is unpacked from; null for the empty database. */
  readonly from: string | null
}

const port = parentPort
if (port === null) throw new Error('pglite-worker runs as a worker thread')

const database = await open(workerData as Place)
port.postMessage({ id: 0, rows: [] } satisfies Reply)

port.on('message', async (request: Request) => {
  try {
    port.postMessage({ id: request.id, rows: await answer(request) } satisfies Reply)
  } catch (error) {
    const { message, code } = error as { message: string; code?: string }
    port.postMessage({ id: request.id, error: { message, code: code ?? '' } } satisfies Reply)
  }
  if (request.kind === 'close') port.close()
})

/** A new database is unpacked from the one made when the product was built: making one takes some seconds. */
async function open({ folder, from }: Place): Promise<PGlite> {
  const inMemory = folder === 'memory://'
  if (!inMemory && existsSync(join(folder, 'PG_VERSION'))) return PGlite.create(folder)
  const loadDataDir = await openAsBlob(from ?? new URL('./empty-database.tar.gz', import.meta.url), {
    type: from === null ? 'application/x-gzip' : 'application/x-tar',
  })
  if (inMemory) return PGlite.create(folder, { loadDataDir })
  // Beside its place first: one that was unpacked in part, by a process that ended, is none.
  const beside = `${folder}.new`
  await rm(beside, { recursive: true, force: true })
  await (await PGlite.create(beside, { loadDataDir })).close()
  await rename(beside, folder)
  return PGlite.create(folder)
}

async function answer(request: Request): Promise<unknown[]> {
  switch (request.kind) {
    case 'exec':
      await database.exec(request.text)
      return []
    case 'query':
      return (await database.query(request.text, request.values)).rows
    case 'copy':
      await database.query(request.text, [], { blob: new Blob([request.lines]) })
      return []
    case 'close':
      await database.close()
      return []
  }
}
