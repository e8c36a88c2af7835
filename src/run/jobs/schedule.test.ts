import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isWithin,
  nextOccurrence,
  nextOffer,
  refuseSchedule,
  restOf,
  scheduleProblem,
  startOfDay,
  type Timetable,
  windowCloses,
} from './schedule.ts'

const ZONE = 'America/Los_Angeles'
const at = (text: string) => Date.parse(text)
const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())
const nightly: Timetable = { cron: '30 1 * * *', zone: ZONE, window: null, exceptions: [] }

const time = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2029-12-31T00:00:00Z') })
const day = time.map((one) => new Date(one).toISOString().slice(0, 10))
const hours = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
const timetable: fc.Arbitrary<Timetable> = fc.record({
  cron: fc.constantFrom('30 1 * * *', '*/15 * * * *', '0 2 * * 1', '15 2 1 * *', '0 0 * * 0'),
  zone: fc.constantFrom(ZONE, 'UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata'),
  window: fc.option(fc.record({ from: hours, until: hours })),
  exceptions: fc.array(
    fc.tuple(day, fc.integer({ min: 0, max: 60 })).map(([from, days]) => ({
      from,
      until: new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10),
      reason: 'Rest',
    })),
    { maxLength: 4 },
  ),
})

describe('occurrences', () => {
  test('are by the clock of the zone, on the days when clocks are changed too', () => {
    expect(iso(nextOccurrence(nightly, at('2026-03-02T00:00:00Z')))).toBe('2026-03-02T09:30:00.000Z')
    expect(iso(nextOccurrence(nightly, at('2026-03-08T10:00:00Z')))).toBe('2026-03-09T08:30:00.000Z')
    // 02:30 does not exist on 8 March 2026: it runs all the same, once.
    const skipped = { ...nightly, cron: '30 2 * * *' }
    const first = nextOccurrence(skipped, at('2026-03-08T08:00:00Z')) ?? 0
    expect(new Date(first).toISOString().slice(0, 10)).toBe('2026-03-08')
    expect(iso(nextOccurrence(skipped, first))).toBe('2026-03-09T09:30:00.000Z')
    // 01:30 comes twice on 1 November 2026.
    const twice = nextOccurrence(nightly, at('2026-11-01T07:00:00Z')) ?? 0
    expect(iso(twice)).toBe('2026-11-01T08:30:00.000Z')
    expect(iso(nextOccurrence(nightly, twice))).toBe('2026-11-02T09:30:00.000Z')
  })

  test('pass over days of rest, the last one included', () => {
    const exceptions = [{ from: '2026-10-20', until: '2026-11-10', reason: 'General election freeze' }]
    expect(iso(nextOccurrence({ ...nightly, exceptions }, at('2026-10-20T00:00:00Z')))).toBe(
      '2026-11-11T09:30:00.000Z',
    )
    expect(iso(nextOccurrence({ ...nightly, exceptions }, at('2026-10-19T00:00:00Z')))).toBe(
      '2026-10-19T08:30:00.000Z',
    )
  })

  test('come to an end where the schedule does, or rest never ends', () => {
    expect(nextOccurrence({ ...nightly, cron: null }, 0)).toBeNull()
    expect(nextOccurrence({ ...nightly, cron: '0 0 30 2 *' }, at('2026-01-01T00:00:00Z'))).toBeNull()
  })

  test('are later than asked for and on no day of rest, and none is left out', () =>
    fc.assert(
      fc.property(timetable, time, (table, after) => {
        const next = nextOccurrence(table, after)
        if (next === null) return
        expect(next).toBeGreaterThan(after)
        expect(restOf(table.exceptions, table.zone, next)).toBeNull()
        // From anywhere between, the next one is the same.
        expect(nextOccurrence(table, after + Math.floor((next - after) / 2))).toBe(next)
      }),
      { numRuns: 200 },
    ))
})

describe('offers', () => {
  test('are within the window, on no day of rest, and as soon as can be', () =>
    fc.assert(
      fc.property(timetable, time, (table, from) => {
        const offer = nextOffer(table, from)
        if (offer === null) return
        expect(offer).toBeGreaterThanOrEqual(from)
        expect(restOf(table.exceptions, table.zone, offer)).toBeNull()
        if (table.window !== null) expect(isWithin(table.window, table.zone, offer)).toBe(true)
        expect(nextOffer(table, offer)).toBe(offer)
      }),
      { numRuns: 200 },
    ))

  test('wait for the window, which may reach past midnight', () => {
    const table = { ...nightly, window: { from: '22:00', until: '05:00' } }
    expect(iso(nextOffer(table, at('2026-03-02T20:00:00Z')))).toBe('2026-03-03T06:00:00.000Z')
    expect(iso(nextOffer(table, at('2026-03-03T08:00:00Z')))).toBe('2026-03-03T08:00:00.000Z')
    expect(iso(windowCloses(table, at('2026-03-03T08:00:00Z')))).toBe('2026-03-03T13:00:00.000Z')
    expect(windowCloses(nightly, 0)).toBeNull()
  })
})

test('hours include their beginning and not their end; equal ends are the whole day', () => {
  const noon = at('2026-03-02T12:00:00Z')
  expect(isWithin({ from: '12:00', until: '13:00' }, 'UTC', noon)).toBe(true)
  expect(isWithin({ from: '11:00', until: '12:00' }, 'UTC', noon)).toBe(false)
  expect(isWithin({ from: '12:00', until: '12:00' }, 'UTC', noon)).toBe(true)
  expect(isWithin({ from: '23:00', until: '12:01' }, 'UTC', noon)).toBe(true)
})

test('a day begins at its midnight, wherever it is', () =>
  fc.assert(
    fc.property(fc.constantFrom(ZONE, 'UTC', 'Asia/Kolkata', 'Australia/Lord_Howe'), time, (zone, now) => {
      const start = startOfDay(zone, now)
      expect(start).toBeLessThanOrEqual(now)
      expect(now - start).toBeLessThanOrEqual(25 * 3600_000)
      const date = (one: number) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(one)
      expect(date(start)).toBe(date(now))
      expect(date(start - 1)).not.toBe(date(now))
    }),
    { numRuns: 200 },
  ))

test('a schedule or zone that cannot be used is told in words', () => {
  expect(scheduleProblem('30 1 * * *', ZONE)).toBeNull()
  expect(scheduleProblem(null, ZONE)).toBeNull()
  expect(scheduleProblem('every night', ZONE)).toMatch(/is no schedule/)
  expect(scheduleProblem('0 30 1 * * *', ZONE)).toMatch(/is no schedule/)
  expect(scheduleProblem('61 1 * * *', ZONE)).toMatch(/is no schedule/)
  expect(scheduleProblem('30 1 * * *', 'Mars/Olympus')).toMatch(/is no time zone/)
  const blamed = (pointer: string) => expect.objectContaining({ code: 'BAD_REQUEST', pointer })
  expect(() => refuseSchedule({ cron: 'every night', zone: ZONE })).toThrow(blamed('body/cron'))
  expect(() => refuseSchedule({ cron: '30 1 * * *', zone: 'Mars/Olympus' })).toThrow(blamed('body/zone'))
})
