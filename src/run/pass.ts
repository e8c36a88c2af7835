import { rm } from 'node:fs/promises'
import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import { logLines } from '../feedback/log-line.ts'
import { DocumentRefused, JudgeDied } from '../judge/pool.ts'
import { type DocumentSource, readingOf } from '../judge/read-document.ts'
import type { Verdict } from '../match/decide.ts'
import { keyUnreadable } from '../match/unreadable-key.ts'
import { addCorrections } from '../store/corrections.ts'
import { findDocument } from '../store/documents.ts'
import type { Submission } from '../store/model.ts'
import { putSegments } from '../store/segments.ts'
import { addCounts, advanceSubmission, holdClaim } from '../store/submissions.ts'
import { applyDecided } from './apply.ts'
import {
  type ChunkContext,
  type ChunkItem,
  decideChunk,
  type HeldBook,
  holdBook,
  keepFindings,
} from './chunk.ts'
import { compareChunk, keepComparison } from './compare-chunk.ts'
import { correctionsIn } from './correction.ts'
import type { RunDeps } from './deps.ts'
import { documentBytes, takeDocuments, withoutDocuments } from './record-documents.ts'
import { inOrder, noteUnchanged, recordsOf, refuseChanges, type Sent, writeKnown } from './repeats.ts'
import { countVerdicts, keepPiece, logPiece } from './report.ts'
import { createStatistics } from './statistics.ts'
import { keepSurvey } from './survey.ts'

/** Records may be large: a chunk is full at this many characters of bodies, however few they are. */
const chunkCharsMax = 16 * 2 ** 20

export interface PassOptions {
  /** Asked between chunks: true asks to keep the book's lock short. */
  readonly waited: () => boolean
  /** Records of a whole file that are stored just as they are sent are not judged again. */
  readonly repeats: boolean
}

/** Records in a chunk while a single-record call waits for the same book. */
const chunkWhileWaited = 200

/**
 * One pass over a submission's document, from its checkpoint to its end: judged in a process of its own,
 * decided and written chunk by chunk, each chunk one transaction with its report and the new checkpoint.
 * @returns the submission as it stands after the last chunk
 * Throws DocumentRefused, JudgeDied, RepeatGone, and fault LEASE_LOST when another worker took over.
 */
export async function runPass(
  deps: RunDeps,
  start: Submission,
  definition: Definition,
  claim: number,
  { waited, repeats }: PassOptions,
): Promise<Submission> {
  let submission = start
  const source = await sourceOf(deps, submission)
  const known = repeats && start.scope === 'refresh' ? await writeKnown(deps, start.book) : null
  const batches = deps.pool.judge(definition, source, {
    partner: submission.partner,
    today: submission.receivedDate,
    fromPosition: submission.checkpoint,
    ...readingOf(submission),
    ...(known === null ? {} : { known }),
  })
  const gatherMax = deps.db.chunkRecordsMax
  let pending: Sent[] = []
  let share: number | null = null
  let format: string | null = null
  const surveying = start.phase === 'survey'
  const keepStatistics = createStatistics(deps, surveying ? 'survey' : 'records', 500)
  let chars = 0
  try {
    for await (const batch of batches) {
      const parcels = surveying ? withoutDocuments(batch.parcels) : await takeDocuments(deps, batch.parcels)
      for (const parcel of parcels) chars += parcel.body.length
      chars += documentBytes(parcels)
      pending = pending.concat(inOrder(parcels, batch.repeats))
      ;({ share, format } = batch)
      if (pending.length < gatherMax && chars < chunkCharsMax) continue
      await flush()
      chars = 0
    }
  } catch (error) {
    // What was read before the document broke off keeps its outcome, however it fell into chunks.
    if (error instanceof DocumentRefused || error instanceof JudgeDied) await flush()
    throw error
  } finally {
    if (known !== null) await rm(known, { force: true })
  }
  await flush()
  return submission

  async function flush(): Promise<void> {
    while (pending.length > 0) {
      const size = waited() ? Math.min(chunkWhileWaited, gatherMax) : gatherMax
      const chunk = pending.slice(0, size)
      pending = pending.slice(size)
      const changed = changes(submission)
      submission = await writeChunk(deps, submission, definition, claim, chunk, share, format)
      await keepStatistics(surveying ? chunk.length : changes(submission) - changed)
    }
  }
}

function changes({ counts }: Submission): number {
  return counts.created + counts.updated + counts.deleted
}

