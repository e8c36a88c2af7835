import type { Ajv, SchemaObject } from 'ajv'
import type { Definition, Field } from '../src/exchange/definition.ts'
import { DraftGroup, type DraftValue } from '../src/translate/draft.ts'

/** How code lists are told to ajv: as `enum`, or by a keyword of ours that looks into a Set. */
export type ListsAs = 'enum' | 'set'

/**
 * JSON Schema with the single-field rules of a record type: presence, type, length, pattern, range, codes,
 * counts, repeats and values that stand alone. Objects are as `plainOf` makes them.
 */
export function schemaOf(definition: Definition, version: string, as: ListsAs): SchemaObject {
  const type = definition.types[0]
  if (type === undefined) throw new Error('the exchange has no record type')
  return groupSchema(type.fields, definition, version, as)
}

/** Teaches ajv what the schemas need besides the standard: dates of the calendar, and code lists as Sets. */
export function teach(ajv: Ajv, definition: Definition): void {
  ajv.addFormat('us-date', (text: string) => {
    const match = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text)
    if (match === null) return false
    const [, month, day, year] = match.map(Number) as [number, number, number, number]
    const date = new Date(Date.UTC(year, month - 1, day))
    return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  })
  ajv.addFormat('clock', /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/)
  ajv.addKeyword({
    keyword: 'codeIn',
    type: 'string',
    compile(list: string) {
      const codes = new Set(definition.lists[list]?.values.map((value) => value.code))
      return (value: string) => codes.has(value)
    },
  })
}

function groupSchema(
  fields: readonly Field[],
  definition: Definition,
  version: string,
  as: ListsAs,
): SchemaObject {
  const present = fields.filter((field) => field.only === null || field.only.includes(version))
  return {
    type: 'object',
    properties: Object.fromEntries(
      present.map((field) => [field.name, fieldSchema(field, definition, version, as)]),
    ),
    required: present.filter((field) => field.required && field.when === null).map((field) => field.name),
  }
}

function fieldSchema(field: Field, definition: Definition, version: string, as: ListsAs): SchemaObject {
  const one =
    field.type === 'group'
      ? groupSchema(field.fields, definition, version, as)
      : scalarSchema(field, definition, as)
  if (!field.many) return one
  return {
    type: 'array',
    items: one,
    minItems: field.itemsMin,
    maxItems: field.itemsMax,
    ...(field.distinct && field.type !== 'group' ? { uniqueItems: true } : {}),
    ...(field.alone.length > 0
      ? { anyOf: [{ maxItems: 1 }, { not: { contains: { enum: [...field.alone] } } }] }
      : {}),
  }
}

function scalarSchema(field: Field, definition: Definition, as: ListsAs): SchemaObject {
  const { type } = field
  if (type === 'integer' || type === 'decimal')
    return {
      type: type === 'integer' ? 'integer' : 'number',
      ...(field.min === null ? {} : { minimum: field.min }),
      ...(field.max === null ? {} : { maximum: field.max }),
    }
  if (type === 'boolean')
    return { type: 'string', enum: [...field.booleanWords.true, ...field.booleanWords.false] }
  if (type === 'date') return { type: 'string', format: 'us-date' }
  if (type === 'time') return { type: 'string', format: 'clock' }
  if (type === 'code' && field.list !== null)
    return as === 'enum'
      ? { type: 'string', enum: definition.lists[field.list]?.values.map((value) => value.code) ?? [] }
      : { type: 'string', codeIn: field.list }
  return {
    type: 'string',
    ...(field.lengthMin === null ? {} : { minLength: field.lengthMin }),
    ...(field.lengthMax === null ? {} : { maxLength: field.lengthMax }),
    ...(field.pattern === null ? {} : { pattern: `^(?:${field.pattern})$` }),
  }
}

/** A draft's group as a plain object in canonical names, numbers as numbers, absent values left out. */
export function plainOf(
  group: DraftGroup,
  fields: readonly Field[],
  version: string,
): Readonly<Record<string, unknown>> {
  const object: Record<string, unknown> = {}
  for (const [index, field] of fields.entries()) {
    const value = group.values[index]
    if (value === undefined || !(field.only === null || field.only.includes(version))) continue
    object[field.name] = Array.isArray(value)
      ? value.map((item: DraftValue) => plainValue(item, field, version))
      : plainValue(value, field, version)
  }
  return object
}

function plainValue(value: DraftValue, field: Field, version: string): unknown {
  if (value instanceof DraftGroup) return plainOf(value, field.fields, version)
  const number = field.type === 'integer' || field.type === 'decimal'
  return number && typeof value === 'string' && value.trim() !== '' ? Number(value) : value
}
