/** One row of a small CSV file and the line it begins in. */
export interface CsvRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** The text is not CSV. */
export class CsvError extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/**
 * Splits comma-separated text into rows, strictly (RFC 4180): quotes only around a whole cell, doubled inside.
 * For the code lists of definitions; submissions are read by `decode`. Throws CsvError.
 */
export function* csvRows(text: string): Generator<CsvRow> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let line = 1
  while (at < text.length) {
    const start = line
    const cells: string[] = []
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at, line) : plainCell(text, at, line)
      cells.push(cell.value)
      at = cell.end
      line += cell.lines
      if (text[at] !== ',') break
      at += 1
    }
    if (text[at] === '\r') at += 1
    at += 1
    line += 1
    if (cells.length > 1 || cells[0] !== '') yield { line: start, cells }
  }
}

interface Cell {
  readonly value: string
  readonly end: number
  readonly lines: number
}

function plainCell(text: string, start: number, line: number): Cell {
  let end = start
  while (end < text.length && !',\n\r"'.includes(text[end] ?? '')) end += 1
  if (text[end] === '"')
    throw new CsvError(line, 'A quote stands inside a cell that does not begin with one.')
  if (text[end] === '\r' && text[end + 1] !== '\n' && end + 1 < text.length)
    throw new CsvError(line, 'A line ends in CR alone.')
  return { value: text.slice(start, end), end, lines: 0 }
}

function quotedCell(text: string, start: number, line: number): Cell {
  let end = start + 1
  for (;;) {
    end = text.indexOf('"', end)
    if (end === -1) throw new CsvError(line, 'A quote is opened here and never closed.')
    if (text[end + 1] !== '"') break
    end += 2
  }
  const value = text.slice(start + 1, end).replaceAll('""', '"')
  if (end + 1 < text.length && !',\n\r'.includes(text[end + 1] ?? ''))
    throw new CsvError(line, 'Something stands behind the closing quote of a cell.')
  return { value, end: end + 1, lines: text.slice(start, end).split('\n').length - 1 }
}
