import { decodeDocument } from '../decode/decode.ts'
import { type DecodeError, isDecodeError } from '../decode/decode-error.ts'
import { DEFAULT_LIMITS, type DecodeLimits } from '../decode/limits.ts'
import type { DocumentFormat } from '../decode/sniff.ts'
import { groupColumnsOf } from '../exchange/columns.ts'
import type { Definition } from '../exchange/definition.ts'
import { formatOfName, memberName } from '../exchange/file-name.ts'
import type { Parcel, RawRecord } from '../exchange/parcel.ts'
import { BUNDLE_TYPE, bundleMembers } from '../unpack/bundle.ts'
import type { ByteSource } from '../unpack/byte-source.ts'
import { BUNDLE_LIMITS, UNPACK_LIMITS, type UnpackLimits } from '../unpack/limits.ts'
import { type Part, unpackDocument } from '../unpack/unpack.ts'
import { createJudge, type Judge } from './judge.ts'
import {
  compileFileNaming,
  compileNaming,
  type FileNaming,
  type NameFound,
  NO_NAMES,
  onlyOne,
} from './naming.ts'

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

/** What judging one document needs besides its definition. Plain data: it crosses process boundaries. */
export interface DocumentContext extends DocumentReading {
  readonly partner: string
  /** Today in the exchange's zone, ISO. */
  readonly today: string
  /** Records up to this position were done before and are passed over. */
  readonly fromPosition: number
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

export interface JudgedBatch {
  readonly parcels: readonly Parcel[]
  /** Share of the document's bytes read, 0 to 1; null inside archives. */
  readonly share: number | null
  readonly format: string
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
}

/**
 * A document's bytes to judged records, batch by batch: unpack, decode, translate, validate.
 * Throws DecodeError where the document itself cannot be read on.
 */
export async function* judgeDocument(
  definition: Definition,
  judge: Judge,
  source: DocumentSource,
  context: DocumentContext,
): AsyncGenerator<JudgedBatch> {
  const judged = judgeBatches(definition, judge, source, context)
  // A batch for each small file would cost more on its way than the file did.
  yield* context.bundle === true ? gathered(judged, context.limits.batchRecordsMax) : judged
}

async function* judgeBatches(
  definition: Definition,
  judge: Judge,
  source: DocumentSource,
  context: DocumentContext,
): AsyncGenerator<JudgedBatch> {
  const holdAgainst = compileNaming(definition, context.partner)
  for await (const { records, share, format, names } of readDocument(definition, source, context)) {
    const fresh =
      context.fromPosition === 0 ? records : records.filter((r) => r.position > context.fromPosition)
    if (fresh.length === 0) continue
    const parcels = judge.judge(fresh, { partner: context.partner, today: context.today })
    yield {
      parcels: names.length === 0 ? parcels : parcels.map((parcel) => holdAgainst(parcel, names)),
      share,
      format,
    }
  }
}

/** Puts batches of one format together; what was read before a failure is handed on before it. */
async function* gathered(batches: AsyncIterable<JudgedBatch>, size: number): AsyncGenerator<JudgedBatch> {
  let parcels: Parcel[] = []
  let last: JudgedBatch | null = null
  let failure: { readonly error: unknown } | null = null
  try {
    for await (const batch of batches) {
      if (last !== null && parcels.length > 0 && (parcels.length >= size || batch.format !== last.format)) {
        yield { ...last, parcels }
        parcels = []
      }
      parcels.push(...batch.parcels)
      last = batch
    }
  } catch (error) {
    failure = { error }
  }
  if (last !== null && parcels.length > 0) yield { ...last, parcels }
  if (failure !== null) throw failure.error
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
    limits: reading.limits,
    groupColumns: groupColumnsOf(definition),
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
  readonly groupColumns: ReturnType<typeof groupColumnsOf>
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
      yield { records: [brokenFile(position, name, error)], share, format, member: name, names: [] }
    }
    // What was read but not handed on has no position.
    reader.position = position
  }
}

function brokenFile(position: number, member: string, { code, line, message }: DecodeError): RawRecord {
  return { position, line, member, shape: { kind: 'broken', code, reason: message }, text: '' }
}

async function* readFile(reader: Reader, file: SentFile): AsyncGenerator<ReadBatch> {
  const naming = reader.namingOf(file.name)
  const batches = readParts(reader, file, naming)
  yield* naming.one ? onlyOne(batches) : batches
}

async function* readParts(reader: Reader, file: SentFile, naming: FileNaming): AsyncGenerator<ReadBatch> {
  const limits = reader.unpackLimits
  for await (const part of unpackDocument(file.source, { fileName: file.name, limits })) {
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
  const { format } = part
  const member = memberName(file.member, part.member)
  let read = 0
  const { definition, limits, groupColumns } = reader
  const bytes = counted(part.bytes, (length) => (read += length))
  const options = {
    formats: definition.formats,
    limits,
    groupColumns,
    firstPosition: reader.position + 1,
    member,
  }
  try {
    for await (const records of decodeDocument(bytes, format, options)) {
      reader.position = records.at(-1)?.position ?? reader.position
      yield { records, share: part.packed ? null : Math.min(1, read / file.size), format, member, names }
    }
  } finally {
    if (part.packed) reader.unpackLimits = less(reader.unpackLimits, read)
  }
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

/** A judge for this definition, kept as long as the definition does not change. */
export function createJudgeCache(): (definition: Definition) => Judge {
  const judges = new Map<string, Judge>()
  return (definition) => {
    let judge = judges.get(definition.hash)
    if (judge === undefined) {
      if (judges.size > 8) judges.clear()
      judge = createJudge(definition)
      judges.set(definition.hash, judge)
    }
    return judge
  }
}
