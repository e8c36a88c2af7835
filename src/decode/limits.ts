import type { Definition } from '../exchange/definition.ts'
import { documentFields } from '../exchange/document-parts.ts'

/**
 * What a decoder may be made to hold or do by a document. Sizes of text are in characters (UTF-16 units),
 * which is what is held in memory; sizes of documents are in bytes.
 */
export interface DecodeLimits {
  /** One record's text. A longer one is passed over and reported as RECORD_TOO_LARGE. */
  readonly recordBytesMax: number
  /** How far a decoder passes over an oversized record in search of its end, before it gives up the document. */
  readonly skipBytesMax: number
  /** One value's text: a cell, an attribute, an element's text. */
  readonly fieldCharsMax: number
  /** Nesting of JSON values or XML elements. */
  readonly depthMax: number
  /** Columns of a CSV file or a sheet. */
  readonly columnsMax: number
  /** Attributes of one XML element. */
  readonly attributesMax: number
  /** Rows of one record, where a record has a row for each item of a nested list. */
  readonly rowsPerRecordMax: number
  /** A workbook is read whole: the size of its file. */
  readonly sheetBytesMax: number
  /** Records handed on at a time, and their text. */
  readonly batchRecordsMax: number
  readonly batchCharsMax: number
}

/**
 * Far above honest records (some kilobytes), far below what hurts: one record, its text and its parsed form
 * fit many times into a decoder's memory. Batches of 100: with more, a batch outlives the collector's young
 * generation, and judging takes up to twice as long (bench/README.md).
 */
export const DEFAULT_LIMITS: DecodeLimits = {
  recordBytesMax: 2 ** 20,
  skipBytesMax: 16 * 2 ** 20,
  fieldCharsMax: 2 ** 18,
  depthMax: 64,
  columnsMax: 1_000,
  attributesMax: 64,
  rowsPerRecordMax: 1_000,
  sheetBytesMax: 128 * 2 ** 20,
  batchRecordsMax: 100,
  batchCharsMax: 16 * 2 ** 20,
}

/** The limits for an exchange: where records hold documents, a record may be larger by as much as they may be. */
export function limitsOf(definition: Definition, limits: DecodeLimits = DEFAULT_LIMITS): DecodeLimits {
  const chars = definition.types.map((type) =>
    documentFields(type).map(({ document }) => base64Chars(document?.bytesMax ?? 0)),
  )
  const most = Math.max(0, ...chars.map((each) => each.reduce((sum, one) => sum + one, 0)))
  if (most === 0) return limits
  return {
    ...limits,
    recordBytesMax: limits.recordBytesMax + most,
    skipBytesMax: limits.skipBytesMax + most,
    fieldCharsMax: limits.fieldCharsMax + Math.max(...chars.flat()),
  }
}

/** Four characters for three bytes, with a line end after each 60 as some programs write. */
function base64Chars(bytes: number): number {
  return Math.ceil((bytes * 4) / 3) + Math.ceil(bytes / 22)
}
