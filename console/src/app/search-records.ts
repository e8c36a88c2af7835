import { textOf } from './search.ts'

/** What stands in the addresses of records, quality and duplicates after the question mark. */

export const STATUSES = ['submitted', 'submitted-with-errors', 'closed'] as const
export type Status = (typeof STATUSES)[number]

export interface RecordFilters {
  readonly exchange?: string
  readonly type?: string
  readonly text?: string
  readonly status?: Status
  readonly partner?: string
  /** Values of searchable fields. */
  readonly where?: Readonly<Record<string, string>>
  /** Of the page before this one. */
  readonly after?: string
}

export interface QualityFilters {
  readonly exchange?: string
  readonly partner?: string
  /** How many months, up to this one. */
  readonly months?: (typeof PERIODS)[number]
  readonly rule?: string
}

export const PERIODS = [6, 12, 24] as const

export interface DuplicateFilters {
  readonly exchange?: string
  readonly partner?: string
  readonly kind?: 'refused'
  readonly after?: string
}

type Given = Readonly<Record<string, unknown>>

export function readRecordFilters(given: Given): RecordFilters {
  const status = STATUSES.find((one) => one === given.status)
  const where = whereOf(given.where)
  return {
    ...texts(given, { exchange: 10, type: 40, text: 100, partner: 64, after: 500 }),
    ...(status === undefined ? {} : { status }),
    ...(where === null ? {} : { where }),
  }
}

export function readAsOf(given: Given): { readonly asOf?: string } {
  const text = textOf(given.asOf, 40)
  return text === undefined || Number.isNaN(Date.parse(text)) ? {} : { asOf: text }
}

export function readQualityFilters(given: Given): QualityFilters {
  const months = PERIODS.find((one) => one === given.months)
  return {
    ...texts(given, { exchange: 10, partner: 64, rule: 100 }),
    ...(months === undefined ? {} : { months }),
  }
}

export function readDuplicateFilters(given: Given): DuplicateFilters {
  return {
    ...texts(given, { exchange: 10, partner: 64, after: 500 }),
    ...(given.kind === 'refused' ? { kind: 'refused' } : {}),
  }
}

function texts<Name extends string>(
  given: Given,
  names: Readonly<Record<Name, number>>,
): { readonly [Each in Name]?: string } {
  const found = Object.entries<number>(names).flatMap(([name, max]) => {
    const text = textOf(given[name], max)
    return text === undefined ? [] : [[name, text]]
  })
  return Object.fromEntries(found)
}

function whereOf(given: unknown): Readonly<Record<string, string>> | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const values = Object.entries(given).flatMap(([name, value]) => {
    const text = textOf(value, 500)
    return text === undefined ? [] : [[name, text] as const]
  })
  return values.length === 0 ? null : Object.fromEntries(values)
}
