import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { type ErrorFile, writeErrorFile } from '../encode/error-file.ts'
import { headerAbove } from '../encode/error-table.ts'
import { type ErrorEntry, errorsOf } from '../encode/errors.ts'
import type { Definition, RecordType } from '../exchange/definition.ts'
import { memberStem } from '../exchange/record-types.ts'
import type { ErrorSource, FeedbackSource } from './error-file.ts'
import { columnsMax, type ErrorFormat, errorFormatOf } from './error-formats.ts'
import { errorRecords } from './error-records.ts'

/** What the bad records of one type and format are written into. */
interface TypedFile {
  /** Null: records whose type nothing told. */
  readonly type: RecordType | null
  readonly format: ErrorFormat
  /** Columns of its tables, in the order in which they are first seen. */
  readonly columns: readonly string[]
}

/** 1980-01-01, the first day that ZIP knows: the same records always make the same archive. */
const day = new Date(1980, 0, 1)

/**
 * The error files of an exchange with several types: a ZIP with a file for each type that has bad records, in the
 * format that was sent, named so that each is known again when the ZIP is corrected and sent as it is. Types that
 * must come together are all in it, some with no record. The documents are read once more for each file in it.
 * @param asked only records that were sent in this format; null: all
 */
export async function typedErrorFile(
  source: FeedbackSource,
  of: readonly ErrorSource[],
  definition: Definition,
  asked: ErrorFormat | null,
): Promise<ErrorFile> {
  const files = await filesOf(source, of, definition, asked)
  const zip = new ZipFile()
  for (const file of files) {
    const { type, format, columns } = file
    const { bytes, extension } = writeErrorFile(definition, entriesOf(source, of, definition, file), {
      format,
      type,
      jsonForm: 'wrapper',
      delimiter: null,
      header: columns.length === 0 ? null : columns,
    })
    const name = `${type === null ? 'records' : memberStem(type)}${extension}`
    zip.addReadStreamLazy(name, { mtime: day }, (callback) =>
      callback(null, Readable.from(bytes, { objectMode: false })),
    )
  }
  zip.end()
  const stream = zip.outputStream as unknown as Readable
  zip.on('error', (error: Error) => stream.destroy(error))
  return { contentType: 'application/zip', extension: '.zip', bytes: chunksOf(stream) }
}

async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  yield* stream
}

async function filesOf(
  source: FeedbackSource,
  of: readonly ErrorSource[],
  definition: Definition,
  asked: ErrorFormat | null,
): Promise<readonly TypedFile[]> {
  const found = new Map<string, { type: string | null; format: ErrorFormat; columns: Set<string> }>()
  const known = (type: string | null, format: ErrorFormat) => {
    const file = found.get(`${format} ${type ?? ''}`) ?? { type, format, columns: new Set() }
    found.set(`${format} ${type ?? ''}`, file)
    return file
  }
  let first: ErrorFormat | null = asked
  for (const { submission, names } of of)
    for await (const { entry, format: sent } of errorRecords(source, submission, definition, names)) {
      const format = errorFormatOf(sent)
      first ??= format
      if (errorsOf(entry.findings).length === 0 || (asked !== null && asked !== format)) continue
      const { columns } = known(entry.record.type ?? null, format)
      for (const name of headerAbove(entry.record) ?? []) if (columns.size < columnsMax) columns.add(name)
    }
  const { types, batch } = definition
  const together = found.size === 0 ? types.slice(0, 1).map(({ name }) => name) : batch.required
  for (const type of together)
    if (![...found.values()].some((file) => file.type === type)) known(type, first ?? 'csv')
  const order = (name: string | null) => types.findIndex((type) => type.name === name)
  return [...found.values()]
    .sort((a, b) => order(a.type) - order(b.type))
    .map(({ type, format, columns }) => ({
      type: types.find(({ name }) => name === type) ?? null,
      format,
      columns: [...columns],
    }))
}

async function* entriesOf(
  source: FeedbackSource,
  of: readonly ErrorSource[],
  definition: Definition,
  { type, format }: TypedFile,
): AsyncGenerator<ErrorEntry> {
  for (const { submission, names } of of)
    for await (const { entry, format: sent } of errorRecords(source, submission, definition, names))
      if ((entry.record.type ?? null) === (type?.name ?? null) && errorFormatOf(sent) === format) yield entry
}
