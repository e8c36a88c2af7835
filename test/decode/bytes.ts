import type { RawRecord } from '../../src/exchange/parcel.ts'

/** A document as it might arrive: its bytes cut after these many bytes, again and again. */
export async function* cut(
  document: string | Uint8Array,
  sizes: readonly number[] = [],
): AsyncGenerator<Uint8Array> {
  const bytes = typeof document === 'string' ? new TextEncoder().encode(document) : document
  const steps = sizes.filter((size) => size > 0)
  let turn = 0
  for (let at = 0; at < bytes.length; ) {
    const size = steps.length === 0 ? bytes.length : (steps[turn++ % steps.length] as number)
    yield bytes.slice(at, at + size)
    at += size
  }
}

/** A document of any size that is never held: a beginning, a piece many times over, an end. */
export async function* repeated(
  beginning: string,
  piece: string,
  times: number,
  end: string,
  count: { pieces: number } = { pieces: 0 },
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode(beginning)
  const bytes = encoder.encode(piece)
  for (; count.pieces < times; count.pieces += 1) yield bytes
  yield encoder.encode(end)
}

export interface Decoded {
  readonly records: readonly RawRecord[]
  /** What ended the document early, as `CODE line`; null when it was read to its end. */
  readonly ended: string | null
}

/** Runs a decoder to its end or its refusal. */
export async function collect(batches: AsyncIterable<readonly RawRecord[]>): Promise<Decoded> {
  const records: RawRecord[] = []
  try {
    for await (const batch of batches) records.push(...batch)
  } catch (error) {
    const { name, code, line } = error as { name: string; code: string; line: number }
    if (name !== 'DecodeError') throw error
    return { records, ended: `${code} ${line}` }
  }
  return { records, ended: null }
}

export function utf16(text: string, order: 'le' | 'be', mark: boolean): Uint8Array {
  const units = [...(mark ? '\ufeff' : ''), ...text].join('')
  const bytes = new Uint8Array(units.length * 2)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < units.length; index += 1)
    view.setUint16(index * 2, units.charCodeAt(index), order === 'le')
  return bytes
}

export function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}
