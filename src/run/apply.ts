import type { Tx } from '../db/database.ts'
import type { Change, Verdict } from '../match/decide.ts'
import type { Effect } from '../match/effects.ts'
import { dropAliases, putAliases } from '../store/aliases.ts'
import { advanceBook, type LockedBook, lockBook } from '../store/books.ts'
import { putFindings } from '../store/findings.ts'
import { applyChanges, type NumberedChange } from '../store/records.ts'
import {
  type ChunkContext,
  type ChunkItem,
  type Decided,
  decideChunk,
  holdBook,
  keepFindings,
  later,
} from './chunk.ts'
import { nameDocuments } from './record-documents.ts'
import { foreignChanges, tellOwners } from './tell.ts'
import { writeTies } from './ties.ts'

/** Decides a chunk and writes its effects. */
export async function applyChunk(
  tx: Tx,
  context: ChunkContext,
  items: readonly ChunkItem[],
): Promise<readonly Verdict[]> {
  const decided = await decideChunk(tx, context, items, await holdBook(tx, context))
  await applyDecided(tx, context, items, decided)
  return decided.verdicts
}

/**
 * Writes the effects of a decided chunk: records, history, findings, change order, references. The caller's
 * transaction also writes the report, so all of it commits or none.
 */
export async function applyDecided(
  tx: Tx,
  context: ChunkContext,
  items: readonly ChunkItem[],
  { verdicts, locked, ties }: Decided,
): Promise<void> {
  const sorted = sortChanges(context.book, items, verdicts)
  if (sorted.own.length > 0) await nameDocuments(tx, verdicts)
  const told = await foreignChanges(tx, context, items, sorted.own, sorted.others)
  await applyToBook(tx, context.now, context.book, locked, sorted.own)
  await applyToOthers(tx, context.now, sorted.others)
  if (ties !== null) await writeTies(tx, context, ties)
  await keepFindings(tx, context, items, verdicts)
  await tellOwners(tx, told, context.now)
}

/** A change that has no place in its book's order yet. */
export interface Unnumbered {
  readonly change: Change
  readonly tracking: string
  readonly by: Effect['kind'] | null
}

/** Changes by book, each in order. */
function sortChanges(
  book: number,
  items: readonly ChunkItem[],
  verdicts: readonly Verdict[],
): { readonly own: readonly Unnumbered[]; readonly others: ReadonlyMap<number, readonly Unnumbered[]> } {
  const own: Unnumbered[] = []
  const others = new Map<number, Unnumbered[]>()
  for (const [index, { change, effects }] of verdicts.entries()) {
    const tracking = items[index]?.tracking ?? ''
    if (change !== null) own.push({ change, tracking, by: null })
    for (const effect of effects) addEffect(effect, tracking, book, own, others)
  }
  return { own, others }
}

/** Adds an effect to the changes of its book. */
export function addEffect(
  effect: Effect,
  tracking: string,
  ownBook: number,
  own: Unnumbered[],
  others: Map<number, Unnumbered[]>,
): void {
  const one = { change: effect.change, tracking, by: effect.kind }
  const known = effect.book === ownBook ? own : others.get(effect.book)
  if (known === undefined) others.set(effect.book, [one])
  else known.push(one)
}

/** Changes in other books, in order of the books' numbers, so that two transactions never wait for each other. */
export async function applyToOthers(
  tx: Tx,
  now: number,
  others: ReadonlyMap<number, readonly Unnumbered[]>,
): Promise<void> {
  for (const [book, changes] of [...others].sort(([a], [b]) => a - b))
    await applyToBook(tx, now, book, await lockBook(tx, book, ''), changes)
}

/** Numbers changes of a book whose lock is held, and writes them with what goes with them. */
export async function applyToBook(
  tx: Tx,
  now: number,
  book: number,
  locked: LockedBook,
  unnumbered: readonly Unnumbered[],
): Promise<void> {
  if (unnumbered.length === 0) return
  const at = later(new Date(now).toISOString(), locked.changedAt)
  const changes = unnumbered.map((one, index) => numbered(one, locked.changeNo + index + 1))
  await applyChanges(tx, book, changes, at)
  await advanceBook(tx, book, changes.length, liveDifference(changes), at)
  const renamings = changes.flatMap(({ recordId, type, key, formerKey }) =>
    formerKey === undefined ? [] : [{ recordId, type, from: formerKey, to: key }],
  )
  await putAliases(tx, book, renamings)
  if (locked.aliases > 0 || renamings.length > 0) {
    const gone = changes.filter(({ kind }) => kind === 'delete').map(({ recordId }) => recordId)
    await dropAliases(tx, book, gone)
  }
  const settled = changes.filter(({ by }) => by === 'settle')
  await putFindings(
    tx,
    book,
    settled.map(({ tracking, parcel, key }) => ({
      tracking,
      position: parcel.position,
      key,
      findings: parcel.findings,
    })),
  )
}

function numbered({ change, tracking, by }: Unnumbered, changeNo: number): NumberedChange {
  if (by === null) return { ...change, changeNo, tracking }
  // A new version of the same content is no record of the file: it has a place of its own there, before all.
  const position = by === 'settle' ? -changeNo : change.parcel.position
  return { ...change, parcel: { ...change.parcel, position }, changeNo, tracking, by }
}

function liveDifference(changes: readonly NumberedChange[]): number {
  let difference = 0
  for (const { kind } of changes) difference += kind === 'create' ? 1 : kind === 'delete' ? -1 : 0
  return difference
}
