import type { DocumentFormat } from '../decode/sniff.ts'
import type { Definition, RecordType } from '../exchange/definition.ts'
import { CORRECTS_NAME, ERRORS_MEMBER, SOURCE_FILE_NAME } from '../exchange/error-names.ts'
import { restore } from '../exchange/formula-cell.ts'
import type { RawTree, RawValue } from '../exchange/parcel.ts'
import { bytesOf } from './bytes.ts'
import { csvRow } from './csv.ts'
import { errorTable } from './error-table.ts'
import { type ErrorEntry, errorsOf, operationAgain } from './errors.ts'
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
  /** Columns of all the documents that the records are from, see `headerAbove`; null: of the first record's. */
  readonly header: readonly string[] | null
  /** Their record type, null where nothing told it; default the only one of the exchange. */
  readonly type?: RecordType | null
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
 * and sent again as it is: each record carries the marker that says which one it corrects, and the operation
 * that it then needs. Streams in constant memory; `entries` may hold good records, which are left out.
 */
export function writeErrorFile(
  definition: Definition,
  entries: AsyncIterable<ErrorEntry>,
  options: ErrorFileOptions,
): ErrorFile {
  const { formats } = definition
  const kind = kindOf(definition, options.type)
  switch (options.format) {
    case 'csv': {
      const delimiter = options.delimiter ?? formats.csv.delimiter
      const texts = csvErrors(definition, kind.type, entries, delimiter, options.header)
      return { contentType: 'text/csv; charset=utf-8', extension: '.csv', bytes: bytesOf(texts) }
    }
    case 'xlsx':
    case 'xls':
      return {
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        extension: '.xlsx',
        bytes: sheetErrors(definition, kind, entries, options.header),
      }
    case 'xml':
      return {
        contentType: 'application/xml',
        extension: '.xml',
        bytes: bytesOf(xmlErrors(definition, kind, entries)),
      }
    case 'json': {
      const texts = writeJson(jsonErrors(kind, entries), options.jsonForm, kind.wrapper)
      const lines = options.jsonForm === 'lines'
      return {
        contentType: lines ? 'application/x-ndjson' : 'application/json',
        extension: lines ? '.ndjson' : '.json',
        bytes: bytesOf(texts),
      }
    }
  }
}

/** The records' type, and how they stand in trees. */
interface Kind {
  readonly type: RecordType | null
  readonly element: string
  readonly wrapper: string | null
  readonly sheet: string
}

function kindOf({ types, formats }: Definition, given: RecordType | null | undefined): Kind {
  const type = given === undefined ? (types[0] ?? null) : given
  if (types.length > 1 && type !== null)
    return { type, element: type.forms.element, wrapper: type.forms.property, sheet: type.forms.sheet }
  return { type, element: formats.xml.record, wrapper: formats.json.wrapper, sheet: formats.sheet.name }
}

async function* csvErrors(
  definition: Definition,
  type: RecordType | null,
  entries: AsyncIterable<ErrorEntry>,
  delimiter: string,
  known: readonly string[] | null,
): AsyncGenerator<string> {
  const { header, rows } = await errorTable(definition, type, entries, delimiter, known)
  yield csvRow(header, delimiter)
  // Cells of an error file that was sent again are neutralised already.
  for await (const row of rows) yield csvRow(row.map(restore), delimiter)
}

async function* sheetErrors(
  definition: Definition,
  { type, sheet }: Kind,
  entries: AsyncIterable<ErrorEntry>,
  known: readonly string[] | null,
): AsyncGenerator<Uint8Array> {
  const { header, rows } = await errorTable(definition, type, entries, '\u001f', known)
  yield* writeSheet(sheet, header, rows)
}

async function* xmlErrors(
  definition: Definition,
  { type, element }: Kind,
  entries: AsyncIterable<ErrorEntry>,
): AsyncGenerator<string> {
  const { root, namespace } = definition.formats.xml
  const frame = xmlFrame(root, namespace)
  yield frame.start
  for await (const entry of entries) {
    const errors = errorsOf(entry.findings)
    if (errors.length === 0) continue
    const told = errors.map(({ code, severity, field, path, message }) => ({
      Code: code,
      Severity: severity,
      Field: field,
      Path: path,
      Message: message,
    }))
    const tree = {
      ...ownMembers(type, entry),
      [ERRORS_MEMBER]: { '@position': String(entry.record.position), Error: told },
    }
    yield `${xmlElement(element, tree)}\n`
  }
  yield frame.end
}

async function* jsonErrors({ type }: Kind, entries: AsyncIterable<ErrorEntry>): AsyncGenerator<RawTree> {
  for await (const entry of entries) {
    const errors = errorsOf(entry.findings)
    if (errors.length === 0) continue
    const told = errors.map(({ code, severity, field, path, message }) => ({
      Position: entry.record.position,
      Code: code,
      Severity: severity,
      Field: field,
      Path: path,
      Message: message,
    }))
    yield { ...ownMembers(type, entry), [ERRORS_MEMBER]: told }
  }
}

/**
 * What the sender sent, without what an error file adds, with the marker and the operation that it needs when
 * it is sent again. A record that is no tree has its text.
 */
function ownMembers(type: RecordType | null, { record, marker, file, again }: ErrorEntry): RawTree {
  const added = { [CORRECTS_NAME]: marker, [SOURCE_FILE_NAME]: file }
  const { shape, text } = record
  if (shape.kind === 'rows') return { Rows: shape.rows.map((row) => ({ Cell: row })), ...added }
  if (shape.kind === 'broken') return text === '' ? added : { Unreadable: text, ...added }
  const { [ERRORS_MEMBER]: _, [CORRECTS_NAME]: __, [SOURCE_FILE_NAME]: ___, ...own } = shape.tree
  if (type === null) return { ...own, ...added }
  const { path } = type.operation
  const sent = operationSent(own, path)
  const needed = sent === null ? null : operationAgain(type, sent, again)
  return { ...(needed === null || needed === sent ? own : withValue(own, path, needed)), ...added }
}

/** The operation as a record says it, '' where it does not; null where something else stands in its place. */
function operationSent(tree: RawTree, path: readonly string[]): string | null {
  let value: RawValue | undefined = tree
  for (const name of path) {
    if (value === undefined || value === null) return ''
    if (typeof value !== 'object' || Array.isArray(value)) return null
    value = (value as RawTree)[name]
  }
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value.trim() : null
}

function withValue(tree: RawTree, [name = '', ...below]: readonly string[], value: string): RawTree {
  if (below.length === 0) return { ...tree, [name]: value }
  const inside = tree[name]
  return { ...tree, [name]: withValue((inside ?? {}) as RawTree, below, value) }
}
