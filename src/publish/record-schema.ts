import { CONTENT_TYPES } from '../decode/document-kind.ts'
import { dateOfDay } from '../exchange/dates.ts'
import type { Definition, DocumentRule, Field, RecordType } from '../exchange/definition.ts'
import type { JsonSchema } from './language-schema.ts'

/** Longer code lists are named, not written out. */
const enumMax = 100

/**
 * JSON Schema of a record under its canonical names, for people and for clients made from OpenAPI. It describes
 * what a record without findings looks like, and is no judge: a record that does not fit is still taken in and
 * gets findings.
 */
export function recordSchema(definition: Definition, type: RecordType): JsonSchema {
  return { title: type.title, ...groupSchema(definition, type.fields) }
}

function groupSchema(definition: Definition, fields: readonly Field[]): JsonSchema {
  const always = fields.filter((field) => field.required && field.when === null && field.only === null)
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(definition, field)])),
    ...(always.length > 0 ? { required: always.map(({ name }) => name) } : {}),
  }
}

function fieldSchema(definition: Definition, field: Field): JsonSchema {
  const said = {
    title: field.label,
    ...(field.description === '' ? {} : { description: field.description }),
  }
  const one =
    field.document !== null
      ? documentSchema(definition, field, field.document)
      : field.type === 'group'
        ? groupSchema(definition, field.fields)
        : scalarSchema(definition, field)
  if (!field.many) return { ...one, ...said, ...exampleOf(field) }
  return {
    type: 'array',
    items: one,
    minItems: field.required ? Math.max(1, field.itemsMin) : 0,
    maxItems: field.itemsMax,
    ...(field.distinct ? { uniqueItems: true } : {}),
    ...said,
  }
}

/** Sent as base64; kept, and shown, as what it is known by. */
function documentSchema(definition: Definition, { fields }: Field, { types }: DocumentRule): JsonSchema {
  const media = types.map((type) => CONTENT_TYPES[type]).join(', ')
  return {
    anyOf: [
      { type: 'string', contentEncoding: 'base64', $comment: media },
      { ...groupSchema(definition, fields), required: ['size'] },
    ],
  }
}

function exampleOf(field: Field): JsonSchema {
  if (field.example === '' || field.type === 'boolean' || field.type === 'date') return {}
  return { examples: [field.type === 'integer' ? Number(field.example) : field.example] }
}

function scalarSchema(definition: Definition, field: Field): JsonSchema {
  switch (field.type) {
    case 'integer':
      return { type: 'integer', ...bounds(field) }
    case 'decimal':
      // As text, so that no reader rounds it.
      return { type: 'string', pattern: decimalPattern(field) }
    case 'date':
      return { type: 'string', format: 'date', ...dateBounds(field) }
    case 'time':
      return { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$' }
    case 'datetime':
      return { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}' }
    case 'boolean':
      return { type: 'boolean' }
    case 'code':
      return codeSchema(definition, field)
    default:
      return textSchema(field)
  }
}

function bounds({ min, max }: Field): JsonSchema {
  return { ...(min === null ? {} : { minimum: min }), ...(max === null ? {} : { maximum: max }) }
}

/** JSON Schema has no smallest date; people read it in words. */
function dateBounds({ min, max }: Field): JsonSchema {
  const from = min === null ? '' : `from ${dateOfDay(min) ?? 'today'}`
  const until = max === null ? '' : `until ${dateOfDay(max) ?? 'today'}`
  const words = [from, until].filter((part) => part !== '').join(' ')
  return words === '' ? {} : { $comment: words }
}

function decimalPattern({ scale }: Field): string {
  if (scale === 0) return '^-?[0-9]+$'
  return `^-?[0-9]+([.][0-9]${scale === null ? '+' : `{1,${scale}}`})?$`
}

/** RE2 and ECMAScript agree on what definitions use; where one does not compile here, it is left out. */
function textSchema({ lengthMin, lengthMax, pattern }: Field): JsonSchema {
  const whole = pattern === null ? null : `^(?:${pattern})$`
  return {
    type: 'string',
    ...(lengthMin === null ? {} : { minLength: lengthMin }),
    ...(lengthMax === null ? {} : { maxLength: lengthMax }),
    ...(whole !== null && compiles(whole) ? { pattern: whole } : {}),
  }
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== ''
  } catch {
    return false
  }
}

function codeSchema({ lists }: Definition, field: Field): JsonSchema {
  const list = lists[field.list ?? '']
  const codes = [...new Set(list?.values.map(({ code }) => code))]
  if (list === undefined || list.imported || codes.length === 0 || codes.length > enumMax)
    return { type: 'string', $comment: `a code of the list ${field.list}` }
  return { type: 'string', enum: codes }
}
