import { expect, test } from 'vitest'
import { visitDefinition } from '../../test/fixtures/visit-definition.ts'
import { DEFAULT_LIMITS } from '../decode/limits.ts'
import { decodeSheet } from '../decode/sheet.ts'
import { decodeXml } from '../decode/xml.ts'
import { ERROR_COLUMNS } from '../exchange/error-names.ts'
import type { Finding, RawRecord, RawTree } from '../exchange/parcel.ts'
import { bytesOf } from './bytes.ts'
import { type ErrorFileOptions, writeErrorFile } from './error-file.ts'
import type { Again, ErrorEntry } from './errors.ts'

const header = ['TX_Type', 'ID', 'NOTE', 'Error_Code']

function finding(change: Partial<Finding> = {}): Finding {
  return {
    code: 'F001R',
    severity: 'error',
    path: 'persons[2].pid',
    field: 'PID',
    item: 2,
    message: 'PID is missing.',
    value: null,
    ...change,
  }
}

function entry(
  position: number,
  shape: RawRecord['shape'],
  findings: readonly Finding[],
  text = '',
  again: Again | null = null,
): ErrorEntry {
  return {
    record: { position, line: position, member: '', shape, text },
    findings,
    marker: `x-1:${position}`,
    file: 'sent.csv',
    again,
  }
}

const rows = (...cells: string[][]): RawRecord['shape'] => ({ kind: 'rows', header, rows: cells })
const tree = (value: RawTree): RawRecord['shape'] => ({ kind: 'tree', tree: value })
const broken = (code: 'RECORD_RAGGED' | 'RECORD_FORMULA' | 'RECORD_TOO_LARGE'): RawRecord['shape'] => ({
  kind: 'broken',
  code,
  reason: '',
})
const brokenRow = (
  code: 'RECORD_RAGGED' | 'RECORD_FORMULA',
  above: readonly string[] = header,
): RawRecord['shape'] => ({
  kind: 'broken',
  code,
  reason: '',
  header: above,
})

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function write(
  entries: readonly ErrorEntry[],
  change: Partial<ErrorFileOptions>,
): Promise<{ bytes: Uint8Array; text: string; extension: string }> {
  const options = { format: 'csv', jsonForm: 'array', delimiter: null, header: null, ...change } as const
  const file = writeErrorFile(visitDefinition, each(entries), options)
  const chunks: Uint8Array[] = []
  for await (const chunk of file.bytes) chunks.push(chunk)
  const bytes = new Uint8Array(Buffer.concat(chunks))
  return { bytes, text: new TextDecoder().decode(bytes), extension: file.extension }
}

const fatal = finding({
  code: 'RECORD_RAGGED',
  severity: 'fatal',
  path: '',
  field: '',
  item: null,
  message: 'Too few cells.',
})
const warning = finding({ code: 'W', severity: 'warning' })

test('CSV comes back as the sender’s own rows with the errors beside the first row of each bad record', async () => {
  const { text, extension } = await write(
    [
      entry(1, brokenRow('RECORD_RAGGED'), [fatal], 'I|9|"a|b"|x|y'),
      entry(2, rows(['I', 'A', 'good', '']), []),
      entry(
        3,
        rows(['I', 'B', '=1+1', 'OLD'], ['', 'B', 'say "|"', '']),
        [finding(), warning, finding({ code: 'F2', message: 'Two.' })],
        '',
        'update',
      ),
      entry(4, rows(['I', 'C', "'=1+1", '']), [warning]),
      entry(5, rows(['X', 'D', "'=1+1", '']), [fatal], '', 'insert'),
    ],
    {},
  )
  expect(extension).toBe('.csv')
  expect(text.split('\r\n')).toEqual([
    'TX_Type|ID|NOTE|Tributary_Corrects|Tributary_File|Tributary_Position|Error_Code|Error_Field|Error_Message',
    'I|9|"a|b"|x-1:1|sent.csv|1|RECORD_RAGGED||Too few cells.',
    `U|B|'=1+1|x-1:3|sent.csv|3|"F001R | F2"|"PID (2) | PID (2)"|"PID is missing. | Two."`,
    '|B|"say ""|"""||||||',
    "I|D|'=1+1|x-1:5|sent.csv|5|RECORD_RAGGED||Too few cells.",
    '',
  ])
})

test('the delimiter that was sent is used, and a file without one readable row gets the exchange’s columns', async () => {
  const { text } = await write([entry(1, broken('RECORD_RAGGED'), [fatal], '1,2')], { delimiter: ',' })
  const lines = text.split('\r\n')
  expect(lines[0]).toMatch(/^TX_Type,Is_NFIA,DOJRecordID,ID,.*,RESULT,Tributary_Corrects,/)
  expect(lines[1]).toMatch(/^1,2,,.*,x-1:1,sent.csv,1,RECORD_RAGGED,,Too few cells\.$/)
})

