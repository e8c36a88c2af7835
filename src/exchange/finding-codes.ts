import type { CheckKind, Field } from './definition.ts'

const letters: Readonly<Record<CheckKind, string>> = {
  required: 'R',
  type: 'T',
  length: 'L',
  pattern: 'P',
  range: 'N',
  code: 'C',
  count: 'Q',
  repeated: 'D',
  alone: 'A',
  not_applicable: 'X',
  locked: 'K',
  file: 'M',
}

/** Code of what a check finds in a field: the definition's, or `F`, the field's number and the check's letter. */
export function findingCode(field: Field, kind: CheckKind): string {
  return field.codes[kind] ?? `F${String(field.no).padStart(3, '0')}${letters[kind]}`
}

/** The name senders know a field by: the last name of its path (`Gend`). */
export function wireName(field: Field): string {
  return field.path.at(-1) ?? field.name
}
