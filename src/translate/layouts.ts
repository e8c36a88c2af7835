import { compileLookup } from '../exchange/code-lookup.ts'
import type { Definition, Field, Layout, RecordType, Source } from '../exchange/definition.ts'
import { compileValue, createFrame } from '../exchange/expression/compile.ts'
import type { Frame } from '../exchange/expression/operators.ts'
import type { RawRecord, RawScalar, RawTree, RawValue } from '../exchange/parcel.ts'
import { isTree, type Place, parsePlace, rawReader, valuesIn } from '../exchange/place.ts'
import { shownValue } from '../exchange/shown-value.ts'
import type { Binding } from './binding.ts'
import { type Change, changesIn, type ListChanges, listChangesOf } from './changes.ts'
import { partsOf } from './parts.ts'

type Shape = RawRecord['shape']

/** A layout of others as it is used on records. */
export interface CompiledLayout {
  readonly name: string
  readonly others: Layout['others']
  /** Is this record one of the layout? */
  fits(shape: Shape): boolean
  /** The record in our names; what was computed or changed on the way is noted in the binding. */
  read(shape: Shape, binding: Binding, today: string): RawTree
  /** Names at the top of a record, or headers, that the layout reads. */
  readonly used: ReadonlySet<string>
  /** Where a field stands, by its canonical path without item numbers. */
  readonly places: ReadonlyMap<string, string>
}

/** Finds the layout of a record: the first that fits; null: our own. */
export type FindLayout = (shape: Shape) => CompiledLayout | null

/** Compiles the layouts of a type; null where it has none. Throws ExpressionError when an expression is wrong. */
export function compileLayouts(definition: Definition, type: RecordType): FindLayout | null {
  const { layouts = [] } = type
  if (layouts.length === 0) return null
  const compiled = layouts.map((layout) => compileLayout(layout, definition, type))
  return (shape) => compiled.find((layout) => layout.fits(shape)) ?? null
}

function compileLayout(layout: Layout, definition: Definition, type: RecordType): CompiledLayout {
  const { name, of, others } = layout
  const kind = of === 'rows' ? 'rows' : 'tree'
  const when = layout.when.map(({ at, is }) => ({ place: placeOf(at), is }))
  const reader = new LayoutReader(name, definition)
  const sources = layout.sources.map((source) => reader.compile(source, type.fields))
  const places = new Map<string, string>()
  for (const source of layout.sources) addPlaces(places, source, '')
  return {
    name,
    others,
    fits(shape) {
      if (shape.kind !== kind) return false
      return when.every(({ place, is }) => {
        if (is === null) return isThere(shape, place)
        return valuesIn(shape, place).some((value) => String(value) === is)
      })
    },
    read: (shape, binding, today) => reader.read(shape, sources, binding, today),
    used: new Set(layout.sources.flatMap((source) => namesRead(source, of))),
    places,
  }
}

/** In rows a header is enough: its cells may be empty. */
function isThere(shape: Shape, place: Place): boolean {
  return shape.kind === 'rows' ? shape.header.includes(place.text) : valuesIn(shape, place).length > 0
}

function placeOf(text: string): Place {
  return parsePlace(text) ?? { text, steps: [{ name: text, picks: [] }] }
}

function namesRead({ from }: Source, of: Layout['of']): readonly string[] {
  if (from.kind !== 'places') return []
  return of === 'rows' ? from.at : from.at.flatMap((at) => placeOf(at).steps[0]?.name ?? [])
}

function addPlaces(places: Map<string, string>, { field, from, fields }: Source, above: string): void {
  const path = `${above}${field.join('.')}`
  if (from.kind === 'places') places.set(path, from.at.join(', '))
  for (const one of fields) addPlaces(places, one, `${path}.`)
}

interface CompiledSource {
  readonly field: readonly string[]
  readonly values: (shape: Shape) => readonly RawValue[]
  /** The value is not one that was sent. */
  readonly made: boolean
  readonly changes: readonly Change[]
  readonly lists: ListChanges
  /** A field that takes a list. */
  readonly many: boolean
  readonly fields: readonly CompiledSource[]
}

class LayoutReader {
  readonly #rule: string
  readonly #frame: Frame = createFrame()
  readonly #raw = rawReader()
  readonly #lists: Parameters<typeof compileValue>[2]
  readonly #listNames: readonly string[]
  #binding: Binding | null = null

