import { Fault } from '../fault/fault.ts'
import { enqueue } from '../job/queue.ts'
import { bookOfTracking } from '../store/books.ts'
import { answerHeld, findSubmission } from '../store/submissions.ts'
import type { RunDeps } from './deps.ts'
import { followSubmission } from './jobs/follow.ts'
import { laneOf } from './receive.ts'

/**
 * A person confirms a held submission: it is surveyed again and applied, unless it would now do more than
 * the numbers that were confirmed. Throws NOT_FOUND, NOT_ALLOWED_NOW.
 */
export async function release(deps: Pick<RunDeps, 'db' | 'now'>, tracking: string): Promise<void> {
  const book = bookOfTracking(tracking) ?? -1
  await deps.db.transact(async (tx) => {
    const submission = await findSubmission(tx, book, tracking)
    if (submission === null) throw new Fault('NOT_FOUND', { what: `submission ${tracking}` })
    const confirmed = submission.preview ?? {}
    if (!(await answerHeld(tx, book, tracking, { state: 'queued', confirmed })))
      throw notHeld(tracking, submission.state)
    await followSubmission(tx, submission, 'queued', null, deps.now())
    await enqueue(tx, 'submission', laneOf(book), tracking)
  })
}

/** A person ends a held submission: nothing of it is applied. Throws NOT_FOUND, NOT_ALLOWED_NOW. */
export async function cancel(
  deps: Pick<RunDeps, 'db' | 'now'>,
  tracking: string,
  reason: string,
): Promise<void> {
  const book = bookOfTracking(tracking) ?? -1
  await deps.db.transact(async (tx) => {
    const submission = await findSubmission(tx, book, tracking)
    if (submission === null) throw new Fault('NOT_FOUND', { what: `submission ${tracking}` })
    if (!(await answerHeld(tx, book, tracking, { state: 'cancelled', reason })))
      throw notHeld(tracking, submission.state)
    await followSubmission(tx, submission, 'cancelled', reason, deps.now())
  })
}

function notHeld(tracking: string, state: string): Fault {
  return new Fault('NOT_ALLOWED_NOW', { reason: `Submission ${tracking} is ${state}, not held.` })
}
