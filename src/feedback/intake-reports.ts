import { bytesOf } from '../encode/bytes.ts'
import { rootOf } from '../identity/merkle.ts'
import type { Submission } from '../store/model.ts'
import { keepReceipt } from '../store/submissions.ts'
import { errorFormats, type FeedbackSource, mergedErrorFile } from './error-file.ts'
import { ERROR_FORMATS } from './error-formats.ts'
import { processingLog, processingLogCsv } from './processing-log.ts'
import { receiptClaims } from './receipt.ts'
import { fileFinder, fileNameOf, type IntakeForReport, outcomesByFile } from './reported-files.ts'
import { summaryCsv, summaryXml } from './summary.ts'
import { typedErrorFile } from './typed-error-files.ts'

export type { IntakeForReport, ReportedFile } from './reported-files.ts'

export type ReportKind = 'errors' | 'log' | 'log-csv' | 'summary-csv' | 'summary-xml' | 'receipt'

export interface IntakeReportFile {
  /** Carries the intake id: made again, a report has the same name. */
  readonly name: string
  readonly kind: ReportKind
  readonly contentType: string
  /** Read once, before the next report is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>
}

export interface IntakeReportSource extends FeedbackSource {
  /** Signs the claims of a receipt: a compact JWS. */
  readonly sign: (claims: object) => Promise<string>
}

/**
 * What an intake sends back, one report after another: an error file for each format that has bad records, the
 * processing log and its CSV, the summary as CSV and XML, and the receipts, one a line. All are written from
 * the stored documents and session logs while they are read, in constant memory.
 */
export async function* intakeReports(
  source: IntakeReportSource,
  intake: IntakeForReport,
): AsyncGenerator<IntakeReportFile> {
  yield* errorReports(source, intake)
  const { identifier, definition, files } = intake
  const head = { identifier, zone: definition.zone }
  const text = (ending: string, kind: ReportKind, contentType: string, texts: AsyncIterable<string>) => ({
    name: `${intake.intake}_${ending}`,
    kind,
    contentType,
    bytes: bytesOf(texts),
  })
  const csv = 'text/csv; charset=utf-8'
  yield text('log.txt', 'log', 'text/plain; charset=us-ascii', each(processingLog(head, files)))
  const outcomes = await outcomesByFile(source, intake)
  yield text('log.csv', 'log-csv', csv, each(processingLogCsv(head, files, outcomes)))
  yield text('summary.csv', 'summary-csv', csv, summaryCsv(source, intake))
  yield text('summary.xml', 'summary-xml', 'application/xml', summaryXml(source, intake))
  if (intake.submissions.length > 0)
    yield text('receipt.jws', 'receipt', 'application/jose', receipts(source, intake.submissions))
}

async function* errorReports(
  source: FeedbackSource,
  intake: IntakeForReport,
): AsyncGenerator<IntakeReportFile> {
  const { definition } = intake
  const find = fileFinder(intake.files)
  const bad = intake.submissions
    .filter(({ counts }) => counts.rejected + counts.withErrors > 0)
    .map((submission) => ({
      submission,
      names: (member: string) => fileNameOf(find, submission.tracking, member),
    }))
  if (definition.types.length > 1) {
    if (bad.length === 0) return
    const { contentType, extension, bytes } = await typedErrorFile(source, bad, definition, null)
    yield { name: `${intake.intake}_errors${extension}`, kind: 'errors', contentType, bytes }
    return
  }
  const formats = await errorFormats(source, bad, definition)
  for (const format of ERROR_FORMATS) {
    const columns = formats.get(format)
    if (columns === undefined) continue
    const { contentType, extension, bytes } = await mergedErrorFile(source, bad, definition, format, columns)
    yield { name: `${intake.intake}_errors${extension}`, kind: 'errors', contentType, bytes }
  }
}

async function* receipts(
  source: IntakeReportSource,
  submissions: readonly Submission[],
): AsyncGenerator<string> {
  for (const submission of submissions) yield `${await receiptOf(source, submission)}\n`
}

/** The signed receipt of a closed submission; made when it is first asked for, and kept. */
export async function receiptOf(source: IntakeReportSource, submission: Submission): Promise<string> {
  if (submission.receipt !== null) return submission.receipt
  const { book, tracking, merkle, state, reason } = submission
  const signed = await source.sign(receiptClaims(submission, rootOf(merkle), state, reason))
  return source.db.transact((tx) => keepReceipt(tx, book, tracking, signed))
}

async function* each(texts: Iterable<string>): AsyncGenerator<string> {
  yield* texts
}
