import type { CodeLookup } from '../exchange/code-lookup.ts'
import type { Definition, Field, RecordType } from '../exchange/definition.ts'
import { createFrame, type Frame } from '../exchange/expression/compile.ts'
import { findingCode, wireName } from '../exchange/finding-codes.ts'
import type { Body, Finding, Value } from '../exchange/parcel.ts'
import { valuesOf } from '../exchange/values.ts'
import { Judgement } from './judgement.ts'
import { fieldMessage } from './messages.ts'
import { type CheckRules, compileRules } from './rules.ts'
import { lookupsOf, versionOn } from './validator.ts'

/**
 * Findings of a new body held against the stored one: rules that need both, and locked fields whose stored
 * value was changed or left out (fatal: decision 0007; what the stored record lacks may still be given).
 */
export function judgeAgainst(
  definition: Definition,
  type: RecordType,
  candidate: Body,
  current: Body,
  today: string,
): Finding[] {
  const against = againstOf(definition, type)
  const { judgement, frame } = against
  judgement.begin([])
  compareGroups(type.fields, candidate, current, judgement)
  const effective = type.effective === null ? today : candidate[type.effective]
  judgement.day = typeof effective === 'string' ? effective.slice(0, 10) : ''
  frame.record = valuesOf(candidate, type.fields)
  frame.current = valuesOf(current, type.fields)
  frame.today = today
  frame.effective = judgement.day
  const version = versionOn(definition.versions, judgement.day) ?? versionOn(definition.versions, today)
  against.rules.get(version ?? definition.versions.at(-1)?.name ?? '')?.(frame, judgement)
  frame.record = undefined
  frame.current = undefined
  return judgement.findings
}

interface Against {
  readonly rules: ReadonlyMap<string, CheckRules>
  readonly judgement: Judgement
  readonly frame: Frame
}

/** Compiled once per record type, for as long as its definition is in use. */
const compiled = new WeakMap<RecordType, Against>()

function againstOf(definition: Definition, type: RecordType): Against {
  let against = compiled.get(type)
  if (against === undefined) {
    const lists: ReadonlyMap<string, CodeLookup> = lookupsOf(definition)
    const rules = definition.versions.map(
      ({ name }) => [name, compileRules(type, name, 'current', lists)] as const,
    )
    against = { rules: new Map(rules), judgement: new Judgement(), frame: createFrame() }
    compiled.set(type, against)
  }
  return against
}

function compareGroups(fields: readonly Field[], candidate: Body, current: Body, judgement: Judgement): void {
  for (const field of fields) {
    const before = current[field.name]
    if (before === undefined) continue
    const after = candidate[field.name]
    if (field.locked) {
      if (!same(after, before)) addLocked(field, after, judgement)
    } else if (field.type === 'group' && holdsLocked(field)) compareInside(field, after, before, judgement)
  }
}

/** Items of a list are the same item by their key field, or else by their place. */
function compareInside(field: Field, after: Value | undefined, before: Value, judgement: Judgement): void {
  const olds = groupsOf(before)
  const news = groupsOf(after)
  const { itemKey } = field
  const unused = new Set(news.keys())
  for (const [index, old] of olds.entries()) {
    const key = itemKey === null ? undefined : old[itemKey]
    const place =
      key === undefined ? index : news.findIndex((one, at) => unused.has(at) && one[itemKey ?? ''] === key)
    const found = news[place]
    unused.delete(place)
    if (found === undefined) {
      addLocked(field, undefined, judgement)
      continue
    }
    judgement.trail.enter(field.name, field.many ? place + 1 : 0)
    compareGroups(field.fields, found, old, judgement)
    judgement.trail.leave()
  }
}

function groupsOf(value: Value | undefined): readonly Body[] {
  const items: readonly (Value | undefined)[] = Array.isArray(value) ? value : [value]
  return items.filter((item): item is Body => typeof item === 'object' && !Array.isArray(item))
}

function holdsLocked(field: Field): boolean {
  return field.fields.some((one) => one.locked || holdsLocked(one))
}

function addLocked(field: Field, value: Value | undefined, judgement: Judgement): void {
  const path = judgement.trail.path(field.name)
  const message = fieldMessage(field, 'locked', value, null)
  judgement.add(findingCode(field, 'locked'), 'fatal', path, wireName(field), message, value)
}

function same(left: Value | undefined, right: Value): boolean {
  return left === right || (left !== undefined && JSON.stringify(left) === JSON.stringify(right))
}
