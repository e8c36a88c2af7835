import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import type { Finding } from '../exchange/parcel.ts'
import { inDependencyOrder } from '../exchange/references.ts'
import { Fault } from '../fault/fault.ts'
import { cascadeLine, removalLine } from '../feedback/log-line.ts'
import { createChunkBook } from '../match/chunk-book.ts'
import { cascade, type Effect, fallOf } from '../match/effects.ts'
import { createTies, type Ties } from '../match/ties.ts'
import {
  type AbsentQuery,
  type AbsentRow,
  countAbsent,
  countFalling,
  countWithin,
  findAbsent,
  whatKeeps,
} from '../store/absent.ts'
import { dropAliases } from '../store/aliases.ts'
import { advanceBook, type LockedBook, lockBook } from '../store/books.ts'
import { addFileFindings } from '../store/findings.ts'
import { replaceLinks } from '../store/links.ts'
import { NO_COUNTS, type Submission } from '../store/model.ts'
import { removeAbsent } from '../store/removal.ts'
import { putSegments } from '../store/segments.ts'
import { advanceSubmission, findSubmission, holdClaim } from '../store/submissions.ts'
import { putSeen } from '../store/survey.ts'
import { addEffect, applyToBook, applyToOthers, type Unnumbered } from './apply.ts'
import { later } from './chunk.ts'
import type { RunDeps } from './deps.ts'
import { type Preview, previewOf } from './refresh.ts'
import {
  type Ground,
  holdTargets,
  nameOf,
  type Relations,
  relationsOf,
  type TargetBooks,
} from './relations.ts'
import { keepPiece, logPiece } from './report.ts'
import { tellRemoved } from './tell.ts'
import { holdersUnder, writeTies } from './ties.ts'

const removalChunk = 500

/** What a survey found, for the person who may have to confirm it. */
export async function surveyedPreview(
  tx: Tx,
  deps: Pick<RunDeps, 'definitions'>,
  submission: Submission,
  definition: Definition,
): Promise<Preview & Readonly<Record<string, unknown>>> {
  const { book, tracking } = submission
  const { liveRecords } = await lockBook(tx, book, submission.partner)
  const query = absentQuery(submission, definition)
  if (query === null) return previewOf(submission, liveRecords, 0, 0, [])
  const live = query.within ? await countWithin(tx, book, tracking) : liveRecords
  const relations = relationsOf(definition, deps.definitions.list())
  const absent = await countAbsent(tx, query)
  const examples = absent > 0 ? await findAbsent(tx, query, [], 20) : []
  const falling = absent > 0 && relations !== null ? await countFalling(tx, query, relations.cascading) : 0
  return previewOf(submission, live, absent, falling, examples)
}

/** What a refresh may delete for being absent; null: nothing. */
function absentQuery(submission: Submission, definition: Definition): AbsentQuery | null {
  const { types, refresh, batch } = definition
  const { book, tracking, scope, unreadableKeys, surveyChangeNo } = submission
  // An incomplete picture deletes nothing: one unreadable key might be any record.
  if (scope !== 'refresh' || unreadableKeys > 0 || surveyChangeNo === null) return null
  const deleting = types.filter((type) => type.sync?.missing !== 'keep').map(({ name }) => name)
  if (deleting.length === 0) return null
  // A file of one of several types says nothing of the others, unless they must come together.
  const whole = types.length === 1 ? deleting : batch.required
  const within = refresh.within !== undefined
  return { book, tracking, changeNo: surveyChangeNo, types: deleting, whole, within }
}

/**
 * Deletes some of what a refresh did not name, types that refer to others before those, with what falls with it. What
 * others still need is kept, and told in a finding of the file.
 * @returns the submission after it; null where nothing is left to delete
 */
export async function removeChunk(
  deps: RunDeps,
  submission: Submission,
  definition: Definition,
  claim: number,
): Promise<Submission | null> {
  const query = absentQuery(submission, definition)
  if (query === null) return null
  const { book, tracking, owner, realm } = submission
  const ground: Ground = { definition, all: deps.definitions.list(), realm, owner, book }
  const relations = relationsOf(definition, ground.all)
  return deps.db.transact(async (tx) => {
    if (!(await holdClaim(tx, book, tracking, claim)))
      throw new Fault('LEASE_LOST', { what: `submission ${tracking}` })
    const targets = relations === null ? null : await holdTargets(tx, ground, relations)
    const locked = await lockBook(tx, book, submission.partner)
    const absent = await nextAbsent(tx, query, definition, relations)
    if (absent.length === 0) {
      const kept = relations !== null && (await keepNeeded(tx, query, definition, relations))
      return kept ? submission : null
    }
    const fell =
      relations === null || targets === null
        ? { removed: absent, effects: [], ties: null }
        : await letFall(tx, ground, relations, targets, query, absent)
    if (fell.removed.length === 0) return submission
    await writeRemoval(tx, deps.now(), ground, locked, tracking, fell)
    await tellRemoved(tx, submission, definition, fell.removed, deps.now())
    return report(deps, tx, submission, claim, fell)
  })
}

/** Absent records of the first type, those that refer before those that are referred to, that has any to delete. */
async function nextAbsent(
  tx: Tx,
  query: AbsentQuery,
  definition: Definition,
  relations: Relations | null,
): Promise<readonly AbsentRow[]> {
  if (relations === null) return findAbsent(tx, query, [], removalChunk)
  for (const { name } of inDependencyOrder(definition.types).toReversed()) {
    if (!query.types.includes(name)) continue
    const restricting = restrictingOf(definition, relations, name)
    const found = await findAbsent(tx, { ...query, types: [name] }, restricting, removalChunk)
    if (found.length > 0) return found
  }
  return []
}

