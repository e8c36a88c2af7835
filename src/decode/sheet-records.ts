import type { Formats } from '../exchange/definition.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import type { RowTrouble } from './csv-rows.ts'
import { DecodeError } from './decode-error.ts'
import { fitRow, type GroupOptions, headerOf, RowGrouper } from './group-rows.ts'
import { decodeSheet } from './sheet.ts'
import type { SheetRow } from './sheet-row.ts'

/** Between the cells of a row in a record's own text, which no cell can hold as typed. */
const unitSeparator = '\u001f'

/**
 * A workbook's rows to records, as CSV rows are: the first row is the header. A row with a formula breaks
 * its record. `mayBeEmpty`: a sheet without a header row holds no records. Throws DecodeError for what ends the document.
 */
export async function* decodeSheetRecords(
  bytes: Uint8Array,
  kind: 'xlsx' | 'xls',
  sheet: Formats['sheet'],
  options: GroupOptions,
  mayBeEmpty = false,
): AsyncGenerator<readonly RawRecord[]> {
  const { limits } = options
  let header: readonly string[] = []
  let grouper: RowGrouper | null = null
  let failure: unknown = null
  try {
    for await (const rows of decodeSheet(bytes, kind, sheet, limits)) {
      for (const row of rows) {
        if (grouper !== null) {
          addRow(grouper, row, header.length, limits)
          continue
        }
        if (row.formula !== null)
          throw new DecodeError('FILE_HEADER_UNREADABLE', row.row, `cell ${row.formula} holds a formula.`)
        header = headerOf(row.cells, row.row, limits)
        grouper = new RowGrouper(header, options)
      }
      while (grouper !== null && grouper.ready.length >= limits.batchRecordsMax)
        yield grouper.ready.splice(0, limits.batchRecordsMax)
    }
  } catch (error) {
    failure = error
  }
  if (failure === null && grouper === null && !mayBeEmpty)
    failure = new DecodeError('FILE_EMPTY', 0, 'the sheet holds no header row.')
  if (failure === null) grouper?.end()
  while (grouper !== null && grouper.ready.length > 0) yield grouper.ready.splice(0, limits.batchRecordsMax)
  if (failure !== null) throw failure
}

function addRow(grouper: RowGrouper, row: SheetRow, columns: number, limits: GroupOptions['limits']): void {
  const cells = [...row.cells]
  while (cells.length < columns) cells.push('')
  const text = cells.join(unitSeparator)
  let trouble: RowTrouble | null = fitRow(cells, columns, limits)
  if (row.formula !== null)
    trouble = {
      code: 'RECORD_FORMULA',
      reason: `cell ${row.formula} holds a formula; put its value there instead.`,
    }
  else if (text.length > limits.recordBytesMax)
    trouble = {
      code: 'RECORD_TOO_LARGE',
      reason: `the row is longer than ${limits.recordBytesMax} characters.`,
    }
  grouper.add(cells, trouble?.code === 'RECORD_TOO_LARGE' ? '' : text, row.row, trouble)
}
