import { compareCodes } from './codes.ts'
import type { CodeValue, Definition, Field, RecordType } from './definition.ts'

/** One difference between two definitions. */
export interface Difference {
  /** Where: `stop.persons.gender required`, `stop rule R6`, `list race 14` … */
  readonly place: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly before: string | null
  readonly after: string | null
}

/**
 * Everything that differs between two definitions of an exchange: the head, then types with their fields and
 * rules, then code lists. Fields are the same field when they have the same number, whatever their names.
 */
export function compareDefinitions(before: Definition, after: Definition): readonly Difference[] {
  const { types: oldTypes, lists: oldLists, hash: _old, ...oldHead } = before
  const { types: newTypes, lists: newLists, hash: _new, ...newHead } = after
  return [
    ...compareMembers('exchange', oldHead, newHead),
    ...compareNamed(
      byName(oldTypes, 'name'),
      byName(newTypes, 'name'),
      (name) => `type ${name}`,
      compareTypes,
    ),
    ...compareNamed(
      new Map(Object.entries(oldLists)),
      new Map(Object.entries(newLists)),
      (name) => `list ${name}`,
      (place, { values: oldValues, ...old }, { values: newValues, ...now }) => [
        ...compareMembers(place, old, now),
        ...compareValues(place, oldValues, newValues),
      ],
    ),
  ]
}

function compareTypes(_: string, before: RecordType, after: RecordType): readonly Difference[] {
  const { fields: oldFields, rules: oldRules, ...old } = before
  const { fields: newFields, rules: newRules, ...now } = after
  return [
    ...compareMembers(before.name, old, now),
    ...compareFields(before.name, oldFields, newFields),
    ...compareNamed(
      byName(oldRules, 'id'),
      byName(newRules, 'id'),
      (id) => `${before.name} rule ${id}`,
      compareMembers,
    ),
  ]
}

function compareFields(
  above: string,
  before: readonly Field[],
  after: readonly Field[],
): readonly Difference[] {
  const names = new Map([...after, ...before].map(({ no, name }) => [String(no), name]))
  return compareNamed(
    byName(before, 'no'),
    byName(after, 'no'),
    (no) => `${above}.${names.get(no) ?? no}`,
    (place, { fields: oldBelow, ...old }, { fields: newBelow, ...now }) => [
      ...compareMembers(place, old, now),
      ...compareFields(place, oldBelow, newBelow),
    ],
  )
}

function compareValues(
  place: string,
  before: readonly CodeValue[],
  after: readonly CodeValue[],
): readonly Difference[] {
  const { added, removed, changed } = compareCodes(before, after)
  return [
    ...added.map((value) => difference(`${place} ${value.code}`, 'added', null, spanText(value))),
    ...removed.map((value) => difference(`${place} ${value.code}`, 'removed', spanText(value), null)),
    ...changed.map(({ code, before: old, after: now }) =>
      difference(`${place} ${code}`, 'changed', old.map(spanText).join('; '), now.map(spanText).join('; ')),
    ),
  ]
}

function spanText({ label, from, until }: CodeValue): string {
  return `${label}${from === null ? '' : ` from ${from}`}${until === null ? '' : ` until ${until}`}`
}

/** The members of two plain objects that differ; objects inside are gone into, lists compared as a whole. */
function compareMembers(place: string, before: object, after: object): readonly Difference[] {
  const old = new Map<string, unknown>(Object.entries(before))
  const now = new Map<string, unknown>(Object.entries(after))
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)]
    if (isPlain(was) && isPlain(is)) return compareMembers(`${place} ${name}`, was, is)
    const [a, b] = [textOf(was), textOf(is)]
    if (a === b) return []
    return [difference(`${place} ${name}`, a === null ? 'added' : b === null ? 'removed' : 'changed', a, b)]
  })
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function compareNamed<T extends object>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  placeOf: (name: string) => string,
  compare: (place: string, before: T, after: T) => readonly Difference[],
): readonly Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)]
    if (old !== undefined && now !== undefined) return compare(placeOf(name), old, now)
    return old === undefined
      ? [difference(placeOf(name), 'added', null, titleOf(now))]
      : [difference(placeOf(name), 'removed', titleOf(old), null)]
  })
}

function byName<T, K extends keyof T>(items: readonly T[], key: K): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [String(item[key]), item]))
}

function titleOf(item: object | undefined): string {
  if (item !== undefined && 'label' in item) return String(item.label)
  return item !== undefined && 'title' in item ? String(item.title) : ''
}

/** Null for what says nothing: absent, null, an empty text or list. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.length === 0 ? null : JSON.stringify(value)
}

function difference(
  place: string,
  change: Difference['change'],
  before: string | null,
  after: string | null,
): Difference {
  return { place, change, before, after }
}
