import { expect, test } from 'vitest'
import { decodeMarker, encodeMarker, later, secondsBefore } from './marker.ts'

test('a marker comes back as it was, and what is none counts as nothing', () => {
  const marks = new Map([['voter', '2026-01-01 10:00:00']])
  expect(decodeMarker(encodeMarker(marks))).toEqual(marks)
  for (const text of [null, '', '7', '[]', '{"a":1}', 'x']) expect(decodeMarker(text).size).toBe(0)
  expect(encodeMarker(new Map())).toBeNull()
})

test.each([
  ['2026-01-01 10:00:00', '2026-01-01 10:00:00.1', 1],
  ['2026-01-01 10:00:00.12', '2026-01-01 10:00:00.1', 0],
  ['2026-07-01 10:00:00-07', '2026-07-01 16:00:00+00', 0],
  ['2026-11-01 01:30:00-07', '2026-11-01 01:10:00-08', 1],
  ['2026-01-01', '2026-01-02', 1],
  ['1700000000', '1700000001', 1],
  ['', '2026-01-02', 1],
  ['2026-01-01', 'never', 0],
])('the later of %s and %s', (a, b, which) => {
  expect(later(a, b)).toBe(which === 0 ? a : b)
})

test.each([
  ['2026-01-01 00:01:00', 90, '2025-12-31 23:59:30.000'],
  ['2026-01-01T00:01:00', 60, '2026-01-01T00:00:00.000'],
  ['2026-07-01 00:00:00.123456-07', 1, '2026-07-01 06:59:59.123+00'],
  ['2026-01-01T10:00:00Z', 60, '2026-01-01T09:59:00.000Z'],
  ['2026-01-02', 60, '2026-01-01'],
  ['1700000060', 60, '1700000000'],
  ['1700000060000', 60, '1700000000000'],
  ['never', 60, 'never'],
])('some seconds before %s', (time, seconds, before) => {
  expect(secondsBefore(time, seconds)).toBe(before)
})
