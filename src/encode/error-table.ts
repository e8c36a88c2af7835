import { splitRow } from '../decode/csv-rows.ts'
import { columnsOf } from '../exchange/columns.ts'
import type { Definition } from '../exchange/definition.ts'
import { ERROR_COLUMNS } from '../exchange/error-names.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { type ErrorEntry, errorsOf, fieldLabel } from './errors.ts'

/** How many records without cells are held back until one tells the header. */
const heldEntriesMax = 1_000
const unitSeparator = '\u001f'

export interface ErrorTable {
  readonly header: readonly string[]
  readonly rows: AsyncGenerator<readonly string[]>
}

/**
 * The bad records of a table as rows under the sender's own header, with the error columns after it, filled
 * on a record's first row. Error columns that came with the file (an error file sent again) are replaced.
 * A row that could not be read stands as far as its cells go. `delimiter` parts the cells of such a row.
 */
export async function errorTable(
  definition: Definition,
  entries: AsyncIterable<ErrorEntry>,
  delimiter: string,
): Promise<ErrorTable> {
  const iterator = entries[Symbol.asyncIterator]()
  const held: ErrorEntry[] = []
  let header: readonly string[] | null = null
  while (header === null && held.length < heldEntriesMax) {
    const next = await iterator.next()
    if (next.done === true) break
    held.push(next.value)
    if (next.value.record.shape.kind === 'rows') header = next.value.record.shape.header
  }
  const names = header ?? fallbackHeader(definition)
  const own = names.flatMap((name, index) => (isErrorColumn(name) ? [] : [index]))
  return {
    header: [...own.map((index) => names[index] as string), ...ERROR_COLUMNS],
    rows: tableRows(held, iterator, { names, own, delimiter }),
  }
}

interface Layout {
  readonly names: readonly string[]
  /** Which of the columns are the sender's. */
  readonly own: readonly number[]
  readonly delimiter: string
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

function* entryRows({ record, findings }: ErrorEntry, layout: Layout): Generator<readonly string[]> {
  const errors = errorsOf(findings)
  if (errors.length === 0) return
  let extra = [
    String(record.position),
    errors.map((error) => error.code).join(' | '),
    errors.map(fieldLabel).join(' | '),
    errors.map((error) => error.message).join(' | '),
  ]
  for (const cells of senderRows(record, layout)) {
    yield [...layout.own.map((index) => cells[index] ?? ''), ...extra]
    extra = ERROR_COLUMNS.map(() => '')
  }
}

/** The record's rows in the order of the table's columns. */
function senderRows(record: RawRecord, layout: Layout): readonly (readonly string[])[] {
  const { shape, text } = record
  if (shape.kind === 'rows') {
    if (sameNames(shape.header, layout.names)) return shape.rows
    const indexes = layout.names.map((name) => shape.header.indexOf(name))
    return shape.rows.map((row) => indexes.map((index) => row[index] ?? ''))
  }
  if (shape.kind === 'tree' || text === '') return [[]]
  if (text.includes(unitSeparator)) return [text.split(unitSeparator)]
  return [splitRow(text, text.includes('"'), layout.delimiter).cells]
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((name, index) => name === other[index]))
}

function isErrorColumn(name: string): boolean {
  return (ERROR_COLUMNS as readonly string[]).includes(name)
}

/** Not one readable row: the columns are those that the exchange has. */
function fallbackHeader(definition: Definition): readonly string[] {
  const type = definition.types[0]
  return type === undefined ? [] : columnsOf(definition, type).map(({ column }) => column)
}