async function writeChunk(
  deps: RunDeps,
  submission: Submission,
  definition: Definition,
  claim: number,
  sent: readonly Sent[],
  share: number | null,
  format: string | null,
): Promise<Submission> {
  const { book, tracking } = submission
  const context: ChunkContext = {
    definition,
    book,
    realm: submission.realm,
    owner: submission.owner,
    all: deps.definitions.list(),
    partner: definition.owner === 'partner' ? submission.owner : submission.partner,
    today: submission.receivedDate,
    now: deps.now(),
  }
  return deps.db.transact(async (tx) => {
    if (!(await holdClaim(tx, book, tracking, claim)))
      throw new Fault('LEASE_LOST', { what: `submission ${tracking}` })
    const surveyed = submission.phase === 'survey' ? tracking : null
    const held = submission.reconcile ? null : await holdBook(tx, context)
    const records = await recordsOf(tx, book, definition, sent)
    const parcels = records.map(({ parcel }) => parcel)
    const items: ChunkItem[] = records.map((record) => ({
      ...record,
      tracking,
      byCentre: submission.byCentre,
      expectedVersion: null,
    }))
    const { verdicts, write } = await settleChunk(tx, context, items, held, submission)
    refuseChanges(sent, verdicts)
    // A survey is forgotten when the pass that applies begins, or when a person must decide: only a dry run's
    // is the report that the sender gets.
    const reported = surveyed === null || submission.dryRun
    // The log is written while the database takes the records in.
    const piece = await besides(
      reported
        ? logPiece(deps.documents, submission.merkle, linesOf(verdicts, definition.exchange))
        : Promise.resolve(null),
      write(),
    )
    if (surveyed === null) await addCorrections(tx, book, correctionsIn(items))
    if (surveyed === null) await noteUnchanged(tx, book, sent, verdicts)
    if (surveyed !== null && reported) await keepFindings(tx, context, items, verdicts)
    const last = parcels.at(-1)?.position ?? submission.checkpoint
    const first = parcels[0]?.position ?? last
    const place = { book, tracking, segment: submission.segments, firstPosition: first, lastPosition: last }
    if (piece !== null) await putSegments(tx, [await keepPiece(tx, piece, place)])
    const counts = countVerdicts(verdicts)
    const unreadableKeys = parcels.filter((parcel) => keyUnreadable(definition, parcel)).length
    const moved = await advanceSubmission(tx, {
      book,
      tracking,
      claim,
      from: submission.checkpoint,
      to: last,
      counts,
      unreadableKeys,
      merkle: piece?.edge ?? submission.merkle,
      segments: piece === null ? 0 : 1,
      share,
      format,
    })
    if (!moved) throw new Fault('LEASE_LOST', { what: `submission ${tracking}` })
    return {
      ...submission,
      checkpoint: last,
      counts: addCounts(submission.counts, counts),
      unreadableKeys: submission.unreadableKeys + unreadableKeys,
      merkle: piece?.edge ?? submission.merkle,
      segments: submission.segments + (piece === null ? 0 : 1),
      share,
      format: submission.format ?? format,
    }
  })
}

/** What becomes of the records of a chunk, and how that is written: applied, surveyed, or, without a hold, compared. */
async function settleChunk(
  tx: Tx,
  context: ChunkContext,
  items: readonly ChunkItem[],
  held: HeldBook | null,
  { tracking, phase }: Submission,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly write: () => Promise<void> }> {
  if (held === null) {
    const compared = await compareChunk(tx, context, items)
    return {
      verdicts: compared.verdicts,
      write: () => keepComparison(tx, context, tracking, compared),
    }
  }
  const surveyed = phase === 'survey' ? tracking : null
  const decided = await decideChunk(tx, context, items, held, surveyed)
  const write =
    surveyed === null
      ? () => applyDecided(tx, context, items, decided)
      : () => keepSurvey(tx, context, decided, surveyed)
  return { verdicts: decided.verdicts, write }
}

/** The first when both have ended, also when one failed: nothing may go on in a transaction that is rolled back. */
async function besides<T>(work: Promise<T>, inDatabase: Promise<void>): Promise<T> {
  await Promise.allSettled([work, inDatabase])
  await inDatabase
  return work
}

function* linesOf(verdicts: readonly Verdict[], exchange: string): Generator<string> {
  for (const verdict of verdicts) yield* logLines(verdict, exchange)
}

async function sourceOf(deps: RunDeps, submission: Submission): Promise<DocumentSource> {
  const kept = await deps.db.transact((tx) => findDocument(tx, submission.document))
  if (kept === null) throw new Error(`document ${submission.document} of ${submission.tracking} is not there`)
  return kept.bytes === null
    ? { kind: 'file', path: deps.documents.pathOf(kept.sha256), size: kept.size }
    : { kind: 'bytes', bytes: kept.bytes }
}
