import type { Tx } from '../db/database.ts'
import type { Definition, RecordType } from '../exchange/definition.ts'
import type { Finding, Parcel } from '../exchange/parcel.ts'
import { createChunkBook } from '../match/chunk-book.ts'
import { type Book, decide, type Live, type Verdict } from '../match/decide.ts'
import type { Ties } from '../match/ties.ts'
import { findAliases } from '../store/aliases.ts'
import { type LockedBook, lockBook } from '../store/books.ts'
import { type FoundIn, putFindings } from '../store/findings.ts'
import type { Realm } from '../store/model.ts'
import { newRecordId } from '../store/record-id.ts'
import { findLive, withBodies } from '../store/records.ts'
import { findSurveyed } from '../store/survey.ts'
import { judgeAgainst } from '../validate/against.ts'
import { rekey } from './rekey.ts'
import { holdTargets, type Relations, relationsOf, type TargetBooks } from './relations.ts'
import { loadTies, ownTargets } from './ties.ts'

/** One judged record with what its sender may do. A chunk may hold records of several submissions. */
export interface ChunkItem {
  readonly parcel: Parcel
  readonly tracking: string
  readonly byCentre: boolean
  /** The stored version the caller has read (`If-Match`); null: any. */
  readonly expectedVersion: number | null
  /** Why the sender asks for it, told to the owner of what changes. Absent or null: nothing was said. */
  readonly reason?: string | null
  /** The record that comes again just as it was, where that is known; it need not be looked for. */
  readonly repeated?: Live
}

export interface ChunkContext {
  readonly definition: Definition
  readonly book: number
  readonly realm: Realm
  /** Whose book it is. */
  readonly owner: string
  /** Definitions in force: their records may refer to this exchange's. */
  readonly all: readonly Definition[]
  /** Whose identifiers the owner field is held against. */
  readonly partner: string
  /** Today in the exchange's zone. */
  readonly today: string
  readonly now: number
}

/** What a chunk holds while it is decided: nothing that it looks at changes meanwhile. */
export interface HeldBook {
  readonly locked: LockedBook
  readonly relations: Relations | null
  readonly targets: TargetBooks | null
}

/** Takes the book's lock, and holds what its records refer to. */
export async function holdBook(tx: Tx, context: ChunkContext): Promise<HeldBook> {
  const relations = relationsOf(context.definition, context.all)
  const targets = relations === null ? null : await holdTargets(tx, context, relations)
  return { relations, targets, locked: await lockBook(tx, context.book, context.partner) }
}

/** What a chunk comes to: a verdict for each item, in order. Nothing is written yet. */
export interface Decided {
  readonly verdicts: readonly Verdict[]
  readonly locked: LockedBook
  /** What has become of references; null where the exchange has nothing to do with any. */
  readonly ties: Ties | null
}

/**
 * Decides every record of the chunk.
 * @param surveyed tracking number of the survey that this chunk is part of: what it found in the chunks before
 *   stands, although nothing was written
 */
export async function decideChunk(
  tx: Tx,
  context: ChunkContext,
  items: readonly ChunkItem[],
  { locked, relations, targets }: HeldBook,
  surveyed: string | null = null,
): Promise<Decided> {
  const types = new Map(context.definition.types.map((type) => [type.name, type]))
  const book = await loadBook(tx, context, items, surveyed, locked.aliases > 0)
  const ties =
    relations === null || targets === null
      ? null
      : await loadTies(tx, { ...context, relations, targets, surveyed }, parcelsOf(items), book)
  const verdicts = items.map((item) => {
    const type = types.get(item.parcel.type)
    if (type === undefined) throw new Error(`the definition has no record type ${item.parcel.type}`)
    return decide(item.parcel, book, {
      type,
      byCentre: item.byCentre,
      expectedVersion: item.expectedVersion,
      ownerValues: locked.identifiers.get(type.identity.owner?.scheme ?? '') ?? new Set(),
      newRecordId: () => newRecordId(context.now),
      ties,
      book: context.book,
      exchange: context.definition.exchange,
      rekey,
      judgeAgainst: (_, candidate, current) => against(context, type, candidate, current),
    })
  })
  return { verdicts, locked, ties }
}

function parcelsOf(items: readonly ChunkItem[]): readonly Parcel[] {
  return items.map(({ parcel }) => parcel)
}

/** The findings of a chunk, also of one that is only surveyed. */
export async function keepFindings(
  tx: Tx,
  context: ChunkContext,
  items: readonly ChunkItem[],
  verdicts: readonly Verdict[],
): Promise<void> {
  await putFindings(tx, context.book, foundIn(items, verdicts))
}

