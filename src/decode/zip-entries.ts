import { DecodeError } from './decode-error.ts'

/** A file inside a ZIP archive, as the archive's directory tells of it. */
export interface ZipEntry {
  readonly name: string
  readonly method: 'stored' | 'deflated'
  readonly packedSize: number
  readonly size: number
  /** Where its local header starts. */
  readonly offset: number
}

const END_SIGNATURE = 0x06054b50
const END64_LOCATOR_SIGNATURE = 0x07064b50
const END64_SIGNATURE = 0x06064b50
const ENTRY_SIGNATURE = 0x02014b50
const LOCAL_SIGNATURE = 0x04034b50
const endBytes = 22
const commentBytesMax = 65_535
/** A workbook has some dozens of parts; an entry for each picture of a large one still fits. */
const entriesMax = 5_000
const pieceBytes = 64 * 1024

/**
 * The directory of a ZIP archive that is held in memory, by name; the directory, not the local headers,
 * says what is there, and of two entries with one name the first counts. Throws DecodeError FILE_TRUNCATED
 * where there is no directory and FILE_ARCHIVE_REFUSED for what no workbook needs.
 */
export function readZipDirectory(bytes: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { count, start } = findDirectory(view)
  if (count > entriesMax) throw refused(`the archive has more than ${entriesMax} entries.`)
  const entries = new Map<string, ZipEntry>()
  let at = start
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== ENTRY_SIGNATURE) throw truncated()
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true)
    if (next > bytes.length) throw truncated()
    const entry = readEntry(view, at, nameLength, extraLength)
    if (entry !== null && !entries.has(entry.name)) entries.set(entry.name, entry)
    at = next
  }
  return entries
}

function findDirectory(view: DataView): { count: number; start: number } {
  const last = view.byteLength - endBytes
  for (let at = last; at >= Math.max(0, last - commentBytesMax); at -= 1) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue
    const count = view.getUint16(at + 10, true)
    const start = view.getUint32(at + 16, true)
    if (count !== 0xffff && start !== 0xffffffff) return { count, start }
    const locator = at - 20
    if (locator < 0 || view.getUint32(locator, true) !== END64_LOCATOR_SIGNATURE) return { count, start }
    const end64 = Number(view.getBigUint64(locator + 8, true))
    if (end64 + 56 > view.byteLength || view.getUint32(end64, true) !== END64_SIGNATURE) throw truncated()
    return {
      count: Number(view.getBigUint64(end64 + 32, true)),
      start: Number(view.getBigUint64(end64 + 48, true)),
    }
  }
  throw truncated()
}

function readEntry(view: DataView, at: number, nameLength: number, extraLength: number): ZipEntry | null {
  const method = view.getUint16(at + 10, true)
  const encrypted = (view.getUint16(at + 8, true) & 1) !== 0
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength)
  const name = new TextDecoder().decode(bytes)
  if (encrypted) throw refused('the archive is encrypted.')
  if (method !== 0 && method !== 8) return null
  const sizes = [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ] as [number, number, number]
  readLongSizes(view, at + 46 + nameLength, extraLength, sizes)
  const [size, packedSize, offset] = sizes
  return { name, method: method === 0 ? 'stored' : 'deflated', packedSize, size, offset }
}

/** ZIP64 keeps in an extra field, in this order, only what does not fit its ordinary place. */
function readLongSizes(view: DataView, start: number, length: number, sizes: [number, number, number]): void {
  const end = start + length
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let value = at + 4
    for (const index of [0, 1, 2] as const) {
      if (sizes[index] !== 0xffffffff || value + 8 > end) continue
      sizes[index] = Number(view.getBigUint64(value, true))
      value += 8
    }
    return
  }
}

/**
 * An entry's content. Ends with FILE_TOO_LARGE as soon as it has given `sizeMax` bytes, whatever size the
 * archive claims, with FILE_TRUNCATED when the archive ends first and FILE_MALFORMED for broken packing.
 */
export async function* readZipEntry(
  bytes: Uint8Array,
  entry: ZipEntry,
  sizeMax: number,
): AsyncGenerator<Uint8Array> {
  const packed = packedBytes(bytes, entry)
  let given = 0
  for await (const chunk of entry.method === 'stored' ? pieces(packed) : inflate(packed)) {
    given += chunk.length
    if (given > sizeMax)
      throw new DecodeError('FILE_TOO_LARGE', 0, `${entry.name} is larger than ${sizeMax} bytes.`)
    yield chunk
  }
}

function packedBytes(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { offset } = entry
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL_SIGNATURE) throw truncated()
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  if (start + entry.packedSize > bytes.length) throw truncated()
  return bytes.subarray(start, start + entry.packedSize)
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes)
}

async function* inflate(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  let from = 0
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (from >= packed.length) controller.close()
      // A copy, because the stream may take the memory of what it is given.
      else controller.enqueue(new Uint8Array(packed.subarray(from, from + pieceBytes)))
      from += pieceBytes
    },
  })
  const reader = source.pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw broken(error)
      })
      if (done) return
      yield value
    }
  } finally {
    // Left early: what was not read is let go of. A stream that failed has nothing left to cancel.
    await reader.cancel().catch(() => {})
  }
}

function broken(error: unknown): DecodeError {
  const why = error instanceof Error ? error.message : 'unknown'
  return new DecodeError('FILE_MALFORMED', 0, `a part of the workbook cannot be unpacked (${why}).`)
}

function truncated(): DecodeError {
  return new DecodeError('FILE_TRUNCATED', 0, 'the workbook ends early, or is no XLSX workbook.')
}

function refused(reason: string): DecodeError {
  return new DecodeError('FILE_ARCHIVE_REFUSED', 0, reason)
}
