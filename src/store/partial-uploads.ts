import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Fault } from '../fault/fault.ts'
import { codeOf } from './disk.ts'
import { type DocumentFolder, inlineBytesMax, type Kept } from './documents.ts'

/** Files that arrive piece by piece, each under the name of its attempt and the hash that was announced. */
export interface PartialUploads {
  /** How much of it is here; what was announced before under another hash is dropped. */
  begin(attempt: string, sha256: string): Promise<number>
  /** How much of it is here; 0 when it was never begun. */
  size(attempt: string, sha256: string): Promise<number>
  /**
   * Adds bytes at the end. A call that still writes is broken off first: its connection is dead, or its sender
   * would not call again. Throws OffsetDiffers where the end is elsewhere, TOO_LARGE past what was announced, DISK_FULL.
   */
  append(piece: Piece): Promise<number>
  /**
   * The whole file as a document, safely on disk under its hash. Throws fault UPLOAD_HASH_WRONG, and it is dropped.
   */
  finish(attempt: string, sha256: string): Promise<Kept>
  drop(attempt: string): Promise<void>
  /** Drops those that were not written to since then (milliseconds since 1970). */
  sweep(before: number): Promise<void>
}

export interface Piece {
  readonly attempt: string
  readonly sha256: string
  readonly offset: number
  readonly bytesMax: number
  readonly bytes: AsyncIterable<Uint8Array>
}

/** The sender and we do not agree about where its file ends here. */
export class OffsetDiffers extends Error {
  readonly offset: number
  constructor(offset: number) {
    super(`The upload stands at byte ${offset}.`)
    this.name = 'OffsetDiffers'
    this.offset = offset
  }
}

interface Writer {
  readonly stop: AbortController
  readonly ended: Promise<void>
}

export function createPartialUploads(folder: string, documents: DocumentFolder): PartialUploads {
  const writers = new Map<string, Writer>()
  const pathOf = (attempt: string, sha256: string) => join(folder, attempt, sha256)
  const size = (attempt: string, sha256: string) =>
    stat(pathOf(attempt, sha256)).then(
      (info) => info.size,
      () => 0,
    )

  async function stopWriter(attempt: string): Promise<void> {
    for (let writer = writers.get(attempt); writer !== undefined; writer = writers.get(attempt)) {
      writer.stop.abort()
      await writer.ended
    }
  }

  return {
    size,
    async begin(attempt, sha256) {
      await stopWriter(attempt)
      const names = await readdir(join(folder, attempt)).catch(() => [])
      for (const name of names.filter((one) => one !== sha256))
        await rm(join(folder, attempt, name), { force: true })
      return size(attempt, sha256)
    },
    async append(piece) {
      await stopWriter(piece.attempt)
      const stop = new AbortController()
      const writing = write(folder, pathOf(piece.attempt, piece.sha256), piece, stop.signal)
      const ended = writing.then(
        () => {},
        () => {},
      )
      const writer = { stop, ended: ended.then(() => void writers.delete(piece.attempt)) }
      writers.set(piece.attempt, writer)
      try {
        return await writing
      } finally {
        await writer.ended
      }
    },
    async finish(attempt, sha256) {
      await stopWriter(attempt)
      const path = pathOf(attempt, sha256)
      const found = await hashOf(path)
      if (found !== sha256) {
        await rm(path, { force: true })
        throw new Fault('UPLOAD_HASH_WRONG', { found, announced: sha256 })
      }
      const bytes = await size(attempt, sha256)
      if (bytes <= inlineBytesMax) return { sha256, size: bytes, bytes: await readFile(path) }
      await documents.adopt(path, sha256)
      return { sha256, size: bytes, bytes: null }
    },
    async drop(attempt) {
      await stopWriter(attempt)
      await rm(join(folder, attempt), { recursive: true, force: true })
    },
    async sweep(before) {
      for (const attempt of await readdir(folder).catch((): string[] => [])) {
        const names = await readdir(join(folder, attempt)).catch((): string[] => [])
        const times = await Promise.all(
          ['', ...names].map((name) =>
            stat(join(folder, attempt, name)).then(
              (info) => info.mtimeMs,
              () => 0,
            ),
          ),
        )
        if (Math.max(...times) < before) await rm(join(folder, attempt), { recursive: true, force: true })
      }
    },
  }
}

async function write(folder: string, path: string, piece: Piece, stopped: AbortSignal): Promise<number> {
  await mkdir(join(folder, piece.attempt), { recursive: true, mode: 0o700 })
  const file = await open(path, 'a', 0o600)
  try {
    let end = (await file.stat()).size
    if (end !== piece.offset) throw new OffsetDiffers(end)
    for await (const chunk of until(piece.bytes, stopped)) {
      if (end + chunk.length > piece.bytesMax)
        throw new Fault('TOO_LARGE', { what: 'The upload', limit: piece.bytesMax })
      await writeAll(file, chunk)
      end += chunk.length
    }
    return end
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC' && codeOf(error) !== 'EDQUOT') throw error
    // The last chunk may be there in part; its end is where the next piece begins.
    throw new Fault('DISK_FULL', {}, error)
  } finally {
    await file.close()
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; )
    done += (await file.write(chunk, done, chunk.length - done)).bytesWritten
}

/** The bytes until a signal says that nobody wants them any more. */
async function* until(bytes: AsyncIterable<Uint8Array>, stopped: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]()
  const stop = new Promise<never>((_, reject) => {
    stopped.addEventListener('abort', () =>
      reject(new Fault('CONFLICT', { reason: 'The upload went on in another call.' })),
    )
  })
  stop.catch(() => {})
  for (;;) {
    const next = iterator.next()
    next.catch(() => {})
    const { done, value } = await Promise.race([next, stop])
    if (done === true) return
    yield value
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    hash.end()
  }
  return hash.digest('hex')
}