function restrictingOf(definition: Definition, relations: Relations, type: string): readonly string[] {
  return relations
    .incoming(definition.exchange, type)
    .filter(({ reference }) => reference.onDelete === 'restrict')
    .map(nameOf)
}

interface Fell {
  readonly removed: readonly AbsentRow[]
  readonly effects: readonly Effect[]
  readonly ties: Ties | null
}

/** What goes with the absent records; one that others need at some distance stays. */
async function letFall(
  tx: Tx,
  ground: Ground,
  relations: Relations,
  targets: TargetBooks,
  query: AbsentQuery,
  absent: readonly AbsentRow[],
): Promise<Fell> {
  const { book } = ground
  const addresses = absent.map(({ type, key }) => ({ book, type, key }))
  const holders = await holdersUnder(tx, { ...ground, relations, targets, surveyed: null }, addresses)
  const ties = createTies({ book, bookOf: () => book, foreign: new Map(), holders })
  const nothing = createChunkBook([])
  const going = new Set(absent.map((row) => row.record_id))
  const removed: AbsentRow[] = []
  const kept: { row: AbsentRow; reference: string }[] = []
  const effects: Effect[] = []
  for (const row of absent) {
    const fall = fallOf(ties, { book, type: row.type, key: row.key }, row.record_id)
    if (fall.restricting !== null) {
      const { holder, tie } = fall.restricting
      const name = nameOf({ exchange: holder.exchange, type: holder.type, reference: tie.reference })
      kept.push({ row, reference: name })
      continue
    }
    removed.push(row)
    const besides = fall.falling.filter(({ live }) => !going.has(live.recordId))
    effects.push(...cascade(besides, ties, nothing, book, { position: 0 }))
  }
  await tellKept(tx, query, relations, kept)
  return { removed, effects, ties }
}

async function writeRemoval(
  tx: Tx,
  now: number,
  ground: Ground,
  locked: LockedBook,
  tracking: string,
  { removed, effects, ties }: Fell,
): Promise<void> {
  const { book } = ground
  const at = later(new Date(now).toISOString(), locked.changedAt)
  const ids = removed.map((row) => row.record_id)
  await removeAbsent(tx, { book, tracking, changeNo: locked.changeNo, at }, ids)
  await advanceBook(tx, book, removed.length, -removed.length, at)
  if (locked.aliases > 0) await dropAliases(tx, book, ids)
  if (ties === null) return
  await replaceLinks(tx, book, ids, [])
  const own: Unnumbered[] = []
  const others = new Map<number, Unnumbered[]>()
  for (const effect of effects) addEffect(effect, tracking, book, own, others)
  const after = { ...locked, changeNo: locked.changeNo + removed.length, changedAt: at }
  await applyToBook(tx, now, book, after, own)
  await applyToOthers(tx, now, others)
  await writeTies(tx, ground, ties)
}

async function report(
  deps: RunDeps,
  tx: Tx,
  submission: Submission,
  claim: number,
  { removed, effects }: Fell,
): Promise<Submission | null> {
  const { book, tracking, exchange, checkpoint: last } = submission
  const lines = removed.map((row) =>
    removalLine({ ...row, recordId: row.record_id, version: row.version + 1 }),
  )
  for (const effect of effects) lines.push(cascadeLine(effect, 0, exchange))
  const piece = await logPiece(deps.documents, submission.merkle, lines)
  const place = { book, tracking, segment: submission.segments, firstPosition: last, lastPosition: last }
  await putSegments(tx, [await keepPiece(tx, piece, place)])
  const moved = await advanceSubmission(tx, {
    book,
    tracking,
    claim,
    from: last,
    to: last,
    counts: { ...NO_COUNTS, removed: removed.length, cascaded: effects.length },
    unreadableKeys: 0,
    merkle: piece.edge,
    segments: 1,
    share: 1,
    format: null,
  })
  if (!moved) throw new Fault('LEASE_LOST', { what: `submission ${tracking}` })
  return findSubmission(tx, book, tracking)
}

/** What is absent and left is needed by others: it stays. False when there is none. */
async function keepNeeded(
  tx: Tx,
  query: AbsentQuery,
  definition: Definition,
  relations: Relations,
): Promise<boolean> {
  const rows = await findAbsent(tx, query, [], removalChunk)
  if (rows.length === 0) return false
  const restricting = query.types.flatMap((type) => restrictingOf(definition, relations, type))
  const keeping = await whatKeeps(tx, query.book, rows, restricting)
  const kept = rows.map((row) => ({ row, reference: keeping.get(row.record_id) ?? '' }))
  await tellKept(tx, query, relations, kept)
  return true
}

/** A deletion that is refused is told in a finding of the file; the record counts as seen from now on. */
async function tellKept(
  tx: Tx,
  { book, tracking }: AbsentQuery,
  relations: Relations,
  kept: readonly { readonly row: AbsentRow; readonly reference: string }[],
): Promise<void> {
  if (kept.length === 0) return
  const findings = kept.map(({ row, reference }) => {
    const known = relations.named(reference)?.reference.inUse
    const key = row.key.replaceAll('\u001f', '/')
    const finding: Finding = {
      code: known?.code ?? 'IN_USE',
      severity: 'error',
      path: '',
      field: row.type,
      item: null,
      message: `The ${row.type} ${key} is not in the file, but stays: ${known?.message ?? 'others refer to it.'}`,
      value: key.slice(0, 200),
    }
    return { key: row.key, finding }
  })
  await addFileFindings(tx, book, tracking, findings)
  const seen = kept.map(({ row: { type, key } }) => ({ type, key, position: 0 }))
  await putSeen(tx, book, tracking, seen)
}