/** The live records that the chunk's keys and duplicate keys name, as they stand after the survey so far. */
async function loadBook(
  tx: Tx,
  context: ChunkContext,
  items: readonly ChunkItem[],
  surveyed: string | null,
  renamed: boolean,
): Promise<Book> {
  const book = createChunkBook([])
  const referredTo = ownTargets(context, parcelsOf(items))
  for (const type of context.definition.types) {
    const { parcels, repeated } = ofType(type, items)
    const keys = parcels.flatMap((parcel) => parcel.key ?? [])
    for (const { formerKey } of parcels) if (typeof formerKey === 'string') keys.push(formerKey)
    for (const key of referredTo.get(type.name) ?? []) keys.push(key)
    const duplicateKeys = parcels.flatMap((parcel) =>
      parcel.operation === 'create' || parcel.operation === 'upsert' ? (parcel.duplicateKeys[0] ?? []) : [],
    )
    for (const live of repeated) book.put(type.name, live)
    const named = repeated.map((live) => live.key)
    if (keys.length > 0) {
      const aliases = renamed ? await findAliases(tx, context.book, type.name, keys) : []
      for (const { key } of aliases) keys.push(key)
      const found = await findLive(tx, context.book, type.name, keys, duplicateKeys)
      const stored = looksInside(type) ? await withBodies(tx, context.book, changedBy(found, parcels)) : []
      for (const live of [...found, ...stored]) {
        book.remove(type.name, live)
        book.put(type.name, live)
      }
      for (const { former, key } of aliases) book.rename(type.name, former, key)
      named.push(...keys, ...found.map((live) => live.key))
    }
    if (surveyed !== null && named.length > 0)
      await asSurveyed(tx, context, { surveyed, type: type.name, named, duplicateKeys }, book)
  }
  return book
}

/** Brings what a chunk names to where it would stand after the chunks that were surveyed before. */
async function asSurveyed(
  tx: Tx,
  { book: number }: ChunkContext,
  { surveyed, type, named, duplicateKeys }: Named,
  book: Book,
): Promise<void> {
  for (const { key, live } of await findSurveyed(tx, number, surveyed, type, named, duplicateKeys)) {
    const before = book.byKey(type, key)
    if (before !== undefined) book.remove(type, before)
    if (live !== null) book.put(type, live)
  }
}

interface Named {
  readonly surveyed: string
  readonly type: string
  readonly named: readonly string[]
  readonly duplicateKeys: readonly string[]
}

/** The parcels of a type whose records are to be looked for, and the records that are known. */
function ofType(
  { name }: RecordType,
  items: readonly ChunkItem[],
): { readonly parcels: readonly Parcel[]; readonly repeated: readonly Live[] } {
  const parcels: Parcel[] = []
  const repeats: Live[] = []
  for (const { parcel, repeated } of items)
    if (parcel.type === name)
      if (repeated === undefined) parcels.push(parcel)
      else repeats.push(repeated)
  return { parcels, repeated: repeats }
}

/** Must the stored body be looked at to judge a new one? */
export function looksInside(type: RecordType): boolean {
  return type.rules.some((rule) => rule.needs === 'current') || hasLocked(type.fields)
}

function hasLocked(fields: RecordType['fields']): boolean {
  return fields.some((field) => field.locked || hasLocked(field.fields))
}

function changedBy(found: readonly Live[], parcels: readonly Parcel[]): readonly Live[] {
  const byKey = new Map(found.map((live) => [live.key, live]))
  const changed = new Set<Live>()
  for (const parcel of parcels) {
    const live = parcel.operation === 'create' ? undefined : byKey.get(parcel.key ?? '')
    if (live !== undefined && live.contentHash !== parcel.contentHash) changed.add(live)
  }
  return [...changed]
}

/** A locked field that a finding blames may be put right; every other change of one is refused. */
function against(
  context: ChunkContext,
  type: RecordType,
  candidate: Parcel,
  current: Live,
): readonly Finding[] {
  if (current.body === null || candidate.contentHash === current.contentHash || !looksInside(type)) return []
  const findings = judgeAgainst(
    context.definition,
    type,
    JSON.parse(candidate.body),
    JSON.parse(current.body),
    context.today,
  )
  return findings.filter((finding) => !current.faultyPaths.includes(finding.path))
}

function foundIn(items: readonly ChunkItem[], verdicts: readonly Verdict[]): FoundIn[] {
  const found: FoundIn[] = []
  for (const [index, { parcel, findings }] of verdicts.entries())
    if (findings.length > 0)
      found.push({
        tracking: items[index]?.tracking ?? '',
        position: parcel.position,
        key: parcel.key,
        findings,
      })
  return found
}

/** The later of two ISO times in UTC; a book's time never goes back, whatever its clock does. */
export function later(left: string, right: string): string {
  return [left, right].sort().at(-1) ?? left
}
