import type { Formats } from '../exchange/definition.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { type RecordSink, recordBatches } from './batches.ts'
import { RowFinder, type RowTrouble, splitRow } from './csv-rows.ts'
import { DecodeError } from './decode-error.ts'
import { fitRow, type GroupOptions, headerOf, RowGrouper } from './group-rows.ts'
import { decodeText } from './text.ts'

/** Delimiters looked for in a header that the definition's own does not split, in this order of preference. */
const DELIMITERS = ['|', ',', '\t'] as const

/**
 * CSV bytes to records. The first row is the header; its delimiter is the definition's, or where that does
 * not split it the one of `|`, `,` and tab that it holds most of; a first line `sep=;` settles it. Blank
 * lines are passed over. A row with a wrong number of cells, or text after a closing quote, breaks its
 * record; an open quote at the end, bytes that are not text and an unreadable header end the document with a
 * DecodeError, after the records before it were handed on.
 */
export function decodeCsv(
  bytes: AsyncIterable<Uint8Array>,
  csv: Formats['csv'],
  options: GroupOptions,
): AsyncGenerator<readonly RawRecord[]> {
  const text = decodeText(bytes, { windows1252: true })
  return recordBatches(
    text,
    new CsvTable(csv.delimiter, options),
    options.limits.batchRecordsMax,
    options.limits.batchCharsMax,
  )
}

class CsvTable implements RecordSink {
  readonly #options: GroupOptions
  readonly #finder: RowFinder
  #delimiter: string
  #chosen = false
  #grouper: RowGrouper | null = null
  #header: readonly string[] = []

  constructor(delimiter: string, options: GroupOptions) {
    this.#options = options
    this.#delimiter = delimiter
    const candidates = new Set<string>([delimiter, ...DELIMITERS])
    this.#finder = new RowFinder(
      options.limits,
      (char) => candidates.has(char),
      (text, quoted, line, oversized) => this.#row(text, quoted, line, oversized),
    )
  }

  get ready(): RawRecord[] {
    return this.#grouper?.ready ?? []
  }

  push(text: string): void {
    this.#finder.push(text)
  }

  end(): void {
    this.#finder.end()
    if (this.#grouper === null) throw new DecodeError('FILE_EMPTY', 0, 'the file holds no header row.')
    this.#grouper.end()
  }

  #row(text: string, quoted: boolean, line: number, oversized: boolean): void {
    if (this.#grouper === null) {
      this.#first(text, quoted, line, oversized)
      return
    }
    const { cells, wrong } = splitRow(text, quoted, this.#delimiter)
    if (wrong === 0 && !oversized && isBlank(cells)) return
    const { limits } = this.#options
    let trouble: RowTrouble | null = null
    if (oversized)
      trouble = {
        code: 'RECORD_TOO_LARGE',
        reason: `the row is longer than ${limits.recordBytesMax} characters.`,
      }
    else if (wrong > 0)
      trouble = {
        code: 'RECORD_MALFORMED',
        reason: `cell ${wrong} has text after its closing quote; a quote inside a cell must be doubled.`,
      }
    else trouble = fitRow(cells, this.#header.length, limits)
    this.#grouper.add(cells, oversized ? '' : text, line, trouble)
  }

  #first(text: string, quoted: boolean, line: number, oversized: boolean): void {
    if (text.trim() === '') return
    const { limits } = this.#options
    if (oversized)
      throw new DecodeError(
        'FILE_HEADER_UNREADABLE',
        line,
        `the first row is longer than ${limits.recordBytesMax} characters.`,
      )
    const sep = /^"?sep=([,|;\t])"?$/i.exec(text)
    if (sep !== null && !this.#chosen) {
      this.#delimiter = sep[1] as string
      this.#chosen = true
      this.#finder.isDelimiter = (char) => char === this.#delimiter
      return
    }
    if (!this.#chosen) this.#delimiter = delimiterOf(text, quoted, this.#delimiter)
    this.#finder.isDelimiter = (char) => char === this.#delimiter
    const { cells, wrong } = splitRow(text, quoted, this.#delimiter)
    if (wrong > 0)
      throw new DecodeError(
        'FILE_HEADER_UNREADABLE',
        line,
        `column ${wrong} of the header row has text after its closing quote.`,
      )
    this.#header = headerOf(cells, line, limits)
    this.#grouper = new RowGrouper(this.#header, this.#options)
  }
}

function isBlank(cells: readonly string[]): boolean {
  if (cells.length === 1) return (cells[0] as string).trim() === ''
  return cells[0] === '' && cells.every((cell) => cell === '')
}

/** The delimiter of a CSV document, told from its beginning: its `sep=` line, or its header row. */
export function delimiterOfHead(head: string, preferred: string): string {
  const lines = head.replace(/^\ufeff/, '').split(/\r?\n/)
  const sep = /^"?sep=([,|;\t])"?$/i.exec(lines[0] ?? '')
  return sep?.[1] ?? delimiterOf(lines[0] ?? '', true, preferred)
}

function delimiterOf(header: string, quoted: boolean, preferred: string): string {
  const bare = quoted ? header.replace(/"(?:[^"]|"")*"/g, '') : header
  if (bare.includes(preferred)) return preferred
  let best = preferred
  let most = 0
  for (const delimiter of DELIMITERS) {
    const count = bare.split(delimiter).length - 1
    if (count > most) {
      best = delimiter
      most = count
    }
  }
  return best
}
