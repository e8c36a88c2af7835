import fc from 'fast-check'
import { expect, test } from 'vitest'
import { datePattern } from './date-pattern.ts'

test.each([
  ['MM/dd/yyyy', '03/02/2026', '2026-03-02'],
  ['M/d/yyyy', '3/2/2026', '2026-03-02'],
  ['yyyyMMdd', '20260302', '2026-03-02'],
  ['dd.MM.yyyy', '02.03.2026', '2026-03-02'],
  ['d MMM yyyy', '2 March 2026', '2026-03-02'],
  ['dd-MMM-yyyy', '02-MAR-2026', '2026-03-02'],
  ["yyyy-MM-dd'T'HH:mm:ss", '2026-03-02T14:05:09', '2026-03-02T14:05:09'],
  ['yyyyMMddHHmm', '202603021405', '2026-03-02T14:05:00'],
  ['HHmm', '1405', '14:05:00'],
  ['H:mm', '9:05', '09:05:00'],
])('%s reads %s', (pattern, text, iso) => {
  expect(datePattern(pattern)?.(text)).toBe(iso)
})

test.each([
  ['MM/dd/yyyy', '2026-03-02'],
  ['MM/dd/yyyy', '3/2/2026'],
  ['d MMM yyyy', '2 Brumaire 2026'],
  ['yyyyMMdd', '20260302 '],
])('%s does not read %s', (pattern, text) => {
  expect(datePattern(pattern)?.(text)).toBeNull()
})

test.each([
  [''],
  ['yyyy'],
  ['MM/yyyy'],
  ['dd/MM'],
  ['yy-MM-dd'],
  ['mm:ss'],
  ['yyyy-MM-dd HH'],
  ['dd dd yyyy'],
  ["'"],
])('%s is no pattern', (pattern) => {
  expect(datePattern(pattern)).toBeNull()
})

test('neither a pattern nor a text makes it throw', () =>
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^[yMdHms/'. -]{0,20}$/)),
      fc.string(),
      (pattern, text) => {
        expect(() => datePattern(pattern)?.(text)).not.toThrow()
      },
    ),
  ))
