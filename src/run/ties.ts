import type { Tx } from '../db/database.ts'
import type { Reference } from '../exchange/definition.ts'
import type { Parcel } from '../exchange/parcel.ts'
import { linkName } from '../exchange/references.ts'
import type { Book } from '../match/decide.ts'
import { type Address, addressText, createTies, type Holder, type Tie, type Ties } from '../match/ties.ts'
import {
  findHolders,
  findKeys,
  findSurveyedHolders,
  type HolderRow,
  type LinkRow,
  renameTarget,
  replaceLinks,
  replaceSurveyLinks,
  settleLinks,
} from '../store/links.ts'
import { type Ground, guards, nameOf, type Relations, type TargetBooks, waits } from './relations.ts'

/** What a chunk that is decided knows of references. */
export interface TieGround extends Ground {
  readonly relations: Relations
  readonly targets: TargetBooks
  /** The survey that the chunk is part of, or null. */
  readonly surveyed: string | null
}

/** Keys of this exchange's records that parcels refer to, by type. */
export function ownTargets(
  ground: Pick<Ground, 'definition'>,
  parcels: readonly Parcel[],
): ReadonlyMap<string, string[]> {
  const keys = new Map<string, string[]>()
  eachLink(ground, parcels, (reference, key) => {
    if (reference.exchange !== null) return
    const known = keys.get(reference.type)
    if (known === undefined) keys.set(reference.type, [key])
    else known.push(key)
  })
  return keys
}

function eachLink(
  { definition }: Pick<Ground, 'definition'>,
  parcels: readonly Parcel[],
  visit: (reference: Reference, key: string) => void,
): void {
  for (const type of definition.types) {
    if (type.references === undefined) continue
    const byName = new Map(type.references.map((one) => [one.name, one]))
    for (const parcel of parcels) {
      if (parcel.type !== type.name) continue
      for (const { reference, key } of parcel.links ?? []) {
        const known = byName.get(reference)
        if (known !== undefined) visit(known, key)
      }
    }
  }
}

/** Loads what a chunk's records refer to in other exchanges, and what refers to those that may come or go. */
export async function loadTies(
  tx: Tx,
  ground: TieGround,
  parcels: readonly Parcel[],
  book: Book,
): Promise<Ties> {
  const foreign = await foreignKeys(tx, ground, parcels)
  const arriving = ground.surveyed === null ? arrivals(ground, parcels, book) : []
  const going = departures(ground, parcels, book)
  const holders = [...(await waitingFor(tx, ground, arriving)), ...(await holdersUnder(tx, ground, going))]
  const merged = mergeHolders(holders)
  for (const holder of merged)
    if (holder.book === ground.book && book.byKey(holder.type.name, holder.live.key) === undefined)
      book.put(holder.type.name, holder.live)
  return createTies({
    book: ground.book,
    bookOf: (reference) =>
      reference.exchange === null ? ground.book : (ground.targets.get(reference.exchange) ?? -1),
    foreign,
    holders: merged,
  })
}

async function foreignKeys(
  tx: Tx,
  ground: TieGround,
  parcels: readonly Parcel[],
): Promise<ReadonlyMap<string, string>> {
  const asked = new Map<string, Set<string>>()
  eachLink(ground, parcels, (reference, key) => {
    if (reference.exchange === null) return
    const place = `${reference.exchange}\u001e${reference.type}`
    asked.set(place, (asked.get(place) ?? new Set()).add(key))
  })
  const found = new Map<string, string>()
  for (const [place, keys] of asked) {
    const [exchange = '', type = ''] = place.split('\u001e')
    const book = ground.targets.get(exchange)
    if (book === undefined) continue
    for (const { asked: one, key } of await findKeys(tx, book, type, [...keys]))
      found.set(addressText({ book, type, key: one }), key)
  }
  return found
}

