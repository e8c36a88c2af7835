import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import { type ReceiptClaims, receiptClaims } from '../feedback/receipt.ts'
import { rootOf } from '../identity/merkle.ts'
import type { Task } from '../job/queue.ts'
import { DocumentRefused, JudgeDied } from '../judge/pool.ts'
import { bookOfTracking, lockBook } from '../store/books.ts'
import { dropDifferences } from '../store/differences.ts'
import { dropFindings, putFindings } from '../store/findings.ts'
import { NO_COUNTS, type Submission, type SubmissionState } from '../store/model.ts'
import { dropSegments } from '../store/segments.ts'
import { claimSubmission, clearCounts, findSubmission, moveSubmission } from '../store/submissions.ts'
import { dropSurvey } from '../store/survey.ts'
import type { RunDeps } from './deps.ts'
import { followSubmission } from './jobs/follow.ts'
import { runPass } from './pass.ts'
import { reconciled } from './reconcile.ts'
import { heldReason } from './refresh.ts'
import { removeChunk, surveyedPreview } from './removal.ts'
import { RepeatGone } from './repeats.ts'

export interface ProcessDeps extends RunDeps {
  /** Signs a receipt's claims: a compact JWS. */
  readonly sign: (claims: ReceiptClaims) => Promise<string>
  /** Is a single-record call waiting for this book? */
  readonly waited: (book: number) => boolean
}

/**
 * Takes one submission through the rest of its life, from wherever it stands: survey, held or apply,
 * removal of what a full refresh left out, close. Killed at any instant, the next call goes on from the
 * last committed chunk.
 */
export async function processSubmission(deps: ProcessDeps, task: Task): Promise<void> {
  const book = bookOfTracking(task.subject)
  if (book === null) throw new Error(`task ${task.task} names no submission: ${task.subject}`)
  const start = await deps.db.transact(async (tx) => {
    const claimed = await claimSubmission(tx, book, task.subject, task.claim)
    const submission = claimed ? await findSubmission(tx, book, task.subject) : null
    if (submission !== null) await followSubmission(tx, submission, submission.state, null, deps.now())
    return submission
  })
  if (start === null) return
  const definition = await deps.db.transact((tx) => deps.definitions.pinned(tx, start.definitionHash))
  let submission: Submission | null = start
  while (submission !== null) submission = await nextPhase(deps, submission, definition, task.claim)
}

/** Runs the phase the submission is in; null when it is closed or held. */
async function nextPhase(
  deps: ProcessDeps,
  submission: Submission,
  definition: Definition,
  claim: number,
): Promise<Submission | null> {
  if (submission.phase === 'remove') return removeRest(deps, submission, definition, claim)
  const start = submission.phase === 'survey' ? await beginSurvey(deps, submission, claim) : submission
  const passed = await passTwice(deps, start, definition, claim)
  if (passed === null) return null
  if (submission.phase === 'apply') {
    if (submission.scope === 'incremental') return close(deps, passed, claim, { state: 'completed' })
    return move(deps, passed, claim, { state: 'processing', phase: 'remove' })
  }
  return afterSurvey(deps, passed, definition, claim)
}

/**
 * Notes the book's change number before the first record is surveyed: what anybody changes after it is newer
 * than the file, so that being absent from the file says nothing about it.
 */
async function beginSurvey(deps: ProcessDeps, submission: Submission, claim: number): Promise<Submission> {
  if (submission.checkpoint > 0) return submission
  const { book, tracking, state } = submission
  return deps.db.transact(async (tx) => {
    const { changeNo } = await lockBook(tx, book, submission.partner)
    if (!(await moveSubmission(tx, { book, tracking, claim, state, surveyChangeNo: changeNo })))
      throw new Fault('LEASE_LOST', { what: `submission ${tracking}` })
    return { ...submission, surveyChangeNo: changeNo }
  })
}

/**
 * A pass; when the reading process dies, once more from the checkpoint. Two deaths at one place, or a
 * document that cannot be read on, end the submission with a finding about the file. Null then.
 */
async function passTwice(
  deps: ProcessDeps,
  start: Submission,
  definition: Definition,
  claim: number,
): Promise<Submission | null> {
  let submission = start
  let diedAt = -1
  let repeats = true
  for (;;) {
    try {
      const waited = () => deps.waited(start.book)
      return await runPass(deps, submission, definition, claim, { waited, repeats })
    } catch (error) {
      submission = await reload(deps, submission)
      if (error instanceof RepeatGone) {
        repeats = false
        continue
      }
      if (error instanceof DocumentRefused)
        return endUnread(deps, submission, claim, error.code, error.line, error.reason)
      if (!(error instanceof JudgeDied)) throw error
      deps.log.warn(
        { submission: submission.tracking, checkpoint: submission.checkpoint, err: error },
        'judge.died',
      )
      if (diedAt === submission.checkpoint)
        return endUnread(
          deps,
          submission,
          claim,
          'FILE_DECODER_DIED',
          0,
          `Reading stopped twice at the same place: ${error.message}.`,
        )
      diedAt = submission.checkpoint
    }
  }
}

