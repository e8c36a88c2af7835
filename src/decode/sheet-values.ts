/** Days from Excel's day 0 to 1970-01-01, for serials after its invented 1900-02-29, and of the 1904 system. */
const daysTo1970 = 25_569
const days1904To1970 = 24_107
const inventedDay = 60
const secondsPerDay = 86_400
/** 9999-12-31, the last day a sheet can name. */
const lastSerial = 2_958_465

/** Number formats that are dates or times without a format code of their own. */
const DATE_FORMAT_IDS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47])
const EAST_ASIAN_DATE_FORMATS = [
  [27, 36],
  [50, 58],
] as const

/** Does a number format show a number as a date or time? `code` is the workbook's own text for this id. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code !== undefined) return showsDate(code)
  return DATE_FORMAT_IDS.has(id) || EAST_ASIAN_DATE_FORMATS.some(([from, to]) => id >= from && id <= to)
}

function showsDate(code: string): boolean {
  if (/\[(?:h+|m+|s+)\]/i.test(code)) return true
  const bare = code
    .replace(/"[^"]*"?/g, '')
    .replace(/\\.|[*_]./g, '')
    .replace(/\[[^\]]*\]/g, '')
  return !/general/i.test(bare) && /[ymdhs]/i.test(bare)
}

/**
 * A day number of a sheet as `YYYY-MM-DD`, as `HH:MM:SS` when it is less than a day, or as both with a `T`
 * between; null when it is no date. Seconds are rounded.
 */
export function serialText(serial: number, from1904: boolean): string | null {
  if (!(serial >= 0 && serial < lastSerial + 1)) return null
  const seconds = Math.round(serial * secondsPerDay)
  const day = Math.floor(seconds / secondsPerDay)
  const rest = seconds - day * secondsPerDay
  const time = clockText(rest)
  if (day === 0) return time
  if (!from1904 && day === inventedDay) return null
  const offset = from1904 ? days1904To1970 : day < inventedDay ? daysTo1970 - 1 : daysTo1970
  const date = new Date((day - offset) * secondsPerDay * 1000).toISOString().slice(0, 10)
  return rest === 0 ? date : `${date}T${time}`
}

function clockText(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/**
 * A JavaScript date made of a sheet's day number, as `serialText` writes it. Days before 1900, and
 * the first of the 1904 system, are what is made of a time without a day.
 */
export function dateText(date: Date): string {
  const rounded = new Date(Math.round(date.getTime() / 1000) * 1000)
  if (Number.isNaN(rounded.getTime())) return ''
  const [day, rest] = rounded.toISOString().split('T') as [string, string]
  const time = rest.slice(0, 8)
  if (day < '1900-01-01') return time
  if (time === '00:00:00') return day
  return day === '1904-01-01' ? time : `${day}T${time}`
}

/** A number in plain digits, the shortest that mean it; never with an exponent. */
export function numberText(value: number): string {
  const text = String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (match === null) return text
  const [, sign, first, fraction = '', power] = match
  const digits = `${first}${fraction}`
  const point = 1 + Number(power)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0')}`
}
