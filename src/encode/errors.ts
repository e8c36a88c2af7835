import type { RecordType } from '../exchange/definition.ts'
import type { Finding, RawRecord } from '../exchange/parcel.ts'

/** One record as it was sent, with all that was found in it. */
export interface ErrorEntry {
  readonly record: RawRecord
  readonly findings: readonly Finding[]
  /** The marker that it carries when it is sent again, see `correctsText`. */
  readonly marker: string
  /** Name of the file that it came in. */
  readonly file: string
  /** What it must ask for when it is sent again; null: what it asked for before. */
  readonly again: Again | null
}

/** `insert` a record that was never stored, `update` one that is. */
export type Again = 'insert' | 'update'

/** The findings that put a record into an error file: those that refuse it or leave it with errors. */
export function errorsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'fatal' || severity === 'error')
}

/** The field as the sender knows it, with the number of the item: `Gend (2)`; '' for the whole record. */
export function fieldLabel({ field, path, item }: Finding): string {
  const name = field === '' ? path : field
  return item === null || name === '' ? name : `${name} (${item})`
}

/** Operations that do for each purpose, the plainest first. */
const suitable = {
  insert: ['create', 'upsert'],
  update: ['replace', 'upsert', 'merge', 'close'],
} as const

/**
 * The operation value that a record needs when it is sent again: the one that it has where that will do,
 * else the first of the exchange's values that does.
 * @param sent its operation value as sent, '' where it has none
 */
export function operationAgain(type: RecordType, sent: string, again: Again | null): string {
  const { values, fallback } = type.operation
  if (again === null) return sent
  const wanted: readonly string[] = suitable[again]
  const asked = sent === '' ? fallback : values[sent]
  if (asked !== null && asked !== undefined && wanted.includes(asked)) return sent
  for (const operation of wanted)
    for (const [word, meaning] of Object.entries(values)) if (meaning === operation) return word
  return sent
}