  constructor(name: string, definition: Definition) {
    this.#rule = `layout ${name}`
    this.#lists = new Map(
      Object.entries(definition.lists).map(([list, values]) => [list, compileLookup(values)]),
    )
    this.#listNames = [...this.#lists.keys()]
  }

  compile(source: Source, fields: readonly Field[]): CompiledSource {
    const field = fieldAt(source.field, fields)
    return {
      field: source.field,
      values: this.#valuesOf(source),
      made: source.from.kind !== 'places',
      changes: changesIn(source.transforms, field?.type ?? 'text'),
      lists: listChangesOf(source.transforms),
      many: field?.many === true,
      fields: source.fields.map((one) => this.compile(one, field?.fields ?? [])),
    }
  }

  #valuesOf({ from }: Source): (shape: Shape) => readonly RawValue[] {
    if (from.kind === 'value') {
      const values = [from.value]
      return () => values
    }
    if (from.kind === 'places') {
      const places = from.at.map(placeOf)
      return (shape) => places.flatMap((place) => valuesIn(shape, place))
    }
    const scope = { fields: [], each: null, lists: this.#listNames, needs: 'record', at: [] } as const
    const value = compileValue(from.cel, { ...scope, raw: { names: null } }, this.#lists)
    return () => {
      const result = value(this.#frame)
      return result === undefined || result === '' ? [] : [result as RawScalar]
    }
  }

  read(shape: Shape, sources: readonly CompiledSource[], binding: Binding, today: string): RawTree {
    this.#binding = binding
    this.#frame.raw = this.#raw(shape)
    this.#frame.today = today
    const tree = this.#tree(shape, sources)
    this.#frame.raw = undefined
    this.#binding = null
    return tree
  }

  #tree(shape: Shape, sources: readonly CompiledSource[]): RawTree {
    const tree: Record<string, RawValue> = {}
    for (const source of sources) {
      const value = this.#value(shape, source)
      if (value === undefined) continue
      let group = tree
      for (const name of source.field.slice(0, -1)) {
        group[name] ??= {}
        group = group[name] as Record<string, RawValue>
      }
      group[source.field.at(-1) ?? ''] = value
    }
    return tree
  }

  #value(shape: Shape, source: CompiledSource): RawValue | undefined {
    const found = source.values(shape)
    if (source.fields.length > 0) return this.#items(found, source)
    const { split, join, fallback } = source.lists
    let values = found.map((value) => this.#changed(value, source))
    if (split !== null)
      values = values.flatMap((value): readonly RawValue[] =>
        typeof value === 'string' ? partsOf(value, split) : [value],
      )
    values = values.filter((value) => value !== '')
    if (values.length === 0 && fallback !== null) return this.#noted(source, '', fallback)
    if (join !== null && values.length > 1 && values.every(isScalar))
      return this.#noted(source, values.map(String).join(', '), values.map(String).join(join))
    return values.length > 1 || (source.many && values.length > 0) ? values : values[0]
  }

  #items(found: readonly RawValue[], source: CompiledSource): RawValue | undefined {
    const trail = this.#binding?.trail
    const items = found.map((value, index) => {
      // What is no group stays as it was sent; judging says so.
      if (!isTree(value)) return value
      trail?.enter(source.field.join('.'), source.many ? index + 1 : 0)
      const item = this.#tree({ kind: 'tree', tree: value }, source.fields)
      trail?.leave()
      return item
    })
    return items.length > 1 || (source.many && items.length > 0) ? items : items[0]
  }

  #changed(sent: RawValue, source: CompiledSource): RawValue {
    if (!isScalar(sent)) return sent
    if (source.made) this.#noted(source, '', String(sent))
    if (source.changes.length === 0 || typeof sent === 'boolean') return sent
    const before = String(sent)
    const after = source.changes.reduce((text, change) => change.apply(text, ''), before)
    return after === before ? sent : this.#noted(source, before, after)
  }

  #noted(source: CompiledSource, from: string, to: string): string {
    this.#binding?.notes.push({
      path: this.#binding.trail.path(source.field.join('.')),
      rule: this.#rule,
      from: shownValue(from),
      to: shownValue(to),
    })
    return to
  }
}

function isScalar(value: RawValue): value is string | number | boolean {
  return value !== null && typeof value !== 'object'
}

function fieldAt(names: readonly string[], fields: readonly Field[]): Field | null {
  let inside = fields
  let field: Field | undefined
  for (const name of names) {
    field = inside.find((one) => one.name === name)
    inside = field?.fields ?? []
  }
  return field ?? null
}
