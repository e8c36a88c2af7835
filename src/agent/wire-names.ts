import type { Field, RecordType } from '../exchange/definition.ts'

/** A place in a record of a type where a column's value goes. */
export interface Target {
  /** Names from the record down, as JSON spells them. */
  readonly path: readonly string[]
  /** Null for what says what to do with the record, and for what is sent as it is. */
  readonly field: Field | null
  /** Canonical name of a top-level field; '' below groups and for all else. */
  readonly name: string
  readonly isOperation: boolean
}

/** Every place of a record type by the names that a column may call it by; lower case finds it too. */
export interface WireNames {
  find(name: string): Target | null
  readonly all: readonly string[]
  readonly targets: readonly Target[]
}

/**
 * A place goes by its path in JSON (`Residence.City`), its column in CSV and its canonical name
 * (`residence.city`), in this order where two places claim one name. Databases fold the case of names, so case
 * counts only where two names differ in nothing else.
 */
export function wireNamesOf(type: RecordType): WireNames {
  const found: { readonly target: Target; readonly names: readonly string[] }[] = []
  addFields(type.fields, [], [], found)
  const { operation, identity } = type
  const control = (path: readonly string[], column: string, isOperation: boolean) =>
    found.push({ target: { path, field: null, name: '', isOperation }, names: [path.join('.'), column] })
  control(operation.path, operation.column, true)
  if (operation.close !== null) control(operation.close.path, operation.close.column, false)
  if (identity.stableId !== null) control(identity.stableId.path, identity.stableId.column, false)
  const exact = new Map<string, Target>()
  const folded = new Map<string, Target>()
  for (let rank = 0; rank < 3; rank += 1)
    for (const { target, names } of found) {
      const name = names[rank]
      if (name === undefined) continue
      if (!exact.has(name)) exact.set(name, target)
      if (!folded.has(name.toLowerCase())) folded.set(name.toLowerCase(), target)
    }
  return {
    find: (name) => exact.get(name) ?? folded.get(name.toLowerCase()) ?? null,
    all: found.map(({ names }) => names[0] ?? ''),
    targets: found.map(({ target }) => target),
  }
}

function addFields(
  fields: readonly Field[],
  above: readonly string[],
  names: readonly string[],
  found: { readonly target: Target; readonly names: readonly string[] }[],
): void {
  for (const field of fields) {
    const path = [...above, ...field.path]
    const canonical = [...names, field.name]
    const name = names.length === 0 ? field.name : ''
    found.push({
      target: { path, field, name, isOperation: false },
      names: [path.join('.'), field.column, canonical.join('.')],
    })
    if (field.type === 'group' && !field.many && !isDocument(field))
      addFields(field.fields, path, canonical, found)
  }
}

/** A document travels as one value. */
export function isDocument(field: Field): boolean {
  return field.document !== undefined && field.document !== null
}
