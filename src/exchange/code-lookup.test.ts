import { expect, test } from 'vitest'
import { compileLookup } from './code-lookup.ts'

const list = (values: [string, string | null, string | null][]) =>
  compileLookup({
    name: 'list',
    title: 'List',
    imported: false,
    columns: null,
    values: values.map(([code, from, until]) => ({ code, label: code, from, until })),
  })

test('a code is one of its list on its first and last day, and not a day before or after', () => {
  const lookup = list([['14', '2024-01-01', '2024-12-31']])
  expect(['2023-12-31', '2024-01-01', '2024-12-31', '2025-01-01'].map((day) => lookup('14', day))).toEqual([
    false,
    true,
    true,
    false,
  ])
})

test('a code that was given up and taken again counts in both spans', () => {
  const lookup = list([
    ['1', null, '2000-12-31'],
    ['1', '2010-01-01', null],
  ])
  expect(['1999-01-01', '2005-01-01', '2015-01-01'].map((day) => lookup('1', day))).toEqual([
    true,
    false,
    true,
  ])
})

test('without a date a code counts when it ever was one', () => {
  expect(list([['1', null, '2000-12-31']])('1', '')).toBe(true)
})

test('names that every object has are no codes', () => {
  expect(list([['1', null, null]])('constructor', '2024-01-01')).toBe(false)
  expect(list([['1', null, '2000-12-31']])('__proto__', '')).toBe(false)
})
