import type { Definition } from '../exchange/definition.ts'
import type { Parcel } from '../exchange/parcel.ts'
import { createJudge, type Judge } from './judge.ts'
import { type Repeat, readKnown } from './known-records.ts'
import { compileNaming } from './naming.ts'
import { type DocumentReading, type DocumentSource, readDocument } from './read-document.ts'

/** What judging one document needs besides its definition. Plain data: it crosses process boundaries. */
export interface DocumentContext extends DocumentReading {
  readonly partner: string
  /** Today in the exchange's zone, ISO. */
  readonly today: string
  /** Records up to this position were done before and are passed over. */
  readonly fromPosition: number
  /** A file of records that are stored (`known-records.ts`): what comes again just as it was is not judged again. */
  readonly known?: string
}

export interface JudgedBatch {
  readonly parcels: readonly Parcel[]
  /** Records between them that are stored just as they were sent. */
  readonly repeats: readonly Repeat[]
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
  const known = context.known === undefined ? null : await readKnown(context.known)
  for await (const { records, share, format, names, attached } of readDocument(definition, source, context)) {
    const fresh =
      context.fromPosition === 0 ? records : records.filter((r) => r.position > context.fromPosition)
    if (fresh.length === 0) continue
    if (judge.hasDocuments)
      for await (const parcels of judge.judgeWithFiles(fresh, { partner, today }, attached))
        yield { parcels: inName(parcels), repeats: [], share, format }
    else {
      const { parcels, repeats } =
        known === null || names.length > 0
          ? { parcels: judge.judge(fresh, { partner, today }), repeats: [] }
          : judge.judgeUnknown(fresh, { partner, today }, known)
      yield { parcels: inName(parcels), repeats, share, format }
    }

    function inName(parcels: readonly Parcel[]): readonly Parcel[] {
      if (names.length === 0) return parcels
      // Under another name the same record may be judged otherwise.
      return parcels.map((parcel) => ({ ...holdAgainst(parcel, names), rawHash: '' }))
    }
  }
}

/** Puts batches of one format together; what was read before a failure is handed on before it. */
async function* gathered(batches: AsyncIterable<JudgedBatch>, size: number): AsyncGenerator<JudgedBatch> {
  let parcels: Parcel[] = []
  let repeats: Repeat[] = []
  let last: JudgedBatch | null = null
  let failure: { readonly error: unknown } | null = null
  try {
    for await (const batch of batches) {
      const count = parcels.length + repeats.length
      if (last !== null && count > 0 && (count >= size || batch.format !== last.format)) {
        yield { ...last, parcels, repeats }
        parcels = []
        repeats = []
      }
      parcels.push(...batch.parcels)
      repeats.push(...batch.repeats)
      last = batch
    }
  } catch (error) {
    failure = { error }
  }
  if (last !== null && parcels.length + repeats.length > 0) yield { ...last, parcels, repeats }
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
