import type { CodeList, Definition, Field, RecordType } from '../exchange/definition.ts'

/** One difference between two definitions. */
export interface Difference {
  /** Where: `stop.persons.gender`, `list race 14`, `rule R6` … */
  readonly place: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly before: string | null
  readonly after: string | null
}

/** Everything that differs between two definitions of an exchange, in the order of the definition. */
export function compareDefinitions(before: Definition, after: Definition): readonly Difference[] {
  const { types: oldTypes, lists: oldLists, hash: _old, ...oldHead } = before
  const { types: newTypes, lists: newLists, hash: _new, ...newHead } = after
  return [
    ...compareParts('exchange', oldHead, newHead),
    ...compareNamed(named(oldTypes, 'name'), named(newTypes, 'name'), (name) => name, compareTypes),
    ...compareNamed(entries(oldLists), entries(newLists), (name) => `list ${name}`, compareLists),
  ]
}

function compareTypes(place: string, before: RecordType, after: RecordType): Difference[] {
  const { fields: oldFields, rules: oldRules, ...oldRest } = before
  const { fields: newFields, rules: newRules, ...newRest } = after
  return [
    ...compareParts(place, oldRest, newRest),
    ...compareFields(place, oldFields, newFields),
    ...compareNamed(
      named(oldRules, 'id'),
      named(newRules, 'id'),
      (id) => `${place} rule ${id}`,
      compareParts,
    ),
  ]
}

function compareFields(place: string, before: readonly Field[], after: readonly Field[]): Difference[] {
  return compareNamed(
    named(before, 'name'),
    named(after, 'name'),
    (name) => `${place}.${name}`,
    (path, { fields: oldChildren, ...old }, { fields: newChildren, ...now }) => [
      ...compareParts(path, old, now),
      ...compareFields(path, oldChildren, newChildren),
    ],
  )
}

function compareLists(place: string, before: CodeList, after: CodeList): Difference[] {
  const { values: oldValues, ...oldRest } = before
  const { values: newValues, ...newRest } = after
  const byCode = (values: CodeList['values']) =>
    new Map(values.map((value) => [`${value.code} ${value.from ?? ''}`.trim(), value]))
  return [
    ...compareParts(place, oldRest, newRest),
    ...compareNamed(byCode(oldValues), byCode(newValues), (code) => `${place} ${code}`, compareParts),
  ]
}

/** The members of two plain objects that differ. */
function compareParts(place: string, before: object, after: object): Difference[] {
  const old = entries(before)
  const now = entries(after)
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [a, b] = [textOf(old.get(name)), textOf(now.get(name))]
    return a === b ? [] : [{ place: `${place} ${name}`, change: 'changed' as const, before: a, after: b }]
  })
}

function compareNamed<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  placeOf: (name: string) => string,
  compare: (place: string, before: T, after: T) => Difference[],
): Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name): Difference[] => {
    const [old, now] = [before.get(name), after.get(name)]
    const place = placeOf(name)
    if (old === undefined) return [{ place, change: 'added', before: null, after: nameOf(now) }]
    if (now === undefined) return [{ place, change: 'removed', before: nameOf(old), after: null }]
    return compare(place, old, now)
  })
}

function named<T, K extends keyof T>(items: readonly T[], key: K): Map<string, T> {
  return new Map(items.map((item) => [String(item[key]), item]))
}

function entries<T>(of: Readonly<Record<string, T>> | object): Map<string, T> {
  return new Map(Object.entries(of) as [string, T][])
}

function nameOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return textOf(item)
  if ('label' in item) return String(item.label)
  return 'title' in item ? String(item.title) : ''
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
