import { fileOfMember } from '../../exchange/file-name.ts'
import { worst } from '../../exchange/parcel.ts'
import { sessionLogLines } from '../../feedback/session-log.ts'
import { bookOfTracking } from '../../store/books.ts'
import { listFindings } from '../../store/findings.ts'
import { type IntakeFile, noteProcessed, type ProcessedFile, splitOff } from '../../store/intake-files.ts'
import type { StoredLine } from '../../store/log-lines.ts'
import type { Submission } from '../../store/model.ts'
import { findSubmissions } from '../../store/submissions.ts'
import type { IntakeDeps } from './deps.ts'

const notedAtOnce = 1000

/** The submissions of an intake's files or calls. */
export async function submissionsOf(
  deps: Pick<IntakeDeps, 'db'>,
  trackings: Iterable<string>,
): Promise<Submission[]> {
  const keys = [...new Set(trackings)].map((tracking) => ({ tracking, book: bookOfTracking(tracking) ?? -1 }))
  const found: Submission[] = []
  for (let index = 0; index < keys.length; index += notedAtOnce)
    found.push(
      ...(await deps.db.transact((tx) => findSubmissions(tx, keys.slice(index, index + notedAtOnce)))),
    )
  return found
}

/**
 * Counts, for each file of closed submissions, its records and those with errors. Files put together that broke off
 * before they were all read: those that were not are to be sent once more.
 */
export async function noteTotals(
  deps: Pick<IntakeDeps, 'db' | 'documents'>,
  submissions: readonly Submission[],
  files: readonly IntakeFile[],
): Promise<void> {
  for (const submission of submissions) {
    const mine = files.filter(
      ({ tracking, state }) => tracking === submission.tracking && state === 'submitted',
    )
    if (mine.length === 0) continue
    const [only] = mine
    const processed =
      only !== undefined && only.member === ''
        ? [await wholeSubmission(deps, submission, only)]
        : await membersOf(deps, submission, mine)
    const read = new Set(processed.map(({ file }) => file))
    const unread = mine.flatMap(({ file }) => (read.has(file) ? [] : file))
    for (let index = 0; index < processed.length; index += notedAtOnce)
      await deps.db.transact((tx) => noteProcessed(tx, processed.slice(index, index + notedAtOnce)))
    if (unread.length > 0) await deps.db.transact((tx) => splitOff(tx, unread))
  }
}

/** A file that is a submission of its own has that one's numbers. */
async function wholeSubmission(
  deps: Pick<IntakeDeps, 'db'>,
  submission: Submission,
  { file, format }: IntakeFile,
): Promise<ProcessedFile> {
  const { counts, state, reason, book, tracking } = submission
  const errors = counts.rejected + counts.filtered + counts.withErrors
  const broken = state !== 'completed'
  const [finding] = broken
    ? await deps.db.transact((tx) => listFindings(tx, { book, tracking, code: null, after: null, limit: 1 }))
    : []
  return {
    file,
    state: state === 'refused' || state === 'cancelled' ? 'refused' : 'done',
    total: counts.received,
    success: counts.received - errors,
    errors,
    processedAt: submission.closedAt,
    code: broken ? (finding?.code ?? state.toUpperCase()) : null,
    reason: broken ? reason : null,
    format: submission.format ?? format,
  }
}

interface Total {
  total: number
  errors: number
  code: string | null
  reason: string | null
}

/** The records of a bundle, file by file, as the session log tells them; without the files that it did not come to. */
async function membersOf(
  deps: Pick<IntakeDeps, 'db' | 'documents'>,
  submission: Submission,
  files: readonly IntakeFile[],
): Promise<ProcessedFile[]> {
  const { book, tracking } = submission
  const totals = new Map<string, Total>()
  const source = { db: deps.db, documents: deps.documents, scope: 'node' } as const
  for await (const text of sessionLogLines(source, book, tracking)) {
    const line = JSON.parse(text) as StoredLine
    const name = fileOfMember(line.member ?? '')
    const total = totals.get(name) ?? { total: 0, errors: 0, code: null, reason: null }
    totals.set(name, total)
    total.total += 1
    const findings = line.findings ?? []
    const severity = worst(findings)
    if (line.outcome === 'rejected' || line.outcome === 'filtered' || severity === 'error') total.errors += 1
    const whole = findings.find(({ code }) => code.startsWith('FILE_') && code !== 'FILE_NAME_DISAGREES')
    total.code ??= whole?.code ?? null
    total.reason ??= whole?.message ?? null
  }
  const broken = submission.state === 'incomplete' || submission.state === 'refused'
  const read = broken ? files.filter(({ name }) => totals.has(name)) : files
  const last = broken ? read.at(-1) : undefined
  return read.map(({ file, name, format }) => {
    const { total, errors, code, reason } = totals.get(name) ?? NOTHING_OF_IT
    const processedAt = submission.closedAt
    const at = { file, total, success: total - errors, errors, processedAt, format }
    if (submission.state === 'cancelled' && total === 0)
      return { ...at, state: 'refused', code: 'CANCELLED', reason: submission.reason }
    // Reading may have stopped in the midst of it.
    if (file === last?.file && total > 1)
      return { ...at, state: 'done', code: code ?? 'INCOMPLETE', reason: reason ?? submission.reason }
    return { ...at, state: 'done', code, reason }
  })
}

const NOTHING_OF_IT: Total = { total: 0, errors: 0, code: null, reason: null }
