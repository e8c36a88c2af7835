import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvRows } from './code-file.ts'
import { compareCodes, parseCodeFile } from './codes.ts'

const columns = { code: 'id', label: 'name', from: 'begins', until: 'ends' }

function read(text: string) {
  return parseCodeFile('codes/x.csv', text, columns)
}

test('a code file is read by its header, dates in either form, other columns passed over', () => {
  const { values, problems } = read(
    '\ufeffname,id,begins,ends,more\r\n"North, old ""N""",01,2020-01-01,,x\r\nSouth,2,,12/31/2024,\r\n',
  )
  expect(problems).toEqual([])
  expect(values).toEqual([
    { code: '01', label: 'North, old "N"', from: '2020-01-01', until: null },
    { code: '2', label: 'South', from: null, until: '2024-12-31' },
  ])
})

test('each wrong row of a code file is told with its line', () => {
  const { problems } = read(
    'id,name,begins,ends\n1,A,2020-02-30,\n,B,,\n3,C,2021-01-01,2020-01-01\n4,D\n5,"E\nF",,\n6,G,,soon\n',
  )
  expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "2 '2020-02-30' is not a date.",
    '3 The code is empty or cannot be one.',
    "4 '3' ends before it begins.",
    '5 The row has 2 cells, the header 4.',
    "8 'soon' is not a date.",
  ])
})

test('a code may be taken again later, but not mean two things at once', () => {
  const again = read('id,name,begins,ends\n1,Old,,2019-12-31\n1,New,2020-01-01,\n')
  expect(again.problems).toEqual([])
  expect(again.values).toHaveLength(2)
  const twice = read('id,name,begins,ends\n1,Old,,2020-12-31\n1,New,2020-01-01,\n')
  expect(twice.problems).toMatchObject([{ line: 3, message: "'1' means 'Old' and 'New' at the same time." }])
})

test('a row that a published table repeats counts once', () => {
  const { values, problems } = read('id,name,begins,ends\n1,A,,2020-01-01\n1,A,2019-01-01,\n')
  expect(problems).toEqual([])
  expect(values).toEqual([{ code: '1', label: 'A', from: null, until: null }])
})

test('text that is not CSV, or has no such columns, is told and not guessed at', () => {
  const first = (text: string) => read(text).problems[0]
  expect(first('')).toMatchObject({ line: 1, message: 'The file is empty.' })
  expect(first('id,name,begins\n')).toMatchObject({ message: "There is no column 'ends'." })
  expect(first('id,nane,begins,ends\n')).toMatchObject({ fix: "Did you mean 'nane'?" })
  expect(first('id,name,begins,ends\n1,"A,,\n')).toMatchObject({ line: 2 })
  expect(first('id,name,begins,ends\n1,A"b",,\n')).toMatchObject({ line: 2 })
})

test('a file of wrong rows tells the first twenty and counts the rest', () => {
  const { problems } = read(`id,name,begins,ends\n${'1,A\n'.repeat(1000)}`)
  expect(problems).toHaveLength(21)
  expect(problems.some(({ message }) => message === 'There are 980 more problems in this file.')).toBe(true)
})

test('what is written as CSV is read again as it was', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é') })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
      const text = rows.map((row) => row.map(quoted).join(',')).join('\n')
      expect([...csvRows(text)].map(({ cells }) => cells)).toEqual(rows)
    }),
  )
})

test('two versions of a list are compared by code, with the spans of each together', () => {
  const value = (code: string, label: string, from: string | null = null, until: string | null = null) => ({
    code,
    label,
    from,
    until,
  })
  const before = [value('1', 'A'), value('2', 'B'), value('3', 'C', null, '2020-01-01')]
  const after = [
    value('3', 'C', '2021-01-01'),
    value('3', 'C', null, '2020-01-01'),
    value('1', 'A'),
    value('4', 'D'),
  ]
  expect(compareCodes(before, after)).toEqual({
    added: [value('4', 'D')],
    removed: [value('2', 'B')],
    changed: [{ code: '3', before: [before[2]], after: [after[1], after[0]] }],
  })
  expect(compareCodes(after, [...after].reverse())).toEqual({ added: [], removed: [], changed: [] })
})
