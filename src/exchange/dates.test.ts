import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateOfDay, dayNumber, parseDate, parseDateTime, parseTime } from './dates.ts'

test.each([
  ['02/14/2024', '2024-02-14'],
  ['2024-02-14', '2024-02-14'],
  ['02/29/2024', '2024-02-29'],
  ['02/29/2023', null],
  ['02/30/2024', null],
  ['02/29/1900', null],
  ['02/29/2000', '2000-02-29'],
  ['04/31/2024', null],
  ['2024-13-01', null],
  ['2024-00-10', null],
  ['00/10/2024', null],
  ['2/14/2024', null],
  ['14/02/2024', null],
  ['02-14-2024', null],
  ['2024/02/14', null],
  ['0000-01-01', null],
  ['2024-02-1 ', null],
  ['２０２４-02-14', null],
  ['', null],
])('the date %s is read as %s', (text, iso) => {
  expect(parseDate(text)).toBe(iso)
})

test.each([
  ['14:05', '14:05:00'],
  ['14:05:59', '14:05:59'],
  ['00:00', '00:00:00'],
  ['24:00', null],
  ['14:60', null],
  ['14:05:60', null],
  ['9:05', null],
  ['14.05', null],
  ['14:05:5', null],
  ['14:05-07', null],
])('the time %s is read as %s', (text, iso) => {
  expect(parseTime(text)).toBe(iso)
})

test.each([
  ['2024-02-14T14:05:00', '2024-02-14T14:05:00'],
  ['02/14/2024 14:05', '2024-02-14T14:05:00'],
  ['2024-02-14T14:05:00Z', '2024-02-14T14:05:00Z'],
  ['2024-02-14T14:05:00-08:00', '2024-02-14T14:05:00-08:00'],
  ['2024-02-14T14:05:00-25:00', null],
  ['2024-02-30T14:05:00', null],
  ['2024-02-14', null],
])('the date and time %s is read as %s', (text, iso) => {
  expect(parseDateTime(text)).toBe(iso)
})

test('exactly the days that the calendar of Date has are dates, and day numbers count them', () => {
  const day = fc.integer({ min: Date.UTC(1600, 0, 1) / 86_400_000, max: Date.UTC(2400, 0, 1) / 86_400_000 })
  fc.assert(
    fc.property(day, (number) => {
      const iso = new Date(number * 86_400_000).toISOString().slice(0, 10)
      expect(dayNumber(iso)).toBe(number)
      expect(dateOfDay(number)).toBe(iso)
      expect(parseDate(`${iso.slice(5, 7)}/${iso.slice(8)}/${iso.slice(0, 4)}`)).toBe(iso)
    }),
  )
})
