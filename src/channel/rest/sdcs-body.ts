import { decodeJson } from '../../decode/json.ts'
import { DEFAULT_LIMITS } from '../../decode/limits.ts'
import { decodeXml } from '../../decode/xml.ts'
import type { Formats } from '../../exchange/definition.ts'
import type { RawRecord, RawTree } from '../../exchange/parcel.ts'
import { SdcsRefusal } from './sdcs-message.ts'

/**
 * The one record of a call's body, in wire names, read only to hold the headers against it; the river reads
 * the bytes again. Refuses a body that is not what it is said to be, or not exactly one record (table 8).
 */
export async function readOneRecord(
  bytes: Uint8Array,
  format: 'json' | 'xml',
  formats: Formats,
): Promise<RawTree> {
  const records: RawRecord[] = []
  for await (const batch of decode(bytes, format, formats)) {
    records.push(...batch)
    if (records.length > 1) throw refused('RECORD_MALFORMED', 'The body holds more than one record.')
  }
  const shape = records[0]?.shape
  if (shape === undefined) throw refused('FILE_EMPTY', 'The body holds no record.')
  if (shape.kind === 'broken') throw refused(shape.code, shape.reason)
  if (shape.kind !== 'tree') throw refused('FILE_MALFORMED', 'The body is not one record.')
  return shape.tree
}

function refused(code: string, reason: string): SdcsRefusal {
  return new SdcsRefusal(400, code, '', reason)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function decode(
  bytes: Uint8Array,
  format: 'json' | 'xml',
  formats: Formats,
): AsyncIterable<readonly RawRecord[]> {
  const options = { limits: DEFAULT_LIMITS, firstPosition: 1, member: '' }
  return format === 'xml'
    ? decodeXml(once(bytes), formats.xml, options)
    : decodeJson(once(bytes), formats.json, options)
}
