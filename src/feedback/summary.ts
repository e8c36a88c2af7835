import { csvRow } from '../encode/csv.ts'
import { xmlElement } from '../encode/xml.ts'
import type { Definition, RecordType, StatusName } from '../exchange/definition.ts'
import type { Finding, RawTree } from '../exchange/parcel.ts'
import type { Submission } from '../store/model.ts'
import type { FeedbackSource } from './error-file.ts'
import type { LogLine } from './log-line.ts'
import {
  type FindFile,
  fileFinder,
  fileNameOf,
  type IntakeForReport,
  type ReportedFile,
  reportedLines,
} from './reported-files.ts'
import { type SummaryWords, summaryWords } from './summary-words.ts'
import { zoneClock } from './zone-clock.ts'

/** Where a summary is taken from; everything in it is read while it is written. */
interface Summary {
  readonly source: FeedbackSource
  readonly intake: IntakeForReport
  readonly words: SummaryWords
  readonly find: FindFile
}

function summaryOf(source: FeedbackSource, intake: IntakeForReport): Summary {
  return { source, intake, words: summaryWords(intake.definition), find: fileFinder(intake.files) }
}

const delimiter = '|'

/**
 * The summary of every record as text with `|` between the columns, in four sections, each with its title, its
 * header and an empty line after it: files that were refused as a whole, records that were not stored (refused,
 * or left out by a filter), records that were stored with errors, and all the others, taken as they are. Constant memory: the session
 * logs are read once for each section that they say something for.
 */
export async function* summaryCsv(source: FeedbackSource, intake: IntakeForReport): AsyncGenerator<string> {
  const summary = summaryOf(source, intake)
  const { words } = summary
  yield 'Files refused\r\n'
  yield csvRow(
    [words.identifier, 'File name', 'Date Submitted', 'Time Submitted', 'Error message'],
    delimiter,
  )
  yield* refusedFiles(summary)
  const named = [words.identifier, 'File name', ...(hasTypes(intake) ? [words.type] : []), words.key]
  const header = [...named, 'Error List']
  yield '\r\nRecords not stored\r\n'
  yield csvRow(header, delimiter)
  yield* refusedRecords(summary)
  yield '\r\nRecords stored with errors\r\n'
  yield csvRow(header, delimiter)
  yield* recordsWithErrors(summary)
  yield '\r\nRecords accepted\r\n'
  yield csvRow([...named, words.recordId, 'Status', 'Message List'], delimiter)
  yield* acceptedRecords(summary)
}

async function* refusedFiles({ source, intake, find }: Summary): AsyncGenerator<string> {
  const clock = zoneClock(intake.definition.zone)
  const row = (name: string, receivedAt: string, message: string) => {
    const { date, time } = clock(receivedAt)
    return csvRow([intake.identifier, name, date, time, message], delimiter)
  }
  for (const { file, code, reason } of refusals(intake))
    yield row(file.name, file.receivedAt, entryText({ code, item: null, field: '', message: reason }))
  for await (const { tracking, line } of reportedLines(source, refusing(intake), wasRefused)) {
    const file = find(tracking, line.member ?? '')
    if (!isWholeFile(line) || file === null || file.code !== null) continue
    const message = (line.findings ?? []).map((finding) => entryText({ ...finding, field: '' })).join('; ')
    yield row(fileNameOf(find, tracking, line.member ?? ''), file.receivedAt, message)
  }
}

async function* refusedRecords(summary: Summary): AsyncGenerator<string> {
  const { source, intake } = summary
  for await (const { tracking, line } of reportedLines(source, refusing(intake), wasRefused))
    if (!isWholeFile(line)) yield csvRow([...namesOf(summary, tracking, line), listText(line)], delimiter)
}

async function* recordsWithErrors(summary: Summary): AsyncGenerator<string> {
  const { source, intake } = summary
  const some = intake.submissions.filter(({ counts }) => counts.withErrors > 0)
  for await (const { tracking, line } of reportedLines(source, some, holdsError))
    if (isWithErrors(line)) yield csvRow([...namesOf(summary, tracking, line), listText(line)], delimiter)
}

async function* acceptedRecords(summary: Summary): AsyncGenerator<string> {
  const { source, intake } = summary
  const some = intake.submissions.filter(
    ({ counts }) => counts.received > counts.rejected + counts.filtered + counts.withErrors,
  )
  for await (const { tracking, line } of reportedLines(source, some, (text) => !wasRefused(text))) {
    if (isWithErrors(line)) continue
    const cells = [line.recordId ?? '', statusLabel(intake.definition, line), listText(line)]
    yield csvRow([...namesOf(summary, tracking, line), ...cells], delimiter)
  }
}

/** Records of several types are told apart. */
function hasTypes({ definition }: IntakeForReport): boolean {
  return definition.types.length > 1
}

/** Identifier, file, type where there are several, and key of a record. */
function namesOf({ intake, find }: Summary, tracking: string, line: LogLine): readonly string[] {
  return [
    intake.identifier,
    fileNameOf(find, tracking, line.member ?? ''),
    ...(hasTypes(intake) ? [line.type] : []),
    ownKey(intake.definition, line) ?? `#${line.position}`,
  ]
}

