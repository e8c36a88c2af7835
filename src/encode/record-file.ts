import { columnsOf } from '../exchange/columns.ts'
import type { Definition, RecordType } from '../exchange/definition.ts'
import type { Body, RawTree } from '../exchange/parcel.ts'
import { bytesOf } from './bytes.ts'
import { csvRow } from './csv.ts'
import { writeJson } from './json.ts'
import { toRows, toWire } from './record.ts'
import { writeSheet } from './sheet.ts'
import { xmlElement, xmlFrame } from './xml.ts'

/** A stored record to be given out. */
export interface StoredRecord {
  readonly body: Body
  readonly stableId: string
  /** Definition version of its content. */
  readonly version: string
}

export interface RecordFile {
  readonly contentType: string
  /** With its dot. */
  readonly extension: string
  readonly bytes: AsyncGenerator<Uint8Array>
}

/**
 * Records of one type as a document of the exchange: the names, columns and code values in which they are sent, with
 * the centre's id where the exchange has a place for it. It says of no record what to do with it. Streams.
 */
export function writeRecords(
  definition: Definition,
  type: RecordType,
  records: AsyncIterable<StoredRecord>,
  format: 'csv' | 'xlsx' | 'json' | 'xml',
): RecordFile {
  const several = definition.types.length > 1
  const { csv, json, xml, sheet } = definition.formats
  const header = columnsOf(definition, type).map(({ column }) => column)
  switch (format) {
    case 'csv': {
      const texts = csvTexts(header, rowsOf(definition, type, records), csv.delimiter)
      return { contentType: 'text/csv; charset=utf-8', extension: '.csv', bytes: bytesOf(texts) }
    }
    case 'xlsx':
      return {
        contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        extension: '.xlsx',
        bytes: writeSheet(several ? type.forms.sheet : sheet.name, header, rowsOf(definition, type, records)),
      }
    case 'json': {
      const wrapper = several ? type.forms.property : json.wrapper
      const texts = writeJson(
        treesOf(definition, type, records),
        wrapper === null ? 'array' : 'wrapper',
        wrapper,
      )
      return { contentType: 'application/json', extension: '.json', bytes: bytesOf(texts) }
    }
    case 'xml': {
      const element = several ? type.forms.element : xml.record
      const frame = xmlFrame(xml.root, xml.namespace)
      const texts = xmlTexts(frame, element, treesOf(definition, type, records))
      return { contentType: 'application/xml', extension: '.xml', bytes: bytesOf(texts) }
    }
  }
}

async function* rowsOf(
  definition: Definition,
  type: RecordType,
  records: AsyncIterable<StoredRecord>,
): AsyncGenerator<readonly string[]> {
  for await (const { body, ...travel } of records) yield* toRows(definition, type, body, travel)
}

async function* treesOf(
  definition: Definition,
  type: RecordType,
  records: AsyncIterable<StoredRecord>,
): AsyncGenerator<RawTree> {
  for await (const { body, ...travel } of records) yield toWire(definition, type, body, travel)
}

async function* csvTexts(
  header: readonly string[],
  rows: AsyncIterable<readonly string[]>,
  delimiter: string,
): AsyncGenerator<string> {
  yield csvRow(header, delimiter)
  for await (const row of rows) yield csvRow(row, delimiter)
}

async function* xmlTexts(
  frame: { readonly start: string; readonly end: string },
  element: string,
  trees: AsyncIterable<RawTree>,
): AsyncGenerator<string> {
  yield frame.start
  for await (const tree of trees) yield `${xmlElement(element, tree)}\n`
  yield frame.end
}
