import { DecodeError } from './decode-error.ts'
import type { DecodeLimits } from './limits.ts'

/** What is wrong with one row; it spoils the record the row belongs to, not the file. */
export interface RowTrouble {
  readonly code: 'RECORD_RAGGED' | 'RECORD_MALFORMED' | 'RECORD_TOO_LARGE' | 'RECORD_FORMULA'
  readonly reason: string
}

/**
 * One row's text without its line end. `quoted`: it holds a quoted cell. An oversized row comes with the
 * beginning of its text only, and `oversized` set.
 */
export type OnRow = (text: string, quoted: boolean, line: number, oversized: boolean) => void

const QUOTE = '"'

/**
 * Cuts text into rows at line ends (LF or CRLF, mixed as they come) that are not inside quotes. A quote opens
 * a quoted cell only where a cell begins, as in RFC 4180; elsewhere it is a character. Text may be cut
 * anywhere between pushes. Linear in the text and bounded by `skipBytesMax`: a longer row ends the document.
 */
export class RowFinder {
  /** Which characters a cell may begin after. Asked per opening quote, so it may change after the header. */
  isDelimiter: (char: string) => boolean
  readonly #limits: DecodeLimits
  readonly #onRow: OnRow
  #buffer = ''
  #line = 1
  /** Where the search in the unfinished row goes on, and whether it stands inside quotes there. */
  #at = 0
  #inQuotes = false
  #quoted = false
  /** An oversized row's beginning, and how many characters and line ends of it were let go. */
  #beginning: string | null = null
  #dropped = 0
  #droppedLines = 0

  constructor(limits: DecodeLimits, isDelimiter: (char: string) => boolean, onRow: OnRow) {
    this.#limits = limits
    this.isDelimiter = isDelimiter
    this.#onRow = onRow
  }

  push(text: string): void {
    this.#buffer = this.#buffer === '' ? text : this.#buffer + text
    this.#scan(false)
    this.#letGo()
  }

  /** Call once after the last push. Throws FILE_TRUNCATED when a quote is still open. */
  end(): void {
    this.#scan(true)
    if (this.#inQuotes)
      throw new DecodeError('FILE_TRUNCATED', this.#line, 'a quote opened in this row is never closed.')
    if (this.#dropped + this.#buffer.length > 0) this.#finish(0, this.#buffer.length)
  }

  #scan(last: boolean): void {
    const buffer = this.#buffer
    let start = 0
    let at = this.#at
    let quote = buffer.indexOf(QUOTE, at)
    let newline = buffer.indexOf('\n', at)
    for (;;) {
      if (this.#inQuotes) {
        at = this.#leaveQuotes(at, last)
        if (this.#inQuotes) break
      }
      if (quote !== -1 && quote < at) quote = buffer.indexOf(QUOTE, at)
      if (newline !== -1 && newline < at) newline = buffer.indexOf('\n', at)
      if (quote !== -1 && (newline === -1 || quote < newline)) {
        if ((quote === start && this.#dropped === 0) || this.isDelimiter(buffer[quote - 1] as string)) {
          this.#inQuotes = true
          this.#quoted = true
        }
        at = quote + 1
      } else if (newline === -1) {
        at = buffer.length
        break
      } else {
        this.#finish(start, newline)
        start = newline + 1
        at = start
      }
    }
    this.#buffer = start === 0 ? buffer : buffer.slice(start)
    this.#at = at - start
  }

  /** Index after the closing quote, or where to go on when it has not come yet. */
  #leaveQuotes(from: number, last: boolean): number {
    const buffer = this.#buffer
    let quote = buffer.indexOf(QUOTE, from)
    while (quote !== -1 && buffer[quote + 1] === QUOTE) quote = buffer.indexOf(QUOTE, quote + 2)
    if (quote === -1) return buffer.length
    if (quote + 1 === buffer.length && !last) return quote
    this.#inQuotes = false
    return quote + 1
  }

  #finish(start: number, end: number): void {
    const { recordBytesMax, skipBytesMax } = this.#limits
    const buffer = this.#buffer
    const line = this.#line
    const quoted = this.#quoted
    this.#line += 1
    if (quoted) this.#line += this.#droppedLines + countLinesBetween(buffer, start, end)
    const length = this.#dropped + end - start
    if (length > skipBytesMax) throw this.#tooLong(line)
    if (length > recordBytesMax)
      this.#onRow(this.#beginning ?? buffer.slice(start, start + recordBytesMax), quoted, line, true)
    else
      this.#onRow(
        buffer.slice(start, end > start && buffer.charCodeAt(end - 1) === 13 ? end - 1 : end),
        quoted,
        line,
        false,
      )
    this.#quoted = false
    this.#beginning = null
    this.#dropped = 0
    this.#droppedLines = 0
  }

  /** Lets go of what an oversized row has already shown, so that memory stays bounded. */
  #letGo(): void {
    const { recordBytesMax, skipBytesMax } = this.#limits
    if (this.#dropped + this.#buffer.length > skipBytesMax) throw this.#tooLong(this.#line)
    if (this.#beginning === null && this.#buffer.length <= recordBytesMax) return
    this.#beginning ??= this.#buffer.slice(0, recordBytesMax)
    // The last character stays: whether a quote opens a cell depends on what stands before it.
    const cut = Math.max(0, this.#at - 1)
    this.#droppedLines += countLinesBetween(this.#buffer, 0, cut)
    this.#dropped += cut
    this.#buffer = this.#buffer.slice(cut)
    this.#at -= cut
  }

  #tooLong(line: number): DecodeError {
    const why = this.#inQuotes ? ' A quote may not be closed.' : ''
    const limit = this.#limits.skipBytesMax
    return new DecodeError(
      'FILE_TOO_LARGE',
      line,
      `the row that starts here is longer than ${limit} characters.${why}`,
    )
  }
}

function countLinesBetween(text: string, start: number, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

/**
 * The cells of one row. A row with text after a closing quote is ambiguous and not guessed at: its cells up
 * to there come with `wrong` set to the 1-based number of that cell.
 */
export function splitRow(
  text: string,
  quoted: boolean,
  delimiter: string,
): { readonly cells: string[]; readonly wrong: number } {
  if (!quoted) return { cells: text.split(delimiter), wrong: 0 }
  const cells: string[] = []
  let at = 0
  for (;;) {
    if (text[at] !== QUOTE) {
      const end = text.indexOf(delimiter, at)
      if (end === -1) {
        cells.push(text.slice(at))
        return { cells, wrong: 0 }
      }
      cells.push(text.slice(at, end))
      at = end + 1
      continue
    }
    const close = closingQuote(text, at + 1)
    const cell = text.slice(at + 1, close)
    cells.push(cell.includes(QUOTE) ? cell.replaceAll('""', QUOTE) : cell)
    if (close + 1 >= text.length) return { cells, wrong: 0 }
    if (text[close + 1] !== delimiter) return { cells, wrong: cells.length }
    at = close + 2
  }
}

/** Index of the quote that closes a cell, doubled quotes passed over; the text's length when none does. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf(QUOTE, from)
  while (at !== -1 && text[at + 1] === QUOTE) at = text.indexOf(QUOTE, at + 2)
  return at === -1 ? text.length : at
}
