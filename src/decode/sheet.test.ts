import fc from 'fast-check'
import { writeXlsx } from 'hucre/xlsx'
import { expect, test } from 'vitest'
import { xlsOf, xlsxOf, zipOf } from '../../test/fixtures/workbook.ts'
import { isDecodeError } from './decode-error.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { decodeSheet } from './sheet.ts'
import type { SheetRow } from './sheet-row.ts'
import { numberText, serialText } from './sheet-values.ts'

const SHEET = { name: 'Stops' }

async function rows(
  bytes: Uint8Array,
  change: { kind?: 'xlsx' | 'xls'; limits?: Partial<typeof DEFAULT_LIMITS> } = {},
): Promise<SheetRow[]> {
  const found: SheetRow[] = []
  const limits = { ...DEFAULT_LIMITS, ...change.limits }
  for await (const batch of decodeSheet(bytes, change.kind ?? 'xlsx', SHEET, limits)) found.push(...batch)
  return found
}

async function refusal(bytes: Uint8Array, kind: 'xlsx' | 'xls' = 'xlsx', limits = {}): Promise<string> {
  try {
    await rows(bytes, { kind, limits })
    return 'none'
  } catch (error) {
    if (isDecodeError(error)) return error.code
    throw error
  }
}

const cells = (found: readonly SheetRow[]) => found.map((row) => row.cells)

test('a workbook made by a spreadsheet writer is read as text', async () => {
  const bytes = await writeXlsx({
    sheets: [
      { name: 'Help', rows: [['not this one']] },
      {
        name: 'Stops',
        rows: [
          ['Id', 'Date', 'Count', 'Share', 'Yes', 'Code'],
          ['A=1', new Date('2024-02-14T00:00:00Z'), 12, -118.25, true, '007'],
          [null, null, null],
          ['<é😀>\n"x"', new Date('2024-02-14T14:05:00Z'), 0, 0.1, false, null],
        ],
      },
    ],
  })
  expect(await rows(bytes)).toEqual([
    { row: 1, cells: ['Id', 'Date', 'Count', 'Share', 'Yes', 'Code'], formula: null },
    { row: 2, cells: ['A=1', '2024-02-14', '12', '-118.25', 'TRUE', '007'], formula: null },
    { row: 4, cells: ['<é😀>\n"x"', '2024-02-14T14:05:00', '0', '0.1', 'FALSE'], formula: null },
  ])
})

test('styles, shared texts, phonetics, gaps and cells without a place are understood', async () => {
  const bytes = xlsxOf({
    sheets: {
      Stops: `<row r="3"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c r="E3" s="1"><v>45336</v></c><c s="2"><v>0.5868055556</v></c><c s="3"><v>45336.5</v></c><c s="4"><v>7</v></c><c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c t="d"><v>2024-02-14T00:00:00</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>`,
    },
    strings:
      '<si><t>a_x000D_b</t></si><si><r><t>Tok</t></r><r><t>yo</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si>',
    styles:
      '<numFmts><numFmt numFmtId="164" formatCode="h:mm"/><numFmt numFmtId="165" formatCode="&quot;day&quot; 0 [Red]"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/></cellXfs>',
  })
  expect(await rows(bytes)).toEqual([
    {
      row: 3,
      formula: null,
      cells: [
        'a\rb',
        'Tokyo',
        '',
        '',
        '2024-02-14',
        '14:05:00',
        '2024-02-14T12:00:00',
        '7',
        'inline',
        '2024-02-14',
        'TRUE',
        '#N/A',
      ],
    },
  ])
})

test('whole numbers keep every digit, others are written without an exponent', async () => {
  const values = ['12345678901234567890', '1E+21', '36.777999999999999', '1.5E-7', '-0.25']
  const xml = `<row r="1">${values.map((value) => `<c><v>${value}</v></c>`).join('')}</row>`
  expect(cells(await rows(xlsxOf({ sheets: { Stops: xml } })))).toEqual([
    ['12345678901234567890', '1000000000000000000000', '36.778', '0.00000015', '-0.25'],
  ])
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = numberText(value)
      return Object.is(Number(text), value === 0 ? 0 : value) && !text.includes('e')
    }),
  )
})

test('days are counted from 1900 or 1904, around the leap day that never was', () => {
  expect(serialText(1, false)).toBe('1900-01-01')
  expect(serialText(59, false)).toBe('1900-02-28')
  expect(serialText(60, false)).toBeNull()
  expect(serialText(61, false)).toBe('1900-03-01')
  expect(serialText(45336, false)).toBe('2024-02-14')
  expect(serialText(43874, true)).toBe('2024-02-14')
  expect(serialText(45335.9999999, false)).toBe('2024-02-14')
  expect(serialText(0, false)).toBe('00:00:00')
  expect(serialText(-1, false)).toBeNull()
  expect(serialText(3e6, false)).toBeNull()
})

test('the sheet with the definition’s name is read, else the first that is not hidden', async () => {
  const row = (text: string) => `<row><c t="str"><v>${text}</v></c></row>`
  const named = xlsxOf({ sheets: { A: row('a'), Stops: row('s') } })
  const unnamed = xlsxOf({ sheets: { A: row('a'), B: row('b') }, hidden: ['A'] })
  expect(cells(await rows(named))).toEqual([['s']])
  expect(cells(await rows(unnamed))).toEqual([['b']])
})

