import type { Definition, Field, RecordType, Rule } from './definition.ts'
import { checkExpression, type Scope } from './expression/check.ts'
import { ExpressionError } from './expression/expression-error.ts'
import { patternWhole } from './expression/pattern.ts'
import type { FieldSource } from './load-field.ts'
import type { TypeSource } from './load-type.ts'
import { type Place, type Report, suggestion } from './problem.ts'
import type { Section } from './section.ts'

/** Repetitions of one character that a pattern may ask for, counted through nested groups. */
const repeatsMax = 1000

/** Reports expressions, patterns, paths and placeholders of a record type that cannot work. */
export function checkExpressions(
  { type, section, fields }: TypeSource,
  definition: Definition,
  report: Report,
): void {
  const checker = new ExpressionChecker(type, Object.keys(definition.lists), report)
  checker.fields(fields, [])
  for (const [index, own] of section.sections('rules').entries()) {
    const rule = type.rules[index]
    if (rule !== undefined) checker.rule(rule, own)
  }
  checkFilters(type, section, Object.keys(definition.lists), report)
}

/** Reports filters under `filters` that cannot work; they may also ask what was sent. */
export function checkFilters(
  type: RecordType,
  section: Section,
  lists: readonly string[],
  report: Report,
): void {
  const checker = new ExpressionChecker(type, lists, report)
  for (const own of section.sections('filters')) checker.expression(own, 'drop', null, 'record', [], true)
}

class ExpressionChecker {
  readonly #type: RecordType
  readonly #lists: readonly string[]
  readonly #report: Report

  constructor(type: RecordType, lists: readonly string[], report: Report) {
    this.#type = type
    this.#lists = lists
    this.#report = report
  }

  fields(sources: readonly FieldSource[], at: readonly string[]): void {
    for (const { field, section, below } of sources) {
      this.expression(section, 'when', null, 'record', at)
      if (field.pattern !== null) this.#pattern(field.pattern, section.place('pattern'))
      this.fields(below, [...at, field.name])
    }
  }

  rule(rule: Rule, section: Section): void {
    const scope =
      rule.each === null ? this.#type.fields : this.#fieldsOfEach(rule.each, section.place('each'))
    if (scope === null) return
    this.expression(section, 'when', rule.each, rule.needs, [])
    this.expression(section, 'check', rule.each, rule.needs, [])
    for (const { value, at } of section.items('blames'))
      if (typeof value === 'string') this.#path(value, scope, at)
    for (const [, path = ''] of rule.message.matchAll(/\{([^{}]*)\}/g))
      this.#path(path, scope, section.place('message'))
  }

  expression(
    section: Section,
    key: string,
    each: string | null,
    needs: Scope['needs'],
    at: readonly string[],
    raw = false,
  ): void {
    const text = section.textOrNull(key)
    if (text === null) return
    const { fields } = this.#type
    const scope = { fields, each, lists: this.#lists, needs, at }
    const checked = checkExpression(text.trim(), raw ? { ...scope, raw: { names: null } } : scope)
    if (checked.ok) return
    const { offset } = checked
    const inner = section.inner(key)
    const place =
      inner === null ? section.place(key) : { ...inner, column: inner.column + offset + leading(text) }
    const near = text.trim().slice(offset, offset + 30)
    const fix = near === '' ? `Look at the end of '${key}'.` : `Look at '${key}' from: ${near}`
    this.#report(place, 'EXPRESSION', checked.message, fix)
  }

  /** Fields of the items that a rule is asked for; null (and reported) where the path leads to no list. */
  #fieldsOfEach(each: string, at: Place): readonly Field[] | null {
    let fields = this.#type.fields
    const names = each.split('.')
    for (const [index, name] of names.entries()) {
      const group = fields.find((field) => field.name === name)
      if (group === undefined || group.type !== 'group' || (index === names.length - 1 && !group.many)) {
        const groups = fields.filter((field) => field.type === 'group').map((field) => field.name)
        this.#report(at, 'UNKNOWN_NAME', `'${each}' is no list of groups.`, suggestion(name, groups))
        return null
      }
      fields = group.fields
    }
    return fields
  }

  #path(path: string, scope: readonly Field[], at: Place): void {
    let fields = scope
    for (const name of path.split('.')) {
      const field = fields.find((one) => one.name === name)
      if (field === undefined) {
        const known = fields.map((one) => one.name)
        this.#report(at, 'UNKNOWN_NAME', `There is no field '${path}' here.`, suggestion(name, known))
        return
      }
      fields = field.fields
    }
  }

  #pattern(pattern: string, at: Place): void {
    if (repeatsOf(pattern) > repeatsMax) {
      const fix = 'Repeat less, and do not put one {…} inside another.'
      this.#report(at, 'PATTERN', `The pattern repeats more than ${repeatsMax} times.`, fix)
      return
    }
    try {
      patternWhole(pattern)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      const fix = 'RE2 has no look-around and no back-references; a \\ or a bracket may need a \\ before it.'
      this.#report(at, 'PATTERN', error.message, fix)
    }
  }
}

function leading(text: string): number {
  return text.length - text.trimStart().length
}

/**
 * The largest number of copies that a pattern's `{n,m}` make of one part, groups within groups multiplied. RE2
 * needs memory in proportion, however short the text.
 */
export function repeatsOf(pattern: string): number {
  let most = 1
  /** Largest count inside each open group. */
  const open: number[] = [1]
  let last = 1
  for (let at = 0; at < pattern.length; at += 1) {
    const mark = pattern[at]
    if (mark === '\\') at += 1
    else if (mark === '[') at = classEnd(pattern, at)
    if (mark === '(') {
      open.push(1)
      continue
    }
    if (mark === ')') {
      last = open.length > 1 ? (open.pop() ?? 1) : 1
    } else if (mark === '{') {
      const counts = /^\{(\d{1,6})(?:,(\d{0,6}))?\}/.exec(pattern.slice(at, at + 16))
      if (counts !== null) {
        last *= Math.max(Number(counts[1]), Number(counts[2] ?? 0), 1)
        at += counts[0].length - 1
      }
    } else if (mark !== '*' && mark !== '+' && mark !== '?') last = 1
    most = Math.max(most, last)
    open[open.length - 1] = Math.max(open.at(-1) ?? 1, last)
  }
  return most
}

/** Index of the `]` that closes a character class, or of the pattern's end. */
function classEnd(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at += 1
  if (pattern[at] === ']') at += 1
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at
}
