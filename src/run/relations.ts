import type { Tx } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Definition, RecordType, Reference } from '../exchange/definition.ts'
import { linkName, type Referring, referringTo } from '../exchange/references.ts'
import { findBooks, openBook } from '../store/books.ts'
import type { Realm } from '../store/model.ts'
import { centrePartner } from '../store/partners.ts'

/** Where records are written, as far as references go. */
export interface Ground {
  readonly definition: Definition
  /** Definitions in force: exchanges may refer to this one. */
  readonly all: readonly Definition[]
  readonly realm: Realm
  readonly owner: string
  readonly book: number
}

/** How an exchange's types and those of others refer to each other. */
export interface Relations {
  /** References that lead to records of a type. */
  incoming(exchange: string, type: string): readonly Referring[]
  /** The reference with a stored name; null: no definition has it any more. */
  named(name: string): Referring | null
  /** Other exchanges that this one's records refer to. */
  readonly outward: readonly string[]
  /** Names of all references by which a record is deleted with its target. */
  readonly cascading: readonly string[]
}

const relations = new WeakMap<Definition, { readonly mark: string; readonly relations: Relations | null }>()

/** The relations of an exchange; null where no reference begins or ends there. Worked out once for its definitions. */
export function relationsOf(definition: Definition, all: readonly Definition[]): Relations | null {
  const mark = all.map(({ hash }) => hash).join()
  const known = relations.get(definition)
  if (known?.mark === mark) return known.relations
  const found = buildRelations(definition, [
    ...all.filter(({ exchange }) => exchange !== definition.exchange),
    definition,
  ])
  relations.set(definition, { mark, relations: found })
  return found
}

function buildRelations(definition: Definition, all: readonly Definition[]): Relations | null {
  const own = definition.exchange
  const references = all.flatMap(({ exchange, types }) =>
    types.flatMap((type) =>
      (type.references ?? []).map((reference): Referring => ({ exchange, type, reference })),
    ),
  )
  const touching = references.filter(
    ({ exchange, reference }) => exchange === own || (reference.exchange ?? exchange) === own,
  )
  if (touching.length === 0) return null
  const byName = new Map(references.map((one) => [nameOf(one), one]))
  const byTarget = new Map<string, readonly Referring[]>()
  return {
    incoming(exchange, type) {
      const place = `${exchange}.${type}`
      const found = byTarget.get(place) ?? referringTo(all, exchange, type)
      byTarget.set(place, found)
      return found
    },
    named: (name) => byName.get(name) ?? null,
    outward: [
      ...new Set(touching.flatMap((one) => (one.exchange === own ? (one.reference.exchange ?? []) : []))),
    ],
    cascading: references.filter(({ reference }) => reference.onDelete === 'cascade').map(nameOf),
  }
}

export function nameOf({ exchange, type, reference }: Referring): string {
  return linkName(exchange, type.name, reference.name)
}

/** Can anything be held back, or fall, when a record of this type is deleted? */
export function guards({ reference }: Referring): boolean {
  return reference.onDelete !== 'keep'
}

export function waits({ reference }: Referring): boolean {
  return reference.onMissing === 'wait'
}

/** Books that references of a chunk lead to, by exchange, opened where they were not yet. */
export type TargetBooks = ReadonlyMap<string, number>

/** Number of the family of advisory locks that guard which records other exchanges may count on. */
const COUNTED_ON = 7_281_164

/**
 * Before a chunk takes the lock of its book: makes sure that no record of another exchange that it refers to comes or
 * goes meanwhile, and that no other exchange counts on records that it deletes. Locks are taken in order of the books'
 * numbers, so that chunks of several exchanges cannot wait for each other in a circle.
 */
export async function holdTargets(tx: Tx, ground: Ground, known: Relations): Promise<TargetBooks> {
  const others = ground.all.some(
    ({ exchange, types }) =>
      exchange !== ground.definition.exchange &&
      types.some((type) => type.references?.some((one) => one.exchange === ground.definition.exchange)),
  )
  if (known.outward.length === 0 && !others) return new Map()
  const books = new Map<string, number>()
  for (const exchange of known.outward) books.set(exchange, await targetBook(tx, ground, exchange))
  const { changed, read } = await reachOf(tx, ground)
  const exclusive = new Set([...(others ? [ground.book] : []), ...changed])
  const shared = new Set([...books.values(), ...read].filter((book) => !exclusive.has(book)))
  const numbers = [...exclusive, ...shared].sort((a, b) => a - b)
  for (const book of numbers)
    await tx.rows(
      exclusive.has(book)
        ? sql`select pg_advisory_xact_lock(${COUNTED_ON}::int, ${book}::int)`
        : sql`select pg_advisory_xact_lock_shared(${COUNTED_ON}::int, ${book}::int)`,
    )
  return books
}

async function targetBook(
  tx: Tx,
  { definition, all, realm, owner }: Ground,
  exchange: string,
): Promise<number> {
  const target = all.find((one) => one.exchange === exchange)
  const whose = target?.owner === 'centre' && definition.owner !== 'centre' ? await centrePartner(tx) : owner
  return (await openBook(tx, exchange, realm, whose)).book
}

/** Books whose records may fall with ours, and the books that those refer to. */
async function reachOf(
  tx: Tx,
  { definition, all, realm, owner }: Ground,
): Promise<{ readonly changed: readonly number[]; readonly read: readonly number[] }> {
  const falling = new Set<Definition>()
  const next: Definition[] = [definition]
  for (let at = next.pop(); at !== undefined; at = next.pop())
    for (const one of all)
      if (one !== at && !falling.has(one) && one.exchange !== definition.exchange && fallsWith(one, at)) {
        falling.add(one)
        next.push(one)
      }
  if (falling.size === 0) return { changed: [], read: [] }
  const changed: number[] = []
  const read: number[] = []
  for (const { exchange, types } of falling) {
    changed.push(...(await booksOf(tx, { definition, all, realm, owner }, exchange)))
    for (const { exchange: beside } of types.flatMap((type) => type.references ?? []))
      if (beside !== null && beside !== definition.exchange)
        read.push(...(await booksOf(tx, { definition, all, realm, owner }, beside)))
  }
  return { changed, read }
}

/** Books of another exchange whose records can have to do with ours. */
async function booksOf(
  tx: Tx,
  { definition, all, realm, owner }: Omit<Ground, 'book'>,
  exchange: string,
): Promise<readonly number[]> {
  const centres = all.find((one) => one.exchange === exchange)?.owner === 'centre'
  const owners = definition.owner === 'centre' ? null : [centres ? await centrePartner(tx) : owner]
  return (await findBooks(tx, { owners, exchange, realm })).map(({ book }) => book)
}

function fallsWith(one: Definition, target: Definition): boolean {
  return one.types.some((type: RecordType) =>
    type.references?.some(
      (reference: Reference) => reference.exchange === target.exchange && reference.onDelete === 'cascade',
    ),
  )
}
