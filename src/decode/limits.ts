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
  /** Records handed on at a time. */
  readonly batchRecordsMax: number
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
}
