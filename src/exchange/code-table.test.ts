import { expect, test } from 'vitest'
import { editedCodes, writeCodeTable } from './code-table.ts'
import { parseCodeFile } from './codes.ts'

const VALUES = [
  { code: '01', label: 'One, "the first"', from: null, until: '2025-12-31' },
  { code: '01', label: 'One', from: '2026-01-01', until: null },
  { code: '-2', label: 'Minus two', from: null, until: null },
]

test('what is written is read again as it was', () => {
  const columns = { code: 'no', label: 'name', from: 'start', until: 'end' }
  const { values, problems } = parseCodeFile('list.csv', writeCodeTable(VALUES, columns), columns)
  expect(problems).toEqual([])
  expect(values).toEqual(VALUES)
})

test('a list whose code is its own label has one column for both', () => {
  const columns = { code: 'name', label: 'name', from: null, until: null }
  const text = writeCodeTable([{ code: 'Alder', label: 'Alder', from: null, until: null }], columns)
  expect(text).toBe('name\r\nAlder\r\n')
})

test('an entry is known by its code and its first day', () => {
  const changed = editedCodes(
    VALUES,
    [{ code: '01', label: 'The one', from: '2026-01-01', until: null }],
    [{ code: '-2', from: null }],
  )
  expect(changed.map(({ code, label }) => `${code} ${label}`)).toEqual(['01 One, "the first"', '01 The one'])
})
