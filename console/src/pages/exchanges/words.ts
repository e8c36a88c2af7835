import { dateOfDay } from '../../../../src/exchange/dates.ts'
import type { Field } from '../../../../src/exchange/definition.ts'
import type { T } from '../../app/text.tsx'

/** How a definition is said in words. */

interface Versioned {
  readonly name: string
  readonly from: string | null
  readonly until: string | null
}

/** A version with the days between which it is good. */
export function spanOf({ name, from, until }: Versioned, t: T): string {
  if (from === null && until === null) return name
  if (from === null) return t('exchanges.until', { name, until: until ?? '' })
  return until === null ? t('exchanges.from', { name, from }) : t('exchanges.between', { name, from, until })
}

function boundText(value: number, dated: boolean, t: T): string {
  return dated ? (dateOfDay(value) ?? t('field.today')) : String(value)
}

/** What a field holds. */
export function kindOf(field: Field, t: T): string {
  const { document, type, list, many } = field
  const kind =
    document !== null
      ? t('field.document', { kinds: document.types.join(', ').toUpperCase() })
      : type === 'code'
        ? t('field.codeOf', { list: list ?? '' })
        : t(`field.type.${type}`)
  return many ? t('field.many', { kind, min: field.itemsMin, max: field.itemsMax }) : kind
}

/** How long or large a value may be; empty where nothing is said. */
export function extentOf(field: Field, t: T): string {
  const { type, lengthMin, lengthMax, min, max, document } = field
  if (document !== null) return ''
  if (lengthMax !== null)
    return lengthMin === null || lengthMin === 0
      ? t('field.lengthMax', { max: lengthMax })
      : lengthMin === lengthMax
        ? t('field.length', { count: lengthMax })
        : t('field.lengthBetween', { min: lengthMin, max: lengthMax })
  if (lengthMin !== null) return t('field.lengthMin', { min: lengthMin })
  const dated = type === 'date' || type === 'datetime'
  const low = min === null ? '' : boundText(min, dated, t)
  const high = max === null ? '' : boundText(max, dated, t)
  if (low !== '' && high !== '') return t('field.between', { min: low, max: high })
  if (low !== '') return t('field.atLeast', { min: low })
  return high === '' ? '' : t('field.atMost', { max: high })
}

/** When a field must be there; `when` is shown beside it as it is written. */
export function presenceOf({ required, when, otherwise }: Field, t: T): string {
  if (when === null) return t(required ? 'field.always' : 'field.optional')
  if (!required) return t('field.onlyWhere')
  return t(otherwise === 'allow' ? 'field.neededWhere' : 'field.neededOnlyWhere')
}

export interface Row {
  readonly field: Field
  /** How deep it lies; 0 for a field of the record itself. */
  readonly depth: number
  readonly name: string
}

/** Fields with those inside them, in the order of the definition. */
export function rowsOf(fields: readonly Field[], above = '', depth = 0): readonly Row[] {
  return fields.flatMap((field) => [
    { field, depth, name: `${above}${field.name}` },
    ...(field.document === null ? rowsOf(field.fields, `${above}${field.name}.`, depth + 1) : []),
  ])
}
