import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import {
  createOpener,
  createSealer,
  FRAME_BYTES,
  HEAD_BYTES,
  type OpenFrame,
  SEALED_FRAME_BYTES,
} from './at-rest.ts'
import { createPack, type PackForm } from './pack.ts'

/** What will be uploaded: the packed bytes, whatever the file on the disk looks like. */
export interface ExtractSize {
  readonly bytes: number
  readonly sha256: string
}

export interface ExtractWriter {
  /** Waits while the disk is behind. Throws what the disk throws. */
  write(text: string): Promise<void>
  /** What follows belongs to this member of a ZIP archive; means nothing for gzip. */
  begin(member: string): void
  /** Bytes compressed so far. */
  readonly bytes: number
  /** Everything is on the disk. */
  finish(): Promise<ExtractSize>
  /** Closes the file as it is. Never throws. */
  abandon(): Promise<void>
}

/**
 * Makes a temporary file that only this account can read (0600), compressed, and encrypted where there is a key.
 * The file must not exist.
 */
export async function createExtract(
  path: string,
  key: Uint8Array | null,
  form: PackForm,
): Promise<ExtractWriter> {
  const file = await open(path, 'wx', 0o600)
  const pack = createPack(form)
  const sum = createHash('sha256')
  let bytes = 0
  let failure: unknown = null
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of pack.output) {
      sum.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  const written = store(file, counted(), key).catch((error: unknown) => {
    failure ??= error
    // Whoever waits for room when the disk fails would wait for ever.
    pack.destroy()
  })
  return {
    begin: (member) => pack.begin(member),
    async write(text) {
      if (failure !== null) throw failure
      await pack.write(text)
      if (failure !== null) throw failure
    },
    get bytes() {
      return bytes
    },
    async finish() {
      pack.end()
      await written
      if (failure !== null) {
        await file.close().catch(() => {})
        throw failure
      }
      await file.sync()
      await file.close()
      return { bytes, sha256: sum.digest('hex') }
    },
    async abandon() {
      pack.destroy()
      await written
      await file.close().catch(() => {})
    },
  }
}

async function store(
  file: FileHandle,
  chunks: AsyncIterable<Uint8Array>,
  key: Uint8Array | null,
): Promise<void> {
  if (key === null) {
    for await (const chunk of chunks) await file.appendFile(chunk)
    return
  }
  const sealer = createSealer(key)
  await file.appendFile(sealer.head)
  let held: Uint8Array = Buffer.alloc(0)
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    // The last frame is sealed as such, so one is always kept back.
    while (held.length > FRAME_BYTES) {
      await file.appendFile(sealer.seal(held.subarray(0, FRAME_BYTES), false))
      held = held.subarray(FRAME_BYTES)
    }
  }
  await file.appendFile(sealer.seal(held, true))
}

/** The bytes to upload from an offset on, as many as there are up to `length`. */
export async function* readExtract(
  path: string,
  key: Uint8Array | null,
  total: number,
  from: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const upTo = Math.min(total, from + length)
    if (key === null) {
      for (let at = from; at < upTo; ) {
        const piece = await exactly(file, at, Math.min(FRAME_BYTES, upTo - at))
        yield piece
        at += piece.length
      }
      return
    }
    const openFrame = createOpener(key, await exactly(file, 0, HEAD_BYTES))
    for (let at = from; at < upTo; ) {
      const plain = await frameAt(file, openFrame, Math.floor(at / FRAME_BYTES), total)
      const begin = at % FRAME_BYTES
      const piece = plain.subarray(begin, begin + Math.min(plain.length - begin, upTo - at))
      yield piece
      at += piece.length
    }
  } finally {
    await file.close()
  }
}

async function frameAt(
  file: FileHandle,
  openFrame: OpenFrame,
  frame: number,
  total: number,
): Promise<Uint8Array> {
  const lastFrame = Math.max(0, Math.ceil(total / FRAME_BYTES) - 1)
  const plainBytes = frame === lastFrame ? total - lastFrame * FRAME_BYTES : FRAME_BYTES
  const sealedBytes = plainBytes + (SEALED_FRAME_BYTES - FRAME_BYTES)
  const sealed = await exactly(file, HEAD_BYTES + frame * SEALED_FRAME_BYTES, sealedBytes)
  return openFrame(sealed, frame, frame === lastFrame)
}

async function exactly(file: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, from + filled)
    if (bytesRead === 0) throw new Error('the temporary file is shorter than it was')
    filled += bytesRead
  }
  return buffer
}
