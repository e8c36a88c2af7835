import { type CodeLookup, compileLookup } from '../exchange/code-lookup.ts'
import type { Definition, Field, Filter, RecordType } from '../exchange/definition.ts'
import { compileExpression, createFrame } from '../exchange/expression/compile.ts'
import type { RawScalar } from '../exchange/parcel.ts'
import { type ReadScalar, scalarReader } from '../exchange/scalar.ts'
import { DraftGroup, type DraftValue } from './draft.ts'

/** The first filter that drops a record, or null. */
export type FindFilter = (record: DraftGroup, today: string) => Filter | null

/** Compiles the filters of a type. They see canonical values; what cannot be read as one is absent to them. */
export function compileFilters(definition: Definition, type: RecordType): FindFilter {
  if (type.filters.length === 0) return () => null
  const lists = new Map<string, CodeLookup>()
  for (const [name, list] of Object.entries(definition.lists)) lists.set(name, compileLookup(list))
  const scope = {
    fields: type.fields,
    each: null,
    lists: [...lists.keys()],
    needs: 'record',
    at: [],
  } as const
  const filters = type.filters.map((filter) => ({
    filter,
    drops: compileExpression(filter.drop, scope, lists),
  }))
  const view = viewer(type.fields)
  const frame = createFrame()
  return (record, today) => {
    frame.record = view(record)
    frame.it = frame.record
    frame.today = today
    const found = filters.find(({ drops }) => drops(frame))
    frame.record = undefined
    frame.it = undefined
    return found?.filter ?? null
  }
}

function viewer(fields: readonly Field[]): (group: DraftGroup) => Record<string, unknown> {
  const views = fields.map((field) => {
    const inside = field.type === 'group' ? viewer(field.fields) : null
    const read = inside === null ? scalarReader(field) : null
    const one = (value: DraftValue) => viewOne(value, inside, read)
    return (value: DraftValue) =>
      field.many
        ? (Array.isArray(value) ? value : []).map(one).filter((item) => item !== undefined)
        : one(value)
  })
  return (group) => {
    const view: Record<string, unknown> = Object.create(null)
    for (const [index, field] of fields.entries()) {
      const value = group.values[index]
      if (value !== undefined) view[field.name] = views[index]?.(value)
    }
    return view
  }
}

function viewOne(
  value: DraftValue,
  inside: ((group: DraftGroup) => Record<string, unknown>) | null,
  read: ReadScalar | null,
): unknown {
  if (value instanceof DraftGroup) return inside?.(value)
  if (typeof value === 'object' && value !== null) return undefined
  return value === undefined ? undefined : read?.(value as RawScalar)
}
