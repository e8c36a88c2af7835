import { dateOfDay } from '../exchange/dates.ts'
import type { CheckKind, CodeList, Field } from '../exchange/definition.ts'
import { wireName } from '../exchange/finding-codes.ts'
import { shownValue } from '../exchange/shown-value.ts'

const codesShownMax = 12

/** The sentence of a finding: the definition's own, with `{value}` filled in, or ours. */
export function fieldMessage(field: Field, kind: CheckKind, value: unknown, list: CodeList | null): string {
  const own = field.messages[kind]
  const shown = value === undefined ? '' : shownValue(value)
  if (own !== undefined) return own.replaceAll('{value}', () => shown)
  const name = wireName(field)
  switch (kind) {
    case 'required':
      return `${name} is required.`
    case 'type':
      return `'${shown}' is not ${typeWords(field)}.`
    case 'length':
      return `${name} has ${lengthWords(field)} characters.`
    case 'pattern':
      return `'${shown}' is not in the form of ${name}${field.example === '' ? '' : ` (such as ${field.example})`}.`
    case 'range':
      return rangeMessage(field, shown)
    case 'code':
      return `'${shown}' is not a code of ${list?.title ?? field.label}${codesShown(list)}.`
    case 'count':
      return `${name} has ${field.itemsMin === field.itemsMax ? field.itemsMin : `${field.itemsMin} to ${field.itemsMax}`} values, not ${shown}.`
    case 'repeated':
      return `'${shown}' stands in ${name} more than once.`
    case 'alone':
      return `'${shown}' of ${name} may not stand beside other values.`
    case 'not_applicable':
      return `${name} does not apply here and must be left empty.`
    case 'locked':
      return `${name} may not be changed after the record was submitted.`
    case 'file':
      return `The file ${shown} that ${name} names is not in the archive.`
  }
}

function typeWords(field: Field): string {
  switch (field.type) {
    case 'integer':
      return 'a whole number'
    case 'decimal':
      return 'a number'
    case 'date':
      return 'a date of the calendar (MM/DD/YYYY or YYYY-MM-DD)'
    case 'time':
      return 'a time of day (HH:MM or HH:MM:SS)'
    case 'datetime':
      return 'a date and time (YYYY-MM-DDTHH:MM:SS)'
    case 'boolean':
      return [...field.booleanWords.true, ...field.booleanWords.false].join(' or ')
    case 'group':
      return `a group of fields (${field.fields.map(wireName).join(', ')})`
    default:
      return 'a text'
  }
}

function lengthWords({ lengthMin, lengthMax }: Field): string {
  if (lengthMin === lengthMax) return `exactly ${lengthMax}`
  if (lengthMin === null) return `at most ${lengthMax}`
  return lengthMax === null ? `at least ${lengthMin}` : `${lengthMin} to ${lengthMax}`
}

function rangeMessage(field: Field, shown: string): string {
  const { min, max, scale } = field
  const low = min === null ? null : boundWords(field, min)
  const high = max === null ? null : boundWords(field, max)
  const digits = scale === null ? '' : `, with at most ${scale} digits after the point`
  const bounds =
    low !== null && high !== null
      ? `from ${low} to ${high}`
      : low !== null
        ? `${low} or more`
        : high !== null
          ? `${high} or less`
          : 'a number'
  return `${wireName(field)} must be ${bounds}${digits}, not '${shown}'.`
}

function boundWords(field: Field, bound: number): string {
  if (field.type !== 'date' && field.type !== 'datetime') return String(bound)
  return dateOfDay(bound) ?? 'today'
}

function codesShown(list: CodeList | null): string {
  if (list === null || list.values.length > codesShownMax) return ''
  return ` (${list.values.map((value) => value.code).join(', ')})`
}
