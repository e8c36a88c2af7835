import fc from 'fast-check'
import { writeXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { collect, cut } from '../../test/decode/bytes.ts'
import { ROW_BY_ROW } from '../exchange/columns.ts'
import type { Formats } from '../exchange/definition.ts'
import { type DecodeOptions, type DecodeType, decodeDocument } from './decode.ts'
import { DEFAULT_LIMITS } from './limits.ts'

const formats: Formats = {
  json: { wrapper: 'records', allText: false },
  xml: { root: 'Batch', record: 'Record', namespace: null },
  csv: { delimiter: ',', items: ';', parts: '/', rowPer: null },
  recordType: 'record_type',
  sheet: { name: 'Records' },
}
const typed = (name: string, element: string): DecodeType => ({
  name,
  element,
  property: `${name}s`,
  sheet: element,
  groupColumns: ROW_BY_ROW,
})
const options: DecodeOptions = {
  formats,
  limits: DEFAULT_LIMITS,
  groupColumns: ROW_BY_ROW,
  firstPosition: 1,
  member: '',
  types: [typed('road', 'Road'), typed('house', 'House')],
}

const read = async (
  format: 'json' | 'xml' | 'xlsx',
  document: string | Uint8Array,
  sizes: readonly number[] = [],
) => {
  const { records, ended } = await collect(decodeDocument(cut(document, sizes), format, options))
  const told = records.map(({ position, type, shape }) =>
    [position, type ?? '-', shape.kind === 'tree' ? String(shape.tree.id) : shape.kind].join(' '),
  )
  return ended === null ? told : [...told, ended]
}

const JSON_BATCH =
  '{ "sent": {"by": ["x"]}, "houses": [ {"id": 1}, {"id": 2} ],\n "none": [], "roads": {"id": 3}, "records": [{"id": 4}, 5] }'
const XML_BATCH =
  '<Batch><Houses><House><id>1</id></House><House><id>2</id></House></Houses><Road><id>3</id><House>in it</House></Road>' +
  '<Record><id>4</id></Record></Batch>'

test('records under the members and elements of types have their type, wherever the document is cut', async () => {
  const json = ['1 house 1', '2 house 2', '3 road 3', '4 - 4', '5 - broken']
  const xml = ['1 house 1', '2 house 2', '3 road 3', '4 - 4']
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }), async (sizes) => {
      expect(await read('json', JSON_BATCH, sizes)).toEqual(json)
      expect(await read('xml', XML_BATCH, sizes)).toEqual(xml)
    }),
    { numRuns: 50 },
  )
})

test('a list that stands twice, and what is broken between two lists, ends the document after what was before it', async () => {
  expect(await read('json', '{"roads": [{"id": 1}], "roads": [{"id": 2}]}')).toEqual([
    '1 road 1',
    'FILE_MALFORMED 1',
  ])
  expect(await read('json', '{"roads": [{"id": 1}] "houses": [{"id": 2}]}')).toEqual([
    '1 road 1',
    'FILE_MALFORMED 1',
  ])
  expect(await read('json', '{"roads": [{"id": 1}], "houses": [{"id": 2}')).toEqual([
    '1 road 1',
    '2 house 2',
    'FILE_TRUNCATED 1',
  ])
  expect(await read('json', '{"roads": [], "x": 1, "x": 2}')).toEqual(['FILE_MALFORMED 1'])
})

test('lines and a single record have the type that they name, or none here', async () => {
  expect(await read('json', '{"id": 1, "record_type": "road"}\n{"id": 2}')).toEqual(['1 - 1', '2 - 2'])
})

test('a document without a record of any type is told from one with none', async () => {
  expect(await read('xml', '<Batch/>')).toEqual([])
  expect(await read('xml', '<Other/>')).toEqual(['FILE_MALFORMED 1'])
})

test('the sheets of types are read in the order of the types; others are not read', async () => {
  const sheet = (name: string, ...ids: string[]) => ({ name, rows: [['id'], ...ids.map((id) => [id])] })
  const sheets = [sheet('House', '1', '2'), sheet('Columns', '9'), sheet('Road', '3')]
  expect(await read('xlsx', await writeXlsx({ sheets }))).toEqual([
    '1 road rows',
    '2 house rows',
    '3 house rows',
  ])
  const empty = { name: 'Road', rows: [] }
  expect(await read('xlsx', await writeXlsx({ sheets: [empty, sheet('House', '1')] }))).toEqual([
    '1 house rows',
  ])
  expect(await read('xlsx', await writeXlsx({ sheets: [sheet('Any', '1')] }))).toEqual(['1 - rows'])
})
