import { type CodeLookup, compileLookup } from '../exchange/code-lookup.ts'
import type { Definition, Field, Filter, RecordType } from '../exchange/definition.ts'
import { compileExpression, createFrame } from '../exchange/expression/compile.ts'
import type { RawRecord, RawScalar } from '../exchange/parcel.ts'
import { rawReader } from '../exchange/place.ts'
import { type ReadScalar, scalarReader } from '../exchange/scalar.ts'
import type { TypedValue, Values } from '../exchange/values.ts'
import { DraftGroup, type DraftValue } from './draft.ts'

/** The first filter that drops a record, or null. */
export type FindFilter = (record: DraftGroup, today: string, sent: RawRecord['shape']) => Filter | null

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
    raw: { names: null },
  } as const
  const filters = type.filters.map((filter) => ({
    filter,
    drops: compileExpression(filter.drop, scope, lists),
  }))
  const view = viewer(type.fields)
  const frame = createFrame()
  const raw = type.filters.some(({ drop }) => drop.includes('raw(')) ? rawReader() : null
  return (record, today, sent) => {
    frame.record = view(record)
    frame.it = frame.record
    frame.today = today
    frame.raw = raw?.(sent)
    const found = filters.find(({ drops }) => drops(frame))
    frame.raw = undefined
    frame.record = undefined
    frame.it = undefined
    return found?.filter ?? null
  }
}

/** Typed values of a draft; what cannot be typed is left out. */
function viewer(fields: readonly Field[]): (group: DraftGroup) => Values {
  const views = fields.map((field) => {
    const inside = field.type === 'group' ? viewer(field.fields) : null
    const read = inside === null ? scalarReader(field) : null
    const one = (value: DraftValue) => viewOne(value, inside, read)
    return field.many
      ? (value: DraftValue) =>
          (Array.isArray(value) ? value : []).map(one).filter((item) => item !== undefined)
      : one
  })
  return ({ values }) => views.map((view, index) => view(values[index]))
}

function viewOne(
  value: DraftValue,
  inside: ((group: DraftGroup) => Values) | null,
  read: ReadScalar | null,
): TypedValue {
  if (value instanceof DraftGroup) return inside?.(value)
  if (value === undefined || (typeof value === 'object' && value !== null)) return undefined
  return read?.(value as RawScalar)
}