/**
 * The summary of every record as XML, in the order of the submissions: an element for each file that was
 * refused as a whole and for each record, with its messages. Constant memory.
 */
export async function* summaryXml(source: FeedbackSource, intake: IntakeForReport): AsyncGenerator<string> {
  const { words, find } = summaryOf(source, intake)
  const { definition } = intake
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<${words.root}>\n`
  for (const { file, code, reason } of refusals(intake)) {
    const message = { code, severity: 'fatal', path: '', field: '', item: null, message: reason, value: null }
    yield element(words, { file: file.name, type: '', key: '', recordId: '' }, words.refused, [
      words.message(message as Finding),
    ])
  }
  for await (const { tracking, line } of reportedLines(source, intake.submissions)) {
    const whole = isWholeFile(line)
    if (whole && find(tracking, line.member ?? '')?.code != null) continue
    const status = line.outcome === 'rejected' ? words.refused : words.status(line.outcome, line.status)
    const name = fileNameOf(find, tracking, line.member ?? '')
    // Without a key a fatal message is about the file, so a record that has none is told by its place.
    const key = whole ? '' : (ownKey(definition, line) ?? `#${line.position}`)
    const findings = line.findings ?? []
    const messages = (whole ? findings.map((one) => ({ ...one, field: '' })) : findings).map(words.message)
    const type = whole || !hasTypes(intake) ? '' : line.type
    yield element(words, { file: name, type, key, recordId: line.recordId ?? '' }, status, messages)
  }
  yield `</${words.root}>\n`
}

function element(
  { record, names }: SummaryWords,
  told: { readonly file: string; readonly type: string; readonly key: string; readonly recordId: string },
  status: string,
  messages: readonly RawTree[],
): string {
  const tree: RawTree = {
    [names.file]: told.file,
    ...(told.type === '' ? {} : { [names.type]: told.type }),
    [names.key]: told.key,
    [names.recordId]: told.recordId,
    [names.status]: status,
    Message: messages,
  }
  return `${xmlElement(record, tree)}\n`
}

interface Refusal {
  readonly file: Pick<ReportedFile, 'name' | 'receivedAt'>
  readonly code: string
  readonly reason: string
}

/** The files that were refused or broke off, as the intake and the submissions say. */
function* refusals({ files, submissions }: IntakeForReport): Generator<Refusal> {
  const told = new Set<string>()
  for (const file of files) {
    if (file.code === null) continue
    if (file.tracking !== null) told.add(file.tracking)
    yield { file, code: file.code, reason: file.reason ?? '' }
  }
  for (const { tracking, state, reason, fileName, receivedAt } of submissions) {
    if (reason === null || state === 'completed' || told.has(tracking)) continue
    const file = files.find((one) => one.tracking === tracking)
    yield { file: file ?? { name: fileName, receivedAt }, code: '', reason }
  }
}

function refusing({ submissions }: IntakeForReport): readonly Submission[] {
  return submissions.filter(({ counts }) => counts.rejected + counts.filtered > 0)
}

// A quote inside a value is escaped, so these stand in a line only as its own members.
const wasRefused = (text: string) =>
  text.includes('"outcome":"rejected"') || text.includes('"outcome":"filtered"')
const holdsError = (text: string) => text.includes('"severity":"error"')

function isWithErrors({ outcome, findings = [] }: LogLine): boolean {
  return (
    outcome !== 'rejected' && outcome !== 'filtered' && findings.some(({ severity }) => severity === 'error')
  )
}

/** A file among others that could not be read: one refused record, which stands for all of it. */
function isWholeFile({ outcome, key, findings = [] }: LogLine): boolean {
  return outcome === 'rejected' && key === null && findings.some(isAboutFile)
}

/** A name that disagrees with its record is a trouble of that record. */
function isAboutFile({ code }: Finding): boolean {
  return code.startsWith('FILE_') && code !== 'FILE_NAME_DISAGREES'
}

/** The record's key without the owner's identifier in front, which stands beside it. */
function ownKey(definition: Definition, { key, type }: LogLine): string | null {
  if (key === null) return null
  const { identity } = typeOf(definition, type)
  const owned = identity.key.length > 1 && identity.owner?.field === identity.key[0]
  return owned ? key.slice(key.indexOf('/') + 1) : key
}

function statusLabel(definition: Definition, { outcome, status, type }: LogLine): string {
  return status === null ? outcome : typeOf(definition, type).lifecycle.labels[status as StatusName]
}

function typeOf(definition: Definition, name: string): RecordType {
  const type = definition.types.find((one) => one.name === name)
  if (type === undefined) throw new Error(`the definition has no record type ${name}`)
  return type
}

function listText({ findings = [] }: LogLine): string {
  return findings.map(entryText).join('; ')
}

/** `CODE_person_field::text`, without the parts that a message does not have. On one line. */
function entryText({
  code,
  item,
  field,
  message,
}: Pick<Finding, 'code' | 'item' | 'field' | 'message'>): string {
  const parts = [code, item === null ? '' : String(item), field].filter((part) => part !== '')
  const text = parts.length === 0 ? message : `${parts.join('_')}::${message}`
  return text.replace(/\s+/g, ' ')
}
