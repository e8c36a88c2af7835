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

const port = parentPort
if (port === null) throw new Error('pglite-worker runs as a worker thread')

const database = await PGlite.create(workerData as string)
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
