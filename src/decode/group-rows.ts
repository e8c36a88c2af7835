import type { GroupColumns } from '../exchange/columns.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import type { RowTrouble } from './csv-rows.ts'
import { DecodeError } from './decode-error.ts'
import type { DecodeLimits } from './limits.ts'

export interface GroupOptions {
  readonly limits: DecodeLimits
  /**
   * Columns that name the record a row belongs to. Rows that stand together with the same values in its key are
   * one record; a row that leaves them blank continues the record before it. A row with another mark, or that
   * is the record's first row once more, begins a record of its own: the same thing sent twice is two records.
   */
  readonly groupColumns: GroupColumns
  /** Position of the first record. */
  readonly firstPosition: number
  /** Archive member, '' outside archives. */
  readonly member: string
}

/**
 * Checks the first row of a table and returns it as the header: names trimmed, empty columns at the end cut.
 * Throws FILE_HEADER_UNREADABLE for a column without a name, a name that stands twice, or too many columns.
 */
export function headerOf(cells: readonly string[], line: number, limits: DecodeLimits): readonly string[] {
  const names = cells.map((cell) => cell.trim())
  while (names.at(-1) === '') names.pop()
  const refuse = (reason: string) => new DecodeError('FILE_HEADER_UNREADABLE', line, reason)
  if (names.length > limits.columnsMax)
    throw refuse(`the header row has ${names.length} columns; at most ${limits.columnsMax} are read.`)
  const seen = new Set<string>()
  for (const [index, name] of names.entries()) {
    if (name === '') throw refuse(`column ${index + 1} of the header row has no name.`)
    if (name.includes('\r') && !name.includes('\n'))
      throw refuse('the lines of the file end in CR alone; save it with LF or CRLF line ends.')
    if (seen.has(name)) throw refuse(`the header row names the column "${name.slice(0, 80)}" twice.`)
    seen.add(name)
  }
  return names
}

interface OpenGroup {
  readonly line: number
  readonly key: readonly string[]
  readonly keyed: boolean
  readonly marks: readonly string[]
  readonly firstText: string
  readonly rows: (readonly string[])[]
  text: string
  trouble: RowTrouble | null
}

/**
 * Makes records from the rows of a table, in order. A trouble in any row breaks its whole record: half a
 * record is never handed on. Records ready to go are in `ready`.
 */
export class RowGrouper {
  readonly ready: RawRecord[] = []
  readonly #header: readonly string[]
  readonly #options: GroupOptions
  readonly #keyIndexes: readonly number[]
  readonly #markIndexes: readonly number[]
  #position: number
  #open: OpenGroup | null = null

  constructor(header: readonly string[], options: GroupOptions) {
    this.#header = header
    this.#options = options
    this.#position = options.firstPosition
    const { key, marks } = options.groupColumns
    const indexes = key.map((name) => header.indexOf(name))
    // Without all of its columns a key tells nothing: each row is then a record, judged by itself.
    this.#keyIndexes = indexes.includes(-1) ? [] : indexes
    this.#markIndexes = marks.map((name) => header.indexOf(name)).filter((index) => index !== -1)
  }

  /** Takes one row with exactly the header's cells, or a row with trouble and as many cells as could be read. */
  add(cells: readonly string[], text: string, line: number, trouble: RowTrouble | null): void {
    if (this.#keyIndexes.length === 0) {
      this.#emit([cells], text, line, trouble)
      return
    }
    const marks = this.#markIndexes.map((index) => (cells[index] ?? '').trim())
    if (this.#open !== null && this.#continues(this.#open, cells, text, marks)) {
      this.#join(this.#open, cells, text, line, trouble)
      return
    }
    this.#close()
    const key = this.#keyIndexes.map((index) => (cells[index] ?? '').trim())
    const keyed = key.every((part) => part !== '')
    this.#open = { line, key, keyed, marks, firstText: text, rows: [cells], text, trouble }
  }

  #continues(open: OpenGroup, cells: readonly string[], text: string, marks: readonly string[]): boolean {
    if (!open.keyed || text === open.firstText) return false
    if (marks.some((mark, index) => mark !== '' && mark !== open.marks[index])) return false
    return this.#keyIndexes.every((index, part) => {
      const value = (cells[index] ?? '').trim()
      return value === '' || value === open.key[part]
    })
  }

  /** No more rows: the last record is complete. */
  end(): void {
    this.#close()
  }

  #join(
    open: OpenGroup,
    cells: readonly string[],
    text: string,
    line: number,
    trouble: RowTrouble | null,
  ): void {
    const { limits } = this.#options
    open.trouble ??= trouble === null ? null : { ...trouble, reason: `in line ${line}, ${trouble.reason}` }
    if (open.trouble !== null) return
    if (open.rows.length >= limits.rowsPerRecordMax)
      open.trouble = tooLarge(`the record has more than ${limits.rowsPerRecordMax} rows.`)
    else if (open.text.length + text.length >= limits.recordBytesMax)
      open.trouble = tooLarge(`the rows of the record are longer than ${limits.recordBytesMax} characters.`)
    else {
      open.rows.push(cells)
      open.text += `\n${text}`
    }
  }

  #close(): void {
    const open = this.#open
    if (open !== null) this.#emit(open.rows, open.text, open.line, open.trouble)
    this.#open = null
  }

  #emit(rows: readonly (readonly string[])[], text: string, line: number, trouble: RowTrouble | null): void {
    const shape: RawRecord['shape'] =
      trouble === null
        ? { kind: 'rows', header: this.#header, rows }
        : { kind: 'broken', code: trouble.code, reason: trouble.reason, header: this.#header }
    this.ready.push({ position: this.#position, line, member: this.#options.member, shape, text })
    this.#position += 1
  }
}

function tooLarge(reason: string): RowTrouble {
  return { code: 'RECORD_TOO_LARGE', reason }
}

/**
 * Fits a row to the header: empty cells beyond it are cut. Returns the trouble when the row has another
 * number of cells than the header. `cells` is changed in place.
 */
export function fitRow(cells: string[], columns: number, limits: DecodeLimits): RowTrouble | null {
  const count = cells.length
  if (count > columns) {
    while (cells.length > columns && cells[cells.length - 1] === '') cells.pop()
  }
  if (cells.length !== columns)
    return {
      code: 'RECORD_RAGGED',
      reason: `the row has ${count} cells where the header has ${columns}.`,
    }
  for (let index = 0; index < columns; index += 1)
    if ((cells[index] as string).length > limits.fieldCharsMax)
      return tooLarge(`cell ${index + 1} is longer than ${limits.fieldCharsMax} characters.`)
  return null
}
