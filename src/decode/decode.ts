import type { GroupColumns } from '../exchange/columns.ts'
import type { Formats } from '../exchange/definition.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { decodeCsv } from './csv.ts'
import { DecodeError } from './decode-error.ts'
import { decodeJson } from './json.ts'
import type { DecodeLimits } from './limits.ts'
import { decodeSheetRecords } from './sheet-records.ts'
import type { DocumentFormat } from './sniff.ts'
import { decodeXml } from './xml.ts'

export interface DecodeOptions {
  readonly formats: Formats
  readonly limits: DecodeLimits
  /** CSV and sheets: columns that name the record a row belongs to, see `groupColumnsOf`. Empty: none. */
  readonly groupColumns: GroupColumns
  /** Position of the first record: positions run on over the members of an archive. */
  readonly firstPosition: number
  /** Name of the archive member, '' outside archives. */
  readonly member: string
}

/**
 * A document's bytes to raw records, in order, in batches of at most `batchRecordsMax`. A record that cannot
 * be read comes as shape `broken`; trouble with the document itself is thrown as DecodeError, after every
 * record before it was handed on. How the bytes are cut into chunks does not matter. Memory is bounded by
 * the limits, except that a workbook is read whole (`sheetBytesMax`).
 */
export async function* decodeDocument(
  bytes: AsyncIterable<Uint8Array>,
  format: DocumentFormat,
  options: DecodeOptions,
): AsyncGenerator<readonly RawRecord[]> {
  const { formats } = options
  if (format === 'csv') yield* decodeCsv(bytes, formats.csv, options)
  else if (format === 'json') yield* decodeJson(bytes, formats.json, options)
  else if (format === 'xml') yield* decodeXml(bytes, formats.xml, options)
  else {
    const workbook = await readWhole(bytes, options.limits.sheetBytesMax)
    yield* decodeSheetRecords(workbook, format, formats.sheet, options)
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
