import { compileLookup } from '../exchange/code-lookup.ts'
import { TODAY_BOUND } from '../exchange/dates.ts'
import type { CodeList, Definition, Field, Severity } from '../exchange/definition.ts'
import { patternWhole } from '../exchange/expression/pattern.ts'
import { wireName } from '../exchange/finding-codes.ts'
import type { RawScalar } from '../exchange/parcel.ts'
import { type ReadScalar, rankOf, scalarReader } from '../exchange/scalar.ts'
import { charCount } from '../exchange/text-length.ts'
import type { TypedValue, Values } from '../exchange/values.ts'
import { DraftGroup, type DraftValue } from '../translate/draft.ts'
import { compileDocument } from './documents.ts'
import type { Judgement } from './judgement.ts'

/** Types the values of a group and checks each by itself. */
export type CheckGroup = (group: DraftGroup, judgement: Judgement) => Values

/** The canonical value; a value that cannot be typed comes back as it was sent, as text. */
type CheckValue = (raw: DraftValue, judgement: Judgement) => TypedValue

/**
 * Checks a typed scalar; `item` numbers a value of a list. False ends the checks of this value: one mistake is
 * told once.
 */
type Check = (
  value: string | number | boolean,
  judgement: Judgement,
  item: number,
  sent: RawScalar,
) => boolean

/** Compiles the checks of single fields, for the fields that exist in a version of the definition. */
export function compileFieldChecks(
  definition: Definition,
  fields: readonly Field[],
  version: string,
  unknownFields: Severity | 'ignore',
): CheckGroup {
  const count = fields.length
  const checks = fields.map((field) =>
    inVersion(field, version) ? compileField(definition, field, version, unknownFields) : null,
  )
  return (group, judgement) => {
    const raw = group.values
    const values: Values = new Array(count)
    for (let index = 0; index < count; index += 1) {
      const sent = raw[index]
      const check = checks[index]
      if (sent === undefined) values[index] = undefined
      else if (check != null) values[index] = check(sent, judgement)
      else {
        values[index] = undefined
        if (unknownFields !== 'ignore')
          outOfVersion(fields[index] as Field, version, unknownFields, judgement)
      }
    }
    return values
  }
}

export function inVersion(one: { readonly only: readonly string[] | null }, version: string): boolean {
  return one.only === null || one.only.includes(version)
}

function outOfVersion(field: Field, version: string, severity: Severity, judgement: Judgement): void {
  const name = wireName(field)
  const message = `${name} is no field of version ${version}; its value was not stored.`
  judgement.add('UNKNOWN_FIELD', severity, judgement.trail.path(field.name), name, message, undefined)
}

function compileField(
  definition: Definition,
  field: Field,
  version: string,
  unknownFields: Severity | 'ignore',
): CheckValue {
  if (field.document !== null) return compileDocument(field, field.document)
  if (field.type === 'group') {
    const inside = compileFieldChecks(definition, field.fields, version, unknownFields)
    return field.many
      ? groupList(field, inside)
      : (raw, judgement) => oneGroup(field, inside, raw, 0, judgement)
  }
  const read = scalarReader(field)
  const checks = scalarChecks(definition, field)
  return field.many
    ? scalarList(field, read, checks)
    : (raw, judgement) => oneScalar(field, read, checks, raw, 0, judgement)
}

function oneScalar(
  field: Field,
  read: ReadScalar,
  checks: readonly Check[],
  raw: DraftValue,
  item: number,
  judgement: Judgement,
): TypedValue {
  const value = typeof raw === 'object' || raw === undefined ? undefined : read(raw)
  if (value === undefined) {
    judgement.found(field, 'type', raw, item)
    judgement.untype(field.name)
    return asSent(raw)
  }
  for (let index = 0; index < checks.length; index += 1)
    if (!(checks[index] as Check)(value, judgement, item, raw as RawScalar)) break
  return value
}

/** What could not be read is kept: text as text, anything structured as JSON text. */
function asSent(raw: DraftValue): string | number | boolean {
  if (typeof raw === 'object' || raw === undefined) return JSON.stringify(raw) ?? ''
  return raw
}

function oneGroup(
  field: Field,
  inside: CheckGroup,
  raw: DraftValue,
  item: number,
  judgement: Judgement,
): TypedValue {
  if (!(raw instanceof DraftGroup)) {
    judgement.found(field, 'type', raw, item)
    judgement.untype(field.name)
    return asSent(raw)
  }
  judgement.trail.enter(field.name, item)
  const values = inside(raw, judgement)
  judgement.trail.leave()
  return values
}

