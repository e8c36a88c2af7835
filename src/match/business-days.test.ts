import { expect, test } from 'vitest'
import { afterBusinessDays } from './business-days.ts'

test.each([
  // 2026-03-02 is a Monday.
  ['2026-03-02', 5, '2026-03-09'],
  ['2026-03-02', 1, '2026-03-03'],
  ['2026-03-06', 1, '2026-03-09'],
  ['2026-03-07', 1, '2026-03-09'],
  ['2026-03-08', 5, '2026-03-13'],
  ['2026-12-31', 10, '2027-01-14'],
  ['1969-12-31', 2, '1970-01-02'],
])('%s and %i business days is %s', (from, count, day) => {
  expect(afterBusinessDays(from, count)).toBe(day)
})
