import { Readable } from 'node:stream'
import type { Database } from '../db/database.ts'
import { delimiterOfHead } from '../decode/csv.ts'
import { isDecodeError } from '../decode/decode-error.ts'
import { type ErrorFile, writeErrorFile } from '../encode/error-file.ts'
import { headerAbove } from '../encode/error-table.ts'
import { type ErrorEntry, errorsOf } from '../encode/errors.ts'
import { jsonFormOf } from '../encode/json.ts'
import type { Definition } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import type { DocumentSource } from '../judge/read-document.ts'
import type { DocumentFolder } from '../store/documents.ts'
import type { Submission } from '../store/model.ts'
import { BUNDLE_TYPE } from '../unpack/bundle.ts'
import { unpackDocument } from '../unpack/unpack.ts'
import { columnsMax, type ErrorFormat, errorFormatOf } from './error-formats.ts'
import { documentSource, errorRecords, type FileNames } from './error-records.ts'
import { typedErrorFile } from './typed-error-files.ts'

export interface FeedbackSource {
  readonly db: Database
  readonly documents: DocumentFolder
}

/** A submission whose bad records go into a consolidated error file. */
export interface ErrorSource {
  readonly submission: Submission
  readonly names: FileNames
}

const headBytes = 4096

/**
 * The error file of a submission: the sender's own records, in the format that was sent, with what is wrong
 * beside each; of an exchange with several types, a ZIP with a file for each. Read from the stored document while it is downloaded; nothing is held in memory.
 * @param asked of a submission of several formats, the records of this one; default all, in the first format
 * Throws fault NOT_FOUND while nothing was read yet.
 */
export async function errorFile(
  source: FeedbackSource,
  submission: Submission,
  definition: Definition,
  asked: ErrorFormat | null = null,
): Promise<{ fileName: string; contentType: string; stream: Readable }> {
  if (submission.format === null)
    throw new Fault('NOT_FOUND', { what: `error file of ${submission.tracking} yet` })
  const format = asked ?? errorFormatOf(submission.format)
  const names: FileNames = (member) => member || submission.fileName
  const of = [{ submission, names }]
  const several = definition.types.length > 1
  const written = several
    ? await typedErrorFile(source, of, definition, asked)
    : isBundle(submission)
      ? await mergedErrorFile(source, of, definition, format)
      : writeErrorFile(definition, entriesOf(source, of, definition, asked), {
          format,
          header: null,
          ...(await writtenLike(submission, definition, await documentSource(source, submission))),
        })
  const base = submission.fileName.replace(/\.[^.]*$/, '') || submission.tracking
  return {
    fileName: `${base}-errors${written.extension}`,
    contentType: written.contentType,
    stream: Readable.from(written.bytes, { objectMode: false }),
  }
}

/**
 * One error file of several submissions: their bad records of one format. Tables get the columns of all of
 * them, CSV the exchange's delimiter, JSON its wrapper.
 * @param columns as `errorFormats` gives them; default they are looked for
 */
export async function mergedErrorFile(
  source: FeedbackSource,
  of: readonly ErrorSource[],
  definition: Definition,
  format: ErrorFormat,
  columns?: readonly string[],
): Promise<ErrorFile> {
  const found = columns ?? (await errorFormats(source, of, definition)).get(format) ?? []
  return writeErrorFile(definition, entriesOf(source, of, definition, format), {
    format,
    jsonForm: definition.formats.json.wrapper === null ? 'array' : 'wrapper',
    delimiter: null,
    header: found.length === 0 ? null : found,
  })
}

/**
 * The formats in which these submissions have bad records, each with the columns of its tables in the order
 * in which they are first seen (none for trees).
 */
export async function errorFormats(
  source: FeedbackSource,
  of: readonly ErrorSource[],
  definition: Definition,
): Promise<ReadonlyMap<ErrorFormat, readonly string[]>> {
  const columns = new Map<ErrorFormat, Set<string>>()
  let seen: readonly string[] | null = null
  for (const { submission, names } of of)
    for await (const { entry, format } of errorRecords(source, submission, definition, names)) {
      if (errorsOf(entry.findings).length === 0) continue
      const known: Set<string> = columns.get(errorFormatOf(format)) ?? new Set()
      columns.set(errorFormatOf(format), known)
      const header = headerAbove(entry.record)
      if (header === null || header === seen) continue
      seen = header
      for (const name of header) if (known.size < columnsMax) known.add(name)
    }
  return new Map([...columns].map(([format, names]) => [format, [...names]]))
}

async function* entriesOf(
  source: FeedbackSource,
  of: readonly ErrorSource[],
  definition: Definition,
  format: ErrorFormat | null,
): AsyncGenerator<ErrorEntry> {
  for (const { submission, names } of of)
    for await (const record of errorRecords(source, submission, definition, names))
      if (format === null || errorFormatOf(record.format) === format) yield record.entry
}

/** Tells from the beginning of the document (of its first member in an archive) how its records were written. */
async function writtenLike(submission: Submission, { formats }: Definition, document: DocumentSource) {
  const head = await headOf(submission, document)
  return {
    jsonForm: jsonFormOf(head, formats.json.wrapper),
    delimiter: delimiterOfHead(head, formats.csv.delimiter),
  }
}

async function headOf(submission: Submission, document: DocumentSource): Promise<string> {
  const opened = document.kind === 'file' ? { path: document.path } : { bytes: document.bytes }
  try {
    for await (const part of unpackDocument(opened, { fileName: submission.fileName }))
      for await (const chunk of part.bytes) return new TextDecoder().decode(chunk.subarray(0, headBytes))
  } catch (error) {
    if (!isDecodeError(error)) throw error
  }
  return ''
}

function isBundle(submission: Submission): boolean {
  return submission.contentType === BUNDLE_TYPE
}
