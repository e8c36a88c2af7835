import type { Field } from '../exchange/definition.ts'
import type { TypedValue } from '../exchange/values.ts'

/** Where the value of a canonical path stands among the values of a group. */
export interface Place {
  /** The fields on the way, the value's own last. */
  readonly way: readonly Field[]
  readonly indexes: readonly number[]
}

/** The place of a dotted path, or null when there is no such field. */
export function placeOf(fields: readonly Field[], path: string): Place | null {
  const way: Field[] = []
  const indexes: number[] = []
  let level = fields
  for (const name of path === '' ? [] : path.split('.')) {
    const index = level.findIndex((one) => one.name === name)
    const field = level[index]
    if (field === undefined) return null
    way.push(field)
    indexes.push(index)
    level = field.fields
  }
  return { way, indexes }
}

/** The value at a place; undefined where it is absent or inside a list. */
export function valueAt(values: unknown, { way, indexes }: Place): TypedValue {
  let value = values as TypedValue
  for (const [depth, index] of indexes.entries()) {
    if (!Array.isArray(value) || way[depth - 1]?.many === true) return undefined
    value = value[index]
  }
  return value
}

/** A value as people write it: scalars, and lists of them with commas; undefined for anything deeper. */
export function plainText(value: TypedValue): string | undefined {
  if (!Array.isArray(value)) return value === undefined ? undefined : String(value)
  return value.some((item) => typeof item === 'object') ? undefined : value.join(', ')
}
