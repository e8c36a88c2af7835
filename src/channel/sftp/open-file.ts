import type { FileHandle } from 'node:fs/promises'
import { failed, Refusal } from './refusal.ts'
import type { Space } from './space.ts'
import type { Upload } from './uploads.ts'
import { dataAnswer, dataHeadBytes, STATUS } from './wire.ts'

/** Writes that follow each other are put together up to this size. */
const gatheredBytesMax = 2 * 2 ** 20
const gatheredPiecesMax = 512
/**
 * The marker of an upload must be safe on disk before more than this is written to a new file. Before that, a
 * file system that keeps the order in which names were made has the marker when it has the file.
 */
const beforeMarkerBytesMax = 4 * 2 ** 20

interface Write {
  readonly data: readonly Buffer[]
  readonly position: number
  readonly length: number
  readonly done: (error: unknown) => void
}

export interface FileSource {
  readonly handle: FileHandle
  readonly path: string
  readonly size: number
  /** Made just now by opening it. */
  readonly isNew: boolean
  readonly append: boolean
  readonly mayRead: boolean
  readonly mayWrite: boolean
  /** Null for a file that is only read. */
  readonly upload: Upload | null
  readonly space: Space
  readonly bytesMax: number
}

/**
 * An open file. Writes are done in the order they came, those that follow each other in one go; reads beside
 * each other.
 */
export class OpenFile {
  readonly kind = 'file'
  readonly handle: FileHandle
  readonly path: string
  readonly upload: Upload | null
  readonly mayWrite: boolean
  readonly #source: FileSource
  readonly #openedAt = performance.now()
  readonly #queue: Write[] = []
  #size: number
  #writing: Promise<void> | null = null
  #problem: string | null = null
  #bytesRead = 0
  #firstRead: number | null = null
  #bytesWritten = 0
  #unsafeBytesMax: number

  constructor(source: FileSource) {
    this.#source = source
    this.handle = source.handle
    this.path = source.path
    this.upload = source.upload
    this.mayWrite = source.mayWrite
    this.#size = source.size
    this.#unsafeBytesMax = source.isNew ? beforeMarkerBytesMax : 0
  }

  /** What kept a write from being done: the upload is not whole. */
  get problem(): string | null {
    return this.#problem
  }

  /** What was read and written so far, and for how long the file has been open. */
  get work(): { readonly bytesRead: number; readonly bytesWritten: number; readonly ms: number } {
    const ms = Math.round(performance.now() - this.#openedAt)
    return { bytesRead: this.#bytesRead, bytesWritten: this.#bytesWritten, ms }
  }

  /** Was all sent that a client asks for who downloads the file, or the rest of it? */
  get readToEnd(): boolean {
    return this.#firstRead !== null && this.#bytesRead >= this.#size - this.#firstRead
  }

  /** `done` is called with null, or what went wrong. */
  write(write: Write): void {
    const refusal = this.#refusal(write)
    if (refusal === null) {
      this.#queue.push(write)
      this.#writing ??= this.#work()
    } else write.done(refusal)
  }

  /** Resolves when everything written so far is in the file. */
  async idle(): Promise<void> {
    await this.#writing
  }

  /** The answer to a read, or null at the end of the file. */
  async read(id: number, position: number, length: number): Promise<Buffer | null> {
    if (!this.#source.mayRead) throw new Refusal(STATUS.denied, 'The file is not open for reading')
    if (!Number.isSafeInteger(position)) return null
    const room = Buffer.allocUnsafeSlow(dataHeadBytes + length)
    const { bytesRead: got } = await this.handle.read(room, dataHeadBytes, length, position)
    if (got === 0) return null
    this.#firstRead = Math.min(this.#firstRead ?? position, position)
    this.#bytesRead += got
    return dataAnswer(id, room, got)
  }

  async truncate(to: number): Promise<void> {
    if (!this.mayWrite) throw new Refusal(STATUS.denied, 'The file is not open for writing')
    if (to > this.#source.bytesMax) throw this.#tooLarge()
    if (this.#bytesWritten >= this.#unsafeBytesMax) await this.#makeSafe()
    const { space } = this.#source
    if (to > this.#size) space.grow(to - this.#size)
    else space.shrink(this.#size - to)
    this.#size = to
    await this.handle.truncate(to)
  }

  #refusal(write: Write): Refusal | null {
    if (!this.mayWrite) return new Refusal(STATUS.denied, 'The file is not open for writing')
    return this.#problem === null ? this.#admit(write) : failed(this.#problem)
  }

  /** Finds room for a write. */
  #admit({ position, length }: Write): Refusal | null {
    const end = this.#source.append ? this.#size + length : position + length
    try {
      if (end > this.#source.bytesMax) throw this.#tooLarge()
      if (end > this.#size) {
        this.#source.space.grow(end - this.#size)
        this.#size = end
      }
      return null
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#problem = error.message
      return error
    }
  }

  #tooLarge(): Refusal {
    return failed(`A file has at most ${this.#source.bytesMax} bytes`)
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      const run = this.#takeRun()
      try {
        if (this.#bytesWritten >= this.#unsafeBytesMax) await this.#makeSafe()
        await this.#writeAll(
          run.flatMap(({ data }) => data),
          run[0]?.position ?? 0,
        )
        for (const { length, done } of run) {
          this.#bytesWritten += length
          done(null)
        }
      } catch (error) {
        this.#problem ??= 'A part of the file could not be written'
        const lost = [...run, ...this.#queue.splice(0)]
        for (const { done } of lost) done(error)
      }
    }
    this.#writing = null
  }

  async #makeSafe(): Promise<void> {
    await this.upload?.durable()
    this.#unsafeBytesMax = Number.POSITIVE_INFINITY
  }

  /** The first write and those that go on where it ends. */
  #takeRun(): readonly Write[] {
    let count = 0
    let bytes = 0
    let pieces = 0
    let end = this.#queue[0]?.position ?? 0
    for (const { position, length, data } of this.#queue) {
      if (count > 0 && (position !== end || bytes + length > gatheredBytesMax)) break
      if (count > 0 && pieces + data.length > gatheredPiecesMax) break
      count += 1
      bytes += length
      pieces += data.length
      end = position + length
    }
    return this.#queue.splice(0, count)
  }

  async #writeAll(data: readonly Buffer[], position: number): Promise<void> {
    const { handle } = this
    let left = data.filter((piece) => piece.length > 0)
    let at = position
    while (left.length > 0) {
      const { bytesWritten: got } = this.#source.append
        ? await handle.writev(left)
        : await handle.writev(left, at)
      at += got
      left = rest(left, got)
    }
  }
}

/** What is left of the pieces after their first bytes. */
function rest(pieces: readonly Buffer[], bytes: number): Buffer[] {
  let skip = bytes
  return pieces.flatMap((piece) => {
    const skipped = Math.min(skip, piece.length)
    skip -= skipped
    return skipped === piece.length ? [] : [piece.subarray(skipped)]
  })
}
