import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import type { Who } from '../identity/who.ts'
import { createChunkBook } from '../match/chunk-book.ts'
import { type Effect, fallOf, settle } from '../match/effects.ts'
import { type Address, createTies } from '../match/ties.ts'
import { advanceBook, type LockedBook, lockBook, openBook } from '../store/books.ts'
import { putFindings } from '../store/findings.ts'
import { findKeys, replaceLinks } from '../store/links.ts'
import type { Realm } from '../store/model.ts'
import { findPartner } from '../store/partners.ts'
import { findByKey, findMoving, type MovingRow, moveRecords } from '../store/record-move.ts'
import { addEffect, applyToBook, applyToOthers, type Unnumbered } from './apply.ts'
import { later } from './chunk.ts'
import type { RunDeps } from './deps.ts'
import { type Ground, holdTargets, type Relations, relationsOf } from './relations.ts'
import { tellTransfer } from './tell.ts'
import { holdersUnder, waitingFor, writeTies } from './ties.ts'
import { relink } from './transfer-links.ts'
import { type MovedRecord, reportMove } from './transfer-report.ts'

/** A record that the centre gives to another owner. */
export interface TransferRequest {
  readonly who: Who
  readonly exchange: string
  readonly realm: Realm
  readonly type: string
  /** As people write it: parts joined by `/`. */
  readonly key: string
  readonly from: string
  readonly to: string
  readonly reason: string
}

export interface Transferred {
  /** Tracking numbers of the submissions that say so, in the book it left and in the one it came to. */
  readonly left: string
  readonly came: string
  readonly recordId: string
  readonly key: string
  /** Records that went with it, as they belong to it. */
  readonly others: number
}

/** Records of one exchange that move together. */
export interface Group {
  readonly definition: Definition
  readonly from: number
  readonly to: number
  readonly rows: readonly MovingRow[]
}

/**
 * Moves a record, its history and what belongs to it (references with `on_delete: cascade`) from the book of one owner
 * to that of another, in one transaction. References of other records forbid it as they forbid deleting it; its own
 * are looked up among the records of the new owner. Throws faults NOT_FOUND, BAD_REQUEST, CONFLICT.
 */
export async function transferRecord(deps: RunDeps, request: TransferRequest): Promise<Transferred> {
  const definition = deps.definitions.get(request.exchange)
  if (definition.owner === 'centre')
    throw new Fault('BAD_REQUEST', {
      reason: `The records of ${definition.exchange} all belong to the centre.`,
    })
  if (!definition.types.some(({ name }) => name === request.type))
    throw new Fault('NOT_FOUND', { what: `record type ${request.type} in ${request.exchange}` })
  if (request.from === request.to)
    throw new Fault('BAD_REQUEST', { reason: 'The record has this owner already.' })
  return deps.db.transact((tx) => transferIn(tx, deps, definition, request))
}

async function transferIn(
  tx: Tx,
  deps: RunDeps,
  definition: Definition,
  request: TransferRequest,
): Promise<Transferred> {
  const all = deps.definitions.list()
  const { realm, from, to, type, exchange } = request
  for (const partner of [from, to])
    if ((await findPartner(tx, partner)) === null)
      throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
  const left = await openBook(tx, exchange, realm, from)
  const came = await openBook(tx, exchange, realm, to)
  const relations = relationsOf(definition, all)
  const grounds = [
    { definition, all, realm, owner: from, book: left.book },
    { definition, all, realm, owner: to, book: came.book },
  ].sort((a, b) => a.book - b.book)
  if (relations !== null) for (const ground of grounds) await holdTargets(tx, ground, relations)
  for (const { book } of grounds) await lockBook(tx, book, '')

  const found = await findByKey(tx, left.book, type, request.key.replaceAll('/', '\u001f'))
  if (found === null) throw new Fault('NOT_FOUND', { what: `${type} ${request.key} of ${from}` })
  const ground: Ground = { definition, all, realm, owner: from, book: left.book }
  const ids = relations === null ? new Map() : await belonging(tx, ground, relations, type, found)
  const groups = await groupsOf(tx, deps, request, ids, { book: left.book, ...found, type })
  const moved: MovedRecord[] = []
  for (const group of groups) moved.push(...(await moveGroup(tx, deps, request, group, groups)))
  if (relations !== null) await settleMoved(tx, deps, { ...ground, owner: to, book: came.book }, moved)
  const first = moved.find((one) => one.row.record_id === found.recordId) as MovedRecord
  const handed = [first, ...moved.filter((one) => one !== first)].map(({ row, ...one }) => ({
    ...one,
    type: row.type,
    recordId: row.record_id,
    key: row.key,
  }))
  await tellTransfer(tx, all, { ...request, by: request.who.account }, handed, deps.now())
  return {
    left: first.left,
    came: first.came,
    recordId: found.recordId,
    key: found.key.replaceAll('\u001f', '/'),
    others: moved.length - 1,
  }
}

