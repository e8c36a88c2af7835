import type { Definition } from '../exchange/definition.ts'
import { fileOfMember } from '../exchange/file-name.ts'
import type { Outcome } from '../exchange/parcel.ts'
import type { Realm, Submission } from '../store/model.ts'
import type { FeedbackSource } from './error-file.ts'
import type { LogLine } from './log-line.ts'
import { sessionLogLines } from './session-log.ts'

/** One input file of an intake: what it was, and what became of its records. Times are ISO texts in UTC. */
export interface ReportedFile {
  /** As the sender named it. */
  readonly name: string
  readonly receivedAt: string
  /** When its submission was closed, or it was refused; null while neither has happened. */
  readonly processedAt: string | null
  readonly total: number
  readonly success: number
  readonly errors: number
  /** Why it was refused or is held: a file-level finding's code and words. */
  readonly code: string | null
  readonly reason: string | null
  /** The submission that its records are in, and its name there; '' when the submission is this one file. */
  readonly tracking: string | null
  readonly member: string
  readonly format: string | null
  readonly sha256: string | null
  readonly bytes: number
}

/** Files (or calls) that are reported together. */
export interface IntakeForReport {
  readonly intake: string
  readonly partner: string
  readonly exchange: string
  readonly realm: Realm
  /** The partner's value of the scheme that its records are owned by (an agency's ORI), else its name. */
  readonly identifier: string
  readonly definition: Definition
  readonly openedAt: string
  readonly files: readonly ReportedFile[]
  /** All closed. */
  readonly submissions: readonly Submission[]
}

/** The file that a record came in, by its submission and its member there; null where the intake has none such. */
export type FindFile = (tracking: string, member: string) => ReportedFile | null

export function fileFinder(files: readonly ReportedFile[]): FindFile {
  const found = new Map<string, ReportedFile>()
  for (const file of files) if (file.tracking !== null) found.set(placeOf(file.tracking, file.member), file)
  // A submission of one file has no name for it: its members are those of an archive.
  return (tracking, member) =>
    found.get(placeOf(tracking, fileOfMember(member))) ?? found.get(placeOf(tracking, '')) ?? null
}

function placeOf(tracking: string, member: string): string {
  return `${tracking}\u001f${member}`
}

/** What a record's file is called in a report: as it was sent, and in an archive the file there. */
export function fileNameOf(find: FindFile, tracking: string, member: string): string {
  const file = find(tracking, member)
  if (file === null) return member
  const inside = file.member === '' ? member : member.slice(fileOfMember(member).length + 2)
  return inside === '' ? file.name : `${file.name}!/${inside}`
}

/** A log line's text and the line; a line that reports a removal by a full refresh is left out. */
export interface ReportedLine {
  readonly tracking: string
  readonly line: LogLine
}

/**
 * The session logs of submissions one after another.
 * @param wanted which texts are worth parsing
 */
export async function* reportedLines(
  source: FeedbackSource,
  submissions: readonly Submission[],
  wanted: (text: string) => boolean = () => true,
): AsyncGenerator<ReportedLine> {
  for (const { book, tracking } of submissions)
    for await (const text of sessionLogLines({ ...source, scope: { books: [book] } }, book, tracking)) {
      if (text.startsWith('{"removed":') || !wanted(text)) continue
      yield { tracking, line: JSON.parse(text) as LogLine }
    }
}

/** How many records of a file came to each outcome, and how many of those are stored with errors. */
export type FileOutcomes = Readonly<Record<Outcome | 'withErrors', number>>

export const NO_OUTCOMES: FileOutcomes = {
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  rejected: 0,
  filtered: 0,
  withErrors: 0,
}

/** Counts the outcomes of every file, from the session logs. */
export async function outcomesByFile(
  source: FeedbackSource,
  { files, submissions }: Pick<IntakeForReport, 'files' | 'submissions'>,
): Promise<ReadonlyMap<ReportedFile, FileOutcomes>> {
  const find = fileFinder(files)
  const counts = new Map<ReportedFile, Record<Outcome | 'withErrors', number>>()
  for await (const { tracking, line } of reportedLines(source, submissions)) {
    const file = find(tracking, line.member ?? '')
    if (file === null) continue
    const count = counts.get(file) ?? { ...NO_OUTCOMES }
    counts.set(file, count)
    const outcome = line.outcome as Outcome
    count[outcome] += 1
    if (outcome !== 'rejected' && outcome !== 'filtered' && holdsError(line)) count.withErrors += 1
  }
  return counts
}

function holdsError({ findings = [] }: LogLine): boolean {
  return findings.some(({ severity }) => severity === 'error')
}
