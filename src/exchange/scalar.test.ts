import fc from 'fast-check'
import { expect, test } from 'vitest'
import { field } from '../../test/fixtures/definition.ts'
import { scalarReader } from './scalar.ts'

const reader = (type: 'integer' | 'decimal' | 'boolean' | 'text' | 'date') =>
  scalarReader(field('x', { type }))

test.each([
  ['7', 7],
  ['007', 7],
  ['-7', -7],
  ['+7', 7],
  ['-0', 0],
  [7, 7],
  ['7.0', undefined],
  [7.5, undefined],
  ['1e3', undefined],
  [' 7', undefined],
  ['', undefined],
  ['-', undefined],
  ['9007199254740993', undefined],
  ['99999999999999999999999', undefined],
  [true, undefined],
])('as a whole number %j is %j', (raw, value) => {
  expect(reader('integer')(raw)).toBe(value)
})

test.each([
  ['36.7780', '36.778'],
  ['036.5', '36.5'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['-0.0', '0'],
  ['+1.50', '1.5'],
  [1.25, '1.25'],
  ['1e3', undefined],
  [1e21, undefined],
  ['1,5', undefined],
  ['.', undefined],
  ['-', undefined],
  ['NaN', undefined],
  ['1'.repeat(39), undefined],
])('as a decimal %j is %j', (raw, value) => {
  expect(reader('decimal')(raw)).toBe(value)
})

test('a decimal keeps its value, and its shortest text is read as itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[+-]?\d{1,9}(\.\d{0,9})?$/), (text) => {
      const value = reader('decimal')(text)
      expect(Number(value)).toBe(Number(text) + 0)
      expect(reader('decimal')(value as string)).toBe(value)
    }),
  )
})

test('a boolean is one of its words, or true and false of JSON', () => {
  expect(['Y', 'N', true, false, 'y', 'true', 1].map(reader('boolean'))).toEqual([
    true,
    false,
    true,
    false,
    undefined,
    undefined,
    undefined,
  ])
})

test('a number stands for its text unless JSON may have rounded it', () => {
  expect([12, 1.5, 2 ** 53, 1e300, true].map(reader('text'))).toEqual([
    '12',
    '1.5',
    undefined,
    undefined,
    undefined,
  ])
})
