import { DecodeError } from './decode-error.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

const UNDEFINED_TEXT = /[\u0081\u008d\u008f\u0090\u009d]/
/** Windows-1252 at 0x80–0x9f; a space where it has no character. */
const HIGH_CONTROLS = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'

/** Hands on text up to the first bad byte; from then on `failure` tells what was wrong. */
export interface StrictDecoder {
  push(chunk: Uint8Array, last: boolean): string
  failure(): DecodeError | null
}

/** A decoder that starts after `linesBefore` lines; a byte order mark is dropped only at the document's start. */
export function createStrictDecoder(
  encoding: Encoding,
  linesBefore: number,
  atStart: boolean,
): StrictDecoder {
  let lines = linesBefore
  let seen = 0
  let failure: DecodeError | null = null
  let tail: Uint8Array = new Uint8Array(0)
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: !atStart })

  function fail(text: string, code: 'FILE_ENCODING' | 'FILE_TRUNCATED', reason: string): string {
    lines += countLines(text)
    failure = new DecodeError(code, lines + 1, reason)
    return text
  }

  return {
    failure: () => failure,
    push(chunk, last) {
      let text: string
      try {
        text = decoder.decode(chunk, { stream: true })
      } catch {
        const { good, byte } = goodPrefix(
          encoding,
          pendingOf(encoding, tail, seen),
          chunk,
          atStart && seen === 0,
        )
        return fail(
          good,
          'FILE_ENCODING',
          `byte 0x${byte.toString(16)} is not ${encodingName(encoding)} text.`,
        )
      }
      if (encoding === 'windows-1252') {
        const wrong = UNDEFINED_TEXT.exec(text)
        if (wrong !== null)
          return fail(
            fromWindows1252(text.slice(0, wrong.index)),
            'FILE_ENCODING',
            'a byte is not Windows-1252 text.',
          )
        text = fromWindows1252(text)
      }
      if (last && !flushes(decoder))
        return fail(text, 'FILE_TRUNCATED', 'the file ends in the middle of a character.')
      lines += countLines(text)
      seen += chunk.length
      tail = chunk.length >= 4 ? chunk.slice(-4) : concat([tail, chunk], tail.length + chunk.length).slice(-4)
      return text
    },
  }
}

function flushes(decoder: InstanceType<typeof TextDecoder>): boolean {
  try {
    decoder.decode()
    return true
  } catch {
    return false
  }
}

/** Some runtimes decode windows-1252 as ISO-8859-1, which differs in these 32 characters only. */
function fromWindows1252(text: string): string {
  return text.replace(/[\u0080-\u009f]/g, (char) => HIGH_CONTROLS[char.charCodeAt(0) - 0x80] as string)
}

/**
 * The text of a chunk before its first bad byte. A fatal decoder tells only that there is one, so the place
 * is found by halving: decoding a prefix fails exactly when the bad byte is in it.
 */
function goodPrefix(
  encoding: Encoding,
  pending: Uint8Array,
  chunk: Uint8Array,
  atStart: boolean,
): { good: string; byte: number } {
  const decode = (end: number): string | null => {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: !atStart })
    try {
      return (
        decoder.decode(pending, { stream: true }) + decoder.decode(chunk.subarray(0, end), { stream: true })
      )
    } catch {
      return null
    }
  }
  let fits = 0
  let fails = chunk.length
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1
    if (decode(middle) === null) fails = middle
    else fits = middle
  }
  return { good: decode(fits) ?? '', byte: chunk[fits] ?? 0 }
}

/** Bytes at the end of the `seen` bytes decoded before that begin a character not complete yet. */
function pendingOf(encoding: Encoding, tail: Uint8Array, seen: number): Uint8Array {
  const wide = encoding === 'utf-16le' || encoding === 'utf-16be'
  for (let length = Math.min(3, tail.length); length > 0; length -= 1) {
    if (wide && length % 2 !== seen % 2) continue
    const end = tail.subarray(-length)
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
    try {
      if (decoder.decode(end, { stream: true }) === '' && !flushes(decoder)) return end
    } catch {
      // These bytes begin inside a character; a shorter end may not.
    }
  }
  return new Uint8Array(0)
}

function encodingName(encoding: Encoding): string {
  return encoding === 'windows-1252' ? 'Windows-1252' : encoding.toUpperCase()
}

/** Line ends in a text. */
export function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

/** Joins pieces whose lengths add up to `length`. */
export function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
