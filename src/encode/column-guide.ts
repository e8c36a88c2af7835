import { type Column, columnsOf } from '../exchange/columns.ts'
import type { Definition, DocumentRule, Field, RecordType } from '../exchange/definition.ts'

/** A cell holds 32,767 characters; a list of codes longer than this is better looked up elsewhere. */
const codesShownMax = 60

const HEADER = ['Column', 'Label', 'Required', 'Form', 'Codes', 'Example', 'Versions', 'Description']

/** The second sheet of a template: a row on each column of the flat layout, under a header. */
export function columnGuide(definition: Definition, type: RecordType): string[][] {
  return [HEADER, ...columnsOf(definition, type).map((column) => guideRow(definition, type, column))]
}

function guideRow(definition: Definition, type: RecordType, column: Column): string[] {
  const { field } = column
  if (field === null) return [column.column, ...controlTexts(type, column), '', '', '']
  return [
    column.column,
    field.label,
    requiredText(field),
    formText(definition, column, field),
    column.kind === 'groups' ? '' : codesText(definition, field),
    field.example,
    field.only === null ? 'all' : field.only.join(', '),
    field.description,
  ]
}

/** Label, required, form and codes of a column that says what to do with the record. */
function controlTexts(type: RecordType, { kind }: Column): string[] {
  const { operation, identity } = type
  if (kind === 'operation') {
    const codes = Object.entries(operation.values).map(([word, meaning]) => `${word} = ${meaning}`)
    return ['What is to be done', operation.fallback === null ? 'yes' : 'no', 'code', codes.join('\n')]
  }
  if (kind === 'close')
    return ['Closes the record to further changes', 'no', 'code', `${operation.close?.value ?? ''} = close`]
  return [identity.stableId?.label ?? '', 'no', 'text, as the centre gave it', '']
}

function requiredText(field: Field): string {
  if (!field.required) return 'no'
  return field.when === null ? 'yes' : 'sometimes'
}

function formText(definition: Definition, { kind, parts }: Column, field: Field): string {
  const { csv } = definition.formats
  const items = `${field.itemsMin} to ${field.itemsMax}, parted by ${csv.items}`
  if (kind === 'groups') {
    const named = parts.map((part) => (part.many ? `${part.label} (any number)` : part.label))
    return `${named.join(` ${csv.parts} `)}; ${items}`
  }
  const one = field.document === null ? scalarForm(definition, field) : documentForm(field.document)
  return kind === 'list' ? `${one}; ${items}` : one
}

function documentForm({ types, bytesMax }: DocumentRule): string {
  const kinds = types.join(', ').toUpperCase()
  return `${kinds} of up to ${bytesMax} bytes: base64 text, or the name of a file in the same ZIP`
}

function scalarForm(definition: Definition, field: Field): string {
  const { type, lengthMin, lengthMax, scale } = field
  const day = definition.formats.dates === 'us' ? 'MM/DD/YYYY' : 'YYYY-MM-DD'
  if (type === 'date') return day
  if (type === 'time') return 'HH:MM or HH:MM:SS'
  if (type === 'datetime') return `${day}THH:MM:SS`
  if (type === 'boolean') return `${field.booleanWords.true[0] ?? ''} or ${field.booleanWords.false[0] ?? ''}`
  if (type === 'integer') return `whole number${rangeText(field)}`
  if (type === 'decimal')
    return `number${rangeText(field)}${scale === null ? '' : `, up to ${scale} decimals`}`
  if (lengthMax === null) return type
  return `${type}, ${lengthMin === null || lengthMin === lengthMax ? '' : `${lengthMin} to `}${lengthMax} characters`
}

function rangeText({ min, max }: Field): string {
  if (min !== null && max !== null) return ` ${min} to ${max}`
  if (min !== null) return ` from ${min}`
  return max === null ? '' : ` up to ${max}`
}

function codesText(definition: Definition, field: Field): string {
  if (field.type !== 'code' || field.list === null) return ''
  const list = definition.lists[field.list]
  if (list === undefined) return ''
  if (list.imported || list.values.length > codesShownMax) return `the table "${list.title}"`
  return list.values
    .map(({ code, label, from, until }) => `${code} = ${label}${validity(from, until)}`)
    .join('\n')
}

function validity(from: string | null, until: string | null): string {
  if (from !== null && until !== null) return ` (${from} to ${until})`
  if (from !== null) return ` (from ${from})`
  return until === null ? '' : ` (until ${until})`
}