/** Records that a chunk may make, and that others may wait for. */
function arrivals(ground: TieGround, parcels: readonly Parcel[], book: Book): readonly Address[] {
  const { definition, relations } = ground
  return definition.types.flatMap(({ name }) => {
    if (!relations.incoming(definition.exchange, name).some(waits)) return []
    return parcels.flatMap(({ type, operation, key }) => {
      const makes = operation === 'create' || operation === 'upsert' || operation === 'rename'
      if (type !== name || key === null || !makes || book.byKey(name, key) !== undefined) return []
      return [{ book: ground.book, type: name, key }]
    })
  })
}

/**
 * Records that a chunk may delete, and that others may refer to: those that it says, and those that it lets refer to
 * others, so that they may fall with them.
 */
function departures(ground: TieGround, parcels: readonly Parcel[], book: Book): readonly Address[] {
  const { definition, relations } = ground
  const guarded = definition.types.filter(({ name }) =>
    relations.incoming(definition.exchange, name).some(guards),
  )
  const leave = guarded.flatMap(({ name }) =>
    parcels.filter(({ type, operation }) => type === name && operation === 'delete'),
  )
  if (leave.length === 0) return []
  const mayFall = guarded.flatMap(({ name, references = [] }) =>
    references.some(({ onDelete }) => onDelete === 'cascade')
      ? parcels.filter(({ type, links }) => type === name && links !== undefined && links.length > 0)
      : [],
  )
  return [...new Set([...leave, ...mayFall])].flatMap(({ type, key }) => {
    // It may be made earlier in the chunk, and others may refer to it already.
    return key === null ? [] : [{ book: ground.book, type, key: book.find(type, key)?.key ?? key }]
  })
}

/** Records that wait for these, which are there from now on. */
export async function waitingFor(tx: Tx, ground: TieGround, targets: readonly Address[]): Promise<Holder[]> {
  const { definition, relations } = ground
  const references = [...new Set(targets.map((target) => target.type))].flatMap((type) =>
    relations.incoming(definition.exchange, type).filter(waits).map(nameOf),
  )
  return holdersFrom(ground, await findHolders(tx, { targets, references, waiting: true, surveyed: null }))
}

/** Records that refer to these, records that fall with those and refer to them, and so on. */
export async function holdersUnder(
  tx: Tx,
  ground: TieGround,
  targets: readonly Address[],
): Promise<Holder[]> {
  const { relations, surveyed } = ground
  const found: Holder[] = []
  const seen = new Set(targets.map(addressText))
  let level: readonly { readonly exchange: string; readonly address: Address }[] = targets.map((address) => ({
    exchange: ground.definition.exchange,
    address,
  }))
  while (level.length > 0) {
    const references = [
      ...new Set(level.map(({ exchange, address }) => `${exchange}.${address.type}`)),
    ].flatMap((place) => {
      const [exchange = '', type = ''] = place.split('.')
      return relations.incoming(exchange, type).filter(guards).map(nameOf)
    })
    const addresses = level.map(({ address }) => address)
    const at = surveyed === null ? null : { book: ground.book, tracking: surveyed }
    const stored = await findHolders(tx, { targets: addresses, references, waiting: false, surveyed: at })
    const made =
      surveyed === null ? [] : await findSurveyedHolders(tx, ground.book, surveyed, addresses, references)
    const holders = holdersFrom(ground, [...stored, ...made])
    found.push(...holders)
    level = holders.flatMap(({ book, exchange, type, live, ties }) => {
      const address = { book, type: type.name, key: live.key }
      if (seen.has(addressText(address)) || !ties.some((tie) => tie.reference.onDelete === 'cascade'))
        return []
      seen.add(addressText(address))
      return relations.incoming(exchange, type.name).some(guards) ? [{ exchange, address }] : []
    })
  }
  return found
}

