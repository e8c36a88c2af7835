import { hash } from 'node:crypto'
import type { Definition } from '../exchange/definition.ts'
import type { Body, Parcel, RawRecord } from '../exchange/parcel.ts'
import type { Draft } from '../translate/draft.ts'
import { compileTranslator, type TranslateContext } from '../translate/translator.ts'
import { type Attached, namesFile } from '../validate/documents.ts'
import { compileValidator } from '../validate/validator.ts'
import type { KnownRecords, Repeat } from './known-records.ts'
import { createRawHashes } from './raw-hash.ts'

export interface JudgeContext extends TranslateContext {
  readonly checks?: 'fields' | 'relations' | 'both'
  /** The body of the stored record that is changed: its documents may be quoted. */
  readonly stored?: Body | null
}

/** Both in order. */
export interface Judged {
  readonly parcels: readonly Parcel[]
  readonly repeats: readonly Repeat[]
}

/** Everything that can be said of a record by itself: translated, typed, checked and hashed. */
export interface Judge {
  /** One parcel for each raw record, in order; what could not be read has a fatal finding and no key. */
  judge(raw: readonly RawRecord[], context: JudgeContext): Parcel[]
  /** The same for those that are not known: what is stored just as it comes again is not judged again. */
  judgeUnknown(raw: readonly RawRecord[], context: JudgeContext, known: KnownRecords): Judged
  /** Some type of the exchange has documents. */
  readonly hasDocuments: boolean
  /** The same for records with documents, of which few are held at a time. */
  judgeWithFiles(
    raw: readonly RawRecord[],
    context: JudgeContext,
    read: ReadAttached,
  ): AsyncGenerator<Parcel[]>
}

/** Reads a file that came with a record, by the name that the record gives it. */
export type ReadAttached = (name: string, bytesMax: number) => Promise<Attached>

/** Bytes of documents that go on together. */
const documentBytesMax = 4 * 2 ** 20

/** Compiles a definition. Throws ExpressionError when an expression or pattern of it is wrong. */
export function createJudge(definition: Definition): Judge {
  const translator = compileTranslator(definition)
  const validator = compileValidator(definition)
  const documents = documentPlaces(definition)
  const rawHashes = createRawHashes(definition)
  const validated = (
    draft: Draft,
    { today, checks = 'both', stored = null }: JudgeContext,
    rawHash: string,
    attached?: ReadonlyMap<string, Attached>,
  ) => {
    const files = attached === undefined ? {} : { attached }
    const context = { today, sha256, sha256Bytes, checks, rawHash, stored, ...files }
    const parcel = validator.validate(draft, context)
    const told = draft.places === undefined ? parcel : inTheirNames(parcel, draft.places)
    return checks === 'both' && rawHashes.repeatable(told) ? told : { ...told, rawHash: '' }
  }
  return {
    judge(raw, context) {
      const parcels: Parcel[] = []
      for (const record of raw)
        parcels.push(validated(translator.translate(record, context), context, rawHashes.of(record, context)))
      return parcels
    },
    judgeUnknown(raw, context, known) {
      const parcels: Parcel[] = []
      const repeats: Repeat[] = []
      for (const record of raw) {
        const rawHash = rawHashes.of(record, context)
        const recordId = known.find(rawHash)
        const { position, line, member } = record
        if (recordId !== null) repeats.push({ position, line, member, rawHash, recordId })
        else parcels.push(validated(translator.translate(record, context), context, rawHash))
      }
      return { parcels, repeats }
    },
    hasDocuments: documents.size > 0,
    async *judgeWithFiles(raw, context, read) {
      let parcels: Parcel[] = []
      let bytes = 0
      for (const record of raw) {
        const draft = translator.translate(record, context)
        const attached = await attachedTo(draft, documents.get(draft.type) ?? [], read)
        const parcel = validated(draft, context, '', attached)
        parcels.push(parcel)
        for (const { size } of parcel.documents ?? []) bytes += size
        if (bytes < documentBytesMax) continue
        yield parcels
        parcels = []
        bytes = 0
      }
      if (parcels.length > 0) yield parcels
    },
  }
}

interface DocumentPlace {
  readonly index: number
  readonly bytesMax: number
}

/** Where the documents of each type stand among its fields; types without any are left out. */
function documentPlaces({ types }: Definition): ReadonlyMap<string, readonly DocumentPlace[]> {
  const places = types.map(({ name, fields }) => {
    const own = fields.flatMap(({ document }, index) =>
      document === null ? [] : [{ index, bytesMax: document.bytesMax }],
    )
    return [name, own] as const
  })
  return new Map(places.filter(([, own]) => own.length > 0))
}

async function attachedTo(
  { record }: Draft,
  places: readonly DocumentPlace[],
  read: ReadAttached,
): Promise<ReadonlyMap<string, Attached>> {
  const attached = new Map<string, Attached>()
  for (const { index, bytesMax } of places) {
    const name = record.values[index]
    if (namesFile(name)) attached.set(name, await read(name, bytesMax))
  }
  return attached
}

/** Findings name the places where the sender wrote the values, not those of our own layout. */
function inTheirNames(parcel: Parcel, places: ReadonlyMap<string, string>): Parcel {
  if (parcel.findings.length === 0) return parcel
  const findings = parcel.findings.map((finding) => {
    const place = places.get(finding.path.replaceAll(/\[\d+\]/g, ''))
    return place === undefined ? finding : { ...finding, field: place }
  })
  return { ...parcel, findings }
}

function sha256Bytes(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
