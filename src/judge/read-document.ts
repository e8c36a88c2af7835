import { type DecodeType, decodeDocument } from '../decode/decode.ts'
import { DecodeError, isDecodeError } from '../decode/decode-error.ts'
import { decodeTypesOf } from '../decode/decode-types.ts'
import { DEFAULT_LIMITS, type DecodeLimits, limitsOf } from '../decode/limits.ts'
import type { DocumentFormat } from '../decode/sniff.ts'
import { groupColumnsOf } from '../exchange/columns.ts'
import type { Definition } from '../exchange/definition.ts'
import { documentFields } from '../exchange/document-parts.ts'
import { formatOfName, memberName } from '../exchange/file-name.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { compileTypeOfName, type TypeOfName } from '../exchange/record-types.ts'
import { compileFindType, type FindType, saidType } from '../translate/record-type.ts'
import { BUNDLE_TYPE, bundleMembers } from '../unpack/bundle.ts'
import type { ByteSource } from '../unpack/byte-source.ts'
import { BUNDLE_LIMITS, UNPACK_LIMITS, type UnpackLimits } from '../unpack/limits.ts'
import { type Part, type UnpackOptions, unpackDocument } from '../unpack/unpack.ts'
import type { ReadAttached } from './judge.ts'
import { compileFileNaming, type FileNaming, type NameFound, NO_NAMES, onlyOne } from './naming.ts'

/** Where a document's bytes are: a file, or in hand. */
export type DocumentSource =
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

/** How a document is read. Whoever reads it again with the same finds the same records at the same positions. */
export interface DocumentReading {
  readonly fileName: string
  readonly limits: DecodeLimits
  /** Hold the document, and its records, against the rules for file names and what the name says; default false. */
  readonly naming?: boolean
  /** It is many files put together by the node, each read and named by itself; default false. */
  readonly bundle?: boolean
}

export const documentLimits: DecodeLimits = DEFAULT_LIMITS

/** How the document of a submission is read, told by the way it came. */
export function readingOf(submission: {
  readonly channel: string
  readonly contentType: string | null
  readonly fileName: string
}): DocumentReading {
  const { channel, contentType, fileName } = submission
  // What a bundle is allowed, nobody else's archive is: only files that were picked up are put into one.
  const pickedUp = channel === 'sftp' || channel === 'drop'
  return {
    fileName,
    limits: documentLimits,
    naming: pickedUp,
    bundle: pickedUp && contentType === BUNDLE_TYPE,
  }
}

/** Raw records of a document, as they were read together. */
export interface ReadBatch {
  readonly records: readonly RawRecord[]
  readonly share: number | null
  readonly format: DocumentFormat
  /** Name of the archive's member, '' outside archives; see `RawRecord.member`. */
  readonly member: string
  /** Names that the records must agree with. */
  readonly names: readonly NameFound[]
  /** Reads a file of the same archive that a record names. */
  readonly attached: ReadAttached
}

/**
 * The raw records of a document, with how far reading has come. In a bundle, a member that cannot be read, or
 * whose name is wrong, is one broken record with the file's trouble, at its place after what was read of it.
 */
export async function* readDocument(
  definition: Definition,
  source: DocumentSource,
  reading: DocumentReading,
): AsyncGenerator<ReadBatch> {
  const reader: Reader = {
    definition,
    limits: limitsOf(definition, reading.limits),
    attachments: definition.types.some((type) => documentFields(type).length > 0),
    types: decodeTypesOf(definition),
    typeOfName: compileTypeOfName(definition),
    findType: compileFindType(definition),
    namingOf: reading.naming === true ? compileFileNaming(definition) : () => NO_NAMES,
    unpackLimits: reading.bundle === true ? BUNDLE_LIMITS : UNPACK_LIMITS,
    position: 0,
  }
  const bytes = source.kind === 'file' ? { path: source.path } : { bytes: source.bytes }
  if (reading.bundle === true) yield* readBundle(reader, bytes)
  else {
    const size = source.kind === 'file' ? source.size : source.bytes.length
    yield* readFile(reader, { source: bytes, name: reading.fileName, member: '', size })
  }
}

interface Reader {
  readonly definition: Definition
  readonly limits: DecodeLimits
  /** The types of an exchange that has several. */
  readonly types: readonly DecodeType[]
  readonly typeOfName: TypeOfName
  /** Files of an archive may be documents of records. */
  readonly attachments: boolean
  readonly findType: FindType
  readonly namingOf: (name: string) => FileNaming
  /** What the rest of the document may unpack to. */
  unpackLimits: UnpackLimits
  /** Of the record before. */
  position: number
}

/** One file as it was sent. */
interface SentFile {
  readonly source: ByteSource
  readonly name: string
  /** Its name in the bundle, '' outside one. */
  readonly member: string
  readonly size: number
}