test('a workbook, also a legacy one, comes back as XLSX', async () => {
  const { bytes, extension } = await write(
    [
      entry(1, rows(['I', 'A', '007', '']), [finding({ message: '=Bad' })]),
      entry(2, brokenRow('RECORD_FORMULA'), [fatal], ['I', 'B', '2', ''].join('\u001f')),
    ],
    { format: 'xls' },
  )
  expect(extension).toBe('.xlsx')
  const read: (readonly string[])[] = []
  for await (const batch of decodeSheet(bytes, 'xlsx', { name: 'Visits' }, DEFAULT_LIMITS))
    for (const { cells, formula } of batch) {
      expect(formula).toBeNull()
      read.push(cells)
    }
  expect(read).toEqual([
    ['TX_Type', 'ID', 'NOTE', ...ERROR_COLUMNS],
    ['I', 'A', '007', 'x-1:1', 'sent.csv', '1', 'F001R', 'PID (2)', '=Bad'],
    ['I', 'B', '2', 'x-1:2', 'sent.csv', '2', 'RECORD_RAGGED', '', 'Too few cells.'],
  ])
})

test('XML comes back with an Errors child in each bad record, once, and can be read again', async () => {
  const sent = tree({
    ID: '<1>',
    '@v': '2',
    L: { C: ['1', '2'] },
    Errors: { Error: 'old' },
    Tributary_Corrects: 'old-1:1',
  })
  const { text } = await write(
    [
      entry(1, sent, [finding({ message: 'a < b' })], '', 'update'),
      entry(2, tree({ ID: '2' }), []),
      entry(3, broken('RECORD_TOO_LARGE'), [fatal]),
    ],
    { format: 'xml' },
  )
  expect(text).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Visits>\n' +
      '<Visit v="2"><ID>&lt;1&gt;</ID><L><C>1</C><C>2</C></L><TX_Type>U</TX_Type><Tributary_Corrects>x-1:1</Tributary_Corrects><Tributary_File>sent.csv</Tributary_File><Errors position="1"><Error><Code>F001R</Code><Severity>error</Severity><Field>PID</Field><Path>persons[2].pid</Path><Message>a &lt; b</Message></Error></Errors></Visit>\n' +
      '<Visit><Tributary_Corrects>x-1:3</Tributary_Corrects><Tributary_File>sent.csv</Tributary_File><Errors position="3"><Error><Code>RECORD_RAGGED</Code><Severity>fatal</Severity><Field/><Path/><Message>Too few cells.</Message></Error></Errors></Visit>\n' +
      '</Visits>\n',
  )
  const options = { limits: DEFAULT_LIMITS, firstPosition: 1, member: '' }
  for await (const batch of decodeXml(bytesOf(each([text])), visitDefinition.formats.xml, options))
    expect(batch.map(({ shape }) => shape.kind)).toEqual(['tree', 'tree'])
})

test('JSON comes back in the form that was sent, with an Errors array in each bad record', async () => {
  const entries = [
    entry(1, tree({ TX_Type: 'I', ID: 1, Errors: ['old'] }), [finding()], '', 'update'),
    entry(2, tree({ ID: 2 }), [warning]),
    entry(3, broken('RECORD_TOO_LARGE'), [fatal], '{"ID": 3,}'),
  ]
  const told = (position: number, { code, severity, field, path, message }: Finding) => ({
    Position: position,
    Code: code,
    Severity: severity,
    Field: field,
    Path: path,
    Message: message,
  })
  const marks = (position: number) => ({
    Tributary_Corrects: `x-1:${position}`,
    Tributary_File: 'sent.csv',
  })
  const expected = [
    { TX_Type: 'U', ID: 1, ...marks(1), Errors: [told(1, finding())] },
    { Unreadable: '{"ID": 3,}', ...marks(3), Errors: [told(3, fatal)] },
  ]
  expect(JSON.parse((await write(entries, { format: 'json' })).text)).toEqual(expected)
  expect(JSON.parse((await write(entries, { format: 'json', jsonForm: 'wrapper' })).text)).toEqual({
    visits: expected,
  })
  const lines = await write(entries, { format: 'json', jsonForm: 'lines' })
  expect(lines.extension).toBe('.ndjson')
  expect(
    lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(expected)
})

test('records of several tables stand under the columns of all of them', async () => {
  const other: RawRecord['shape'] = { kind: 'rows', header: ['MORE', 'ID'], rows: [['m', 'B']] }
  const { text } = await write(
    [
      entry(1, rows(['I', 'A', 'a', '']), [fatal], '', 'insert'),
      entry(2, other, [fatal], '', 'insert'),
      entry(3, brokenRow('RECORD_RAGGED', ['ID', 'MORE', 'NOTE']), [fatal], 'C,more'),
    ],
    { header: ['TX_Type', 'ID', 'NOTE', 'Error_Code', 'MORE'] },
  )
  expect(text.split('\r\n').map((line) => line.split('|Tributary')[0]?.split('|x-1:')[0])).toEqual([
    'TX_Type|ID|NOTE|MORE',
    'I|A|a|',
    'I|B||m',
    '|C||more',
    '',
  ])
})

test('a long error file is written as it is read, not gathered', async () => {
  let made = 0
  async function* endless(): AsyncGenerator<ErrorEntry> {
    for (;;) yield entry(++made, rows(['A', 'x'.repeat(1000), '']), [fatal])
  }
  for (const format of ['csv', 'xlsx'] as const) {
    made = 0
    const file = writeErrorFile(visitDefinition, endless(), {
      format,
      jsonForm: 'array',
      delimiter: null,
      header: null,
    })
    let bytes = 0
    for await (const chunk of file.bytes) {
      bytes += chunk.length
      if (bytes > 200_000) break
    }
    expect(made).toBeLessThan(format === 'csv' ? 500 : 100_000)
  }
})
