import { Readable } from 'node:stream'
import type { Database } from '../db/database.ts'
import { delimiterOfHead } from '../decode/csv.ts'
import { isDecodeError } from '../decode/decode-error.ts'
import type { DocumentFormat } from '../decode/sniff.ts'
import { writeErrorFile } from '../encode/error-file.ts'
import type { ErrorEntry } from '../encode/errors.ts'
import { jsonFormOf } from '../encode/json.ts'
import type { Definition } from '../exchange/definition.ts'
import type { Finding } from '../exchange/parcel.ts'
import { Fault } from '../fault/fault.ts'
import { type DocumentSource, documentLimits, readDocument } from '../judge/document.ts'
import { type DocumentFolder, findDocument } from '../store/documents.ts'
import { listFindings } from '../store/findings.ts'
import type { Submission } from '../store/model.ts'
import { unpackDocument } from '../unpack/unpack.ts'

export interface FeedbackSource {
  readonly db: Database
  readonly documents: DocumentFolder
}

const pageMax = 2000
const headBytes = 4096

/**
 * The error file of a submission: the sender's own records, in the format that was sent, with what is wrong
 * beside each. Read from the stored document while it is downloaded; nothing is held in memory.
 * Throws fault NOT_FOUND while nothing was read yet.
 */
export async function errorFile(
  source: FeedbackSource,
  submission: Submission,
  definition: Definition,
): Promise<{ fileName: string; contentType: string; stream: Readable }> {
  if (submission.format === null)
    throw new Fault('NOT_FOUND', { what: `error file of ${submission.tracking} yet` })
  const document = await documentSource(source, submission)
  const head = await headOf(submission, document)
  const written = writeErrorFile(definition, entries(source, submission, definition, document), {
    format: submission.format as DocumentFormat,
    jsonForm: jsonFormOf(head, definition.formats.json.wrapper),
    delimiter: delimiterOfHead(head, definition.formats.csv.delimiter),
  })
  const base = submission.fileName.replace(/\.[^.]*$/, '') || submission.tracking
  return {
    fileName: `${base}-errors${written.extension}`,
    contentType: written.contentType,
    stream: Readable.from(written.bytes, { objectMode: false }),
  }
}

async function documentSource(source: FeedbackSource, submission: Submission): Promise<DocumentSource> {
  const kept = await source.db.transact((tx) => findDocument(tx, submission.document))
  if (kept === null) throw new Fault('NOT_FOUND', { what: `document of ${submission.tracking}` })
  return kept.bytes === null
    ? { kind: 'file', path: source.documents.pathOf(kept.sha256), size: kept.size }
    : { kind: 'bytes', bytes: kept.bytes }
}

/** The beginning of the document (of its first member in an archive): it tells how the records were written. */
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

/** Each record of the document with its findings, up to where the submission came: beyond it may be the bytes that broke a reader. */
async function* entries(
  source: FeedbackSource,
  submission: Submission,
  definition: Definition,
  document: DocumentSource,
): AsyncGenerator<ErrorEntry> {
  const found = findingsInOrder(source.db, submission)
  let next = await found.next()
  if (submission.checkpoint === 0) return
  const read = { fileName: submission.fileName, limits: documentLimits }
  try {
    for await (const { records } of readDocument(definition, document, read))
      for (const record of records) {
        const findings: Finding[] = []
        while (!next.done && next.value.position <= record.position) {
          if (next.value.position === record.position) findings.push(next.value)
          next = await found.next()
        }
        yield { record, findings }
        // Not a byte further: the next may be those that a judging process died of.
        if (record.position >= submission.checkpoint) return
      }
  } catch (error) {
    // The file breaks off here; the finding about that stands in the submission itself.
    if (!isDecodeError(error)) throw error
  }
}

async function* findingsInOrder(
  db: Database,
  { book, tracking }: Submission,
): AsyncGenerator<Finding & { readonly position: number }> {
  let after: { position: number; number: number } | null = null
  for (;;) {
    const place = after
    const rows: (Finding & { position: number; number: number })[] = await db.transact((tx) =>
      listFindings(tx, { book, tracking, code: null, after: place, limit: pageMax }),
    )
    yield* rows
    after = rows.at(-1) ?? null
    if (rows.length < pageMax || after === null) return
  }
}
