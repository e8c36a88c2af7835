import type { CodeColumns } from './codes.ts'
import type { CodeValue } from './definition.ts'

/** A list that names no columns of its own is written with these. */
const PLAIN: CodeColumns = { code: 'code', label: 'label', from: 'from', until: 'until' }

/** A code list as CSV, in the columns that an import of it is read from: reading it again gives the same list. */
export function writeCodeTable(values: readonly CodeValue[], columns: CodeColumns | null): string {
  const { code, label, from, until } = columns ?? PLAIN
  const parts = [
    { name: code, of: (value: CodeValue) => value.code },
    ...(label === code ? [] : [{ name: label, of: (value: CodeValue) => value.label }]),
    ...(from === null ? [] : [{ name: from, of: (value: CodeValue) => value.from ?? '' }]),
    ...(until === null ? [] : [{ name: until, of: (value: CodeValue) => value.until ?? '' }]),
  ]
  const rows = [parts.map(({ name }) => name), ...values.map((value) => parts.map(({ of }) => of(value)))]
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}

/** The list with entries put and removed; an entry is known by its code and its first day. */
export function editedCodes(
  values: readonly CodeValue[],
  put: readonly CodeValue[],
  remove: readonly Pick<CodeValue, 'code' | 'from'>[],
): readonly CodeValue[] {
  const nameOf = ({ code, from }: Pick<CodeValue, 'code' | 'from'>) => `${code}\u001f${from ?? ''}`
  const byName = new Map(values.map((value) => [nameOf(value), value]))
  for (const one of remove) byName.delete(nameOf(one))
  for (const one of put) byName.set(nameOf(one), one)
  return [...byName.values()]
}
