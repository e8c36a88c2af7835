import type { DocumentFormat } from '../decode/sniff.ts'
import type { Definition } from '../exchange/definition.ts'
import { ERRORS_MEMBER } from '../exchange/error-names.ts'
import { restore } from '../exchange/formula-cell.ts'
import type { RawRecord, RawTree } from '../exchange/parcel.ts'
import { bytesOf } from './bytes.ts'
import { csvRow } from './csv.ts'
import { errorTable } from './error-table.ts'
import { type ErrorEntry, errorsOf } from './errors.ts'
import { type JsonForm, writeJson } from './json.ts'
import { writeSheet } from './sheet.ts'
import { xmlElement, xmlFrame } from './xml.ts'

export interface ErrorFileOptions {
  /** The format that was sent. A legacy workbook is answered with an XLSX workbook. */
  readonly format: DocumentFormat
  /** The form of the JSON that was sent, see `jsonFormOf`. */
  readonly jsonForm: JsonForm
  /** The delimiter of the CSV that was sent; null: the definition's. */
  readonly delimiter: string | null
}

export interface ErrorFile {
  readonly contentType: string
  /** With its dot. */
  readonly extension: string
  readonly bytes: AsyncGenerator<Uint8Array>
}

/**
 * The error file of a document, in the format that was sent: the sender's own records, in order, of those
 * that have a fatal finding or an error, each with its errors beside it. Rows get the columns of
 * `ERROR_COLUMNS`, an XML record an `<Errors>` child, a JSON record an `Errors` array. It can be corrected
 * and sent again as it is. Streams in constant memory; `entries` may hold good records, which are left out.
 */
export function writeErrorFile(
  definition: Definition,
  entries: AsyncIterable<ErrorEntry>,
  options: ErrorFileOptions,
): ErrorFile {
  const { formats } = definition
  switch (options.format) {
    case 'csv': {
      const delimiter = options.delimiter ?? formats.csv.delimiter
      const texts = csvErrors(definition, entries, delimiter)
      return { contentType: 'text/csv; charset=utf-8', extension: '.csv', bytes: bytesOf(texts) }
    }
    case 'xlsx':
    case 'xls':
      return {
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        extension: '.xlsx',
        bytes: sheetErrors(definition, entries),
      }
    case 'xml':
      return {
        contentType: 'application/xml',
        extension: '.xml',
        bytes: bytesOf(xmlErrors(definition, entries)),
      }
    case 'json': {
      const texts = writeJson(jsonErrors(entries), options.jsonForm, formats.json.wrapper)
      const lines = options.jsonForm === 'lines'
      return {
        contentType: lines ? 'application/x-ndjson' : 'application/json',
        extension: lines ? '.ndjson' : '.json',
        bytes: bytesOf(texts),
      }
    }
  }
}

async function* csvErrors(
  definition: Definition,
  entries: AsyncIterable<ErrorEntry>,
  delimiter: string,
): AsyncGenerator<string> {
  const { header, rows } = await errorTable(definition, entries, delimiter)
  yield csvRow(header, delimiter)
  // Cells of an error file that was sent again are neutralised already.
  for await (const row of rows) yield csvRow(row.map(restore), delimiter)
}

async function* sheetErrors(
  definition: Definition,
  entries: AsyncIterable<ErrorEntry>,
): AsyncGenerator<Uint8Array> {
  const { header, rows } = await errorTable(definition, entries, '\u001f')
  yield* writeSheet(definition.formats.sheet.name, header, rows)
}

async function* xmlErrors(
  definition: Definition,
  entries: AsyncIterable<ErrorEntry>,
): AsyncGenerator<string> {
  const { root, record: name, namespace } = definition.formats.xml
  const frame = xmlFrame(root, namespace)
  yield frame.start
  for await (const { record, findings } of entries) {
    const errors = errorsOf(findings)
    if (errors.length === 0) continue
    const told = errors.map(({ code, severity, field, path, message }) => ({
      Code: code,
      Severity: severity,
      Field: field,
      Path: path,
      Message: message,
    }))
    const tree = {
      ...ownMembers(record),
      [ERRORS_MEMBER]: { '@position': String(record.position), Error: told },
    }
    yield `${xmlElement(name, tree)}\n`
  }
  yield frame.end
}

async function* jsonErrors(entries: AsyncIterable<ErrorEntry>): AsyncGenerator<RawTree> {
  for await (const { record, findings } of entries) {
    const errors = errorsOf(findings)
    if (errors.length === 0) continue
    const told = errors.map(({ code, severity, field, path, message }) => ({
      Position: record.position,
      Code: code,
      Severity: severity,
      Field: field,
      Path: path,
      Message: message,
    }))
    yield { ...ownMembers(record), [ERRORS_MEMBER]: told }
  }
}

/** What the sender sent, without the errors of an error file sent again; a record that is no tree has its text. */
function ownMembers({ shape, text }: RawRecord): RawTree {
  if (shape.kind === 'tree') {
    const { [ERRORS_MEMBER]: _, ...own } = shape.tree
    return own
  }
  if (shape.kind === 'broken') return text === '' ? {} : { Unreadable: text }
  return { Rows: shape.rows.map((row) => ({ Cell: row })) }
}
