import type { Tx } from '../db/database.ts'
import { putSeen, putSets, putSurveyed, type Surveyed } from '../store/survey.ts'
import { type ChunkContext, type Decided, looksInside } from './chunk.ts'
import { writeSurveyTies } from './ties.ts'

/** Remembers, for each key of a chunk that was decided without effect, where it would stand. */
export async function keepSurvey(
  tx: Tx,
  context: ChunkContext,
  { verdicts, ties }: Decided,
  tracking: string,
): Promise<void> {
  const { book, definition } = context
  const keepBodies = new Set(definition.types.filter(looksInside).map((type) => type.name))
  const changed = new Map<string, Surveyed>()
  const seen: { type: string; key: string; position: number }[] = []
  const sets: { type: string; setKey: string }[] = []
  const keep = (row: Surveyed) => changed.set(`${row.type}\u001e${row.key}`, row)
  for (const { change, parcel, outcome, effects } of verdicts) {
    if (typeof parcel.setKey === 'string' && ACCEPTED.has(outcome))
      sets.push({ type: parcel.type, setKey: parcel.setKey })
    if (change === null) {
      if (parcel.key !== null) seen.push({ type: parcel.type, key: parcel.key, position: parcel.position })
      continue
    }
    for (const one of [
      change,
      ...effects.filter((effect) => effect.book === book).map((effect) => effect.change),
    ]) {
      const row = {
        type: one.type,
        position: parcel.position,
        duplicateKey: one.duplicateKey,
        recordId: one.recordId,
        status: one.status,
        version: one.version,
        contentHash: one.parcel.contentHash,
        body: keepBodies.has(one.type) ? one.parcel.body : null,
      }
      if (one.formerKey !== undefined) keep({ ...row, key: one.formerKey, present: false })
      keep({ ...row, key: one.key, present: one.kind !== 'delete' })
    }
  }
  await putSurveyed(tx, book, tracking, [...changed.values()])
  await putSeen(tx, book, tracking, seen)
  await putSets(tx, book, tracking, sets)
  if (ties !== null) await writeSurveyTies(tx, context, tracking, ties)
}

const ACCEPTED: ReadonlySet<string> = new Set(['created', 'updated', 'unchanged'])
