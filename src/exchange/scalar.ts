import { dayNumber, parseDate, parseDateTime, parseTime } from './dates.ts'
import type { Field } from './definition.ts'
import type { RawScalar } from './parcel.ts'

/**
 * Reads a scalar as sent and returns its canonical value; undefined where it is not of the field's type.
 * Text is taken as it is; numbers and booleans of JSON stand for their text where the type allows it.
 */
export type ReadScalar = (raw: RawScalar) => string | number | boolean | undefined

/** The reader of a scalar field's values. */
export function scalarReader(field: Field): ReadScalar {
  switch (field.type) {
    case 'integer':
      return readInteger
    case 'decimal':
      return (raw) => readDecimal(raw)
    case 'date':
      return (raw) => (typeof raw === 'string' ? (parseDate(raw) ?? undefined) : undefined)
    case 'time':
      return (raw) => (typeof raw === 'string' ? (parseTime(raw) ?? undefined) : undefined)
    case 'datetime':
      return (raw) => (typeof raw === 'string' ? (parseDateTime(raw) ?? undefined) : undefined)
    case 'boolean':
      return booleanReader(field)
    default:
      return readText
  }
}

/** A number that JSON may have rounded is no longer what was sent, so it is not read as text. */
function readText(raw: RawScalar): string | undefined {
  if (typeof raw === 'string') return raw
  return typeof raw === 'number' && exact(raw) ? String(raw) : undefined
}

function readInteger(raw: RawScalar): number | undefined {
  if (typeof raw === 'number') return Number.isSafeInteger(raw) ? raw + 0 : undefined
  if (typeof raw !== 'string') return undefined
  const number = plainInteger(raw)
  return number === undefined || !Number.isSafeInteger(number) ? undefined : number
}

/** Digits with an optional sign, nothing else; undefined otherwise. */
function plainInteger(text: string): number | undefined {
  const first = text.charCodeAt(0)
  const signed = first === 43 || first === 45
  const { length } = text
  if (length > 20 || length === (signed ? 1 : 0)) return undefined
  let number = 0
  for (let at = signed ? 1 : 0; at < length; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return undefined
    number = number * 10 + digit
  }
  return first === 45 && number !== 0 ? -number : number
}

/** Digits a decimal may have, so that nobody's database rounds it. */
const decimalDigitsMax = 38

function readDecimal(raw: RawScalar): string | undefined {
  const text = typeof raw === 'number' && Number.isFinite(raw) && exact(raw) ? String(raw) : raw
  if (typeof text !== 'string') return undefined
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text)
  if (parts === null) return undefined
  const [, sign = '', whole = '', fraction = ''] = parts
  if (whole.length + fraction.length === 0 || whole.length + fraction.length > decimalDigitsMax)
    return undefined
  const left = whole.replace(/^0+(?=\d)/, '') || '0'
  const right = fraction.replace(/0+$/, '')
  const shortest = right === '' ? left : `${left}.${right}`
  return sign === '-' && shortest !== '0' ? `-${shortest}` : shortest
}

function exact(number: number): boolean {
  return Number.isSafeInteger(number) || (Number.isFinite(number) && !Number.isInteger(number))
}

function booleanReader(field: Field): ReadScalar {
  const words = new Map<string, boolean>()
  for (const word of field.booleanWords.true) words.set(word, true)
  for (const word of field.booleanWords.false) words.set(word, false)
  return (raw) => {
    if (typeof raw === 'boolean') return raw
    return words.get(typeof raw === 'string' ? raw : String(raw))
  }
}

/** Value of a field as a number that `min` and `max` are held against; dates count as days since 1970. */
export function rankOf(field: Field, value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return Number.NaN
  return field.type === 'date' || field.type === 'datetime' ? (dayNumber(value) ?? Number.NaN) : Number(value)
}
