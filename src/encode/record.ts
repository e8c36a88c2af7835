import { type Column, columnsOf } from '../exchange/columns.ts'
import type { Definition, Field, Operation, RecordType } from '../exchange/definition.ts'
import type { Body, RawTree, RawValue, Value } from '../exchange/parcel.ts'
import { scalarText } from './scalar.ts'

/** What travels beside a record's content. */
export interface Travel {
  /** What is to be done with the record, as the type's operation field says it. */
  readonly operation?: Operation
  readonly stableId?: string
  /** Definition version: fields of other versions are left out altogether. */
  readonly version?: string
}

type MutableTree = Record<string, RawValue>

/**
 * A canonical record in wire names, for JSON and XML. An exchange whose JSON is all text gets text
 * throughout and '' for what is absent; otherwise numbers are numbers and what is absent is left out. An
 * empty list is [].
 */
export function toWire(definition: Definition, type: RecordType, body: Body, travel: Travel = {}): RawTree {
  const tree: MutableTree = {}
  const { operation } = type
  const word = operationWord(type, travel.operation)
  if (word !== null) place(tree, operation.path, word)
  if (travel.operation === 'close' && operation.close !== null)
    place(tree, operation.close.path, operation.close.value)
  if (travel.stableId !== undefined && type.identity.stableId !== null)
    place(tree, type.identity.stableId.path, travel.stableId)
  placeFields(definition, tree, type.fields, body, travel.version)
  return tree
}

function placeFields(
  definition: Definition,
  tree: MutableTree,
  fields: readonly Field[],
  body: Body,
  version: string | undefined,
): void {
  const { allText } = definition.formats.json
  for (const field of fields) {
    if (version !== undefined && field.only !== null && !field.only.includes(version)) continue
    const value = body[field.name]
    if (value !== undefined) place(tree, field.path, wireValue(definition, field, value, version))
    else if (field.many) {
      if (allText) place(tree, field.path, [])
    } else if (field.type === 'group') {
      if (allText) place(tree, field.path, wireValue(definition, field, {}, version))
    } else if (allText) place(tree, field.path, '')
  }
}

function wireValue(
  definition: Definition,
  field: Field,
  value: Value,
  version: string | undefined,
): RawValue {
  if (Array.isArray(value)) return value.map((item: Value) => wireValue(definition, field, item, version))
  if (field.type === 'group' && isBody(value)) {
    const tree: MutableTree = {}
    placeFields(definition, tree, field.fields, value, version)
    return tree
  }
  const text = scalarText(field, value, definition.formats)
  return definition.formats.json.allText ? text : native(field, value, text)
}

/** Numbers as JSON numbers where that loses no digit; `true` and `false` as such where these are the words. */
function native(field: Field, value: Value, text: string): RawValue {
  if (typeof value === 'boolean') return text === String(value) ? value : text
  if (field.type !== 'integer' && field.type !== 'decimal') return text
  const number = Number(text)
  return text !== '' && String(number) === text ? number : text
}

/** Sets a value under nested names; names on the way that hold something else already give way to it. */
function place(tree: MutableTree, path: readonly string[], value: RawValue): void {
  let at = tree
  for (const name of path.slice(0, -1)) {
    const inner = at[name]
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) at[name] = {}
    at = at[name] as MutableTree
  }
  const last = path.at(-1)
  if (last !== undefined) at[last] = value
}

/**
 * A canonical record as rows of the flat layout, under the columns of `columnsOf`: one row, or one for each
 * item of the list that has rows of its own, with the record's other cells repeated on each.
 */
export function toRows(
  definition: Definition,
  type: RecordType,
  body: Body,
  travel: Travel = {},
): string[][] {
  const columns = columnsOf(definition, type)
  const { rowPer } = definition.formats.csv
  const listPath = rowPer === null ? [] : rowPer.split('.')
  const list = rowPer === null ? undefined : find(body, listPath)
  const items = Array.isArray(list) ? list.filter(isBody) : []
  const rows = items.length === 0 ? [{} as Body] : items
  return rows.map((item) =>
    columns.map((column) => {
      const control = controlCell(type, column, travel)
      if (control !== null) return control
      const value = column.ofItem ? find(item, column.path.slice(listPath.length)) : find(body, column.path)
      return value === undefined ? '' : cellText(definition, column, value)
    }),
  )
}

function controlCell(type: RecordType, column: Column, travel: Travel): string | null {
  if (column.kind === 'operation') return operationWord(type, travel.operation) ?? ''
  if (column.kind === 'stable_id') return travel.stableId ?? ''
  if (column.kind === 'close') return travel.operation === 'close' ? (type.operation.close?.value ?? '') : ''
  return null
}

function cellText(definition: Definition, column: Column, value: Value): string {
  const { formats } = definition
  const field = column.field as Field
  if (!Array.isArray(value)) return scalarText(field, value, formats)
  const items = value.map((item: Value) =>
    column.kind === 'groups' && isBody(item)
      ? partTexts(definition, column.parts, item).join(formats.csv.parts)
      : scalarText(field, item, formats),
  )
  return items.join(formats.csv.items)
}

/** The parts of an item in one cell; a list takes as many as it has values, absent ones at the end are cut. */
function partTexts(definition: Definition, parts: readonly Field[], item: Body): string[] {
  const texts = parts.flatMap((part) => {
    const value = item[part.name]
    if (Array.isArray(value)) return value.map((one: Value) => scalarText(part, one, definition.formats))
    return value === undefined ? [''] : [scalarText(part, value, definition.formats)]
  })
  while (texts.at(-1) === '') texts.pop()
  return texts
}

/** A close travels as a replace with its flag, where the type has one. */
function operationWord(type: RecordType, operation: Operation | undefined): string | null {
  if (operation === undefined) return null
  const meant = operation === 'close' && type.operation.close !== null ? 'replace' : operation
  return Object.entries(type.operation.values).find(([, value]) => value === meant)?.[0] ?? null
}

function find(body: Body, path: readonly string[]): Value | undefined {
  let at: Value | undefined = body
  for (const name of path) at = at !== undefined && isBody(at) ? at[name] : undefined
  return at
}

function isBody(value: Value): value is Body {
  return typeof value === 'object' && !Array.isArray(value)
}
