import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import type { Parcel } from '../exchange/parcel.ts'
import { Fault, isFault } from '../fault/fault.ts'
import { logLines } from '../feedback/log-line.ts'
import { laneBusy } from '../job/queue.ts'
import type { Verdict } from '../match/decide.ts'
import { bookOfTracking, newTracking, openBook } from '../store/books.ts'
import { addCorrections } from '../store/corrections.ts'
import { keepDefinition } from '../store/definitions.ts'
import { putDelivery } from '../store/deliveries.ts'
import type { Kept } from '../store/documents.ts'
import { findLine } from '../store/log-lines.ts'
import type { Realm } from '../store/model.ts'
import { putClosedSubmissions } from '../store/submissions.ts'
import { applyChunk } from './apply.ts'
import type { ChunkItem } from './chunk.ts'
import { collectCalls } from './collected-calls.ts'
import { correctionsIn } from './correction.ts'
import { dateIn, type RunDeps } from './deps.ts'
import { firstDelivery, laneOf } from './receive.ts'
import { countVerdicts, keepPiece, logPiece } from './report.ts'
import { createStatistics } from './statistics.ts'
import { createTurns } from './turns.ts'

/** One judged record to be applied at once; the caller may do this for that partner. */
export interface Call {
  readonly definition: Definition
  readonly realm: Realm
  readonly partner: string
  readonly owner: string
  readonly account: string
  readonly byCentre: boolean
  readonly channel: string
  readonly contentType: string
  readonly format: string
  readonly idempotencyKey: string | null
  /** What was asked, hashed: the same key with another fingerprint is a conflict. */
  readonly fingerprint: string
  readonly expectedVersion: number | null
  /** The body as received, kept as the submission's document. */
  readonly kept: Kept
  readonly parcel: Parcel
  /** It is reported with the files of its sender too; that it will be is durable when it is answered. */
  readonly collect: boolean
  /** Why it is asked, in words; null: nothing was said. */
  readonly reason: string | null
}

export type Keyed = Pick<Call, 'partner' | 'idempotencyKey' | 'fingerprint'>

export interface Answer {
  readonly tracking: string
  /** The first answer to this idempotency key, again. */
  readonly repeated: boolean
  readonly verdict: Pick<Verdict, 'outcome' | 'recordId' | 'status' | 'version' | 'findings'>
  readonly key: string | null
}

export interface Realtime {
  /**
   * Applies one record and answers when it is durable. Calls for one book that arrive together share a
   * transaction, each with a submission of its own.
   * Throws faults LANE_BUSY, CONFLICT, DATABASE_AWAY.
   */
  apply(call: Call): Promise<Answer>
  /**
   * The first answer to a call's idempotency key; null when it has none or the key is new. Asked before the
   * call is judged: what is stored may no longer fit it, because it was done.
   * Throws fault CONFLICT when the key was used for something else.
   */
  repeated(call: Keyed): Promise<Answer | null>
  /** Is a call waiting for this book? Files then keep the lock short. */
  waited(book: number): boolean
}

