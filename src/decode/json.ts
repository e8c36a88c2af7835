import type { Formats } from '../exchange/definition.ts'
import type { DecodeCode, RawRecord, RawTree } from '../exchange/parcel.ts'
import { recordBatches } from './batches.ts'
import { countMembers, keepDigits, repeatedName } from './json-scan.ts'
import { JsonSlicer, type RecordSlice } from './json-slice.ts'
import type { DecodeLimits } from './limits.ts'
import { decodeText } from './text.ts'

export interface JsonOptions {
  readonly limits: DecodeLimits
  /** Position of the first record. */
  readonly firstPosition: number
  /** Archive member, '' outside archives. */
  readonly member: string
  /** Of an exchange with several types: the members that hold their lists, each with its type. */
  readonly properties?: ReadonlyMap<string, string>
}

/**
 * JSON bytes to records: one object, an array of objects, one object a line (NDJSON), or an object that holds
 * the array under the definition's `wrapper`, or the arrays of several types under their own. Nothing is built before its size and depth are known to be
 * within limits. An element that is not a valid object, or names a member twice, breaks its record only;
 * where the end of an element cannot be found the document ends with a DecodeError.
 */
export function decodeJson(
  bytes: AsyncIterable<Uint8Array>,
  json: Formats['json'],
  options: JsonOptions,
): AsyncGenerator<readonly RawRecord[]> {
  const ready: RawRecord[] = []
  let position = options.firstPosition
  const { limits, member, properties = new Map<string, string>() } = options
  const wrappers = [...(json.wrapper === null ? [] : [json.wrapper]), ...properties.keys()]
  const slicer = new JsonSlicer(wrappers, limits, (slice) => {
    const type = properties.get(slice.under)
    ready.push({
      position,
      line: slice.line,
      member,
      ...(type === undefined ? {} : { type }),
      shape: shapeOf(slice),
      text: slice.text,
    })
    position += 1
  })
  const sink = { ready, push: (text: string) => slicer.push(text), end: () => slicer.end() }
  return recordBatches(
    decodeText(bytes, { windows1252: false }),
    sink,
    limits.batchRecordsMax,
    limits.batchCharsMax,
  )
}

function shapeOf(slice: RecordSlice): RawRecord['shape'] {
  if (slice.trouble !== null) return { kind: 'broken', ...slice.trouble }
  let tree: unknown
  try {
    tree = JSON.parse(keepDigits(slice.text))
  } catch {
    return broken('RECORD_MALFORMED', 'the record is not valid JSON.')
  }
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    return broken('RECORD_MALFORMED', 'a record must be a JSON object.')
  if (countMembers(tree) === slice.colons) return { kind: 'tree', tree: tree as RawTree }
  const name = (repeatedName(slice.text) ?? '').slice(0, 80)
  return broken('RECORD_REPEATED_NAME', `the name "${name}" stands twice in one object.`)
}

function broken(code: DecodeCode, reason: string): RawRecord['shape'] {
  return { kind: 'broken', code, reason }
}
