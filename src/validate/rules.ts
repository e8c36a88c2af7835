import type { CodeLookup } from '../exchange/code-lookup.ts'
import type { Field, RecordType, Rule } from '../exchange/definition.ts'
import { type Condition, compileExpression, type Frame } from '../exchange/expression/compile.ts'
import { levelsOf } from '../exchange/expression/scope.ts'
import { wireName } from '../exchange/finding-codes.ts'
import { shownValue } from '../exchange/shown-value.ts'
import type { TypedValue } from '../exchange/values.ts'
import { inVersion } from './field-checks.ts'
import type { AbsoluteRead, Judgement } from './judgement.ts'
import { type Place, placeOf, plainText, valueAt } from './places.ts'
import { absoluteReads } from './reads.ts'

/** Runs the rules over a typed record: `frame.record` is set. */
export type CheckRules = (frame: Frame, judgement: Judgement) => void

interface CompiledRule {
  readonly rule: Rule
  readonly when: Condition | null
  readonly check: Condition
  readonly reads: readonly AbsoluteRead[]
  /** The field blamed first, from `it`; its wire name. */
  readonly blamed: Place
  readonly wire: string
  /** What the placeholders of the message stand for. */
  readonly holes: ReadonlyMap<string, Hole>
}

interface Hole {
  readonly root: 'record' | 'parent' | 'it'
  readonly place: Place
}

/** The rules that run over the same list, so that its items are walked once. */
interface RulesOfList {
  /** From the record down to `it`. */
  readonly place: Place
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
    place: placeOf(type.fields, each ?? '') ?? nowhere,
    rules,
  }))
  return (frame, judgement) => {
    for (const { place, rules } of all) {
      frame.it = frame.record
      frame.parent = undefined
      runDown(place.way, place.indexes, 0, rules, frame, judgement)
    }
  }
}

function compileRule(type: RecordType, rule: Rule, lists: ReadonlyMap<string, CodeLookup>): CompiledRule {
  const { fields } = type
  const { each, needs } = rule
  const scope = { fields, each, lists: [...lists.keys()], needs, at: [] }
  const path = each?.split('.') ?? []
  const levels = levelsOf(scope) ?? [fields]
  const roots = { record: fields, it: levels.at(-1) ?? fields, parent: levels.at(-2) ?? [] }
  const blamed = placeOf(roots.it, rule.blames[0] ?? '') ?? nowhere
  const wireField = blamed.way.at(-1)
  return {
    rule,
    when: rule.when === null ? null : compileExpression(rule.when, scope, lists),
    check: compileExpression(rule.check, scope, lists),
    reads: absoluteReads([rule.when, rule.check], fields, path),
    blamed,
    wire: wireField === undefined ? '' : wireName(wireField),
    holes: holesOf(rule.message, roots),
  }
}

const nowhere: Place = { way: [], indexes: [] }

const placeholders = /\{([a-z_][\w.]*)\}/g

/** Placeholders are paths from `it`, or begin with `record`, `parent` or `it`. */
function holesOf(
  message: string,
  roots: Readonly<Record<Hole['root'], readonly Field[]>>,
): ReadonlyMap<string, Hole> {
  const holes = new Map<string, Hole>()
  for (const [, path = ''] of message.matchAll(placeholders)) {
    const direct = placeOf(roots.it, path)
    if (direct !== null) {
      holes.set(path, { root: 'it', place: direct })
      continue
    }
    const [first, ...rest] = path.split('.')
    if (first !== 'record' && first !== 'parent' && first !== 'it') continue
    const place = placeOf(roots[first], rest.join('.'))
    if (place !== null) holes.set(path, { root: first, place })
  }
  return holes
}

function runDown(
  way: readonly Field[],
  indexes: readonly number[],
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
  const value = (group as readonly TypedValue[])[indexes[depth] as number]
  if (typeof value !== 'object') return
  const items = field.many ? value : [value]
  // A longer list has its finding; the cost of rules is bounded by the largest count.
  const count = Math.min(items.length, field.many ? field.itemsMax : 1)
  for (let index = 0; index < count; index += 1) {
    const item = items[index]
    if (typeof item !== 'object') continue
    frame.it = item
    frame.parent = group
    judgement.trail.enter(field.name, field.many ? index + 1 : 0)
    runDown(way, indexes, depth + 1, rules, frame, judgement)
    judgement.trail.leave()
  }
  frame.it = group
  frame.parent = parent
}

function runRule(compiled: CompiledRule, frame: Frame, judgement: Judgement): void {
  const { rule, when, check, reads, blamed, wire, holes } = compiled
  if (judgement.untyped.length > 0 && judgement.readsUntyped(reads, judgement.trail.items())) return
  if ((when !== null && !when(frame)) || check(frame)) return
  judgement.add(
    rule.code,
    rule.severity,
    judgement.trail.path(rule.blames[0] ?? ''),
    wire,
    rule.message.replace(placeholders, (hole, path: string) => {
      const found = holes.get(path)
      if (found === undefined) return path === 'today' ? frame.today : hole
      return shownValue(plainText(valueAt(frame[found.root], found.place)) ?? '')
    }),
    blamed.way.length === 0 ? undefined : plainText(valueAt(frame.it, blamed)),
  )
}
