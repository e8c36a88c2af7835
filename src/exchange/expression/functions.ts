import { dateOfDay, dayNumber } from '../dates.ts'
import { charCount } from '../text-length.ts'

/**
 * The functions of the language. Each takes what a record may really hold: an absent value is `undefined` and
 * makes the result absent, and so does a value that the function cannot use.
 */

/** Whole days from the first date to the second; negative when the second is earlier. */
export function daysBetween(first: unknown, second: unknown): number | undefined {
  const from = typeof first === 'string' ? dayNumber(first) : null
  const to = typeof second === 'string' ? dayNumber(second) : null
  return from === null || to === null ? undefined : to - from
}

export function yearOf(date: unknown): number | undefined {
  return typeof date === 'string' && dayNumber(date) !== null ? Number(date.slice(0, 4)) : undefined
}

/** The ISO date so many whole days later. */
export function addDays(date: unknown, days: unknown): string | undefined {
  const from = typeof date === 'string' ? dayNumber(date) : null
  if (from === null || typeof days !== 'number') return undefined
  return dateOfDay(from + Math.trunc(days)) ?? undefined
}

/** Items of a list or characters of a text. */
export function size(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length
  return typeof value === 'string' ? charCount(value) : undefined
}

export function toInt(value: unknown): number | undefined {
  if (typeof value === 'string') return /^-?\d{1,15}$/.test(value) ? Number(value) : undefined
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : undefined
}

export function toDouble(value: unknown): number | undefined {
  if (typeof value === 'string')
    return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : undefined
  return typeof value === 'number' ? value : undefined
}

export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