interface Waiting {
  readonly call: Call
  /** Monotonic, so that a clock set back makes nobody wait. */
  readonly since: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Calls in one transaction; more wait for the next. */
const groupMax = 64

/**
 * Groups of different books written at once. More would not be faster: they would only be smaller, and each
 * costs as many round trips and a commit.
 */
const groupsAtOnce = 4

export function createRealtime(deps: RunDeps): Realtime {
  const queues = new Map<string, Waiting[]>()
  const running = new Set<string>()
  const waitedBooks = new Map<number, number>()
  const bookNumbers = new Map<string, number>()
  const turns = createTurns(groupsAtOnce)
  const keepStatistics = createStatistics(deps, 'records', 64)

  return {
    async apply(call) {
      return new Promise((resolve, reject) => {
        const place = [call.definition.hash, call.realm, call.owner, call.partner].join('\u001f')
        const queue = queues.get(place) ?? []
        queues.set(place, queue)
        queue.push({ call, since: performance.now(), resolve, reject })
        if (!running.has(place)) void drain(place, queue)
      })
    },
    repeated: (call) => repeated(deps.db, call),
    waited: (book) => (waitedBooks.get(book) ?? 0) > 0,
  }

  async function drain(place: string, queue: Waiting[]): Promise<void> {
    running.add(place)
    while (queue.length > 0) {
      // While they wait for their turn, more calls join them. A lane that may be busy for long takes no turn.
      const end = queue[0]?.call.definition.realtime.interleave === true ? await turns.take() : () => {}
      await runGroup(queue.splice(0, groupMax)).finally(end)
    }
    running.delete(place)
    queues.delete(place)
  }

  async function runGroup(group: readonly Waiting[]): Promise<void> {
    let left = group
    let book: number | null = null
    try {
      book = await bookOf((group[0] as Waiting).call)
      waitedBooks.set(book, (waitedBooks.get(book) ?? 0) + group.length)
      left = await waitForLane(deps, group, book)
      if (left.length === 0) return
      const answers = await applyGroup(
        deps,
        book,
        left.map((waiting) => waiting.call),
      )
      for (const [index, waiting] of left.entries()) waiting.resolve(answers[index] as Answer)
      await keepStatistics(left.length)
    } catch (error) {
      // One call must not fail for another's sake: alone, each gets its own answer.
      if (left.length > 1 && !isFault(error, 'DATABASE_AWAY'))
        for (const waiting of left) await runAlone(waiting)
      else for (const waiting of left) await refuse(waiting, error)
    } finally {
      if (book !== null) waitedBooks.set(book, (waitedBooks.get(book) ?? 0) - group.length)
    }
  }

  async function runAlone(waiting: Waiting): Promise<void> {
    const first = await repeated(deps.db, waiting.call).catch(() => null)
    if (first !== null) waiting.resolve(first)
    else await runGroup([waiting])
  }

  /** The same key may have been delivered beside this call: then its answer is the answer. */
  async function refuse(waiting: Waiting, error: unknown): Promise<void> {
    const first = isFault(error, 'CONFLICT') ? await repeated(deps.db, waiting.call).catch(() => null) : null
    if (first !== null) waiting.resolve(first)
    else waiting.reject(error)
  }

  async function bookOf(call: Call): Promise<number> {
    const name = `${call.definition.exchange}\u001f${call.realm}\u001f${call.owner}`
    const known = bookNumbers.get(name)
    if (known !== undefined) return known
    const { book } = await deps.db.transact(async (tx) => {
      await keepDefinition(tx, call.definition)
      return openBook(tx, call.definition.exchange, call.realm, call.owner)
    })
    bookNumbers.set(name, book)
    return book
  }
}

/**
 * Where an exchange does not let calls run between the chunks of a file, they wait for its end, each for
 * the time the exchange says. Those whose time is over are refused; the others are returned.
 */
async function waitForLane(
  { db }: Pick<RunDeps, 'db'>,
  group: readonly Waiting[],
  book: number,
): Promise<readonly Waiting[]> {
  const { owner, definition } = (group[0] as Waiting).call
  const { interleave, waitMs } = definition.realtime
  let left = group
  while (!interleave && left.length > 0 && (await db.transact((tx) => laneBusy(tx, laneOf(book))))) {
    const over = performance.now() - waitMs
    for (const waiting of left)
      if (waiting.since <= over)
        waiting.reject(new Fault('LANE_BUSY', { book: `${definition.exchange} of ${owner}` }))
    left = left.filter((waiting) => waiting.since > over)
    if (left.length > 0) await sleep(Math.min(100, waitMs))
  }
  return left
}

async function applyGroup(deps: RunDeps, book: number, calls: readonly Call[]): Promise<Answer[]> {
  const first = calls[0] as Call
  const now = deps.now()
  const receivedAt = new Date(now).toISOString()
  const today = dateIn(first.definition.zone, now)
  const trackings = calls.map(() => newTracking(first.definition.exchange, book, now))
  const items = calls.map(
    (call, index): ChunkItem => ({
      parcel: call.parcel,
      tracking: trackings[index] as string,
      byCentre: call.byCentre,
      expectedVersion: call.expectedVersion,
      reason: call.reason,
    }),
  )
  const partner = first.definition.owner === 'partner' ? first.owner : first.partner
  return deps.db.transact(async (tx) => {
    const context = {
      definition: first.definition,
      book,
      realm: first.realm,
      owner: first.owner,
      all: deps.definitions.list(),
      partner,
      today,
      now,
    }
    const verdicts = await applyChunk(tx, context, items)
    const segments = []
    const rows = []
    for (const [index, call] of calls.entries()) {
      const tracking = trackings[index] as string
      const verdict = verdicts[index] as Verdict
      const piece = await logPiece(deps.documents, [], logLines(verdict, call.definition.exchange))
      const place = { book, tracking, segment: 0, firstPosition: 1, lastPosition: 1 }
      segments.push(await keepPiece(tx, piece, place))
      rows.push({
        book,
        tracking,
        partner: call.partner,
        account: call.account,
        channel: call.channel,
        byCentre: call.byCentre,
        reason: call.reason,
        contentType: call.contentType,
        format: call.format,
        document: call.kept.sha256,
        documentBytes: call.kept.size,
        receivedAt,
        receivedDate: today,
        definitionHash: call.definition.hash,
        merkle: piece.edge,
        ...countVerdicts([verdict]),
      })
    }
    const documents = calls.map((call) => call.kept)
    await putClosedSubmissions(tx, rows, documents, segments)
    await addCorrections(tx, book, correctionsIn(items))
    await collectCalls(tx, calls, trackings, now)
    await bindDeliveries(tx, calls, trackings)
    return verdicts.map((verdict, index) => ({
      tracking: trackings[index] as string,
      repeated: false,
      verdict,
      key: verdict.parcel.key,
    }))
  })
}

async function bindDeliveries(tx: Tx, calls: readonly Call[], trackings: readonly string[]): Promise<void> {
  for (const [index, call] of calls.entries()) {
    if (call.idempotencyKey === null) continue
    const delivery = {
      partner: call.partner,
      deliveryKey: call.idempotencyKey,
      fingerprint: call.fingerprint,
      tracking: trackings[index] as string,
    }
    if (!(await putDelivery(tx, delivery)))
      throw new Fault('CONFLICT', { reason: 'The same idempotency key is being delivered at this moment.' })
  }
}

/** The answer given to this idempotency key before, from its session log; null when the key is new. */
async function repeated(db: Database, call: Keyed): Promise<Answer | null> {
  const { partner, idempotencyKey, fingerprint } = call
  if (idempotencyKey === null) return null
  return db.transact(async (tx) => {
    const tracking = await firstDelivery(tx, partner, idempotencyKey, fingerprint)
    if (tracking === null) return null
    const line = await findLine(tx, bookOfTracking(tracking) ?? 0, tracking)
    if (line === null)
      throw new Fault('CONFLICT', {
        reason: `The idempotency key was used before for a document (submission ${tracking}).`,
      })
    return { tracking, repeated: true, verdict: { ...line, findings: line.findings ?? [] }, key: line.key }
  })
}
