import type { Severity } from '../exchange/definition.ts'
import { ERROR_COLUMNS, ERRORS_MEMBER, readCorrects } from '../exchange/error-names.ts'
import type { Finding, Note, RawScalar, RawTree, RawValue } from '../exchange/parcel.ts'
import { shownValue, storableText } from '../exchange/shown-value.ts'
import { Trail } from '../exchange/trail.ts'
import { DraftGroup } from './draft.ts'
import { partsOf } from './parts.ts'
import type { FieldPlan, GroupPlan } from './plan.ts'

/** Names of our own error files, which come back with the corrected records. */
const ownNames: ReadonlySet<string> = new Set([...ERROR_COLUMNS, ERRORS_MEMBER])

/** What is known while one record is bound. One object serves all records: `begin` empties it. */
export class Binding {
  readonly trail = new Trail()
  partner = ''
  findings: Finding[] = []
  notes: Note[] = []
  operation: string | null = null
  close: string | null = null
  stableId: string | null = null
  corrects: string | null = null
  readonly #unknownFields: Severity | 'ignore'

  constructor(unknownFields: Severity | 'ignore') {
    this.#unknownFields = unknownFields
  }

  begin(partner: string): void {
    this.partner = partner
    this.findings = []
    this.notes = []
    this.operation = null
    this.close = null
    this.stableId = null
    this.corrects = null
    this.trail.clear()
  }

  /** A scalar after the field's changes; undefined where nothing is left. */
  scalar(plan: FieldPlan, raw: RawScalar): RawScalar | undefined {
    if (raw === null || raw === '') return undefined
    const { changes } = plan
    if (changes.length === 0 || typeof raw === 'boolean') return raw
    let text = typeof raw === 'string' ? raw : String(raw)
    const sent = text
    for (let index = 0; index < changes.length; index += 1) {
      const change = changes[index] as FieldPlan['changes'][number]
      const to = change.apply(text, this.partner)
      if (to !== text) this.#note(plan, change.rule, text, to)
      text = to
    }
    if (text === '') return undefined
    return typeof raw === 'number' && text === sent ? raw : text
  }

  /** The items that a text is split into; undefined where there are none. */
  parts(plan: FieldPlan, text: string, mark: string): readonly RawScalar[] | undefined {
    const parts = partsOf(text, mark)
    if (parts.length > 1) this.#note(plan, 'split', text, parts.join(' | '))
    const items = parts.flatMap((part) => this.scalar(plan, part) ?? [])
    return items.length === 0 ? undefined : items
  }

  /** A list of scalars as one text; any other list stays as it was sent, and judging says so. */
  joined(plan: FieldPlan, raw: RawValue, by: string): RawValue | undefined {
    if (!Array.isArray(raw)) return raw
    const items: readonly RawValue[] = raw.filter((item: RawValue) => !isEmpty(item))
    if (items.some((item) => typeof item === 'object')) return raw
    const text = items.map(String).join(by)
    this.#note(plan, 'join', items.map(String).join(', '), text)
    return this.scalar(plan, text)
  }

  /** Puts defaults where nothing was sent. */
  fill(group: DraftGroup, { fields }: GroupPlan): void {
    for (const plan of fields) {
      const value = group.values[plan.index]
      if (value === undefined && plan.lists.fallback !== null) {
        this.#note(plan, 'default', '', plan.lists.fallback)
        group.values[plan.index] = plan.lists.fallback
      }
      if (plan.group?.fills !== true || value === undefined) continue
      const items: readonly unknown[] = Array.isArray(value) ? value : [value]
      for (const [index, item] of items.entries()) {
        if (!(item instanceof DraftGroup)) continue
        this.trail.enter(plan.field.name, plan.field.many ? index + 1 : 0)
        this.fill(item, plan.group)
        this.trail.leave()
      }
    }
  }

  #note(plan: FieldPlan, rule: string, from: string, to: string): void {
    this.notes.push({
      path: this.trail.path(plan.field.name),
      rule,
      from: shownValue(from),
      to: shownValue(to),
    })
  }

  /** A name that the definition does not know, with something in it. */
  unknown(name: string, value: unknown): void {
    if (this.#unknownFields === 'ignore' || ownNames.has(name)) return
    const shown = storableText(name.length > 80 ? name.slice(0, 80) : name)
    this.add(
      'UNKNOWN_FIELD',
      this.#unknownFields,
      '',
      shown,
      `There is no field ${shown} here; its value was not stored.`,
      value,
    )
  }

  add(code: string, severity: Severity, name: string, wire: string, message: string, value: unknown): void {
    this.findings.push({
      code,
      severity,
      path: this.trail.path(name),
      field: wire,
      item: this.trail.item(),
      message: storableText(message),
      value: value === undefined ? null : shownValue(value),
    })
  }
}

/** A marker of an error file, where the text is one. */
export function markerOf(text: string): string | null {
  return readCorrects(text) === null ? null : text
}

/** Nothing was sent: null, '', {}, [] and lists of such. */
export function isEmpty(value: RawValue): boolean {
  if (value === null || value === '') return true
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.every(isEmpty)
  for (const name in value as RawTree) if (!isEmpty((value as RawTree)[name] as RawValue)) return false
  return true
}