function groupList(field: Field, inside: CheckGroup): CheckValue {
  return (raw, judgement) => {
    const items = raw as readonly DraftValue[]
    checkCount(field, items.length, judgement)
    const list: TypedValue[] = []
    for (let index = 0; index < items.length; index += 1)
      list.push(oneGroup(field, inside, items[index], index + 1, judgement))
    if (field.distinct)
      checkDistinct(
        field,
        list.map((one) => keyOfItem(field, one)),
        (index) => Array.isArray(list[index]),
        judgement,
      )
    return list
  }
}

function scalarList(field: Field, read: ReadScalar, checks: readonly Check[]): CheckValue {
  const alone = new Set(field.alone)
  return (raw, judgement) => {
    const items = raw as readonly DraftValue[]
    checkCount(field, items.length, judgement)
    const list: TypedValue[] = []
    for (let index = 0; index < items.length; index += 1)
      list.push(oneScalar(field, read, checks, items[index], index + 1, judgement))
    if (list.length < 2) return list
    if (field.distinct)
      checkDistinct(field, list, (index) => read(list[index] as RawScalar) !== undefined, judgement)
    if (alone.size > 0) {
      const found = list.find((value) => alone.has(String(value)))
      if (found !== undefined && list.some((value) => value !== found))
        judgement.found(field, 'alone', found, 0)
    }
    return list
  }
}

/** A list longer than allowed is not looked at by rules: their cost is bounded by the largest count. */
function checkCount(field: Field, count: number, judgement: Judgement): void {
  if (count >= field.itemsMin && count <= field.itemsMax) return
  judgement.found(field, 'count', count, 0)
  if (count > field.itemsMax) judgement.untype(field.name)
}

/** Values that could not be typed have their finding already. */
function checkDistinct(
  field: Field,
  values: readonly TypedValue[],
  isTyped: (index: number) => boolean,
  judgement: Judgement,
): void {
  const seen = new Set<TypedValue>()
  for (const [index, value] of values.entries()) {
    if (seen.has(value) && isTyped(index)) judgement.found(field, 'repeated', value, index + 1)
    seen.add(value)
  }
}

/** What a group of a list is known by: its key, or all of it. */
function keyOfItem(field: Field, item: TypedValue): TypedValue {
  const key = field.fields.findIndex((one) => one.name === field.itemKey)
  return (Array.isArray(item) ? item[key] : undefined) ?? JSON.stringify(item)
}

function scalarChecks(definition: Definition, field: Field): readonly Check[] {
  const checks: Check[] = []
  if (field.lengthMin !== null || field.lengthMax !== null) checks.push(lengthCheck(field))
  if (field.pattern !== null) checks.push(patternCheck(field, field.pattern))
  if (field.min !== null || field.max !== null || field.scale !== null) checks.push(rangeCheck(field))
  const list = field.list === null ? undefined : definition.lists[field.list]
  if (field.type === 'code' && list !== undefined) checks.push(codeCheck(field, list))
  return checks
}

function lengthCheck(field: Field): Check {
  const min = field.lengthMin ?? 0
  const max = field.lengthMax ?? Number.POSITIVE_INFINITY
  return (value, judgement, item, sent) => {
    if (typeof value !== 'string') return true
    const count = charCount(value)
    if (count >= min && count <= max) return true
    judgement.found(field, 'length', sent, item)
    return false
  }
}

function patternCheck(field: Field, pattern: string): Check {
  const matches = patternWhole(pattern)
  return (value, judgement, item, sent) => {
    if (typeof value !== 'string' || matches(value)) return true
    judgement.found(field, 'pattern', sent, item)
    return false
  }
}

function rangeCheck(field: Field): Check {
  const min = field.min ?? Number.NEGATIVE_INFINITY
  const max = field.max ?? Number.POSITIVE_INFINITY
  const scale = field.scale ?? Number.POSITIVE_INFINITY
  return (value, judgement, item, sent) => {
    const rank = rankOf(field, value)
    const low = min === TODAY_BOUND ? judgement.todayNumber : min
    const high = max === TODAY_BOUND ? judgement.todayNumber : max
    if (!(rank < low || rank > high || digitsAfterPoint(value) > scale)) return true
    judgement.found(field, 'range', sent, item)
    return false
  }
}

function digitsAfterPoint(value: string | number | boolean): number {
  const text = typeof value === 'string' ? value : ''
  const point = text.indexOf('.')
  return point === -1 ? 0 : text.length - point - 1
}

function codeCheck(field: Field, list: CodeList): Check {
  const lookup = compileLookup(list)
  return (value, judgement, item, sent) => {
    if (lookup(value as string, judgement.day)) return true
    judgement.found(field, 'code', sent, item, list)
    return false
  }
}
