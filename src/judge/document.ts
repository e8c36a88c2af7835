import { decodeDocument } from '../decode/decode.ts'
import { DEFAULT_LIMITS, type DecodeLimits } from '../decode/limits.ts'
import { groupColumnsOf } from '../exchange/columns.ts'
import type { Definition } from '../exchange/definition.ts'
import type { Parcel, RawRecord } from '../exchange/parcel.ts'
import { unpackDocument } from '../unpack/unpack.ts'
import { createJudge, type Judge } from './judge.ts'

/** Where a document's bytes are: a file, or in hand. */
export type DocumentSource =
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

/** What judging one document needs besides its definition. Plain data: it crosses process boundaries. */
export interface DocumentContext {
  readonly partner: string
  /** Today in the exchange's zone, ISO. */
  readonly today: string
  readonly fileName: string
  /** Records up to this position were done before and are passed over. */
  readonly fromPosition: number
  readonly limits: DecodeLimits
}

export const documentLimits: DecodeLimits = DEFAULT_LIMITS

export interface JudgedBatch {
  readonly parcels: readonly Parcel[]
  /** Share of the document's bytes read, 0 to 1; null inside archives. */
  readonly share: number | null
  readonly format: string
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
  for await (const { records, share, format } of readDocument(definition, source, context)) {
    const fresh =
      context.fromPosition === 0 ? records : records.filter((r) => r.position > context.fromPosition)
    if (fresh.length === 0) continue
    yield { parcels: judge.judge(fresh, { partner: context.partner, today: context.today }), share, format }
  }
}

/** The raw records of a document, with how far reading has come. */
export async function* readDocument(
  definition: Definition,
  source: DocumentSource,
  context: { readonly fileName: string; readonly limits: DecodeLimits },
): AsyncGenerator<{ records: readonly RawRecord[]; share: number | null; format: string; member: string }> {
  const size = source.kind === 'file' ? source.size : source.bytes.length
  let position = 0
  const opened = source.kind === 'file' ? { path: source.path } : { bytes: source.bytes }
  for await (const part of unpackDocument(opened, { fileName: context.fileName })) {
    let read = 0
    const batches = decodeDocument(
      counted(part.bytes, (bytes) => (read += bytes)),
      part.format,
      {
        formats: definition.formats,
        limits: context.limits,
        groupColumns: groupColumnsOf(definition),
        firstPosition: position + 1,
        member: part.member,
      },
    )
    for await (const records of batches) {
      position = records.at(-1)?.position ?? position
      yield {
        records,
        share: part.packed ? null : Math.min(1, read / size),
        format: part.format,
        member: part.member,
      }
    }
  }
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
