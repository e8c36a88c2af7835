import type { Definition } from '../exchange/definition.ts'
import type { Parcel } from '../exchange/parcel.ts'
import { DocumentRefused, JudgeDied } from '../judge/pool.ts'
import { type DocumentSource, readingOf } from '../judge/read-document.ts'
import type { Verdict } from '../match/decide.ts'
import {
  compareFates,
  emptyShadow,
  type ShadowResult,
  type ShadowTally,
  shadowResult,
} from '../match/shadow.ts'
import { findDocument } from '../store/documents.ts'
import type { Submission } from '../store/model.ts'
import type { ChunkContext, ChunkItem } from './chunk.ts'
import { compareChunk } from './compare-chunk.ts'
import type { RunDeps } from './deps.ts'
import { withoutDocuments } from './record-documents.ts'

/** The definition by which a partner's records are judged, now and by the candidate. */
export interface Sides {
  readonly before: Definition
  readonly after: Definition
}

const chunkRecords = 500

/**
 * Judges past documents by two definitions, side by side, and holds what comes of it against what is stored, without
 * any effect: as if each file were sent once more, now.
 * @param told of each document that was dealt with; ends the run by throwing
 */
export async function runShadow(
  deps: RunDeps,
  submissions: readonly Submission[],
  sidesOf: (partner: string) => Promise<Sides>,
  told: (result: ShadowResult) => Promise<void>,
): Promise<ShadowResult> {
  const running = emptyShadow()
  let done = 0
  for (const submission of submissions) {
    await shadowOne(deps, submission, await sidesOf(submission.partner), running)
    done += 1
    await told(shadowResult(running, done))
  }
  return shadowResult(running, done)
}

async function shadowOne(
  deps: RunDeps,
  submission: Submission,
  { before, after }: Sides,
  running: ShadowTally,
): Promise<void> {
  const source = await sourceOf(deps, submission)
  if (source === null) return
  const old = new Side(deps, submission, before, source)
  const fresh = new Side(deps, submission, after, source)
  try {
    for (;;) {
      const [was, is] = await Promise.all([old.take(chunkRecords), fresh.take(chunkRecords)])
      if (was.length === 0 && is.length === 0) break
      for (let index = 0; index < Math.max(was.length, is.length); index += 1)
        compareFates(submission.tracking, was[index], is[index], running)
    }
  } finally {
    await Promise.all([old.end(), fresh.end()])
  }
  if (old.broken !== fresh.broken)
    running.unread.push({ tracking: submission.tracking, before: old.broken, after: fresh.broken })
}

async function sourceOf(deps: RunDeps, { document }: Submission): Promise<DocumentSource | null> {
  const kept = await deps.db.transact((tx) => findDocument(tx, document))
  if (kept === null) return null
  return kept.bytes === null
    ? { kind: 'file', path: deps.documents.pathOf(kept.sha256), size: kept.size }
    : { kind: 'bytes', bytes: kept.bytes }
}

/** A document as one definition judges it, taken piece by piece. */
class Side {
  readonly #deps: RunDeps
  readonly #submission: Submission
  readonly #definition: Definition
  readonly #batches: AsyncGenerator<{ readonly parcels: readonly Parcel[] }>
  #waiting: readonly Parcel[] = []
  /** Why the document could not be read to its end. */
  broken: string | null = null

  constructor(deps: RunDeps, submission: Submission, definition: Definition, source: DocumentSource) {
    this.#deps = deps
    this.#submission = submission
    this.#definition = definition
    this.#batches = deps.pool.judge(definition, source, {
      partner: submission.partner,
      today: submission.receivedDate,
      fromPosition: 0,
      ...readingOf(submission),
    })
  }

  /** The next records, fewer only at the end, held against what is stored. */
  async take(count: number): Promise<readonly Verdict[]> {
    while (this.#waiting.length < count) {
      const next = await this.#next()
      if (next === null) break
      this.#waiting = [...this.#waiting, ...next]
    }
    const parcels = this.#waiting.slice(0, count)
    this.#waiting = this.#waiting.slice(count)
    return parcels.length === 0 ? [] : this.#match(parcels)
  }

  async end(): Promise<void> {
    await this.#batches.return(undefined)
  }

  async #next(): Promise<readonly Parcel[] | null> {
    try {
      const { done, value } = await this.#batches.next()
      return done === true ? null : withoutDocuments(value.parcels)
    } catch (error) {
      if (!(error instanceof DocumentRefused || error instanceof JudgeDied)) throw error
      this.broken = error.message
      return null
    }
  }

  #match(parcels: readonly Parcel[]): Promise<readonly Verdict[]> {
    const { book, realm, owner, partner, byCentre, tracking, receivedDate } = this.#submission
    const context: ChunkContext = {
      definition: this.#definition,
      book,
      realm,
      owner,
      all: this.#deps.definitions.list(),
      partner: this.#definition.owner === 'partner' ? owner : partner,
      today: receivedDate,
      now: this.#deps.now(),
    }
    const items: ChunkItem[] = parcels.map((parcel) => ({
      parcel,
      tracking,
      byCentre,
      expectedVersion: null,
    }))
    return this.#deps.db.transact(async (tx) => (await compareChunk(tx, context, items)).verdicts)
  }
}
