import type { DecodeError } from './decode-error.ts'
import { concat, countLines, createStrictDecoder, type Encoding, type StrictDecoder } from './strict-text.ts'

/** How much after the first byte beyond ASCII decides between UTF-8 and Windows-1252. */
const windowBytes = 64 * 1024
/** Enough for a byte order mark, or for the pattern of zeros that UTF-16 without one shows. */
const headBytes = 64
/** All records of a piece exist at once, so small pieces keep them within the collector's young generation. */
const pieceBytes = 64 * 1024

/**
 * Bytes to text, strictly: a byte that is not text in the document's encoding ends the document with
 * FILE_ENCODING and its line; what stands before it is handed on first. How the bytes were cut into chunks
 * does not matter, and a byte order mark is dropped.
 *
 * The encoding is UTF-8 unless a byte order mark, or zeros in every other byte of the head, say UTF-16.
 * Where `windows1252` allows it (CSV, which cannot name its encoding) the document is Windows-1252 when, in
 * the 64 KiB that begin with its first byte beyond ASCII, more bytes break UTF-8 than form characters of it,
 * and none is a control or one of the five bytes that Windows-1252 leaves undefined.
 */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  options: { readonly windows1252: boolean },
): AsyncGenerator<string> {
  const reader = createTextReader(options.windows1252)
  for await (const chunk of bytes)
    for (let from = 0; from < chunk.length; from += pieceBytes) {
      const text = reader.push(chunk.subarray(from, from + pieceBytes), false)
      if (text !== '') yield text
      if (reader.failure() !== null) throw reader.failure()
    }
  const text = reader.push(new Uint8Array(0), true)
  if (text !== '') yield text
  if (reader.failure() !== null) throw reader.failure()
}

/** What the first bytes say about the encoding; null when they say nothing (UTF-8 or an ASCII superset). */
export function encodingOfHead(head: Uint8Array): Exclude<Encoding, 'windows-1252'> | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const pairs = Math.min(head.length, headBytes) >> 1
  if (pairs < 2) return null
  let evenZeros = 0
  let oddZeros = 0
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[pair * 2] === 0) evenZeros += 1
    if (head[pair * 2 + 1] === 0) oddZeros += 1
  }
  if (oddZeros * 4 >= pairs * 3 && evenZeros * 4 <= pairs) return 'utf-16le'
  if (evenZeros * 4 >= pairs * 3 && oddZeros * 4 <= pairs) return 'utf-16be'
  return null
}

interface TextReader {
  push(chunk: Uint8Array, last: boolean): string
  failure(): DecodeError | null
}

/** `head`: too little seen; `ascii`: nothing beyond ASCII yet; `window`: holding back to decide; `settled`. */
type Phase = 'head' | 'ascii' | 'window' | 'settled'

function createTextReader(windows1252: boolean): TextReader {
  let phase: Phase = 'head'
  let held: Uint8Array[] = []
  let heldLength = 0
  let decoder: StrictDecoder | null = null
  let linesBefore = 0

  function settle(encoding: Encoding, chunk: Uint8Array, last: boolean): string {
    decoder = createStrictDecoder(encoding, linesBefore, phase === 'head')
    phase = 'settled'
    return decoder.push(chunk, last)
  }

  function ascii(chunk: Uint8Array, last: boolean): string {
    let end = 0
    while (end < chunk.length && (chunk[end] as number) < 0x80) end += 1
    const text = asciiDecoder.decode(chunk.subarray(0, end))
    linesBefore += countLines(text)
    if (end === chunk.length) return text
    phase = 'window'
    return text + push(chunk.subarray(end), last)
  }

  function push(chunk: Uint8Array, last: boolean): string {
    if (phase === 'settled') return (decoder as StrictDecoder).push(chunk, last)
    if (phase === 'ascii') return ascii(chunk, last)
    held.push(chunk)
    heldLength += chunk.length
    if (!last && heldLength < (phase === 'head' ? headBytes : windowBytes)) return ''
    const all = concat(held, heldLength)
    held = []
    heldLength = 0
    if (phase === 'window') return settle(encodingOfWindow(all.subarray(0, windowBytes), last), all, last)
    const marked = encodingOfHead(all)
    if (marked !== null || !windows1252) return settle(marked ?? 'utf-8', all, last)
    phase = 'ascii'
    return ascii(all, last)
  }

  return { push, failure: () => decoder?.failure() ?? null }
}

const asciiDecoder = new TextDecoder('utf-8')

function encodingOfWindow(window: Uint8Array, whole: boolean): 'utf-8' | 'windows-1252' {
  let broken = 0
  let formed = 0
  for (let at = 0; at < window.length; ) {
    const byte = window[at] as number
    if (byte < 0x80) {
      if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) return 'utf-8'
      at += 1
      continue
    }
    const length = sequenceLength(byte)
    let end = at + 1
    while (end < at + length && ((window[end] ?? 0) & 0xc0) === 0x80) end += 1
    const cut = end === window.length && end < at + length && !(whole && window.length < windowBytes)
    if (cut) break
    if (length > 1 && end === at + length) {
      formed += 1
      at = end
    } else {
      broken += 1
      at += 1
    }
  }
  if (broken <= formed) return 'utf-8'
  return window.some((byte) => UNDEFINED_BYTES.has(byte)) ? 'utf-8' : 'windows-1252'
}

function sequenceLength(byte: number): number {
  if (byte >= 0xc2 && byte <= 0xdf) return 2
  if (byte >= 0xe0 && byte <= 0xef) return 3
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 1
}

const UNDEFINED_BYTES = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])
