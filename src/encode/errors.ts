import type { Finding, RawRecord } from '../exchange/parcel.ts'

/** One record as it was sent, with all that was found in it. */
export interface ErrorEntry {
  readonly record: RawRecord
  readonly findings: readonly Finding[]
}

/** The findings that put a record into an error file: those that refuse it or leave it with errors. */
export function errorsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'fatal' || severity === 'error')
}

/** The field as the sender knows it, with the number of the item: `Gend (2)`; '' for the whole record. */
export function fieldLabel({ field, path, item }: Finding): string {
  const name = field === '' ? path : field
  return item === null || name === '' ? name : `${name} (${item})`
}
