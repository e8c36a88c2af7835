import type { Definition } from '../exchange/definition.ts'
import type { Parcel } from '../exchange/parcel.ts'
import { createJudge, type Judge } from './judge.ts'
import { compileNaming } from './naming.ts'
import { type DocumentReading, type DocumentSource, readDocument } from './read-document.ts'

/** What judging one document needs besides its definition. Plain data: it crosses process boundaries. */
export interface DocumentContext extends DocumentReading {
  readonly partner: string
  /** Today in the exchange's zone, ISO. */
  readonly today: string
  /** Records up to this position were done before and are passed over. */
  readonly fromPosition: number
}

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
  const judged = judgeBatches(definition, judge, source, context)
  // A batch for each small file would cost more on its way than the file did.
  // Documents are not gathered: few of them are held at a time.
  yield* context.bundle === true && !judge.hasDocuments
    ? gathered(judged, context.limits.batchRecordsMax)
    : judged
}

async function* judgeBatches(
  definition: Definition,
  judge: Judge,
  source: DocumentSource,
  context: DocumentContext,
): AsyncGenerator<JudgedBatch> {
  const holdAgainst = compileNaming(definition, context.partner)
  const { partner, today } = context
  for await (const { records, share, format, names, attached } of readDocument(definition, source, context)) {
    const fresh =
      context.fromPosition === 0 ? records : records.filter((r) => r.position > context.fromPosition)
    if (fresh.length === 0) continue
    const groups = judge.hasDocuments
      ? judge.judgeWithFiles(fresh, { partner, today }, attached)
      : [judge.judge(fresh, { partner, today })]
    for await (const parcels of groups)
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

/** Partners with rules of their own each have a definition. */
const judgesMax = 32

/** A judge for this definition, kept as long as the definition does not change. */
export function createJudgeCache(): (definition: Definition) => Judge {
  const judges = new Map<string, Judge>()
  return (definition) => {
    let judge = judges.get(definition.hash)
    if (judge === undefined) {
      if (judges.size >= judgesMax) judges.delete(judges.keys().next().value ?? '')
      judge = createJudge(definition)
      judges.set(definition.hash, judge)
    }
    return judge
  }
}
