import { compileLookup } from '../../../src/exchange/code-lookup.ts'
import type { Definition, Field, RecordType } from '../../../src/exchange/definition.ts'
import { compileExpression, createFrame, type Frame } from '../../../src/exchange/expression/compile.ts'
import type { RawScalar, RawValue } from '../../../src/exchange/parcel.ts'
import { scalarReader } from '../../../src/exchange/scalar.ts'
import type { TypedValue, Values } from '../../../src/exchange/values.ts'
import { pathOf, type Steps, type Tree } from './tree.ts'

/** Paths of the fields that do not apply to a record as it stands, by the definition's own conditions. */
export type FindOutside = (
  tree: Tree,
  at: { readonly version: string; readonly today: string; readonly effective: string },
) => string[]

/** Compiles the presence conditions of a record type. */
export function compileOutside(definition: Definition, type: RecordType): FindOutside {
  const lists = new Map(Object.entries(definition.lists).map(([name, list]) => [name, compileLookup(list)]))
  const readers = new Map<Field, ReturnType<typeof scalarReader>>()
  const conditions = new Map<Field, (frame: Frame) => boolean>()
  const compile = (fields: readonly Field[], at: readonly string[]) => {
    for (const field of fields) {
      readers.set(field, scalarReader(field))
      compile(field.fields, [...at, field.name])
      if (field.when === null) continue
      const scope = {
        fields: type.fields,
        each: null,
        lists: [...lists.keys()],
        needs: 'record',
        at,
      } as const
      conditions.set(field, compileExpression(field.when, scope, lists))
    }
  }
  compile(type.fields, [])

  const typed = (value: RawValue | undefined, field: Field): TypedValue => {
    if (value === undefined || value === null || value === '') return undefined
    if (field.many && Array.isArray(value))
      return (value as readonly RawValue[]).map((item) => single(item, field))
    return single(value, field)
  }
  const single = (value: RawValue, field: Field): TypedValue => {
    if (field.type !== 'group') return readers.get(field)?.(value as RawScalar)
    return typeof value === 'object' && value !== null ? valuesIn(value as Tree, field.fields) : undefined
  }
  const valuesIn = (tree: Tree, fields: readonly Field[]): Values =>
    fields.map((field) => typed(Object.hasOwn(tree, field.name) ? tree[field.name] : undefined, field))

  return (tree, { version, today, effective }) => {
    const outside: string[] = []
    const record = valuesIn(tree, type.fields)
    const frame: Frame = { ...createFrame(), record, today, effective }
    const walk = (fields: readonly Field[], values: Values, parent: Values | undefined, at: Steps) => {
      for (const [index, field] of fields.entries()) {
        frame.it = values
        frame.parent = parent
        const steps = [...at, field.name]
        const condition = conditions.get(field)
        const applies =
          (field.only === null || field.only.includes(version)) &&
          (condition === undefined || condition(frame))
        if (!applies) outside.push(pathOf(steps))
        const inside = values[index]
        if (field.type !== 'group' || typeof inside !== 'object') continue
        if (!field.many) walk(field.fields, inside as Values, values, steps)
        else
          for (const [item, group] of (inside as readonly TypedValue[]).entries())
            if (typeof group === 'object') walk(field.fields, group as Values, values, [...steps, item])
      }
    }
    walk(type.fields, record, undefined, [])
    return outside
  }
}
