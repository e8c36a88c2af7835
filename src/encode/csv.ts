/** What a spreadsheet program may take for the start of a formula, after any apostrophes of ours. */
const FORMULA_START = /^'*[=+\-@\t\r]/
/** A number is harmless, and its sign is not a formula. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/
const NEUTRALISED = /^'+[=+\-@\t\r]/

/**
 * A cell that no spreadsheet program will compute: one that begins with `=`, `+`, `-`, `@`, tab or CR gets an
 * apostrophe before it. Plain numbers such as -118.25 stay. A text that already looks so gets one more, so
 * that `restore` gives back every text exactly.
 */
export function neutralise(cell: string): string {
  return FORMULA_START.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
}

/** Takes back what `neutralise` did. */
export function restore(cell: string): string {
  return NEUTRALISED.test(cell) ? cell.slice(1) : cell
}

/**
 * One row of CSV (RFC 4180) with its line end: cells quoted where they need it, and neutralised. A row of
 * one empty cell is written `""`, because a blank line is no row.
 */
export function csvRow(cells: readonly string[], delimiter: string): string {
  if (cells.length === 1 && cells[0] === '') return '""\r\n'
  return `${cells.map((cell) => csvCell(neutralise(cell), delimiter)).join(delimiter)}\r\n`
}

function csvCell(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
