import type { Field } from './definition.ts'
import type { Body, Value } from './parcel.ts'

/** A canonical value in flight; undefined: absent. A value that could not be typed stands as it was sent. */
export type TypedValue = undefined | string | number | boolean | readonly TypedValue[]

/**
 * The canonical values of a record, or of a group in it, in the order of its fields in the definition. A list
 * of groups is a list of such. Judging works on these (a place is found faster than a name); everything that
 * is kept or shown is a `Body`.
 */
export type Values = TypedValue[]

/** The values of a body. Names that the fields do not have are left out. */
export function valuesOf(body: Body, fields: readonly Field[]): Values {
  return fields.map((field) => {
    const value = Object.hasOwn(body, field.name) ? body[field.name] : undefined
    if (value === undefined) return undefined
    return typedOf(value, field)
  })
}

function typedOf(value: Value, field: Field): TypedValue {
  if (isList(value)) return value.map((item) => typedOf(item, field))
  return typeof value === 'object' ? valuesOf(value, field.fields) : value
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}
