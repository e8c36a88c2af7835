import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueTime, FREQUENCIES } from './due-time.ts'

const LA = 'America/Los_Angeles'

function due(frequency: (typeof FREQUENCIES)[number], at: string, zone = LA): string {
  return new Date(dueTime(frequency, Date.parse(at), zone)).toISOString().replace('.000', '')
}

test('at once is at once', () => {
  expect(due('at-once', '2026-03-02T20:30:00Z')).toBe('2026-03-02T20:30:00Z')
})

test('hourly is the next full hour on the clocks of the zone', () => {
  expect(due('hourly', '2026-03-02T20:30:10Z')).toBe('2026-03-02T21:00:00Z')
  expect(due('hourly', '2026-03-02T20:30:10Z', 'Asia/Kolkata')).toBe('2026-03-02T21:30:00Z')
})

test('daily is the next 06:00, also where clocks are changed in the night', () => {
  expect(due('daily', '2026-03-02T13:59:59Z')).toBe('2026-03-02T14:00:00Z')
  expect(due('daily', '2026-03-02T14:00:00Z')).toBe('2026-03-03T14:00:00Z')
  // The night of 8 March has 23 hours, that of 1 November 25.
  expect(due('daily', '2026-03-08T08:30:00Z')).toBe('2026-03-08T13:00:00Z')
  expect(due('daily', '2026-11-01T07:30:00Z')).toBe('2026-11-01T14:00:00Z')
})

test('weekly is the next Monday 06:00', () => {
  expect(due('weekly', '2026-03-02T13:00:00Z')).toBe('2026-03-02T14:00:00Z')
  expect(due('weekly', '2026-03-02T14:00:00Z')).toBe('2026-03-09T13:00:00Z')
  expect(due('weekly', '2026-03-08T20:00:00Z')).toBe('2026-03-09T13:00:00Z')
  expect(due('weekly', '1969-12-30T20:00:00Z', 'UTC')).toBe('1970-01-05T06:00:00Z')
})

test('what is due is never before what happened, and never later than its frequency allows', () => {
  const hour = 3_600_000
  const longest = { 'at-once': 0, hourly: hour, daily: 25 * hour, weekly: 169 * hour }
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2060, 0) }),
      fc.constantFrom(LA, 'UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'),
      (at, zone) => {
        for (const frequency of FREQUENCIES) {
          const wait = dueTime(frequency, at, zone) - at
          expect(wait).toBeGreaterThanOrEqual(0)
          // Where a zone jumped over a whole day, a digest waits that long more or less.
          expect(wait).toBeLessThanOrEqual(longest[frequency] + 24 * hour)
        }
      },
    ),
  )
})
