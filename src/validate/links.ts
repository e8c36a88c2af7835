import type { Field, RecordType, Reference } from '../exchange/definition.ts'
import { wireName } from '../exchange/finding-codes.ts'
import type { Link } from '../exchange/parcel.ts'
import { blamedPath, fieldsAlong, linkPath } from '../exchange/references.ts'
import type { TypedValue, Values } from '../exchange/values.ts'
import { KEY_SEPARATOR } from './characters.ts'
import type { Judgement } from './judgement.ts'

/** The records that a record with these values refers to. */
export type ReadLinks = (values: Values, judgement: Judgement) => readonly Link[]

/** One field of a reference's key. */
interface Part {
  /** Places from the record down to the list, or to the value where no list is on the way. */
  readonly before: readonly number[]
  /** Places from an item of the list down to the value; null where no list is on the way. */
  readonly after: readonly number[] | null
  /** Canonical path without item numbers. */
  readonly pattern: string
}

interface CompiledReference {
  readonly name: string
  readonly parts: readonly Part[]
  /** The part that goes through a list, which says how many items there are. */
  readonly list: Part | null
  /** Canonical path of the field that findings blame. */
  readonly pathOf: (item: number) => string
  readonly field: string
  /** The list is one of groups: its items have numbers in findings. */
  readonly groups: boolean
}

/** Compiles the references of a type; null where it has none. */
export function compileLinks(type: RecordType): ReadLinks | null {
  const references = (type.references ?? []).flatMap((one) => compileReference(type, one) ?? [])
  if (references.length === 0) return null
  return (values, judgement) => {
    const links: Link[] = []
    for (const reference of references) addLinks(links, reference, values, judgement)
    return links
  }
}

function compileReference(type: RecordType, reference: Reference): CompiledReference | null {
  const { name, key } = reference
  const parts: Part[] = []
  for (const path of key) {
    const along = fieldsAlong(type.fields, path)
    if (along === null) return null
    parts.push(partOf(type.fields, along))
  }
  const along = fieldsAlong(type.fields, blamedPath(type.fields, reference)) ?? []
  const depth = along.findIndex((field) => field.many)
  const leaf = along.at(-1)
  return {
    name,
    parts,
    list: parts.find((part) => part.after !== null) ?? null,
    pathOf: (item) => linkPath(type.fields, reference, item),
    field: leaf === undefined ? '' : wireName(leaf),
    groups: along[depth]?.type === 'group',
  }
}

function partOf(top: readonly Field[], along: readonly Field[]): Part {
  let level = top
  const places = along.map((field) => {
    const place = level.indexOf(field)
    level = field.fields
    return place
  })
  const depth = along.findIndex((field) => field.many)
  return {
    before: depth === -1 ? places : places.slice(0, depth + 1),
    after: depth === -1 ? null : places.slice(depth + 1),
    pattern: along.map((field) => field.name).join('.'),
  }
}

function addLinks(links: Link[], reference: CompiledReference, values: Values, judgement: Judgement): void {
  const items = reference.list === null ? null : at(values, reference.list.before)
  const count = items === null ? 1 : isList(items) ? items.length : 0
  for (let index = 0; index < count; index += 1) {
    const item = reference.list === null ? 0 : index + 1
    const key = keyOf(reference, values, index, judgement)
    if (key === null) continue
    links.push({
      reference: reference.name,
      item,
      key,
      path: reference.pathOf(item),
      field: reference.field,
      inGroup: reference.groups && item > 0,
    })
  }
}

/** The key as text; null where a part is absent or could not be read. */
function keyOf(
  { parts }: CompiledReference,
  values: Values,
  index: number,
  judgement: Judgement,
): string | null {
  let text = ''
  for (const [number, { before, after, pattern }] of parts.entries()) {
    const reached = at(values, before)
    const value = after === null ? reached : at(isList(reached) ? reached[index] : undefined, after)
    if (value === undefined || typeof value === 'object') return null
    if (isUntyped(judgement, pattern, index + 1)) return null
    text = number === 0 ? String(value) : text + KEY_SEPARATOR + String(value)
  }
  return text
}

function isUntyped(judgement: Judgement, pattern: string, item: number): boolean {
  return (
    judgement.untyped.length > 0 &&
    judgement.untyped.some(
      (one) => one.pattern === pattern && (one.items.length === 0 || one.items[0] === item),
    )
  )
}

function at(value: TypedValue, places: readonly number[]): TypedValue {
  let reached = value
  for (const place of places) reached = isList(reached) ? reached[place] : undefined
  return reached
}

function isList(value: TypedValue): value is readonly TypedValue[] {
  return typeof value === 'object'
}
