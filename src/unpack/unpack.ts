import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DecodeError } from '../decode/decode-error.ts'
import { type DocumentFormat, misnamed, type Sniffed, sniff, sniffBytes } from '../decode/sniff.ts'
import { type ByteSource, headOf, peek, piecesOf, sizeOf, unpackedBytes, wholeOf } from './byte-source.ts'
import { UNPACK_LIMITS, type UnpackLimits } from './limits.ts'
import { refused } from './refusal.ts'
import { type CheckedZip, openZip, shown } from './zip.ts'

/** One document, as it was sent or out of an archive. Its bytes can be read once, before the next is asked for. */
export interface Part {
  /** The file's own name, or the archive member's. For people; never a path. */
  readonly name: string
  /** Name of the member of a ZIP archive, '' outside one. */
  readonly member: string
  readonly format: DocumentFormat
  /** Came out of an archive: its bytes are not the document's as sent. */
  readonly packed: boolean
  /** A sentence when the name promises another format; otherwise null. */
  readonly note: string | null
  readonly bytes: AsyncIterable<Uint8Array>
  /**
   * Bytes of a file of the same archive, by its name from the archive's top or from beside the part; `large` past
   * the limit, null where there is no such file. Throws as `bytes` does.
   */
  readonly attached?: (name: string, bytesMax: number) => Promise<Uint8Array | 'large' | null>
}

export interface UnpackOptions {
  /** As the sender named the file, '' when it has no name. Used in messages only. */
  readonly fileName: string
  readonly limits?: UnpackLimits
  /** Members of an archive are handed on from the smallest of these numbers; default the directory's order. */
  readonly orderOf?: (member: string) => number
  /** Members that are no tables and trees may be there, to be asked for by name; default they are refused. */
  readonly attachments?: boolean
}

/**
 * The documents in what was sent: itself, the content of a gzip file, or the members of a ZIP archive in order.
 * An archive is checked as a whole, and the beginning of each member looked at,
 * before the first is handed on. Archives in archives are refused, except workbooks.
 *
 * Throws DecodeError FILE_EMPTY, FILE_TYPE_UNKNOWN, FILE_TRUNCATED, FILE_TOO_LARGE or FILE_ARCHIVE_REFUSED;
 * the bytes of a part may throw the last three as they are read.
 */
export async function* unpackDocument(source: ByteSource, options: UnpackOptions): AsyncGenerator<Part> {
  const limits = options.limits ?? UNPACK_LIMITS
  const { kind, seems } = sniff(await headOf(source, sniffBytes))
  const name = options.fileName
  if (kind === 'gzip') yield* gunzipped(source, name, limits)
  else if (kind === 'zip' || kind === 'xlsx') yield* zipped(source, options, limits)
  else {
    const format = formatOf({ kind, seems }, 'the file')
    yield { name, member: '', format, packed: false, note: misnamed(name, kind), bytes: piecesOf(source) }
  }
}

/** The format of a document that is no archive. */
function formatOf({ kind, seems }: Sniffed, what: string): DocumentFormat {
  if (kind === 'empty') throw new DecodeError('FILE_EMPTY', 0, `${what} is empty.`)
  if (kind === 'unknown')
    throw new DecodeError(
      'FILE_TYPE_UNKNOWN',
      0,
      `${what} seems to be ${seems}; send CSV, XLSX, XLS, XML or JSON, or one of them in ZIP or gzip.`,
    )
  if (kind === 'zip' || kind === 'gzip') throw refused(`${what} is an archive in an archive.`)
  return kind
}

async function* gunzipped(source: ByteSource, fileName: string, limits: UnpackLimits): AsyncGenerator<Part> {
  const name = fileName.replace(/\.gz(?:ip)?$/i, '')
  const { head, bytes, close } = await peek(gunzip(source, await sizeOf(source), limits), sniffBytes)
  try {
    const sniffed = sniff(head)
    const format = formatOf(sniffed, 'the content of the gzip file')
    yield {
      name,
      member: '',
      format,
      packed: true,
      note: misnamed(name, sniffed.kind),
      bytes: format === 'xlsx' ? checkedWorkbook(bytes, limits) : bytes,
    }
  } finally {
    await close()
  }
}

