import { existsSync, openAsBlob } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
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
  /** The packed tar file that a new database is unpacked from. */
  readonly from: string
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

/** A new database is unpacked from one that was made before: making one takes some seconds. */
async function open({ folder, from }: Place): Promise<PGlite> {
  const inMemory = folder === 'memory://'
  const making = `${folder}.making`
  // What an earlier process had unpacked in part when it ended is no database.
  if (!inMemory && existsSync(making)) await rm(folder, { recursive: true, force: true })
  if (!inMemory && existsSync(join(folder, 'PG_VERSION'))) return PGlite.create(folder)
  const loadDataDir = await openAsBlob(from, { type: 'application/x-gzip' })
  if (inMemory) return PGlite.create(folder, { loadDataDir })
  await mkdir(dirname(folder), { recursive: true })
  await writeFile(making, '')
  const made = await PGlite.create(folder, { loadDataDir })
  await rm(making)
  return made
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
