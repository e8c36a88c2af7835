import { EncryptedFileError, HucreError } from 'hucre'
import { readXls } from 'hucre/xlsx'
import type { Formats } from '../exchange/definition.ts'
import { DecodeError } from './decode-error.ts'
import type { DecodeLimits } from './limits.ts'
import { putCell, type SheetRow } from './sheet-row.ts'
import { dateText, numberText } from './sheet-values.ts'
import { formulaRows } from './xls-formulas.ts'
import { decodeXlsx, xlsxSheetNames } from './xlsx.ts'

const OLE2_MARK = [0xd0, 0xcf, 0x11, 0xe0]

/**
 * The rows of a workbook's sheet in batches, header row included: the sheet that the exchange names, else
 * the first that is not hidden. Values are text as a person would type it: dates `YYYY-MM-DD`, times
 * `HH:MM:SS`, both with `T` between; numbers in plain digits; TRUE and FALSE. Rows without any value are
 * left out. A row with a formula says so and is to be refused.
 *
 * XLSX rows are streamed; a legacy workbook is held in memory. Throws DecodeError with the sheet's row.
 */
export async function* decodeSheet(
  bytes: Uint8Array,
  kind: 'xlsx' | 'xls',
  sheet: Formats['sheet'],
  limits: DecodeLimits,
): AsyncGenerator<readonly SheetRow[]> {
  if (bytes.length === 0) throw new DecodeError('FILE_EMPTY', 0, 'the file is empty.')
  if (bytes.length > limits.sheetBytesMax)
    throw new DecodeError('FILE_TOO_LARGE', 0, `a workbook may have ${limits.sheetBytesMax} bytes.`)
  if (kind === 'xls') yield* decodeXls(bytes, sheet.name, limits)
  else if (OLE2_MARK.every((byte, index) => bytes[index] === byte)) throw encrypted()
  else yield* decodeXlsx(bytes, sheet.name, limits)
}

/** The names of a workbook's sheets. Throws DecodeError. */
export async function sheetNames(
  bytes: Uint8Array,
  kind: 'xlsx' | 'xls',
  limits: DecodeLimits,
): Promise<readonly string[]> {
  if (kind === 'xlsx') {
    if (bytes.length === 0 || OLE2_MARK.every((byte, index) => bytes[index] === byte)) return []
    return xlsxSheetNames(bytes, limits)
  }
  const { sheets } = await readXls(bytes).catch((error: unknown) => {
    throw refusalOf(error)
  })
  return sheets.map(({ name }) => name)
}

async function* decodeXls(
  bytes: Uint8Array,
  name: string,
  limits: DecodeLimits,
): AsyncGenerator<readonly SheetRow[]> {
  const { sheets } = await readXls(bytes).catch((error: unknown) => {
    throw refusalOf(error)
  })
  const named = sheets.findIndex((sheet) => sheet.name === name)
  const chosen = Math.max(0, named)
  const rows = sheets[chosen]?.rows
  if (rows === undefined) throw new DecodeError('FILE_MALFORMED', 0, 'the workbook holds no sheet.')
  const formulas = formulaRows(bytes, chosen)
  let batch: SheetRow[] = []
  for (let index = 0; index < rows.length; index += 1) {
    // Rows that were never written are holes.
    const values = rows[index] ?? []
    const cells: string[] = []
    for (const [column, value] of values.entries())
      putCell(cells, column, valueText(value), limits.columnsMax)
    const formula = formulas.get(index) ?? null
    if (cells.length === 0 && formula === null) continue
    batch.push({ row: index + 1, cells, formula })
    if (batch.length < limits.batchRecordsMax) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? numberText(value) : ''
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  return value instanceof Date ? dateText(value) : ''
}

function refusalOf(error: unknown): unknown {
  if (error instanceof EncryptedFileError) return encrypted()
  // The reader's own errors, and what reading beyond the end of a broken file throws.
  if (error instanceof HucreError || error instanceof RangeError || error instanceof TypeError)
    return new DecodeError('FILE_MALFORMED', 0, `the workbook cannot be read: ${error.message.slice(0, 200)}`)
  return error
}

function encrypted(): DecodeError {
  return new DecodeError('FILE_ARCHIVE_REFUSED', 0, 'the workbook is protected by a password.')
}
