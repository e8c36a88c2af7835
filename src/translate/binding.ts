import type { Severity } from '../exchange/definition.ts'
import { ERROR_COLUMNS, ERRORS_MEMBER, readCorrects } from '../exchange/error-names.ts'
import type { Finding, Note, RawScalar, RawTree, RawValue } from '../exchange/parcel.ts'
import { shownValue, storableText } from '../exchange/shown-value.ts'
import { Trail } from '../exchange/trail.ts'
import type { FieldPlan } from './plan.ts'

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
      if (to !== text)
        this.notes.push({
          path: this.trail.path(plan.field.name),
          rule: change.rule,
          from: shownValue(text),
          to: shownValue(to),
        })
      text = to
    }
    if (text === '') return undefined
    return typeof raw === 'number' && text === sent ? raw : text
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
