import type { GroupColumns } from '../exchange/columns.ts'
import type { Formats } from '../exchange/definition.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { decodeCsv } from './csv.ts'
import { DecodeError } from './decode-error.ts'
import { decodeJson } from './json.ts'
import type { DecodeLimits } from './limits.ts'
import { sheetNames } from './sheet.ts'
import { decodeSheetRecords } from './sheet-records.ts'
import type { DocumentFormat } from './sniff.ts'
import { decodeXml } from './xml.ts'

/** How records of one of several types are told in a document, and what a row of it belongs to. */
export interface DecodeType {
  readonly name: string
  /** XML element of one record, JSON member of their list, sheet of a workbook. */
  readonly element: string
  readonly property: string
  readonly sheet: string
  readonly groupColumns: GroupColumns
}

export interface DecodeOptions {
  readonly formats: Formats
  readonly limits: DecodeLimits
  /** CSV and sheets: columns that name the record a row belongs to, see `groupColumnsOf`. Empty: none. */
  readonly groupColumns: GroupColumns
  /** Position of the first record: positions run on over the members of an archive. */
  readonly firstPosition: number
  /** Name of the archive member, '' outside archives. */
  readonly member: string
  /** The types of an exchange that has several, in its order; default none. */
  readonly types?: readonly DecodeType[]
}

/**
 * A document's bytes to raw records, in order, in batches of at most `batchRecordsMax`. A record that cannot
 * be read comes as shape `broken`; one that the document itself gives a type has it; trouble with the document itself is thrown as DecodeError, after every
 * record before it was handed on. How the bytes are cut into chunks does not matter. Memory is bounded by
 * the limits, except that a workbook is read whole (`sheetBytesMax`).
 */
export async function* decodeDocument(
  bytes: AsyncIterable<Uint8Array>,
  format: DocumentFormat,
  options: DecodeOptions,
): AsyncGenerator<readonly RawRecord[]> {
  const { formats, types = [] } = options
  if (format === 'csv') yield* decodeCsv(bytes, formats.csv, options)
  else if (format === 'json') {
    const properties = new Map(types.map(({ property, name }) => [property, name]))
    yield* decodeJson(bytes, formats.json, { ...options, properties })
  } else if (format === 'xml') {
    const elements = new Map(types.map(({ element, name }) => [element, name]))
    yield* decodeXml(bytes, formats.xml, { ...options, elements })
  } else {
    const workbook = await readWhole(bytes, options.limits.sheetBytesMax)
    yield* decodeSheets(workbook, format, options, types)
  }
}

/** The sheets of the types in their order, whatever the order in the workbook; without any, the sheet that counts. */
async function* decodeSheets(
  workbook: Uint8Array,
  kind: 'xlsx' | 'xls',
  options: DecodeOptions,
  types: readonly DecodeType[],
): AsyncGenerator<readonly RawRecord[]> {
  const { sheet } = options.formats
  const names = types.length === 0 ? [] : await sheetNames(workbook, kind, options.limits)
  const found = types.filter((type) => names.includes(type.sheet))
  if (found.length === 0) yield* decodeSheetRecords(workbook, kind, sheet, options)
  let { firstPosition } = options
  for (const { name: type, sheet: name, groupColumns } of found) {
    const own = { ...options, firstPosition, groupColumns }
    // A sheet that was left as empty as it came is no trouble beside one with records.
    const records = decodeSheetRecords(workbook, kind, { name }, own, found.length > 1)
    for await (const batch of records) {
      firstPosition += batch.length
      yield batch.map((record) => ({ ...record, type }))
    }
  }
}

/** All bytes in one piece. Throws FILE_TOO_LARGE as soon as there are more than `max`. */
async function readWhole(bytes: AsyncIterable<Uint8Array>, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > max)
      throw new DecodeError('FILE_TOO_LARGE', 0, `a workbook of more than ${max} bytes is not read.`)
    chunks.push(chunk)
  }
  if (chunks.length === 1) return chunks[0] as Uint8Array
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
