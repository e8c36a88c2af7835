import { setImmediate as turn } from 'node:timers/promises'
import { isDecodeError } from '../decode/decode-error.ts'
import type { Again, ErrorEntry } from '../encode/errors.ts'
import type { Definition } from '../exchange/definition.ts'
import { correctsText } from '../exchange/error-names.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { Fault } from '../fault/fault.ts'
import { type DocumentSource, readDocument, readingOf } from '../judge/read-document.ts'
import { findDocument } from '../store/documents.ts'
import type { Submission } from '../store/model.ts'
import type { FeedbackSource } from './error-file.ts'
import type { LogLine } from './log-line.ts'
import { sessionLogLines } from './session-log.ts'

/** A record that belongs into an error file, and the format that it was sent in. */
export interface ErrorRecord {
  readonly entry: ErrorEntry
  readonly format: string
}

/** What a record's file is called, by its name in the submission ('' where that is one file). */
export type FileNames = (member: string) => string

const busyMsMax = 20

/**
 * The records of a submission that were refused or stored with errors, in order, as they were sent; before
 * them the document's first record whatever became of it, because it tells the header of a table. The document
 * is read up to where the submission came: beyond it may be the bytes that broke a reader.
 */
export async function* errorRecords(
  source: FeedbackSource,
  submission: Submission,
  definition: Definition,
  names: FileNames,
): AsyncGenerator<ErrorRecord> {
  if (submission.checkpoint === 0) return
  const document = await documentSource(source, submission)
  const lines = errorLines(source, submission)
  const read = readingOf(submission)
  try {
    let next = await lines.next()
    let since = performance.now()
    for await (const { records, format } of readDocument(definition, document, read)) {
      // Small documents in memory are read without a pause; whoever else is served must get a turn.
      if (performance.now() - since > busyMsMax) {
        await turn()
        since = performance.now()
      }
      for (const record of records) {
        const { position } = record
        while (next.done !== true && next.value.position < position) next = await lines.next()
        const line = next.done !== true && next.value.position === position ? next.value : null
        if ((line !== null || position === 1) && !isWholeFile(record)) {
          const findings = line?.findings ?? []
          const marker = correctsText(submission.tracking, position)
          const again = line === null ? null : againOf(line, submission.dryRun)
          yield {
            entry: { record, findings, marker, file: names(record.member), again },
            format,
          }
        }
        // Not a byte further: the next may be those that a judging process died of.
        if (next.done === true || position >= submission.checkpoint) return
      }
    }
  } catch (error) {
    // The file breaks off here; the finding about that stands in the submission itself.
    if (!isDecodeError(error)) throw error
  } finally {
    await lines.return(undefined)
  }
}

/** A file that could not be read: there is nothing in it to correct, it is to be sent again itself. */
function isWholeFile({ shape }: RawRecord): boolean {
  return shape.kind === 'broken' && shape.code.startsWith('FILE_')
}

/** The stored document of a submission. Throws fault NOT_FOUND. */
export async function documentSource(
  source: FeedbackSource,
  submission: Submission,
): Promise<DocumentSource> {
  const kept = await source.db.transact((tx) => findDocument(tx, submission.document))
  if (kept === null) throw new Fault('NOT_FOUND', { what: `document of ${submission.tracking}` })
  return kept.bytes === null
    ? { kind: 'file', path: source.documents.pathOf(kept.sha256), size: kept.size }
    : { kind: 'bytes', bytes: kept.bytes }
}

/** The log lines of records with fatal findings or errors. Lines without are not even parsed. */
async function* errorLines(source: FeedbackSource, submission: Submission): AsyncGenerator<LogLine> {
  const { book, tracking } = submission
  // A quote inside a value is escaped, so this stands in a line only as its own member.
  for await (const line of sessionLogLines({ ...source, scope: { books: [book] } }, book, tracking))
    if (line.includes('"severity":"error"') || line.includes('"severity":"fatal"')) yield JSON.parse(line)
}

/**
 * What a record must ask for when it is sent again: to be updated when it is stored, else to be inserted. What
 * asks for anything else (a deletion) is left as it is, and so is a change of a record whose key cannot be read.
 */
function againOf({ operation, outcome, recordId, key }: LogLine, dryRun: boolean): Again | null {
  if (!asksForContent.has(operation)) return null
  if (outcome === 'created') return dryRun ? 'insert' : 'update'
  if (outcome !== 'rejected' || recordId !== null) return 'update'
  return key === null && operation !== 'create' ? null : 'insert'
}

const asksForContent: ReadonlySet<string> = new Set(['create', 'replace', 'upsert', 'merge', 'close'])
