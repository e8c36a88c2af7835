import { csvRow } from '../encode/csv.ts'
import { type FileOutcomes, NO_OUTCOMES, type ReportedFile } from './reported-files.ts'
import { zoneClock } from './zone-clock.ts'

/** Whose files a log is about, and in which time zone its times are told. */
export interface LogHead {
  /** The partner's identifier: the ORI of an agency. */
  readonly identifier: string
  /** IANA zone of the exchange. */
  readonly zone: string
}

const accessChannel = 'FTP'
const nameChars = 30
/** The beginning and end of a longer name: with a `~` between them they fill the column. */
const nameHeadChars = 12
const nameTailChars = 17

/**
 * The processing log: a line of exactly 145 bytes of blank-padded ASCII for each file, ended by CR LF (SDCS
 * specification, table 10): identifier 9, file name 30, date received 10, access channel 3, processing status
 * 75, processing date 10 and time 8.
 */
export function* processingLog(head: LogHead, files: Iterable<ReportedFile>): Generator<string> {
  const clock = zoneClock(head.zone)
  for (const file of files) {
    const done = file.processedAt === null ? { date: '', time: '' } : clock(file.processedAt)
    yield [
      column(head.identifier, 9),
      column(shortName(file.name), nameChars),
      column(clock(file.receivedAt).date, 10),
      accessChannel,
      column(statusText(file), 75),
      column(done.date, 10),
      column(done.time, 8),
      '\r\n',
    ].join('')
  }
}

const csvHeader = [
  'Identifier',
  'File_Name',
  'Received_At',
  'Processed_At',
  'Total',
  'Success',
  'Error',
  'Created',
  'Updated',
  'Unchanged',
  'Deleted',
  'Filtered',
  'Rejected',
  'With_Errors',
  'Code',
  'Reason',
  'Tracking',
  'Member',
  'Format',
  'Bytes',
  'SHA256',
]

/** What the processing log has no room for, as CSV: the whole name, times in UTC, and the reason in words. */
export function* processingLogCsv(
  head: LogHead,
  files: Iterable<ReportedFile>,
  outcomes: ReadonlyMap<ReportedFile, FileOutcomes>,
): Generator<string> {
  yield csvRow(csvHeader, ',')
  for (const file of files) {
    const { created, updated, unchanged, deleted, filtered, rejected, withErrors } =
      outcomes.get(file) ?? NO_OUTCOMES
    const counts = [created, updated, unchanged, deleted, filtered, rejected, withErrors]
    yield csvRow(
      [
        head.identifier,
        file.name,
        file.receivedAt,
        file.processedAt ?? '',
        String(file.total),
        String(file.success),
        String(file.errors),
        ...counts.map(String),
        file.code ?? '',
        file.reason ?? '',
        file.tracking ?? '',
        file.member,
        file.format ?? '',
        String(file.bytes),
        file.sha256 ?? '',
      ],
      ',',
    )
  }
}

/** A name of more than 30 characters: its first 12, `~`, and its last 17, so that its time and its end remain. */
function shortName(name: string): string {
  const characters = [...name]
  if (characters.length <= nameChars) return name
  return `${characters.slice(0, nameHeadChars).join('')}~${characters.slice(-nameTailChars).join('')}`
}

function statusText({ total, success, errors, code }: ReportedFile): string {
  return `TOTAL=${total} SUCCESS=${success} ERROR=${errors}${code === null ? '' : ` ${code}`}`
}

/** Exactly so many ASCII characters: cut or padded with blanks, `?` for what is no printable ASCII. */
function column(text: string, width: number): string {
  return text
    .replace(/[^ -~]/gu, '?')
    .slice(0, width)
    .padEnd(width)
}