/** What belongs to the record and goes with it, by book. */
async function belonging(
  tx: Tx,
  ground: Ground,
  relations: Relations,
  type: string,
  { recordId, key }: { readonly recordId: string; readonly key: string },
): Promise<ReadonlyMap<number, readonly string[]>> {
  const address = { book: ground.book, type, key }
  const holders = await holdersUnder(tx, { ...ground, relations, targets: new Map(), surveyed: null }, [
    address,
  ])
  const ties = createTies({ book: ground.book, bookOf: () => ground.book, foreign: new Map(), holders })
  const { falling, restricting } = fallOf(ties, address, recordId)
  if (restricting !== null) {
    const { holder, tie } = restricting
    const what = `${holder.type.name} ${holder.live.key.replaceAll('\u001f', '/')}`
    throw new Fault('CONFLICT', { reason: `${tie.reference.inUse.message} (${what})` })
  }
  const byBook = new Map<number, string[]>()
  for (const { book, live } of falling) byBook.set(book, [...(byBook.get(book) ?? []), live.recordId])
  return byBook
}

async function groupsOf(
  tx: Tx,
  deps: RunDeps,
  { realm, to }: TransferRequest,
  others: ReadonlyMap<number, readonly string[]>,
  record: Address & { readonly recordId: string },
): Promise<readonly Group[]> {
  const books = [...new Set([record.book, ...others.keys()])].sort((a, b) => a - b)
  const groups: Group[] = []
  for (const book of books) {
    const ids = [...(others.get(book) ?? []), ...(book === record.book ? [record.recordId] : [])]
    const exchange = await exchangeOf(tx, book)
    const definition = deps.definitions.get(exchange)
    if (definition.owner === 'centre')
      throw new Fault('CONFLICT', { reason: `Records of ${exchange}, which the centre owns, belong to it.` })
    const target = await openBook(tx, exchange, realm, to)
    groups.push({ definition, from: book, to: target.book, rows: await findMoving(tx, book, ids) })
  }
  return groups
}

async function exchangeOf(tx: Tx, book: number): Promise<string> {
  const [row] = await tx.rows<{ exchange: string }>({
    text: 'select exchange from book where book = $1',
    values: [book],
  })
  if (row === undefined) throw new Error(`there is no book ${book}`)
  return row.exchange
}

async function moveGroup(
  tx: Tx,
  deps: RunDeps,
  request: TransferRequest,
  group: Group,
  groups: readonly Group[],
): Promise<readonly MovedRecord[]> {
  const { from, to, rows, definition } = group
  const locked = new Map<number, LockedBook>()
  for (const book of [from, to].sort((a, b) => a - b)) locked.set(book, await lockBook(tx, book, ''))
  await refuseTaken(tx, group)
  const { links, findings } = await relink(tx, deps, request, group, groups)
  const before = locked.get(from) as LockedBook
  const after = locked.get(to) as LockedBook
  const now = deps.now()
  const at = [before.changedAt, after.changedAt].reduce(later, new Date(now).toISOString())
  const moved = await reportMove(tx, deps, request, group, findings, at)
  const [{ left = '', came = '' } = {}] = moved
  const given = await moveRecords(
    tx,
    {
      from: { book: from, tracking: left, changeNo: before.changeNo },
      to: { book: to, tracking: came, changeNo: after.changeNo },
      at,
    },
    moved.map(({ row, position, status }) => ({ recordId: row.record_id, position, status })),
  )
  await advanceBook(tx, from, rows.length, -rows.length, at)
  await advanceBook(tx, to, given, rows.length, at)
  await replaceLinks(
    tx,
    from,
    rows.map((row) => row.record_id),
    [],
  )
  await replaceLinks(tx, to, [], links)
  await putFindings(
    tx,
    to,
    moved.map(({ row, position, findings: own }) => ({
      tracking: came,
      position,
      key: row.key,
      findings: own,
    })),
  )
  return moved.map((one) => ({ ...one, exchange: definition.exchange }))
}

async function refuseTaken(tx: Tx, { to, rows, definition }: Group): Promise<void> {
  for (const type of new Set(rows.map((row) => row.type))) {
    const keys = rows.filter((row) => row.type === type).map((row) => row.key)
    const [taken] = await findKeys(tx, to, type, keys)
    if (taken !== undefined)
      throw new Fault('CONFLICT', {
        reason: `The new owner has a ${type} ${taken.asked.replaceAll('\u001f', '/')} in ${definition.exchange} already.`,
      })
  }
}

/** Records of the new owner that waited for what has come. */
async function settleMoved(
  tx: Tx,
  deps: RunDeps,
  ground: Ground,
  moved: readonly MovedRecord[],
): Promise<void> {
  for (const { exchange, book, row, came } of moved) {
    const definition = deps.definitions.get(exchange)
    const relations = relationsOf(definition, ground.all)
    if (relations === null) continue
    const own: Ground = { ...ground, definition, book }
    const address = { book, type: row.type, key: row.key }
    const holders = await waitingFor(tx, { ...own, relations, targets: new Map(), surveyed: null }, [address])
    if (holders.length === 0) continue
    const ties = createTies({ book, bookOf: () => book, foreign: new Map(), holders })
    const effects: readonly Effect[] = settle(ties, address, createChunkBook([]), book)
    const others = new Map<number, Unnumbered[]>()
    const mine: Unnumbered[] = []
    for (const effect of effects) addEffect(effect, came, book, mine, others)
    if (mine.length > 0) await applyToBook(tx, deps.now(), book, await lockBook(tx, book, ''), mine)
    await applyToOthers(tx, deps.now(), others)
    await writeTies(tx, own, ties)
  }
}
