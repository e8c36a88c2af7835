import { neutralise } from '../exchange/formula-cell.ts'

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
