import { createReadStream } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { isDecodeError } from '../decode/decode-error.ts'
import { damaged, refused, truncated } from './refusal.ts'

/** Where a document's bytes are: a file, or in hand. */
export type ByteSource = { readonly path: string } | { readonly bytes: Uint8Array }

/** Pieces in which bytes are handed on: larger ones gain nothing, and memory is bounded by them. */
const pieceBytes = 64 * 1024

export async function sizeOf(source: ByteSource): Promise<number> {
  return 'path' in source ? (await stat(source.path)).size : source.bytes.length
}

/** The first bytes of a document, all of them if it is shorter. */
export async function headOf(source: ByteSource, length: number): Promise<Uint8Array> {
  if ('bytes' in source) return source.bytes.subarray(0, length)
  const file = await open(source.path)
  try {
    const buffer = new Uint8Array(length)
    let filled = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, filled)
      filled += bytesRead
      if (bytesRead === 0 || filled === length) return buffer.subarray(0, filled)
    }
  } finally {
    await file.close()
  }
}

export async function wholeOf(source: ByteSource): Promise<Uint8Array> {
  return 'path' in source ? readFile(source.path) : source.bytes
}

export async function* piecesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  if ('path' in source) yield* createReadStream(source.path, { highWaterMark: pieceBytes })
  else
    for (let at = 0; at < source.bytes.length; at += pieceBytes)
      yield source.bytes.subarray(at, at + pieceBytes)
}

/** Hands on a stream of unpacked bytes; what its unpacker throws becomes a refusal. */
export async function* unpackedBytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (error) {
    throw refusalOf(error)
  }
}

/** Errors of zlib and yauzl as refusals; errors of the disk as they are. */
export function refusalOf(error: unknown): unknown {
  if (isDecodeError(error) || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR' || /unexpected (?:EOF|end of file)/i.test(error.message)) return truncated()
  if (/(?:relative|absolute) path|invalid characters in file/i.test(error.message))
    return refused("an entry's name leads out of the archive.")
  if (/strong encryption/i.test(error.message)) return refused('it is encrypted; send it without a password.')
  if (code === '' || code.startsWith('Z_')) return damaged(error.message)
  return error
}

export interface Peeked {
  readonly head: Uint8Array
  /** The stream with its head put back in front. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** Lets go of the stream; needed also when its bytes were never asked for. */
  close(): Promise<void>
}

/** Reads the first bytes of a stream. */
export async function peek(stream: AsyncGenerator<Uint8Array>, length: number): Promise<Peeked> {
  const chunks: Uint8Array[] = []
  let filled = 0
  while (filled < length) {
    const next = await stream.next()
    if (next.done === true) break
    chunks.push(next.value)
    filled += next.value.length
  }
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* chunks
    yield* stream
  }
  const close = async () => {
    await stream.return(undefined)
  }
  return { head: Buffer.concat(chunks).subarray(0, length), bytes: bytes(), close }
}
