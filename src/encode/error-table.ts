import { delimiterOfHead } from '../decode/csv.ts'
import { splitRow } from '../decode/csv-rows.ts'
import { columnsOf } from '../exchange/columns.ts'
import type { Definition, RecordType } from '../exchange/definition.ts'
import { ERROR_COLUMNS } from '../exchange/error-names.ts'
import { restore } from '../exchange/formula-cell.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { type ErrorEntry, errorsOf, fieldLabel, operationAgain } from './errors.ts'

/** How many records without a header are held back until one tells it. */
const heldEntriesMax = 1_000
const unitSeparator = '\u001f'

export interface ErrorTable {
  readonly header: readonly string[]
  readonly rows: AsyncGenerator<readonly string[]>
}

/**
 * The bad records of a table as rows under the sender's own header, with the error columns after it, filled
 * on a record's first row. Error columns that came with the file (an error file sent again) are replaced, and
 * the operation is the one that the record needs when it is sent again. A row that could not be read stands as
 * far as its cells go.
 * @param type null: nothing told it
 * @param delimiter parts the cells of a row that could not be read
 * @param known columns of all the documents that the records are from; null: those of the first record
 */
export async function errorTable(
  definition: Definition,
  type: RecordType | null,
  entries: AsyncIterable<ErrorEntry>,
  delimiter: string,
  known: readonly string[] | null,
): Promise<ErrorTable> {
  const iterator = entries[Symbol.asyncIterator]()
  const held: ErrorEntry[] = []
  let header = known
  while (header === null && held.length < heldEntriesMax) {
    const next = await iterator.next()
    if (next.done === true) break
    held.push(next.value)
    header = headerAbove(next.value.record)
  }
  const names = ownNames(header ?? fallbackHeader(definition, type), type)
  return {
    header: [...names, ...ERROR_COLUMNS],
    rows: tableRows(held, iterator, { names, type, delimiter, mixed: known !== null, seen: [], indexes: [] }),
  }
}

/** The header of the table that a record stands in; null where it stands in none. */
export function headerAbove({ shape }: RawRecord): readonly string[] | null {
  return shape.kind === 'tree' ? null : (shape.header ?? null)
}

interface Layout {
  /** The sender's columns. */
  readonly names: readonly string[]
  readonly type: RecordType | null
  readonly delimiter: string
  /** The records are from several documents, which may have other delimiters. */
  readonly mixed: boolean
  /** The header last seen, and where in it each of the columns stands. */
  seen: readonly string[]
  indexes: readonly number[]
}

async function* tableRows(
  held: readonly ErrorEntry[],
  rest: AsyncIterator<ErrorEntry>,
  layout: Layout,
): AsyncGenerator<readonly string[]> {
  try {
    for (const entry of held) yield* entryRows(entry, layout)
    for (let next = await rest.next(); next.done !== true; next = await rest.next())
      yield* entryRows(next.value, layout)
  } finally {
    // A reader that stops early ends the source too.
    await rest.return?.()
  }
}

function* entryRows(entry: ErrorEntry, layout: Layout): Generator<readonly string[]> {
  const { record, findings } = entry
  const errors = errorsOf(findings)
  if (errors.length === 0) return
  const { names, type } = layout
  const operationAt = type === null ? -1 : names.indexOf(type.operation.column)
  let extra = [
    entry.marker,
    entry.file,
    String(record.position),
    errors.map((error) => error.code).join(' | '),
    errors.map(fieldLabel).join(' | '),
    errors.map((error) => error.message).join(' | '),
  ]
  let first = true
  for (const cells of senderRows(record, layout)) {
    const row = names.map((_, index) => cells[layout.indexes[index] ?? index] ?? '')
    const sent = restore(row[operationAt] ?? '').trim()
    // A further row that leaves it blank goes on leaving it blank; in a row that could not be read another
    // column's text may stand in its place.
    const stands =
      record.shape.kind === 'rows' ? first || sent !== '' : type?.operation.values[sent] !== undefined
    if (type !== null && operationAt !== -1 && stands)
      row[operationAt] = operationAgain(type, sent, entry.again)
    yield [...row, ...extra]
    extra = ERROR_COLUMNS.map(() => '')
    first = false
  }
}

/** The record's rows; `layout.indexes` is then where their cells stand. */
function senderRows(record: RawRecord, layout: Layout): readonly (readonly string[])[] {
  const { shape, text } = record
  const header = headerAbove(record) ?? layout.names
  if (header !== layout.seen) {
    layout.seen = header
    layout.indexes = layout.names.map((name) => header.indexOf(name))
  }
  if (shape.kind === 'rows') return shape.rows
  if (shape.kind === 'tree' || text === '') return [[]]
  if (text.includes(unitSeparator)) return [text.split(unitSeparator)]
  const delimiter = layout.mixed ? delimiterOfHead(text, layout.delimiter) : layout.delimiter
  return [splitRow(text, text.includes('"'), delimiter).cells]
}

/** The sender's columns without those of an error file, and with the one that says what to do with a record. */
function ownNames(header: readonly string[], type: RecordType | null): readonly string[] {
  const names = header.filter((name) => !isErrorColumn(name))
  if (type === null || names.includes(type.operation.column) || !needsOperation(type)) return names
  return [type.operation.column, ...names]
}

/** Must a record say whether it inserts or updates? */
function needsOperation({ operation: { fallback, values } }: RecordType): boolean {
  return fallback !== 'upsert' && Object.keys(values).length > 0
}

function isErrorColumn(name: string): boolean {
  return (ERROR_COLUMNS as readonly string[]).includes(name)
}

/** Not one readable row: the columns are those that the exchange has. */
function fallbackHeader(definition: Definition, type: RecordType | null): readonly string[] {
  return type === null ? [] : columnsOf(definition, type).map(({ column }) => column)
}
