/**
 * Dates and times as text, checked strictly: only days that the Gregorian calendar has. Written without
 * `Date` and regular expressions because every record passes here several times.
 */

/** `MM/DD/YYYY` or `YYYY-MM-DD` to `YYYY-MM-DD`; null where it is not a date of the calendar. */
export function parseDate(text: string): string | null {
  if (text.length !== 10) return null
  const dash = text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45
  if (!dash && !(text.charCodeAt(2) === 47 && text.charCodeAt(5) === 47)) return null
  const year = dash ? digits(text, 0, 4) : digits(text, 6, 10)
  const month = dash ? digits(text, 5, 7) : digits(text, 0, 2)
  const day = dash ? digits(text, 8, 10) : digits(text, 3, 5)
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return null
  return dash ? text : `${text.slice(6)}-${text.slice(0, 2)}-${text.slice(3, 5)}`
}

/** `HH:MM` or `HH:MM:SS` on the 24-hour clock to `HH:MM:SS`; null where it is not a time of day. */
export function parseTime(text: string): string | null {
  const { length } = text
  if ((length !== 5 && length !== 8) || text.charCodeAt(2) !== 58) return null
  const hour = digits(text, 0, 2)
  const minute = digits(text, 3, 5)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return null
  if (length === 5) return `${text}:00`
  const second = digits(text, 6, 8)
  return text.charCodeAt(5) === 58 && second >= 0 && second <= 59 ? text : null
}

/**
 * A date and a time of day with `T` or a space between, optionally with `Z` or an offset such as `-08:00`, to
 * `YYYY-MM-DDTHH:MM:SS` and the offset as sent; null otherwise.
 */
export function parseDateTime(text: string): string | null {
  const gap = text.charCodeAt(10)
  if (gap !== 84 && gap !== 32) return null
  const zoneAt = text.slice(11).search(/[Z+-]/)
  const end = zoneAt === -1 ? text.length : 11 + zoneAt
  const date = parseDate(text.slice(0, 10))
  const time = parseTime(text.slice(11, end))
  const zone = text.slice(end)
  if (date === null || time === null || !(zone === '' || zone === 'Z' || isOffset(zone))) return null
  return `${date}T${time}${zone}`
}

/** Days since 1970-01-01 of an ISO date (or of the date in an ISO date and time); null where it is none. */
export function dayNumber(iso: string): number | null {
  const date = parseDate(iso.length > 10 ? iso.slice(0, 10) : iso)
  return date === null
    ? null
    : Date.UTC(digits(date, 0, 4), digits(date, 5, 7) - 1, digits(date, 8, 10)) / 86_400_000
}

/** The ISO date of a day number; null outside the years 1 to 9999. */
export function dateOfDay(day: number): string | null {
  const text = Number.isFinite(day) && Math.abs(day) < 1e8 ? new Date(day * 86_400_000).toISOString() : ''
  return text.length === 24 && !text.startsWith('0000') ? text.slice(0, 10) : null
}

function isOffset(zone: string): boolean {
  return (
    zone.length === 6 &&
    zone.charCodeAt(0) !== 90 &&
    digits(zone, 1, 3) <= 14 &&
    parseTime(zone.slice(1)) !== null
  )
}

/** The number written in [from, to), or -1 where there is anything but digits. */
function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    number = number * 10 + digit
  }
  return number
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/**
 * Bounds of date fields (`Field.min`, `Field.max`) are day numbers; this one stands for the day on which the
 * record is judged.
 */
export const TODAY_BOUND = Number.MAX_SAFE_INTEGER
