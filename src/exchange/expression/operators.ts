/**
 * What an expression sees while it runs, groups as `Values`. One frame serves a whole record: only `it` and
 * `parent` change.
 */
export interface Frame {
  record: unknown
  it: unknown
  parent: unknown
  /** The stored body, for rules that need it. */
  current: unknown
  /** ISO date. */
  today: string
  /** The record's effective date (ISO), which dates the code lists; '' where it could not be read. */
  effective: string
  /** What stands at a place of the record as it was sent, for expressions that may ask. */
  raw: ((place: string) => string) | undefined
  /** The item of the outer and of the inner macro. */
  outer: unknown
  inner: unknown
}

/** A compiled (sub)expression. `undefined` is an absent value. */
export type Run = (frame: Frame) => unknown

/** Equal values; absent ones are equal to nothing. */
export function equal(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false
  if (left === right) return true
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
  return left.every((item, index) => equal(item, right[index]))
}

export function isIn(value: unknown, list: unknown): boolean {
  if (!Array.isArray(list)) return false
  for (const item of list) if (equal(value, item)) return true
  return false
}

type Comparable = number | string

/** Both of one kind that has an order; a comparison of anything else is false. */
function comparable(left: unknown, right: unknown): boolean {
  return (
    typeof left === typeof right &&
    (typeof left === 'number' || typeof left === 'string' || typeof left === 'boolean')
  )
}

export const comparisons: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  in: isIn,
  '<': (left, right) => comparable(left, right) && (left as Comparable) < (right as Comparable),
  '<=': (left, right) => comparable(left, right) && (left as Comparable) <= (right as Comparable),
  '>': (left, right) => comparable(left, right) && (left as Comparable) > (right as Comparable),
  '>=': (left, right) => comparable(left, right) && (left as Comparable) >= (right as Comparable),
}

/** `+` of texts and lists; anything absent makes the result absent. */
export function join(left: unknown, right: unknown): unknown {
  if (typeof left === 'string') return typeof right === 'string' ? left + right : undefined
  return Array.isArray(left) && Array.isArray(right) ? [...left, ...right] : undefined
}

/** Arithmetic on numbers; `whole` divides without a rest, as CEL does with two whole numbers. */
export function arithmetic(
  op: '+' | '-' | '*' | '/' | '%',
  whole: boolean,
): (left: unknown, right: unknown) => number | undefined {
  const compute = operations[op]
  return (left, right) => {
    if (typeof left !== 'number' || typeof right !== 'number') return undefined
    if (!whole) return compute(left, right)
    if (right === 0 && (op === '/' || op === '%')) return undefined
    return Math.trunc(compute(left, right))
  }
}

const operations: Readonly<Record<'+' | '-' | '*' | '/' | '%', (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
}
