import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl'
import { DecodeError } from '../decode/decode-error.ts'
import { type ByteSource, refusalOf, sizeOf, unpackedBytes } from './byte-source.ts'
import type { UnpackLimits } from './limits.ts'
import { damaged, refused, truncated } from './refusal.ts'

/** An archive whose directory was checked as a whole before anything in it was unpacked. */
export interface CheckedZip {
  /** Entries that hold documents: no directories, nothing that operating systems leave behind. */
  readonly entries: readonly Entry[]
  readonly isWorkbook: boolean
  /** An entry's bytes, with its size and checksum checked. */
  read(entry: Entry): AsyncGenerator<Uint8Array>
  close(): void
}

/**
 * Opens a ZIP archive. Throws DecodeError: FILE_TRUNCATED where its directory is missing, and
 * FILE_ARCHIVE_REFUSED for too many entries, too much to unpack, entries that overlap, share a name, leave the
 * archive by their name, are links, encrypted or packed in an unusual way. The caller closes it.
 */
export async function openZip(source: ByteSource, limits: UnpackLimits): Promise<CheckedZip> {
  const size = await sizeOf(source)
  const zip = await open(source)
  try {
    const { entries, isWorkbook } = await checkedEntries(zip, limits)
    refuseOverlap(entries, size)
    return {
      entries: entries.filter((entry) => !isClutter(entry.fileName)),
      isWorkbook,
      read: (entry) => readEntry(zip, entry),
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw refusalOf(error)
  }
}

async function open(source: ByteSource): Promise<ZipFile> {
  try {
    if ('path' in source) return await openPromise(source.path, { autoClose: false })
    const { buffer, byteOffset, length } = source.bytes
    return await fromBufferPromise(Buffer.from(buffer, byteOffset, length))
  } catch (error) {
    // Its first bytes said that it is an archive; only its end, where the directory stands, can be missing.
    if (error instanceof Error && /end of central directory/i.test(error.message)) throw truncated()
    throw refusalOf(error)
  }
}

async function checkedEntries(
  zip: ZipFile,
  limits: UnpackLimits,
): Promise<{ entries: Entry[]; isWorkbook: boolean }> {
  if (zip.entryCount > limits.workbookEntriesMax) throw tooMany(limits.workbookEntriesMax)
  const entries: Entry[] = []
  const names = new Set<string>()
  for await (const entry of zip.eachEntry()) {
    checkEntry(entry, limits)
    if (names.has(entry.fileName)) throw refused(`two entries are named ${shown(entry)}.`)
    names.add(entry.fileName)
    entries.push(entry)
  }
  const isWorkbook = isWorkbookOf(names)
  const max = isWorkbook ? limits.workbookUnpackedBytesMax : limits.unpackedBytesMax
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
  if (total > max) throw refused(`it unpacks to more than ${max} bytes.`)
  if (!isWorkbook && zip.entryCount > limits.entriesMax) throw tooMany(limits.entriesMax)
  return { entries, isWorkbook }
}

/** Office documents are archives too; only one of their kinds is read. */
function isWorkbookOf(names: ReadonlySet<string>): boolean {
  const office = names.has('[Content_Types].xml')
  if (office && !names.has('xl/workbook.bin') && [...names].some((name) => name.startsWith('xl/')))
    return true
  const open = names.has('mimetype') && names.has('META-INF/manifest.xml')
  if (office || open)
    throw new DecodeError('FILE_TYPE_UNKNOWN', 0, 'the file is an office document, but no XLSX workbook.')
  return false
}

/** File types of Unix, as archives made there tell them. */
const typeBits = 0o170000
const regularFile = 0o100000
const directory = 0o040000

function checkEntry(entry: Entry, limits: UnpackLimits): void {
  const { compressedSize: packed, uncompressedSize: unpacked } = entry
  if (entry.isEncrypted()) throw refused('it is encrypted; send it without a password.')
  if (!entry.canDecodeFileData()) throw refused(`${shown(entry)} is packed in a way that is not read.`)
  const type = entry.versionMadeBy >> 8 === 3 ? (entry.externalFileAttributes >>> 16) & typeBits : 0
  if (type !== 0 && type !== regularFile && type !== directory)
    throw refused(`${shown(entry)} is a link or device, not a file.`)
  if (unpacked > limits.ratioFreeBytes && unpacked > packed * limits.ratioMax)
    throw refused(`${shown(entry)} unpacks to more than ${limits.ratioMax} times its size.`)
}

/** Entries that share bytes let a small archive unpack to any amount. */
function refuseOverlap(entries: readonly Entry[], size: number): void {
  const sorted = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  for (const [index, entry] of sorted.entries()) {
    const end =
      entry.relativeOffsetOfLocalHeader + localHeaderBytes + entry.fileNameLength + entry.compressedSize
    if (end > (sorted[index + 1]?.relativeOffsetOfLocalHeader ?? size))
      throw refused(`${shown(entry)} overlaps with another entry.`)
  }
}

const localHeaderBytes = 30

async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw refusalOf(error)
  })
  let sum = 0
  for await (const chunk of unpackedBytes(stream)) {
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (sum !== entry.crc32) throw damaged(`${shown(entry)} has another checksum`)
}

function isClutter(name: string): boolean {
  const last = name.slice(name.lastIndexOf('/') + 1)
  return last === '' || name.startsWith('__MACOSX/') || last === '.DS_Store' || last === 'Thumbs.db'
}

function tooMany(max: number): Error {
  return refused(`it has more than ${max} entries.`)
}

/** An entry's name for people: names are never used as paths. */
export function shown(entry: Entry): string {
  return [...entry.fileName]
    .slice(-200)
    .map((char) => (char < ' ' || char === '\u007f' ? '?' : char))
    .join('')
}
