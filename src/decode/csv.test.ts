import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect, cut, latin, repeated, utf16 } from '../../test/decode/bytes.ts'
import { ROW_BY_ROW } from '../exchange/columns.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { decodeCsv } from './csv.ts'
import type { GroupOptions } from './group-rows.ts'
import { DEFAULT_LIMITS } from './limits.ts'

const csv = { delimiter: '|', items: ';', parts: ',', rowPer: null } as const
const plain: GroupOptions = { limits: DEFAULT_LIMITS, groupColumns: ROW_BY_ROW, firstPosition: 1, member: '' }

function read(
  document: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: Partial<GroupOptions> = {},
  sizes: readonly number[] = [],
) {
  const bytes =
    typeof document === 'string' || document instanceof Uint8Array ? cut(document, sizes) : document
  return collect(decodeCsv(bytes, csv, { ...plain, ...options }))
}

/** Rows as lists of cells; a broken record as its code. */
function cells(records: readonly RawRecord[]): unknown[] {
  return records.map(({ shape }) =>
    shape.kind === 'rows' ? shape.rows : shape.kind === 'broken' ? shape.code : shape.kind,
  )
}

test('each row becomes a record under the header, with its position, line and own text', async () => {
  const { records, ended } = await read('id|name\n1|Ann\r\n\n2|Bob', { firstPosition: 5, member: 'a.csv' })
  expect(ended).toBeNull()
  expect(records).toEqual([
    {
      position: 5,
      line: 2,
      member: 'a.csv',
      shape: { kind: 'rows', header: ['id', 'name'], rows: [['1', 'Ann']] },
      text: '1|Ann',
    },
    {
      position: 6,
      line: 4,
      member: 'a.csv',
      shape: { kind: 'rows', header: ['id', 'name'], rows: [['2', 'Bob']] },
      text: '2|Bob',
    },
  ])
})

test('quotes, doubled quotes, delimiters and line ends inside quotes are read; lines stay right', async () => {
  const { records } = await read('id|note\r\n1|"a ""b"" | c\r\nd"\r\n2|6\'2" tall\n3|""\n')
  expect(cells(records)).toEqual([[['1', 'a "b" | c\r\nd']], [['2', '6\'2" tall']], [['3', '']]])
  expect(records.map((record) => record.line)).toEqual([2, 4, 5])
})

test('a comma or tab file is read although the definition says bar', async () => {
  expect(cells((await read('id,name\n1,"A|B"\n')).records)).toEqual([[['1', 'A|B']]])
  expect(cells((await read('id\tname\n1\tA,B\n')).records)).toEqual([[['1', 'A,B']]])
  expect(cells((await read('"id,x"\tname\n1\tA,B\n')).records)).toEqual([[['1', 'A,B']]])
})

test('a first line "sep=;" names the delimiter', async () => {
  expect(cells((await read('sep=;\r\nid;name\r\n1;"A;B"\r\n')).records)).toEqual([[['1', 'A;B']]])
})

test('a byte order mark, UTF-16 and Windows-1252 are understood', async () => {
  expect((await read('\ufeffid|name\n1|é')).records[0]?.shape).toMatchObject({ header: ['id', 'name'] })
  expect(cells((await read(utf16('id|name\n1|é\n', 'le', true))).records)).toEqual([[['1', 'é']]])
  expect(cells((await read(latin('id|name\n1|\xe9\n'))).records)).toEqual([[['1', 'é']]])
})

test('a row with too few or too many cells breaks its record and names both numbers', async () => {
  const { records, ended } = await read('a|b|c\n1|2|3\n1|2\n1|2|3|4\n1|2|3||\n')
  expect(ended).toBeNull()
  expect(cells(records)).toEqual([[['1', '2', '3']], 'RECORD_RAGGED', 'RECORD_RAGGED', [['1', '2', '3']]])
  expect(records[1]?.shape).toMatchObject({ reason: 'the row has 2 cells where the header has 3.' })
  expect(records[2]).toMatchObject({ line: 4, text: '1|2|3|4' })
})

test('text after a closing quote breaks the record instead of being guessed at', async () => {
  const { records } = await read('a|b\n"he said "no" twice"|2\n1|2\n')
  expect(cells(records)).toEqual(['RECORD_MALFORMED', [['1', '2']]])
})

test('a quote that is never closed is a truncated file, at the line where its row begins', async () => {
  const { records, ended } = await read('a|b\n1|2\n3|"4\n5|6\n')
  expect(cells(records)).toEqual([[['1', '2']]])
  expect(ended).toBe('FILE_TRUNCATED 3')
})

