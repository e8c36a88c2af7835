import type { Field } from '../definition.ts'

/** Where an expression stands, and so what it may name. */
export interface Scope {
  /** Top-level fields of the record type. */
  readonly fields: readonly Field[]
  /** Dotted path of the list that the rule runs over; null where there is none. */
  readonly each: string | null
  /** Names of the code lists of the exchange. */
  readonly lists: readonly string[]
  /** `current` may be named by expressions that need it. */
  readonly needs: 'record' | 'current' | 'book'
  /** Names of the groups around a field whose `when` this is, outermost first; [] at the top level. */
  readonly at: readonly string[]
  /** `raw('…')` may be asked for what was sent; with names, for those only. Absent: it may not. */
  readonly raw?: { readonly names: readonly string[] | null }
}

/** Type of a (sub)expression, as far as compiling needs it. `int` and `double` are both numbers at run time. */
export type StaticType =
  | { readonly kind: 'text' | 'bool' | 'double' | 'int' | 'nothing' }
  | { readonly kind: 'group'; readonly fields: readonly Field[] }
  | { readonly kind: 'list'; readonly item: StaticType; readonly sizeMax: number }

export const TEXT: StaticType = { kind: 'text' }
export const BOOL: StaticType = { kind: 'bool' }
export const INT: StaticType = { kind: 'int' }
export const DOUBLE: StaticType = { kind: 'double' }
export const NOTHING: StaticType = { kind: 'nothing' }

/** Names of the groups down to `it`. */
export function pathOfIt(scope: Scope): readonly string[] {
  return scope.each === null ? scope.at : scope.each.split('.')
}

/** The fields of each group on the way to `it`, the record's first and `it`'s last; null: no such group. */
export function levelsOf(scope: Scope): readonly (readonly Field[])[] | null {
  const levels = [scope.fields]
  for (const name of pathOfIt(scope)) {
    const group = levels.at(-1)?.find((field) => field.name === name)
    if (group?.type !== 'group') return null
    levels.push(group.fields)
  }
  return levels
}

/** What an expression sees when it reads a field. */
export function typeOfField(field: Field): StaticType {
  const one = typeOfOne(field)
  return field.many ? { kind: 'list', item: one, sizeMax: field.itemsMax } : one
}

function typeOfOne(field: Field): StaticType {
  if (field.type === 'group') return { kind: 'group', fields: field.fields }
  if (field.type === 'boolean') return BOOL
  return field.type === 'integer' || field.type === 'decimal' ? DOUBLE : TEXT
}
