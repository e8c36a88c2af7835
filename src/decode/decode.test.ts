import { writeXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { collect, cut } from '../../test/decode/bytes.ts'
import type { Formats } from '../exchange/definition.ts'
import { type DecodeOptions, decodeDocument } from './decode.ts'
import { DEFAULT_LIMITS } from './limits.ts'

const formats: Formats = {
  json: { wrapper: 'records', allText: false },
  xml: { root: 'List', record: 'Stop', namespace: null },
  csv: { delimiter: '|', items: ';', parts: ',', rowPer: 'persons' },
  recordType: 'record_type',
  sheet: { name: 'Stops' },
}
const options: DecodeOptions = {
  formats,
  limits: DEFAULT_LIMITS,
  groupColumns: { key: ['ori', 'id'], marks: [] },
  firstPosition: 11,
  member: 'in/stops',
}

const table = [
  ['ori', 'id', 'who'],
  ['X', '1', 'Ann'],
  ['X', '1', 'Bob'],
  ['', '', 'Cid'],
  ['X', '2', 'Dan'],
]

const workbook = (rows: readonly (readonly (string | null)[])[]) =>
  writeXlsx({ sheets: [{ name: 'Stops', rows: rows.map((row) => [...row]) }] })

test('each format gives records with running positions and the name of their member', async () => {
  const documents = [
    ['csv', table.map((row) => row.join('|')).join('\n')],
    ['xlsx', await workbook(table)],
    ['json', '[{"id":1},{"id":2}]'],
    ['xml', '<List><Stop><id>1</id></Stop><Stop><id>2</id></Stop></List>'],
  ] as const
  for (const [format, document] of documents) {
    const { records, ended } = await collect(decodeDocument(cut(document), format, options))
    expect(ended).toBeNull()
    expect(records.map(({ position, member }) => [position, member])).toEqual([
      [11, 'in/stops'],
      [12, 'in/stops'],
    ])
  }
})

test('a sheet and a CSV file with the same cells give the same records', async () => {
  const csv = table.map((row) => row.join('|')).join('\n')
  const fromCsv = await collect(decodeDocument(cut(csv), 'csv', options))
  const fromSheet = await collect(decodeDocument(cut(await workbook(table), [1000]), 'xlsx', options))
  const shapes = ({ records }: typeof fromCsv) => records.map(({ line, shape }) => ({ line, shape }))
  expect(shapes(fromSheet)).toEqual(shapes(fromCsv))
  expect(fromSheet.records[0]?.text).toBe('X\u001f1\u001fAnn\nX\u001f1\u001fBob\n\u001f\u001fCid')
})

test('short rows of a sheet are filled up, cells beyond the header break the record', async () => {
  const rows = [...table.slice(0, 2), ['X', '2'], ['X', '3', 'x', 'beyond']]
  const { records } = await collect(decodeDocument(cut(await workbook(rows)), 'xlsx', options))
  expect(records.map((record) => record.shape)).toMatchObject([
    { rows: [['X', '1', 'Ann']] },
    { rows: [['X', '2', '']] },
    { code: 'RECORD_RAGGED', reason: 'the row has 4 cells where the header has 3.' },
  ])
})

test('a formula breaks the record it stands in', async () => {
  const cells = new Map([['2,2', { formula: 'A1&B1', value: 'X' }]])
  const rows = table.map((row) => [...row])
  const bytes = await writeXlsx({ sheets: [{ name: 'Stops', rows, cells }] })
  const { records } = await collect(decodeDocument(cut(bytes), 'xlsx', options))
  expect(records.map((record) => record.shape)).toMatchObject([
    {
      kind: 'broken',
      code: 'RECORD_FORMULA',
      reason: 'in line 3, cell C3 holds a formula; put its value there instead.',
    },
    { kind: 'rows' },
  ])
})

test('an empty sheet, one with a broken header and one that is too large end the document', async () => {
  const read = async (bytes: Uint8Array, sheetBytesMax = DEFAULT_LIMITS.sheetBytesMax) =>
    (
      await collect(
        decodeDocument(cut(bytes), 'xlsx', { ...options, limits: { ...DEFAULT_LIMITS, sheetBytesMax } }),
      )
    ).ended
  expect(await read(await workbook([]))).toBe('FILE_EMPTY 0')
  expect(await read(await workbook([['a', 'a']]))).toBe('FILE_HEADER_UNREADABLE 1')
  expect(await read(await workbook(table), 1000)).toBe('FILE_TOO_LARGE 0')
  const whole = await workbook(table)
  expect(await read(whole.slice(0, -40))).toBe('FILE_TRUNCATED 0')
})
