import type { SaxesTagNS } from 'saxes'
import type { RecordSink } from './batches.ts'
import { DecodeError } from './decode-error.ts'
import type { DecodeLimits } from './limits.ts'
import { cellAddress, putCell, type SheetRow } from './sheet-row.ts'
import { numberText, serialText } from './sheet-values.ts'
import { StrictXml } from './strict-xml.ts'

/** What a sheet's cells refer to. */
export interface WorkbookTables {
  readonly strings: readonly string[]
  /** By a cell's style number: is it shown as a date or time? */
  readonly dateStyles: readonly boolean[]
  /** Days are counted from 1904 instead of 1900. */
  readonly from1904: boolean
}

/** A sheet has at most this many rows; a file with more was not made by a spreadsheet program. */
const rowsMax = 1_048_576

/** The rows in the XML of a sheet, in order, rows without any value left out. */
export class XlsxRows implements RecordSink<SheetRow> {
  readonly ready: SheetRow[] = []
  readonly #tables: WorkbookTables
  readonly #limits: DecodeLimits
  readonly #parser: StrictXml
  #inData = false
  #row = 0
  #rowsSeen = 0
  #cells: string[] = []
  #formula: string | null = null
  #column = 0
  #nextColumn = 0
  #type = ''
  #style = -1
  /** Which text is being read: a cell's value, or a run of a string that stands in the cell. */
  #reading: 'value' | 'string' | null = null
  #phonetic = false
  #value = ''
  #string = ''

  constructor(tables: WorkbookTables, limits: DecodeLimits) {
    this.#tables = tables
    this.#limits = limits
    this.#parser = new StrictXml(limits, {
      opened: (tag) => this.#opened(tag),
      text: (text) => this.#text(text),
      closed: (tag) => this.#closed(tag.local),
    })
  }

  push(text: string): void {
    this.#placed(() => this.#parser.push(text))
  }

  end(): void {
    this.#placed(() => this.#parser.end())
  }

  /** A trouble's place is a row of the sheet, not a line of its XML. */
  #placed(act: () => void): void {
    try {
      act()
    } catch (error) {
      throw error instanceof DecodeError ? new DecodeError(error.code, this.#row, error.reason) : error
    }
  }

  #opened(tag: SaxesTagNS): void {
    const { local } = tag
    if (!this.#inData) {
      this.#inData = local === 'sheetData'
      return
    }
    if (local === 'row') this.#startRow(tag)
    else if (local === 'c') this.#startCell(tag)
    else if (local === 'v') this.#reading = 'value'
    else if (local === 'rPh') this.#phonetic = true
    else if (local === 't' && !this.#phonetic) this.#reading = 'string'
    else if (local === 'f') this.#formula ??= cellAddress(this.#column, this.#row)
  }

  #startRow(tag: SaxesTagNS): void {
    this.#rowsSeen += 1
    const number = Number(tag.attributes.r?.value ?? this.#row + 1)
    if (!(number > this.#row && number <= rowsMax) || this.#rowsSeen > rowsMax)
      throw this.#parser.refuse('FILE_MALFORMED', `the sheet's rows are not numbered from 1 to ${rowsMax}.`)
    this.#row = number
    this.#cells = []
    this.#formula = null
    this.#nextColumn = 0
  }

  #startCell(tag: SaxesTagNS): void {
    const { r, t, s } = tag.attributes
    this.#column = r === undefined ? this.#nextColumn : columnOf(r.value)
    if (this.#column < 0)
      throw this.#parser.refuse('FILE_MALFORMED', `in row ${this.#row} of the sheet a cell has no place.`)
    this.#nextColumn = this.#column + 1
    this.#type = t?.value ?? 'n'
    this.#style = s === undefined ? -1 : Number(s.value)
    this.#value = ''
    this.#string = ''
  }

  #text(text: string): void {
    if (this.#reading === null) return
    if (this.#reading === 'value') this.#value += text
    else this.#string += text
    if (this.#value.length + this.#string.length > this.#limits.skipBytesMax)
      throw this.#parser.refuse('FILE_TOO_LARGE', `a cell of row ${this.#row} is too long.`)
  }

  #closed(local: string): void {
    if (!this.#inData) return
    if (local === 'v' || local === 't') this.#reading = null
    else if (local === 'rPh') this.#phonetic = false
    else if (local === 'c') putCell(this.#cells, this.#column, this.#cellText(), this.#limits.columnsMax)
    else if (local === 'row') this.#endRow()
    else if (local === 'sheetData') this.#inData = false
  }

  #endRow(): void {
    if (this.#cells.length > 0 || this.#formula !== null)
      this.ready.push({ row: this.#row, cells: this.#cells, formula: this.#formula })
  }

  #cellText(): string {
    switch (this.#type) {
      case 's':
        return this.#sharedString()
      case 'inlineStr':
        return unescapeText(this.#string)
      case 'str':
        return unescapeText(this.#value)
      case 'b':
        return this.#value === '' ? '' : this.#value === '1' || this.#value === 'true' ? 'TRUE' : 'FALSE'
      case 'e':
        return this.#value
      case 'd':
        return this.#value.replace(/T00:00:00(?:\.0+)?Z?$/, '')
      default:
        return this.#number()
    }
  }

  #sharedString(): string {
    if (this.#value === '') return ''
    const text = this.#tables.strings[Number(this.#value)]
    if (text === undefined)
      throw this.#parser.refuse(
        'FILE_MALFORMED',
        `cell ${cellAddress(this.#column, this.#row)} refers to a text that the workbook does not hold.`,
      )
    return text
  }

  #number(): string {
    const text = this.#value.trim()
    if (text === '') return ''
    const value = Number(text)
    if (this.#tables.dateStyles[this.#style] === true) {
      const date = serialText(value, this.#tables.from1904)
      if (date !== null) return date
    }
    // A whole number stands as it is written: beyond 2^53 a JavaScript number would change its last digits.
    return /^-?\d+$/.test(text) || !Number.isFinite(value) ? text : numberText(value)
  }
}

/** Column index of a cell address such as `AB12`; -1 when it is none. */
function columnOf(address: string): number {
  let column = 0
  for (let at = 0; at < address.length; at += 1) {
    const letter = address.charCodeAt(at) & ~32
    if (letter < 65 || letter > 90) return at === 0 || at > 3 ? -1 : column - 1
    column = column * 26 + letter - 64
  }
  return -1
}

/** Workbooks write characters that XML cannot hold, and CR, as `_x000D_`. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