test('blank rows are passed over, also those of empty cells and of spaces', async () => {
  expect(cells((await read('a|b\n\n|\n  \n1|\n')).records)).toEqual([[['1', '']]])
})

test('NUL bytes and controls stay in the cell for validation to find', async () => {
  expect(cells((await read('a|b\n1|x\0y\n')).records)).toEqual([[['1', 'x\0y']]])
})

test('an empty file, an unnamed column, a column named twice and CR line ends are refused', async () => {
  expect((await read('')).ended).toBe('FILE_EMPTY 0')
  expect((await read('\n \n')).ended).toBe('FILE_EMPTY 0')
  expect((await read('a||b\n')).ended).toBe('FILE_HEADER_UNREADABLE 1')
  expect((await read('a|b|a\n')).ended).toBe('FILE_HEADER_UNREADABLE 1')
  expect((await read('a|b\r1|2\r')).ended).toBe('FILE_HEADER_UNREADABLE 1')
  expect((await read(`${'x|'.repeat(2000)}y\n`)).ended).toBe('FILE_HEADER_UNREADABLE 1')
})

test('bad bytes end the document at their line; rows before them stand', async () => {
  const bytes = new Uint8Array([...new TextEncoder().encode('a|b\né|ü\n1|2\n3|'), 0xff, 10])
  const { records, ended } = await read(bytes)
  expect(cells(records)).toEqual([[['é', 'ü']], [['1', '2']]])
  expect(ended).toBe('FILE_ENCODING 4')
})

test('an oversized row is passed over and reported, and the rows after it are read', async () => {
  const limits = { ...DEFAULT_LIMITS, recordBytesMax: 100, skipBytesMax: 1000 }
  const document = `a|b\n1|2\n3|${'x'.repeat(500)}\n5|"${'y\n'.repeat(200)}"\n7|8\n`
  for (const sizes of [[], [1], [50], [101]]) {
    const { records, ended } = await read(document, { limits }, sizes)
    expect(ended).toBeNull()
    expect(cells(records)).toEqual([[['1', '2']], 'RECORD_TOO_LARGE', 'RECORD_TOO_LARGE', [['7', '8']]])
    expect(records.map((record) => record.line)).toEqual([2, 3, 4, 205])
  }
})

test.each([
  ['a field', 'a|b\n1|2\n3|'],
  ['a quoted field', 'a|b\n1|2\n3|"'],
  ['an unclosed quote before many rows', 'a|b\n1|2\n3|"x\n'],
])('%s of 200 MB ends the document long before it is read', async (_, beginning) => {
  const count = { pieces: 0 }
  const { records, ended } = await read(repeated(beginning, 'x'.repeat(2 ** 18), 800, '"\n', count))
  expect(cells(records)).toEqual([[['1', '2']]])
  expect(ended).toBe('FILE_TOO_LARGE 3')
  expect(count.pieces).toBeLessThan(70)
})

test('one cell longer than a field may be breaks its record', async () => {
  const limits = { ...DEFAULT_LIMITS, fieldCharsMax: 10 }
  expect(cells((await read('a|b\n1|12345678901\n1|2\n', { limits })).records)).toEqual([
    'RECORD_TOO_LARGE',
    [['1', '2']],
  ])
})

const persons = { groupColumns: { key: ['ori', 'id'], marks: ['op', 'at'] } }

test('rows that stand together under one key, or leave it blank, are one record', async () => {
  const document = 'ori|id|who\nX|1|a\nX|1|b\n||c\nX|2|d\nY|2|e\nX|1|f\n'
  const { records } = await read(document, persons)
  expect(records.map(({ position, line, text }) => [position, line, text])).toEqual([
    [1, 2, 'X|1|a\nX|1|b\n||c'],
    [2, 5, 'X|2|d'],
    [3, 6, 'Y|2|e'],
    [4, 7, 'X|1|f'],
  ])
})

test('a record sent twice, or with another operation, in neighbouring rows is two records', async () => {
  const twice = 'ori|id|who\nX|1|a\nX|1|b\nX|1|a\nX|1|b\n'
  expect((await read(twice, persons)).records.map(({ text }) => text)).toEqual([
    'X|1|a\nX|1|b',
    'X|1|a\nX|1|b',
  ])
  const changed = 'op|ori|id|who\nI|X|1|a\n|X|1|b\nU|X|1|a\nU|X|1|c\n'
  expect((await read(changed, persons)).records.map(({ text }) => text)).toEqual([
    'I|X|1|a\n|X|1|b',
    'U|X|1|a\nU|X|1|c',
  ])
})

