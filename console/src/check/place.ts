import type { RawRecord } from '../../../src/exchange/parcel.ts'

/** Where in the file a finding is: its row, and its column where there is one. */
export interface Place {
  /** 1-based line of the file or row of the sheet; 0 when the format has none. */
  readonly line: number
  /** Letter of the column as spreadsheets write it, or null. */
  readonly column: string | null
}

/**
 * @param field the name that the value has in the file
 * @param item 1-based number of the group among those of its record: each has a row of its own
 */
export function placeOf(raw: RawRecord, field: string, item: number | null, format: string): Place {
  const { shape, line } = raw
  if (shape.kind !== 'rows') return { line, column: null }
  const index = shape.header.indexOf(field)
  const row = item !== null && item <= shape.rows.length ? line + item - 1 : line
  // In CSV a value may hold line breaks; then the row is that of the record's first.
  const exact = format !== 'csv' || shape.rows.every((cells) => cells.every((cell) => !cell.includes('\n')))
  return { line: exact ? row : line, column: index < 0 ? null : columnLetter(index) }
}

/** 0 → A, 25 → Z, 26 → AA. */
export function columnLetter(index: number): string {
  const rest = Math.floor(index / 26)
  return (rest === 0 ? '' : columnLetter(rest - 1)) + String.fromCharCode(65 + (index % 26))
}
