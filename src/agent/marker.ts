/**
 * The marker that the node keeps from attempt to attempt: for each type of records how far the agent has read. It
 * means nothing to the node.
 */
export type Marks = ReadonlyMap<string, string>

export function encodeMarker(marks: Marks): string | null {
  return marks.size === 0 ? null : JSON.stringify(Object.fromEntries(marks))
}

/** What another agent, or another version, wrote counts as nothing: then everything is read. */
export function decodeMarker(text: string | null): Marks {
  if (text === null) return new Map()
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map()
    return new Map(
      Object.entries(value).flatMap(([name, mark]) => (typeof mark === 'string' ? [[name, mark]] : [])),
    )
  } catch {
    return new Map()
  }
}

/** A time of a database as text, or as a count of seconds or milliseconds since 1970. */
const timeText = /^(\d{4}-\d\d-\d\d)([ T])(\d\d:\d\d:\d\d)(?:[.,](\d+))? ?(Z|[+-]\d\d(?::?\d\d)?)?$/
const dateText = /^\d{4}-\d\d-\d\d$/
/** Seconds since 1970 stay below this for some millennia. */
const millisecondsFrom = 100_000_000_000

/** Is it a count, not a text? */
export function isCount(time: string): boolean {
  return /^\d+$/.test(time)
}

/** A time as a number that grows with it; NaN for what is no time. Fractions beyond a millisecond count. */
function rank(time: string): number {
  if (isCount(time)) return Number(time)
  if (dateText.test(time)) return Date.parse(`${time}T00:00:00Z`)
  const [, day, , clock, fraction = '0', zone = 'Z'] = timeText.exec(time) ?? []
  if (day === undefined) return Number.NaN
  const digits = zone.replace(/[Z:]/g, '').padEnd(5, '0')
  const offset = zone === 'Z' ? 'Z' : `${digits.slice(0, 3)}:${digits.slice(3)}`
  return Date.parse(`${day}T${clock}${offset}`) + Number(`0.${fraction}`) * 1000
}

/** The later of two times; what is no time never wins. */
export function later(a: string, b: string): string {
  const [first, second] = [rank(a), rank(b)]
  if (Number.isNaN(second)) return a
  return Number.isNaN(first) || second > first ? b : a
}

/** Some seconds before a time, in its own form. What is no time stays. */
export function secondsBefore(time: string, seconds: number): string {
  if (isCount(time))
    return String(Math.max(0, Number(time) - (Number(time) < millisecondsFrom ? seconds : seconds * 1000)))
  const at = rank(time)
  if (Number.isNaN(at)) return time
  const iso = new Date(Math.floor(at) - seconds * 1000).toISOString()
  if (dateText.test(time)) return iso.slice(0, 10)
  const [, , gap = ' ', , , zone] = timeText.exec(time) ?? []
  return `${iso.slice(0, 10)}${gap}${iso.slice(11, 23)}${zone === undefined ? '' : zone === 'Z' ? 'Z' : '+00'}`
}