async function* readBundle(reader: Reader, bundle: ByteSource): AsyncGenerator<ReadBatch> {
  for await (const { name, bytes, share } of bundleMembers(bundle)) {
    let position = reader.position
    const file = { source: { bytes }, name, member: name, size: bytes.length }
    try {
      for await (const batch of readFile(reader, file)) {
        position = batch.records.at(-1)?.position ?? position
        yield { ...batch, share }
      }
    } catch (error) {
      if (!isDecodeError(error)) throw error
      position += 1
      const format = formatOfName(name) ?? 'csv'
      yield {
        records: [brokenFile(position, name, error)],
        share,
        format,
        member: name,
        names: [],
        attached: noFile,
      }
    }
    // What was read but not handed on has no position.
    reader.position = position
  }
}

const noFile: ReadAttached = async () => null

function brokenFile(position: number, member: string, { code, line, message }: DecodeError): RawRecord {
  return { position, line, member, shape: { kind: 'broken', code, reason: message }, text: '' }
}

async function* readFile(reader: Reader, file: SentFile): AsyncGenerator<ReadBatch> {
  const naming = reader.namingOf(file.name)
  await requireBatch(reader, file)
  const batches = readParts(reader, file, naming)
  yield* naming.one ? onlyOne(batches) : batches
}

async function* readParts(reader: Reader, file: SentFile, naming: FileNaming): AsyncGenerator<ReadBatch> {
  const limits = reader.unpackLimits
  for await (const part of unpackDocument(file.source, unpackOptions(reader, file, limits))) {
    const { names, one } = naming.documentIn(part.member, part.format)
    const batches = readPart(reader, file, part, names)
    yield* one ? onlyOne(batches) : batches
  }
}

async function* readPart(
  reader: Reader,
  file: SentFile,
  part: Part,
  names: readonly NameFound[],
): AsyncGenerator<ReadBatch> {
  const { format, attached = noFile } = part
  const member = memberName(file.member, part.member)
  let read = 0
  const { definition, limits, types, typeOfName, findType } = reader
  const ofName = typeOfName(part.name)
  const named = definition.types.find(({ name }) => name === ofName)
  const bytes = counted(part.bytes, (length) => (read += length))
  const options = {
    formats: definition.formats,
    limits,
    groupColumns: groupColumnsOf(definition, named),
    types,
    firstPosition: reader.position + 1,
    member,
  }
  try {
    for await (const found of decodeDocument(bytes, format, options)) {
      const records = types.length === 0 ? found : found.map((record) => findType(record, ofName))
      if (reader.position + 1 === options.firstPosition) refuseUnknown(reader, part, records[0])
      reader.position = records.at(-1)?.position ?? reader.position
      yield {
        records,
        share: part.packed ? null : Math.min(1, read / file.size),
        format,
        member,
        names,
        attached,
      }
    }
  } finally {
    if (part.packed) reader.unpackLimits = less(reader.unpackLimits, read)
  }
}

function unpackOptions(reader: Reader, { name }: SentFile, limits: UnpackLimits): UnpackOptions {
  const { attachments } = reader
  if (reader.types.length === 0) return { fileName: name, limits, attachments }
  const order = new Map(reader.types.map((type, index) => [type.name, index]))
  // Types that others build on first, so that what refers to them finds them.
  const orderOf = (member: string) => order.get(reader.typeOfName(member) ?? '') ?? order.size
  return { fileName: name, limits, attachments, orderOf }
}

/** A file whose very first record is of no type has no types at all; later ones are refused one by one. */
function refuseUnknown({ definition }: Reader, part: Part, first: RawRecord | undefined): void {
  if (first?.type !== null) return
  if (saidType(first, definition.formats.recordType) !== '' || first.shape.kind === 'broken') return
  const known = definition.types.map(({ name, forms }) => `${name} (${forms.member})`).join(', ')
  const how = part.format === 'json' ? 'a member' : part.format === 'xml' ? 'an element' : 'a column'
  throw new DecodeError(
    'FILE_RECORDS_UNKNOWN',
    first.line,
    `nothing tells which records ${part.member === '' ? 'the file' : part.member} holds: ${known}. ` +
      `Name the file so, or the type in ${how} ${definition.formats.recordType}.`,
  )
}

/**
 * Throws DecodeError FILE_BATCH_INCOMPLETE where a file lacks a type that must come with the others, before a
 * record is handed on. A member named for a type counts, also without a record; else records are looked for.
 */
async function requireBatch(reader: Reader, file: SentFile): Promise<void> {
  const missing = new Set(reader.definition.batch.required)
  if (missing.size === 0) return
  const limits = reader.unpackLimits
  for await (const part of unpackDocument(file.source, unpackOptions(reader, file, limits)))
    if (part.member !== '') missing.delete(reader.typeOfName(part.name) ?? '')
  if (missing.size === 0) return
  for await (const { records } of readParts({ ...reader }, file, NO_NAMES)) {
    for (const { type } of records) missing.delete(type ?? '')
    if (missing.size === 0) return
  }
  const names = [...missing].join(', ')
  throw new DecodeError(
    'FILE_BATCH_INCOMPLETE',
    0,
    `the file holds no records of ${names}, which must come with the others.`,
  )
}

function less(limits: UnpackLimits, bytes: number): UnpackLimits {
  return { ...limits, unpackedBytesMax: Math.max(0, limits.unpackedBytesMax - bytes) }
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  add: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    add(chunk.length)
    yield chunk
  }
}
