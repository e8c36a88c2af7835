import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitRow } from '../decode/csv-rows.ts'
import { DEFAULT_LIMITS } from '../decode/limits.ts'
import { decodeSheet } from '../decode/sheet.ts'
import { decodeXml } from '../decode/xml.ts'
import { neutralise, restore } from '../exchange/formula-cell.ts'
import type { RawTree, RawValue } from '../exchange/parcel.ts'
import { bytesOf } from './bytes.ts'
import { csvRow } from './csv.ts'
import { jsonFormOf, writeJson } from './json.ts'
import { writeSheet } from './sheet.ts'
import { xmlElement, xmlFrame, xmlText } from './xml.ts'

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function joined(texts: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const text of texts) all += text
  return all
}

test('a cell that a spreadsheet would compute gets an apostrophe, a number does not', () => {
  const cells = ['=1+1', '+A1', '-A1', '@SUM(A1)', '\t=1', '\r=1', "'=1"]
  expect(cells.map(neutralise)).toEqual(cells.map((cell) => `'${cell}`))
  const harmless = ['-118.25', '+5', '-.5', '007', '', 'a=b', "'tis", '1-2']
  expect(harmless.map(neutralise)).toEqual(harmless)
})

test('restore gives back every cell that was neutralised', () => {
  const cell = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '1', 'a', '.') })
  fc.assert(fc.property(cell, (text) => restore(neutralise(text)) === text))
})

test('what is written as CSV is read as the same cells', () => {
  const cell = fc.string({ unit: fc.constantFrom('"', '|', '\n', '\r', 'a', '=', "'", ' ', 'é') })
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
      const row = csvRow(cells, '|')
      expect(row.endsWith('\r\n')).toBe(true)
      const text = row.slice(0, -2)
      expect(splitRow(text, text.includes('"'), '|').cells.map(restore)).toEqual(cells)
    }),
  )
})

test('control characters that XML cannot hold are replaced visibly', () => {
  expect(xmlText('a\u0000b\u0008c\ufffe\ud800d')).toBe('a\ufffdb\ufffdc\ufffd\ufffdd')
})

const text = fc
  .string({ unit: fc.constantFrom('<', '&', '>', '"', ']', ' ', '\n', '\r', 'a', '😀') })
  .filter((value) => value.trim() !== '')
const name = fc.constantFrom('A', 'b_c', '__proto__', 'constructor', 'Ünï')
const tree: fc.Arbitrary<RawTree> = fc.letrec<{ tree: RawTree; value: RawValue }>((tie) => ({
  tree: fc.dictionary(name, tie('value'), { maxKeys: 3, minKeys: 1, noNullPrototype: true }),
  value: fc.oneof({ maxDepth: 3 }, text, text, fc.array(text, { minLength: 2, maxLength: 3 }), tie('tree')),
})).tree

test('what is written as XML is read as the same tree', () =>
  fc.assert(
    fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 3 }), async (trees) => {
      const frame = xmlFrame('Visits', 'urn:visits & "more"')
      const document = frame.start + trees.map((one) => xmlElement('Visit', one)).join('\n') + frame.end
      const xml = { root: 'Visits', record: 'Visit', namespace: 'urn:visits & "more"' }
      const options = { limits: DEFAULT_LIMITS, firstPosition: 1, member: '' }
      const read: unknown[] = []
      for await (const batch of decodeXml(bytesOf(each([document])), xml, options))
        for (const { shape } of batch) read.push(shape.kind === 'tree' ? shape.tree : shape)
      expect(JSON.stringify(read)).toBe(JSON.stringify(trees))
    }),
  ))

test('attributes, text beside them and names that XML does not allow are written', () => {
  expect(
    xmlElement('A', { '@x': 'a\n"<', '#text': 'b', c: null, d: [], e: ['1', 2, true], '1 f': 'g' }),
  ).toBe('<A x="a&#10;&quot;&lt;">b<c/><e>1</e><e>2</e><e>true</e><Member name="1 f">g</Member></A>')
})

test('JSON is written in the form that was sent', async () => {
  const records = [{ a: '1' }, { a: '2' }]
  expect(await joined(writeJson(each(records), 'lines', 'w'))).toBe('{"a":"1"}\n{"a":"2"}\n')
  expect(JSON.parse(await joined(writeJson(each(records), 'array', 'w')))).toEqual(records)
  expect(JSON.parse(await joined(writeJson(each(records), 'wrapper', 'w')))).toEqual({ w: records })
  expect(JSON.parse(await joined(writeJson(each<RawTree>([]), 'wrapper', 'w')))).toEqual({ w: [] })
  expect(jsonFormOf('\ufeff [ {', 'w')).toBe('array')
  expect(jsonFormOf('{ "sent": "2024", "w" : [{', 'w')).toBe('wrapper')
  expect(jsonFormOf('{"a": 1}\n{"a": 2}', 'w')).toBe('lines')
  expect(jsonFormOf('{"w": [', null)).toBe('lines')
})

test('a sheet is written as text and read as the same cells', async () => {
  const rows = [
    ['=1+1', '007', ''],
    ['<a>&"\n', '', '-118.25'],
  ]
  const chunks: Uint8Array[] = []
  for await (const chunk of writeSheet('Visits', ['A', 'B', 'C'], each(rows))) chunks.push(chunk)
  const read: unknown[] = []
  for await (const batch of decodeSheet(
    new Uint8Array(Buffer.concat(chunks)),
    'xlsx',
    { name: 'Visits' },
    DEFAULT_LIMITS,
  ))
    read.push(...batch)
  expect(read).toEqual([
    { row: 1, cells: ['A', 'B', 'C'], formula: null },
    { row: 2, cells: ['=1+1', '007'], formula: null },
    { row: 3, cells: ['<a>&"\n', '', '-118.25'], formula: null },
  ])
})