function holdersFrom({ relations }: TieGround, rows: readonly HolderRow[]): Holder[] {
  const holders: Holder[] = []
  for (const row of rows) {
    const known = relations.named(row.reference)
    if (known === null) continue
    const tie: Tie = {
      reference: known.reference,
      item: row.item,
      target: { book: row.target_book, type: row.target_type, key: row.target_key },
      waiting: row.waiting,
    }
    const findings = row.findings ?? []
    const parcel = parcelOf(row)
    holders.push({
      book: row.book,
      exchange: row.exchange,
      type: known.type,
      live: {
        recordId: row.record_id,
        key: row.key,
        duplicateKey: row.duplicate_key,
        status: row.status,
        version: row.version,
        contentHash: row.content_hash,
        body: row.body,
        stored: true,
        faultyPaths: findings.map((finding) => finding.path),
      },
      parcel: { ...parcel, findings },
      findings,
      ties: [tie],
    })
  }
  return mergeHolders(holders)
}

/** The stored version of a record as if it had just been judged. */
function parcelOf(row: HolderRow): Parcel {
  return {
    position: 0,
    line: 0,
    member: '',
    type: row.type,
    operation: 'replace',
    key: row.key,
    duplicateKeys: [row.duplicate_key],
    ownerValue: null,
    quotedId: null,
    corrects: null,
    version: row.definition_version,
    body: row.body ?? '',
    rawHash: row.raw_hash,
    contentHash: row.content_hash,
    findings: [],
    notes: [],
    filtered: false,
    setKey: row.set_key,
  }
}

function mergeHolders(holders: readonly Holder[]): Holder[] {
  const merged = new Map<string, Holder>()
  for (const holder of holders) {
    const known = merged.get(holder.live.recordId)
    if (known === undefined) merged.set(holder.live.recordId, holder)
    else {
      // One that waits was loaded with its body, so it says more.
      const fuller = known.parcel.body === '' ? holder : known
      const ties = [...known.ties, ...holder.ties.filter((tie) => !known.ties.some((one) => same(one, tie)))]
      merged.set(holder.live.recordId, { ...fuller, ties })
    }
  }
  return [...merged.values()]
}

function same(left: Tie, right: Tie): boolean {
  return left.reference === right.reference && left.item === right.item
}

/** Writes what a chunk has done to references. */
export async function writeTies(tx: Tx, ground: Ground, ties: Ties): Promise<void> {
  const { relinked, settled, renamed } = ties.writes()
  for (const { type, from, to } of renamed) await renameTarget(tx, { book: ground.book, type, key: from }, to)
  const byBook = new Map<number, { had: string[]; links: LinkRow[] }>()
  for (const { holder, gone } of relinked.values()) {
    const writes = byBook.get(holder.book) ?? { had: [], links: [] }
    byBook.set(holder.book, writes)
    // What was made in this chunk had none.
    if (gone || holder.live.version > 1) writes.had.push(holder.live.recordId)
    writes.links.push(...linksOf(holder))
  }
  for (const [book, { had, links }] of byBook) await replaceLinks(tx, book, had, links)
  await settleLinks(
    tx,
    settled.flatMap(({ holder, tie }) =>
      relinked.has(holder.live.recordId)
        ? []
        : [
            {
              book: holder.book,
              recordId: holder.live.recordId,
              reference: linkName(holder.exchange, holder.type.name, tie.reference.name),
              item: tie.item,
            },
          ],
    ),
  )
}

/** The same for what a survey has seen; what fell in other books is not remembered. */
export async function writeSurveyTies(tx: Tx, ground: Ground, tracking: string, ties: Ties): Promise<void> {
  const relinked = [...ties.writes().relinked.values()].filter(({ holder }) => holder.book === ground.book)
  if (relinked.length === 0) return
  await replaceSurveyLinks(
    tx,
    ground.book,
    tracking,
    relinked.map(({ holder }) => holder.live.recordId),
    relinked.flatMap(({ holder }) => linksOf(holder)),
  )
}

function linksOf(holder: Holder): LinkRow[] {
  return holder.ties.map(({ reference, item, target, waiting }) => ({
    recordId: holder.live.recordId,
    reference: linkName(holder.exchange, holder.type.name, reference.name),
    item,
    target,
    waiting,
  }))
}