test('a formula is told, not computed, whatever result stands beside it', async () => {
  const xlsx = xlsxOf({
    sheets: {
      Stops:
        '<row r="1"><c r="A1" t="str"><v>Id</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="AB2"><f>1+1</f><v>2</v></c></row><row r="3"><c r="A3"><f t="shared" si="0"/></c></row>',
    },
  })
  expect((await rows(xlsx)).map(({ row, formula }) => [row, formula])).toEqual([
    [1, null],
    [2, 'AB2'],
    [3, 'A3'],
  ])
  const xls = xlsOf({
    Other: [[{ formula: 1 }]],
    Stops: [
      ['Id', 'N'],
      ['x', { formula: 2 }],
      ['y', 3],
    ],
  })
  expect(await rows(xls, { kind: 'xls' })).toEqual([
    { row: 1, cells: ['Id', 'N'], formula: null },
    { row: 2, cells: ['x', '2'], formula: 'B2' },
    { row: 3, cells: ['y', '3'], formula: null },
  ])
})

test('a cell far to the right makes a row that fits no header, not a wide one', async () => {
  const bytes = xlsxOf({
    sheets: { Stops: '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>' },
  })
  const [row] = await rows(bytes, { limits: { columnsMax: 10 } })
  expect(row?.cells.length).toBe(11)
  const far = xlsxOf({ sheets: { Stops: '<row r="1048576"><c r="A1048576"><v>1</v></c></row>' } })
  expect((await rows(far)).map(({ row }) => row)).toEqual([1_048_576])
})

test.each([
  ['rows out of order', '<row r="2"/><row r="1"/>', 'FILE_MALFORMED'],
  ['a row beyond the last', '<row r="1048577"/>', 'FILE_MALFORMED'],
  ['a cell without a column', '<row r="1"><c r="12"/></row>', 'FILE_MALFORMED'],
  ['a text that is not there', '<row r="1"><c t="s"><v>9</v></c></row>', 'FILE_MALFORMED'],
  ['an entity', '<row r="1"><c t="str"><v>&x;</v></c></row>', 'FILE_ENTITY_REFUSED'],
  ['deep nesting', '<a>'.repeat(10_000), 'FILE_TOO_DEEP'],
  ['an endless cell', `<row r="1"><c t="str"><v>${'x'.repeat(17 * 2 ** 20)}</v></c></row>`, 'FILE_TOO_LARGE'],
  ['cut XML', '<row r="1"><c', 'FILE_MALFORMED'],
])('a sheet with %s is refused', async (_, xml, code) => {
  expect(await refusal(xlsxOf({ sheets: { Stops: xml } }))).toBe(code)
})

test('an archive that unpacks to far more than a workbook is refused while it is unpacked', async () => {
  const bytes = xlsxOf({ sheets: { Stops: '<row/>'.repeat(400_000) } })
  expect(bytes.length).toBeLessThan(40_000)
  expect(await refusal(bytes, 'xlsx', { sheetBytesMax: 100_000 })).toBe('FILE_TOO_LARGE')
  const strings = xlsxOf({ sheets: { Stops: '' }, strings: '<si><t>abc</t></si>'.repeat(50_000) })
  expect(await refusal(strings, 'xlsx', { sheetBytesMax: 100_000 })).toBe('FILE_TOO_LARGE')
})

test('what is no workbook is refused', async () => {
  expect(await refusal(new Uint8Array(0))).toBe('FILE_EMPTY')
  expect(await refusal(new TextEncoder().encode('Id,Date\n1,2\n'))).toBe('FILE_TRUNCATED')
  expect(await refusal(zipOf({ 'a.txt': 'x' }))).toBe('FILE_MALFORMED')
  expect(await refusal(new TextEncoder().encode('Id,Date\n1,2\n'), 'xls')).toBe('FILE_MALFORMED')
  expect(await refusal(xlsOf({ Stops: [['x']] }), 'xlsx')).toBe('FILE_ARCHIVE_REFUSED')
})

test('a workbook cut anywhere is refused, and no cut hangs', async () => {
  const xlsx = xlsxOf({ sheets: { Stops: '<row r="1"><c t="str"><v>Id</v></c></row>'.repeat(1) } })
  for (let end = 1; end < xlsx.length; end += 7)
    expect(await refusal(xlsx.subarray(0, end))).toBe('FILE_TRUNCATED')
  const xls = xlsOf({ Stops: [['Id'], ['1']] })
  for (let end = 1; end < 1536; end += 64) expect(await refusal(xls.subarray(0, end), 'xls')).not.toBe('none')
})

test.each(['xlsx', 'xls'] as const)('mutated %s bytes give rows or a decode error, quickly', async (kind) => {
  const good =
    kind === 'xlsx'
      ? xlsxOf({
          sheets: { Stops: '<row r="1"><c t="s"><v>0</v></c><c s="0"><v>4</v></c></row>' },
          strings: '<si><t>Id</t></si>',
        })
      : xlsOf({
          Stops: [
            ['Id', 'N'],
            ['x', { formula: 2 }],
          ],
        })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255) }), { minLength: 1, maxLength: 8 }),
      async (changes) => {
        const bytes = good.slice()
        for (const { at, byte } of changes) bytes[at] = byte
        await refusal(bytes, kind)
      },
    ),
    { numRuns: 400 },
  )
})