async function* gunzip(source: ByteSource, size: number, limits: UnpackLimits): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip()
  // Errors reach the reader through the unpacker; the callback only keeps them from being unhandled.
  pipeline(Readable.from(piecesOf(source)), unpacker, () => {})
  let total = 0
  for await (const chunk of unpackedBytes(unpacker)) {
    total += chunk.length
    if (total > limits.unpackedBytesMax)
      throw refused(`it unpacks to more than ${limits.unpackedBytesMax} bytes.`)
    if (total > limits.ratioFreeBytes && total > size * limits.ratioMax)
      throw refused(`it unpacks to more than ${limits.ratioMax} times its size.`)
    yield chunk
  }
  if (unpacker.bytesWritten !== size) throw refused('something else follows the end of the gzip data.')
}

async function* zipped(
  source: ByteSource,
  { fileName, orderOf, attachments = false }: UnpackOptions,
  limits: UnpackLimits,
): AsyncGenerator<Part> {
  const zip = await openZip(source, limits)
  try {
    if (zip.isWorkbook) {
      const note = misnamed(fileName, 'xlsx')
      const bytes = wholeWorkbook(source, limits)
      yield { name: fileName, member: '', format: 'xlsx', packed: false, note, bytes }
      return
    }
    if (zip.entries.length === 0) throw new DecodeError('FILE_EMPTY', 0, 'the archive holds no file.')
    const parts: Part[] = []
    const attached = attachments ? attachedFiles(zip, limits) : null
    for (const entry of zip.entries) {
      const part = await memberOf(zip, entry, limits, attached)
      if (part !== null) parts.push(part)
    }
    if (parts.length === 0) throw new DecodeError('FILE_EMPTY', 0, 'the archive holds no records.')
    yield* orderOf === undefined ? parts : parts.toSorted((a, b) => orderOf(a.name) - orderOf(b.name))
  } finally {
    zip.close()
  }
}

async function memberOf(
  zip: CheckedZip,
  entry: CheckedZip['entries'][number],
  limits: UnpackLimits,
  attached: ReturnType<typeof attachedFiles> | null,
): Promise<Part | null> {
  const name = shown(entry)
  if (attached !== null && documentNames.test(name)) return null
  const { head, close } = await peek(zip.read(entry), sniffBytes)
  await close()
  const sniffed = sniff(head)
  if (attached !== null && sniffed.kind === 'unknown') return null
  const format = formatOf(sniffed, name)
  return {
    name,
    member: name,
    format,
    packed: true,
    note: misnamed(name, sniffed.kind),
    bytes: format === 'xlsx' ? checkedWorkbook(zip.read(entry), limits) : zip.read(entry),
    ...(attached === null ? {} : { attached: attached(name) }),
  }
}

/** What is never a table, whatever is in it. */
const documentNames = /\.(?:gif|tiff?|jpe?g|pdf|png|bmp)$/i

/** The files of an archive, for a part of it that names them. A file may be asked for again; all that is read is limited. */
function attachedFiles(
  zip: CheckedZip,
  limits: UnpackLimits,
): (part: string) => NonNullable<Part['attached']> {
  const entries = new Map(zip.entries.map((entry) => [entry.fileName.replaceAll('\\', '/'), entry]))
  let left = limits.unpackedBytesMax
  return (part) => async (name, bytesMax) => {
    const path = name.trim().replaceAll('\\', '/').replace(/^\.\//, '')
    const folder = part.slice(0, part.lastIndexOf('/') + 1)
    const entry = entries.get(path) ?? entries.get(`${folder}${path}`)
    if (entry === undefined) return null
    if (entry.uncompressedSize > bytesMax) return 'large'
    left -= entry.uncompressedSize
    if (left < 0)
      throw refused(
        `its files are named so often that they unpack to more than ${limits.unpackedBytesMax} bytes.`,
      )
    const chunks: Uint8Array[] = []
    for await (const chunk of zip.read(entry)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
}

async function* wholeWorkbook(source: ByteSource, limits: UnpackLimits): AsyncGenerator<Uint8Array> {
  if ((await sizeOf(source)) > limits.workbookBytesMax) throw workbookTooLarge(limits)
  yield await wholeOf(source)
}

/** A workbook inside an archive goes through the same checks as one that came alone. */
async function* checkedWorkbook(
  bytes: AsyncIterable<Uint8Array>,
  limits: UnpackLimits,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > limits.workbookBytesMax) throw workbookTooLarge(limits)
    chunks.push(chunk)
  }
  const workbook = Buffer.concat(chunks)
  const zip = await openZip({ bytes: workbook }, limits)
  zip.close()
  if (!zip.isWorkbook) throw refused('it holds an archive in an archive.')
  yield workbook
}

function workbookTooLarge(limits: UnpackLimits): DecodeError {
  const reason = `a workbook of more than ${limits.workbookBytesMax} bytes is not read; send it as CSV.`
  return new DecodeError('FILE_TOO_LARGE', 0, reason)
}
