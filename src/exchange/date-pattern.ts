/** Parts that a pattern of dates and times may hold, longest first, and the digits each stands for. */
const PARTS = {
  yyyy: { name: 'year', digits: '\\d{4}' },
  MMM: { name: 'monthName', digits: '[A-Za-z]{3,9}\\.?' },
  MM: { name: 'month', digits: '\\d{2}' },
  M: { name: 'month', digits: '\\d{1,2}' },
  dd: { name: 'day', digits: '\\d{2}' },
  d: { name: 'day', digits: '\\d{1,2}' },
  HH: { name: 'hour', digits: '\\d{2}' },
  H: { name: 'hour', digits: '\\d{1,2}' },
  mm: { name: 'minute', digits: '\\d{2}' },
  ss: { name: 'second', digits: '\\d{2}' },
} as const

type PartName = (typeof PARTS)[keyof typeof PARTS]['name']
type Found = Readonly<Partial<Record<PartName, string>>>

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * Reads dates and times written in a pattern: `MM/dd/yyyy` and `03/02/2026` give `2026-03-02`; with `HH` also a
 * time (`2026-03-02T14:05:00`), without a date only that (`14:05:00`). A text that does not look like the pattern
 * gives null; whether the day is one of the calendar is for the checks to say.
 * @returns null where the pattern is none: a part twice, a day without month or year, minutes without hours
 */
export function datePattern(pattern: string): ((text: string) => string | null) | null {
  const names: PartName[] = []
  let expression = ''
  for (const [token = '', quoted] of pattern.matchAll(
    /'((?:[^']|'')*)'|yyyy|MMM|MM|M|dd|d|HH|H|mm|ss|[\s\S]/g,
  )) {
    const part = Object.hasOwn(PARTS, token) ? PARTS[token as keyof typeof PARTS] : null
    if (part === null) {
      if (quoted === undefined && /[A-Za-z']/.test(token)) return null
      expression += escaped(quoted === undefined ? token : quoted.replaceAll("''", "'"))
      continue
    }
    names.push(part.name)
    expression += `(${part.digits})`
  }
  if (!isWhole(names)) return null
  // Every part has a fixed or short length and no part repeats: no text can make it slow.
  const shape = new RegExp(`^${expression}$`)
  return (text) => {
    const match = shape.exec(text)
    if (match === null) return null
    return written(Object.fromEntries(names.map((name, index) => [name, match[index + 1]])))
  }
}

function isWhole(names: readonly PartName[]): boolean {
  if (new Set(names).size !== names.length) return false
  const has = (name: PartName) => names.includes(name)
  const month = has('month') !== has('monthName')
  const dated = has('year') && has('day') && month
  const undated = !has('year') && !has('day') && !has('month') && !has('monthName')
  const timed = has('hour') && has('minute')
  const untimed = !has('hour') && !has('minute') && !has('second')
  return (dated && (timed || untimed)) || (undated && timed)
}

/** ISO; null where a month has no name that we know. */
function written(found: Found): string | null {
  const { year, monthName, month, day, hour, minute, second = '00' } = found
  const two = (text = '') => text.padStart(2, '0')
  const time = hour === undefined ? '' : `${two(hour)}:${two(minute)}:${second}`
  if (year === undefined) return time
  const named = monthName === undefined ? -1 : MONTHS.indexOf(monthName.slice(0, 3).toLowerCase())
  if (monthName !== undefined && named === -1) return null
  const date = `${year}-${monthName === undefined ? two(month) : two(String(named + 1))}-${two(day)}`
  return time === '' ? date : `${date}T${time}`
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
