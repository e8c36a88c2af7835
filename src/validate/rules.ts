import type { CodeLookup } from '../exchange/code-lookup.ts'
import type { Field, RecordType, Rule } from '../exchange/definition.ts'
import { type Condition, compileExpression, type Frame } from '../exchange/expression/compile.ts'
import { wireName } from '../exchange/finding-codes.ts'
import { shownValue } from '../exchange/shown-value.ts'
import { inVersion, type MutableBody } from './field-checks.ts'
import type { AbsoluteRead, Judgement } from './judgement.ts'
import { absoluteReads } from './reads.ts'

/** Runs the rules over a typed record: `frame.record` is set. */
export type CheckRules = (frame: Frame, judgement: Judgement) => void

interface CompiledRule {
  readonly rule: Rule
  readonly when: Condition | null
  readonly check: Condition
  readonly reads: readonly AbsoluteRead[]
  /** Wire name of the field blamed first. */
  readonly wire: string
}

/** The rules that run over the same list, so that its items are walked once. */
interface RulesOfList {
  /** Groups and lists from the record down to `it`. */
  readonly way: readonly Field[]
  readonly rules: readonly CompiledRule[]
}

/** Compiles the rules of a version that need no more than `needs` says. */
export function compileRules(
  type: RecordType,
  version: string,
  needs: 'record' | 'current',
  lists: ReadonlyMap<string, CodeLookup>,
): CheckRules {
  const byList = new Map<string | null, CompiledRule[]>()
  for (const rule of type.rules) {
    if (rule.needs !== needs || !inVersion(rule, version)) continue
    const rules = byList.get(rule.each) ?? []
    rules.push(compileRule(type, rule, lists))
    byList.set(rule.each, rules)
  }
  const all: RulesOfList[] = [...byList].map(([each, rules]) => ({
    way: fieldsOn(type.fields, each?.split('.') ?? []),
    rules,
  }))
  return (frame, judgement) => {
    for (const { way, rules } of all) {
      frame.it = frame.record
      frame.parent = undefined
      runDown(way, 0, rules, frame, judgement)
    }
  }
}

function compileRule(type: RecordType, rule: Rule, lists: ReadonlyMap<string, CodeLookup>): CompiledRule {
  const { fields } = type
  const { each, needs } = rule
  const scope = { fields, each, lists: [...lists.keys()], needs, at: [] }
  const path = each?.split('.') ?? []
  const blamed = fieldsOn(fields, [...path, ...(rule.blames[0]?.split('.') ?? [])]).at(-1)
  return {
    rule,
    when: rule.when === null ? null : compileExpression(rule.when, scope, lists),
    check: compileExpression(rule.check, scope, lists),
    reads: absoluteReads([rule.when, rule.check], fields, path),
    wire: blamed === undefined ? '' : wireName(blamed),
  }
}

function fieldsOn(fields: readonly Field[], path: readonly string[]): Field[] {
  const way: Field[] = []
  let level = fields
  for (const name of path) {
    const field = level.find((one) => one.name === name)
    if (field === undefined) break
    way.push(field)
    level = field.fields
  }
  return way
}

function runDown(
  way: readonly Field[],
  depth: number,
  rules: readonly CompiledRule[],
  frame: Frame,
  judgement: Judgement,
): void {
  const field = way[depth]
  if (field === undefined) {
    for (let index = 0; index < rules.length; index += 1)
      runRule(rules[index] as CompiledRule, frame, judgement)
    return
  }
  const group = frame.it
  const { parent } = frame
  const value = (group as MutableBody)[field.name]
  if (typeof value !== 'object') return
  const items = field.many ? (value as readonly unknown[]) : [value]
  // A longer list has its finding; the cost of rules is bounded by the largest count.
  const count = Math.min(items.length, field.many ? field.itemsMax : 1)
  for (let index = 0; index < count; index += 1) {
    const item = items[index]
    if (typeof item !== 'object' || item === null) continue
    frame.it = item
    frame.parent = group
    judgement.trail.enter(field.name, field.many ? index + 1 : 0)
    runDown(way, depth + 1, rules, frame, judgement)
    judgement.trail.leave()
  }
  frame.it = group
  frame.parent = parent
}

function runRule(compiled: CompiledRule, frame: Frame, judgement: Judgement): void {
  const { rule, when, check, reads, wire } = compiled
  if (judgement.untyped.length > 0 && judgement.readsUntyped(reads, judgement.trail.items())) return
  if ((when !== null && !when(frame)) || check(frame)) return
  const blamed = rule.blames[0] ?? ''
  const value = valueAt(frame.it, blamed)
  const shown = blamed === '' || typeof value === 'object' ? plainList(value) : value
  judgement.add(
    rule.code,
    rule.severity,
    judgement.trail.path(blamed),
    wire,
    rule.message.replace(/\{([a-z_][\w.]*)\}/g, (_, path: string) => textAt(frame, path)),
    shown,
  )
}

/** A list of scalars as people write it; anything deeper is left out of the finding. */
function plainList(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.some((item) => typeof item === 'object')) return undefined
  return value.join(', ')
}

function textAt(frame: Frame, path: string): string {
  const [first = '', ...rest] = path.split('.')
  const roots: Readonly<Record<string, unknown>> = {
    record: frame.record,
    parent: frame.parent,
    it: frame.it,
  }
  const value =
    first === 'today'
      ? frame.today
      : Object.hasOwn(roots, first)
        ? valueAt(roots[first], rest.join('.'))
        : valueAt(frame.it, path)
  if (value === undefined) return ''
  return shownValue(plainList(value) ?? value)
}

function valueAt(group: unknown, path: string): unknown {
  if (path === '') return undefined
  let value = group
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as MutableBody)[name]
  }
  return value
}
