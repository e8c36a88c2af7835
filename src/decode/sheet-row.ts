/** One row of a sheet that has anything in it. */
export interface SheetRow {
  /** 1-based, as the spreadsheet program numbers it. */
  readonly row: number
  /**
   * Values as text, up to the last cell that has one; '' between. A row that goes beyond `columnsMax` ends
   * with one cell more than that, so that it fits no header.
   */
  readonly cells: readonly string[]
  /**
   * Address (`C5`) of the row's first cell that holds a formula. The record is then refused as
   * RECORD_FORMULA: a formula is never computed, and the result kept beside it may be stale or forged.
   */
  readonly formula: string | null
}

/** `C5` for column index 2 and row 5. */
export function cellAddress(column: number, row: number): string {
  let letters = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return `${letters}${row}`
}

/** Puts a cell in its place; see `SheetRow.cells` for what happens beyond the limit. */
export function putCell(cells: string[], column: number, text: string, columnsMax: number): void {
  if (text === '') return
  const index = Math.min(column, columnsMax)
  while (cells.length < index) cells.push('')
  cells[index] = text
}
