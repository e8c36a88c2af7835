import type { Definition, Field } from '../../../src/exchange/definition.ts'

export type Body = Readonly<Record<string, unknown>>

/** How values are said in the reader's language. */
export interface Words {
  date(iso: string): string
  readonly yes: string
  readonly no: string
}

/** One value of a record as people read it. */
export interface Leaf {
  /** As findings name it: `persons[2].gender`. */
  readonly path: string
  /** Labels from the record down to it. */
  readonly label: string
  readonly text: string
}

/** A value that two contents of a record do not share; null where there is none. */
export interface Difference {
  readonly path: string
  readonly label: string
  readonly before: string | null
  readonly after: string | null
}

/** Every value of a record in the order of its definition, each with its name in full. */
export function leavesOf(
  fields: readonly Field[],
  body: Body,
  lists: Definition['lists'],
  words: Words,
): readonly Leaf[] {
  const under = (all: readonly Field[], values: Body, path: string, label: string): readonly Leaf[] =>
    all.flatMap((field) => {
      const value = values[field.name]
      if (isNothing(value)) return []
      const here = `${path}${field.name}`
      const name = `${label}${field.label}`
      if (field.type !== 'group' || field.document !== null)
        return [{ path: here, label: name, text: valueText(field, value, lists, words) }]
      const items = field.many && Array.isArray(value) ? value : [value]
      return items.flatMap((item: unknown, index) => {
        const number = field.many ? ` ${index + 1}` : ''
        const at = field.many ? `[${index + 1}]` : ''
        return isBody(item) ? under(field.fields, item, `${here}${at}.`, `${name}${number} › `) : []
      })
    })
  return under(fields, body, '', '')
}

/** What differs between two contents, in the order in which it stands. */
export function differences(before: readonly Leaf[], after: readonly Leaf[]): readonly Difference[] {
  const now = new Map(after.map((leaf) => [leaf.path, leaf]))
  const then = new Map(before.map((leaf) => [leaf.path, leaf]))
  const changed = before
    .filter(({ path, text }) => now.get(path)?.text !== text)
    .map(({ path, label, text }) => ({ path, label, before: text, after: now.get(path)?.text ?? null }))
  const added = after
    .filter(({ path }) => !then.has(path))
    .map(({ path, label, text }) => ({ path, label, before: null, after: text }))
  return [...changed, ...added]
}

/** A value as people read it: a code with what it means, a date as the language writes it. */
export function valueText(field: Field, value: unknown, lists: Definition['lists'], words: Words): string {
  if (Array.isArray(value))
    return value.map((item: unknown) => valueText(field, item, lists, words)).join('; ')
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (field.document !== null) return documentText(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (field.type === 'date') return words.date(text)
  if (field.list === null) return text
  const label = lists[field.list]?.values.find(({ code }) => code === text)?.label
  return label === undefined || label === text ? text : `${text} · ${label}`
}

/** Its kind and size; what was chosen and not sent yet has no name. */
export function documentText(value: unknown): string {
  return isBody(value) ? `${String(value.type).toUpperCase()}, ${String(value.size)} B` : '…'
}

export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Nothing was said here. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
