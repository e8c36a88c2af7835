import type { Definition } from '../../exchange/definition.ts'
import { foldersOf } from '../../exchange/file-name.ts'
import { type IntakeForReport, intakeReports, type ReportedFile } from '../../feedback/intake-reports.ts'
import { findDocument, putDocuments, readDocument } from '../../store/documents.ts'
import { countCodes } from '../../store/findings.ts'
import { type IntakeFile, listIntakeFiles } from '../../store/intake-files.ts'
import {
  type Intake,
  listIntakeCalls,
  listIntakeReports,
  noteReportWritten,
  putIntakeReport,
} from '../../store/intakes.ts'
import type { Submission } from '../../store/model.ts'
import type { NoticeContent } from '../../store/notices.ts'
import { findPartner } from '../../store/partners.ts'
import { isChecksum } from './check.ts'
import type { IntakeDeps, TreeIntake } from './deps.ts'
import { submissionsOf } from './totals.ts'

const refusedShown = 20
const codesShown = 5

/** An intake whose submissions are closed, as its reports see it. */
export async function forReport(
  deps: IntakeDeps,
  intake: Intake,
  definition: Definition,
): Promise<IntakeForReport> {
  const { partner, exchange, realm, openedAt } = intake
  const head = {
    intake: intake.intake,
    partner,
    exchange,
    realm,
    openedAt,
    definition,
    identifier: await identifierOf(deps, partner, definition),
  }
  if (intake.kind === 'files') {
    const files = await deps.db.transact((tx) => listIntakeFiles(tx, intake.intake))
    const submissions = await submissionsOf(
      deps,
      files.flatMap(({ tracking }) => tracking ?? []),
    )
    const shown = files.filter((file) => !isChecksum(file) || file.state === 'refused')
    return { ...head, submissions, files: shown.map((file) => reported(file, intake)) }
  }
  const calls = await deps.db.transact((tx) => listIntakeCalls(tx, intake.intake))
  const names = new Map(calls.map(({ tracking, fileName }) => [tracking, fileName]))
  const submissions = await submissionsOf(deps, names.keys())
  const files = submissions.map((call) => reportedCall(call, names.get(call.tracking) ?? ''))
  return { ...head, submissions, files }
}

/** The partner's value of the scheme that says whose a record is; its name where there is none. */
async function identifierOf(deps: IntakeDeps, partner: string, { types }: Definition): Promise<string> {
  const scheme = types.flatMap(({ identity }) => identity.owner?.scheme ?? [])[0]
  const row = await deps.db.transact((tx) => findPartner(tx, partner))
  return row?.identifiers.find((one) => one.scheme === scheme)?.value ?? partner
}

function reported(file: IntakeFile, { gatheredAt }: Intake): ReportedFile {
  const { name, total, success, errors, code, reason, tracking, member, format, sha256, bytes } = file
  // A refused file was done with when its intake stopped gathering and was checked.
  const processedAt = file.processedAt ?? gatheredAt
  const receivedAt = file.takenAt
  return {
    name,
    receivedAt,
    processedAt,
    total,
    success,
    errors,
    code,
    reason,
    tracking,
    member,
    format,
    sha256,
    bytes,
  }
}

function reportedCall(call: Submission, name: string): ReportedFile {
  const { counts, tracking, format, receivedAt, closedAt } = call
  const errors = counts.rejected + counts.filtered + counts.withErrors
  return {
    name,
    receivedAt,
    processedAt: closedAt,
    total: counts.received,
    success: counts.received - errors,
    errors,
    code: null,
    reason: null,
    tracking,
    member: '',
    format,
    sha256: call.document,
    bytes: call.documentBytes,
  }
}

/** Makes the reports that are not made yet and keeps each as a document; the first one of a name stays. */
export async function makeReports(deps: IntakeDeps, report: IntakeForReport): Promise<void> {
  const { intake } = report
  const made = await deps.db.transact((tx) => listIntakeReports(tx, intake))
  const names = new Set(made.map(({ name }) => name))
  for await (const { name, kind, contentType, bytes } of intakeReports(deps, report)) {
    if (names.has(name)) continue
    const kept = await deps.documents.take(bytes, Number.MAX_SAFE_INTEGER)
    await deps.db.transact(async (tx) => {
      await putDocuments(tx, [kept])
      await putIntakeReport(tx, { intake, name, kind, contentType, sha256: kept.sha256, size: kept.size })
    })
  }
}

/** Puts the reports into the partner's OUTPUT; one that was put there is not put again. */
export async function writeReports(
  deps: IntakeDeps,
  { intake: { intake, realm }, tree }: TreeIntake,
  definition: Definition,
): Promise<void> {
  const { output } = foldersOf(definition.files, realm)
  for (const report of await deps.db.transact((tx) => listIntakeReports(tx, intake))) {
    if (report.writtenAt !== null) continue
    const kept = await deps.db.transact((tx) => findDocument(tx, report.sha256))
    if (kept === null) throw new Error(`the document of the report ${report.name} is not there`)
    await tree.files.put(output, report.name, readDocument(deps.documents, kept))
    await deps.db.transact((tx) => noteReportWritten(tx, intake, report.name, deps.now()))
  }
}

/** What the mail about an intake tells. */
export async function noticeOf(
  deps: IntakeDeps,
  report: IntakeForReport,
  refused: readonly Pick<ReportedFile, 'name' | 'code' | 'reason'>[],
): Promise<NoticeContent> {
  const { submissions, realm, intake } = report
  const sum = (count: (of: Submission) => number) => submissions.reduce((total, one) => total + count(one), 0)
  const received = sum(({ counts }) => counts.received)
  const rejected = sum(({ counts }) => counts.rejected + counts.filtered)
  const acceptedWithErrors = sum(({ counts }) => counts.withErrors)
  const [reports, topCodes] = await deps.db.transact(async (tx) => [
    await listIntakeReports(tx, intake),
    await countCodes(tx, submissions, codesShown),
  ])
  return {
    realm,
    intake,
    outputFolder: foldersOf(report.definition.files, realm).output,
    files: {
      total: report.files.length,
      refused: refused
        .slice(0, refusedShown)
        .map(({ name, code, reason }) => ({ name, code: code ?? '', reason: reason ?? '' })),
      refusedMore: Math.max(0, refused.length - refusedShown),
    },
    records: {
      received,
      accepted: received - rejected - acceptedWithErrors,
      acceptedWithErrors,
      rejected,
    },
    reports: reports.map(({ name }) => name),
    topCodes,
  }
}