async function reload(deps: ProcessDeps, { book, tracking }: Submission): Promise<Submission> {
  const found = await deps.db.transact((tx) => findSubmission(tx, book, tracking))
  if (found === null) throw new Error(`submission ${tracking} is not there`)
  return found
}

/** The file breaks off: what was applied keeps its outcome; what was only surveyed never happened. */
async function endUnread(
  deps: ProcessDeps,
  submission: Submission,
  claim: number,
  code: string,
  line: number,
  reason: string,
): Promise<null> {
  const { book, tracking } = submission
  const surveyed = submission.phase === 'survey'
  const place =
    line > 0 ? `Line ${line}: ` : submission.checkpoint > 0 ? `After record ${submission.checkpoint}: ` : ''
  const message = `${place}${reason}`
  const state = submission.checkpoint > 0 && !surveyed ? 'incomplete' : 'refused'
  const left = surveyed ? { ...submission, counts: NO_COUNTS, merkle: [], segments: 0 } : submission
  return close(deps, left, claim, { state, reason: message }, async (tx) => {
    if (surveyed) await forgetSurvey(tx, submission)
    else await dropSurvey(tx, book, tracking)
    await putFindings(tx, book, [
      {
        tracking,
        position: 0,
        key: null,
        findings: [{ code, severity: 'fatal', path: '', field: 'file', item: null, message, value: null }],
      },
    ])
  })
}

/** Everything a survey wrote. In the transaction of what follows, or a crash between would find half of it. */
async function forgetSurvey(tx: Tx, { book, tracking }: Submission): Promise<void> {
  await dropSurvey(tx, book, tracking)
  await dropDifferences(tx, book, tracking)
  await forgetReport(tx, book, tracking)
}

async function forgetReport(tx: Tx, book: number, tracking: string): Promise<void> {
  await dropFindings(tx, book, tracking)
  await dropSegments(tx, book, tracking)
  await clearCounts(tx, book, tracking)
}

/** A survey is over: a dry run ends here, limits are checked, or the pass that applies begins. */
async function afterSurvey(
  deps: ProcessDeps,
  submission: Submission,
  definition: Definition,
  claim: number,
): Promise<Submission | null> {
  const { book, tracking } = submission
  if (submission.reconcile) {
    const report = await deps.db.transact((tx) => reconciled(tx, submission, definition))
    return close(deps, submission, claim, { state: 'completed', preview: { ...report } }, (tx) =>
      dropSurvey(tx, book, tracking),
    )
  }
  const preview = await deps.db.transact((tx) => surveyedPreview(tx, deps, submission, definition))
  if (submission.dryRun)
    return close(deps, submission, claim, { state: 'completed', preview }, (tx) =>
      dropSurvey(tx, book, tracking),
    )
  const held = heldReason(definition.refresh, preview, submission.confirmed)
  if (held !== null) {
    await move(deps, submission, claim, { state: 'held', reason: held, preview }, (tx) =>
      forgetSurvey(tx, submission),
    )
    return null
  }
  return move(
    deps,
    submission,
    claim,
    { state: 'processing', phase: 'apply', restart: true, preview },
    (tx) => forgetReport(tx, book, tracking),
  )
}

/** Deletes, chunk by chunk, what the refresh did not name. Nothing when a key could not be read. */
async function removeRest(
  deps: ProcessDeps,
  start: Submission,
  definition: Definition,
  claim: number,
): Promise<null> {
  const { book, tracking } = start
  let submission = start
  // What the survey found all there is all there: whatever anybody did since is newer than the file.
  while (!missedNothing(start)) {
    const removed = await removeChunk(deps, submission, definition, claim)
    if (removed === null) break
    submission = removed
  }
  return close(deps, submission, claim, { state: 'completed' }, (tx) => dropSurvey(tx, book, tracking))
}

function missedNothing({ preview }: Submission): boolean {
  return preview?.remove === 0
}

/** Signs the receipt and closes; `also` is written in the same transaction. */
async function close(
  deps: ProcessDeps,
  submission: Submission,
  claim: number,
  change: Change & { readonly state: SubmissionState },
  also: Also = async () => {},
): Promise<null> {
  const { state, reason = null } = change
  const receipt = await deps.sign(receiptClaims(submission, rootOf(submission.merkle), state, reason))
  await move(deps, submission, claim, { ...change, receipt }, also)
  deps.log.info({ submission: submission.tracking, state, ...submission.counts }, 'submission.closed')
  return null
}

type Change = Omit<Parameters<typeof moveSubmission>[1], 'book' | 'tracking' | 'claim'>
type Also = (tx: Tx) => Promise<void>

async function move(
  deps: ProcessDeps,
  submission: Submission,
  claim: number,
  change: Change,
  also: Also = async () => {},
): Promise<Submission | null> {
  const { book, tracking } = submission
  return deps.db.transact(async (tx) => {
    if (!(await moveSubmission(tx, { book, tracking, claim, ...change })))
      throw new Fault('LEASE_LOST', { what: `submission ${tracking}` })
    await also(tx)
    await followSubmission(tx, submission, change.state, change.reason ?? null, deps.now())
    return findSubmission(tx, book, tracking)
  })
}
