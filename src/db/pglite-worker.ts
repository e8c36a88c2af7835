import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
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
  readonly folder: string
  /** The folder that a new database is copied from, which takes less than making one. */
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

/** A database is made beside its place and put there whole: what a killed process has made in part is none. */
async function open({ folder, from }: Place): Promise<PGlite> {
  if (!existsSync(join(folder, 'PG_VERSION'))) make(folder, from)
  return PGlite.create(folder)
}

function make(folder: string, from: string): void {
  const making = `${folder}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  cpSync(from, making, { recursive: true })
  // Packages are packed without empty folders, and the database needs its own.
  const folders = JSON.parse(readFileSync(join(from, 'folders.json'), 'utf8')) as string[]
  for (const name of folders) mkdirSync(join(making, name), { recursive: true })
  renameSync(making, folder)
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
