import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { type ByteSource, sizeOf } from './byte-source.ts'
import { damaged, refused, truncated } from './refusal.ts'

/** Content type of many small files put together to be received as one document. */
export const BUNDLE_TYPE = 'application/vnd.tributary.bundle+zip'

export interface BundleMember {
  /** As the bundle names it; unique in it. Never a path. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Share of the bundle's bytes up to this member's end, 0 to 1. */
  readonly share: number
}

/** Members of a bundle, and its size in bytes. The node makes bundles and keeps far below. */
const membersMax = 20_000
const bundleBytesMax = 2 ** 30
/** Small members are read together. */
const windowBytes = 2 ** 20

/**
 * The files in a bundle: a ZIP archive made by the node itself, whose members are stored and in order. Their
 * bytes are cut out of it directly, because a stream for each costs more than all else that is done with a
 * small file.
 * Throws DecodeError FILE_ARCHIVE_REFUSED or FILE_TRUNCATED where it is no bundle as the node makes them.
 */
export async function* bundleMembers(source: ByteSource): AsyncGenerator<BundleMember> {
  const size = await sizeOf(source)
  if (size > bundleBytesMax) throw refused(`a bundle has ${bundleBytesMax} bytes at most.`)
  const { read, close } = await openBytes(source)
  try {
    const entries = await directoryOf(read, size)
    let from = 0
    let window: Uint8Array = new Uint8Array(0)
    for (const [index, entry] of entries.entries()) {
      const end = entries[index + 1]?.at ?? size
      if (entry.at < from || end > from + window.length) {
        from = entry.at
        window = await read(from, Math.min(Math.max(windowBytes, end - from), size - from))
      }
      const bytes = storedBytes(window.subarray(entry.at - from, end - from), entry)
      yield { name: entry.name, bytes, share: Math.min(1, end / size) }
    }
  } finally {
    await close()
  }
}

interface Entry {
  readonly name: string
  /** Where its local header begins. */
  readonly at: number
  readonly length: number
  readonly crc: number
}

interface Bytes {
  /** So many bytes from there. Throws FILE_TRUNCATED where there are less. */
  read(from: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

async function openBytes(source: ByteSource): Promise<Bytes> {
  if ('bytes' in source)
    return {
      read: async (from, length) => source.bytes.subarray(from, from + length),
      close: async () => {},
    }
  const file = await open(source.path)
  return {
    async read(from, length) {
      const buffer = new Uint8Array(length)
      for (let filled = 0; filled < length; ) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, from + filled)
        if (bytesRead === 0) throw truncated()
        filled += bytesRead
      }
      return buffer
    },
    close: () => file.close(),
  }
}

/** Sizes and marks of the ZIP format: APPNOTE 4.3.7, 4.3.12 and 4.3.16. */
const endBytes = 22
const endMark = 0x06054b50
const entryBytes = 46
const entryMark = 0x02014b50
const localBytes = 30
const localMark = 0x04034b50
const encrypted = 1

async function directoryOf(read: Bytes['read'], size: number): Promise<readonly Entry[]> {
  if (size < endBytes) throw truncated()
  const end = viewOf(await read(size - endBytes, endBytes))
  if (end.getUint32(0, true) !== endMark) throw truncated()
  const count = end.getUint16(10, true)
  const length = end.getUint32(12, true)
  const at = end.getUint32(16, true)
  if (count > membersMax) throw refused(`a bundle has ${membersMax} members at most.`)
  if (at + length + endBytes !== size) throw damaged('its directory is not where it should be')
  const directory = await read(at, length)
  const entries = entriesOf(directory, count)
  const last = entries.reduce((before, entry) => {
    if (entry.at < before) throw damaged('its members are out of order')
    return entry.at + localBytes + entry.length
  }, 0)
  if (last > at) throw damaged('a member reaches into its directory')
  return entries
}

function entriesOf(directory: Uint8Array, count: number): Entry[] {
  const view = viewOf(directory)
  const text = new TextDecoder()
  const entries: Entry[] = []
  const names = new Set<string>()
  for (let at = 0; entries.length < count; ) {
    if (at + entryBytes > directory.length || view.getUint32(at, true) !== entryMark)
      throw damaged('its directory is cut off')
    const stored = view.getUint16(at + 10, true) === 0 && (view.getUint16(at + 8, true) & encrypted) === 0
    const length = view.getUint32(at + 24, true)
    if (!stored || view.getUint32(at + 20, true) !== length) throw refused('a member of a bundle is packed.')
    const nameEnd = at + entryBytes + view.getUint16(at + 28, true)
    const name = text.decode(directory.subarray(at + entryBytes, nameEnd))
    if (names.has(name)) throw refused('two members of a bundle have one name.')
    names.add(name)
    entries.push({ name, at: view.getUint32(at + 42, true), length, crc: view.getUint32(at + 16, true) })
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

/** A member's bytes, out of those from its local header to the next. */
function storedBytes(piece: Uint8Array, { length, crc }: Entry): Uint8Array {
  const view = viewOf(piece)
  if (piece.length < localBytes || view.getUint32(0, true) !== localMark)
    throw damaged('a member is not where it should be')
  const at = localBytes + view.getUint16(26, true) + view.getUint16(28, true)
  const bytes = piece.subarray(at, at + length)
  if (bytes.length !== length || crc32(bytes) !== crc) throw damaged('a member has another checksum')
  return bytes
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
