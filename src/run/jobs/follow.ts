import type { Tx } from '../../db/database.ts'
import { attemptOfTracking, moveAttempt } from '../../store/attempts.ts'
import type { Submission, SubmissionState } from '../../store/model.ts'
import { moveRun } from '../../store/runs.ts'
import { type AttemptEvent, nextState } from './machine.ts'
import { holdAttempt, NODE, stepAttempt } from './steps.ts'

const EVENTS: Readonly<Partial<Record<SubmissionState, AttemptEvent>>> = {
  surveying: 'process',
  processing: 'process',
  completed: 'complete',
  incomplete: 'refuse',
  refused: 'refuse',
  cancelled: 'cancel',
}

/**
 * The submission of an attempt has reached a state: so has the attempt, in the same transaction. Nothing happens for
 * submissions that came by another channel.
 * @param at milliseconds since 1970
 */
export async function followSubmission(
  tx: Tx,
  { channel, tracking }: Pick<Submission, 'channel' | 'tracking'>,
  state: SubmissionState,
  reason: string | null,
  at: number,
): Promise<void> {
  if (channel !== 'agent') return
  const found = await attemptOfTracking(tx, tracking)
  if (found === null) return
  const held = await holdAttempt(tx, found.attempt)
  const event = EVENTS[state]
  if (event === undefined) {
    await tellWaiting(tx, found.attempt, held.run.run, state === 'held' ? reason : null, at)
    return
  }
  const { state: before } = held.attempt
  // An attempt that a person ended meanwhile keeps its end; the river goes its own way.
  if (nextState(before, event, false) === null || (event === 'process' && before === 'processing')) return
  const code = event === 'refuse' ? 'FILE_REFUSED' : null
  const told = event === 'process' || event === 'complete' ? null : reason
  await stepAttempt(tx, held, event, { cause: { code, reason: told } }, { by: NODE, at })
}

/** It waits for a person, or does no longer. */
async function tellWaiting(
  tx: Tx,
  attempt: string,
  run: string,
  reason: string | null,
  at: number,
): Promise<void> {
  const held = reason === null ? null : `Held for a person: ${reason}`
  await moveAttempt(tx, { attempt, state: 'processing', at, cause: { code: null, reason: held } })
  await moveRun(tx, { run, state: 'processing', at, reason: held })
}