test('rows without a key never flow together', async () => {
  expect((await read('ori|id|who\n||a\n||b\nX||c\nX||d\n', persons)).records).toHaveLength(4)
  expect((await read('ori|who\nX|a\nX|b\n', persons)).records).toHaveLength(2)
})

test('one bad row breaks the whole record and says which line it was', async () => {
  const { records } = await read('ori|id|who\nX|1|a\nX|1|b|c|d\nX|1|e\nX|2|f\n', persons)
  expect(cells(records)).toEqual(['RECORD_RAGGED', [['X', '2', 'f']]])
  expect(records[0]).toMatchObject({
    line: 2,
    shape: { reason: 'in line 3, the row has 5 cells where the header has 3.' },
  })
})

test('a record with too many rows is broken, not cut', async () => {
  const limits = { ...DEFAULT_LIMITS, rowsPerRecordMax: 3 }
  const document = `ori|id|who\nX|1|a\nX|1|b\nX|1|c\nX|1|d\nX|2|b\n`
  expect(cells((await read(document, { ...persons, limits })).records)).toEqual([
    'RECORD_TOO_LARGE',
    [['X', '2', 'b']],
  ])
})

test('a record that the file breaks off in is not handed on', async () => {
  const { records, ended } = await read('ori|id|who\nX|1|a\nX|2|b\nX|2|"c\n', persons)
  expect(records.map((record) => record.text)).toEqual(['X|1|a'])
  expect(ended).toBe('FILE_TRUNCATED 4')
})

test('records come in batches of the size asked for', async () => {
  const sizes: number[] = []
  const limits = { ...DEFAULT_LIMITS, batchRecordsMax: 4 }
  const batches = decodeCsv(cut(`a|b\n${'1|2\n'.repeat(10)}`), csv, { ...plain, limits })
  for await (const batch of batches) sizes.push(batch.length)
  expect(sizes).toEqual([4, 4, 2])
})

const soup = fc.array(fc.constantFrom('a', 'b', '1', '|', '"', '""', '\n', '\r\n', ' ', 'é', ','), {
  maxLength: 60,
})

test('how a file is cut never changes its records', () =>
  fc.assert(
    fc.asyncProperty(
      soup,
      fc.array(fc.integer({ min: 1, max: 7 })),
      fc.boolean(),
      async (parts, sizes, grouped) => {
        const document = `k|v|w\n${parts.join('')}`
        const small = { ...DEFAULT_LIMITS, recordBytesMax: 20, skipBytesMax: 30 }
        const options = {
          groupColumns: grouped ? { key: ['k'], marks: [] } : ROW_BY_ROW,
          limits: sizes.length % 2 ? small : DEFAULT_LIMITS,
        }
        expect(await read(document, options, sizes)).toEqual(await read(document, options))
      },
    ),
    { numRuns: 1000 },
  ))

const cell = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc
    .array(fc.constantFrom('|', '"', '\n', '\r\n', 'x', ' ', '\ufeff'), { maxLength: 6 })
    .map((all) => all.join('')),
)
const written = (value: string, quote: boolean) =>
  quote || /["|\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value

test('what a correct writer writes is what is read, and what another reader reads', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constant('k'), cell, cell), { maxLength: 8 }),
      fc.boolean(),
      fc.constantFrom('\n', '\r\n'),
      async (rows, quote, eol) => {
        const document = [['a', 'b', 'c'], ...rows]
          .map((row) => row.map((value) => written(value, quote)).join('|'))
          .join(eol)
        const { records, ended } = await read(document, {}, [5])
        expect(ended).toBeNull()
        expect(cells(records)).toEqual(rows.map((row) => [row]))
        const oracle: string[][] = parse(document, { delimiter: '|', record_delimiter: ['\r\n', '\n'] })
        expect(cells(records)).toEqual(oracle.slice(1).map((row) => [row]))
      },
    ),
    { numRuns: 500 },
  ))

test('on any text, the rows that are accepted are those another strict reader finds', () =>
  fc.assert(
    fc.asyncProperty(soup, async (parts) => {
      const document = `k|v\n${parts.join('')}`
      const { records, ended } = await read(document)
      fc.pre(ended === null && records.every((record) => record.shape.kind === 'rows'))
      const oracle: string[][] = parse(document, {
        delimiter: '|',
        record_delimiter: ['\r\n', '\n'],
        relax_quotes: true,
        relax_column_count: true,
        skip_empty_lines: true,
      })
      const kept = oracle
        .slice(1)
        .filter((row) => row.some((value) => value !== '') && !(row.length === 1 && row[0]?.trim() === ''))
      expect(cells(records)).toEqual(kept.map((row) => [row.slice(0, 2)]))
    }),
    { numRuns: 2000 },
  ))
