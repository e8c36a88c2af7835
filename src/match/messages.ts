import type { RecordType, StatusName } from '../exchange/definition.ts'
import type { Body, Value } from '../exchange/parcel.ts'

/** What messages are about. */
export const MESSAGE_TYPES = ['status-change', 'data-change', 'transfer', 'work-item'] as const
export type MessageType = (typeof MESSAGE_TYPES)[number]

/** A message to a partner about one of its records. */
export interface NewMessage {
  readonly type: MessageType
  readonly recordType: string
  readonly recordId: string
  /** Identity text. */
  readonly key: string
  readonly title: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A change of a partner's record that the partner did not make itself. */
export interface ForeignChange {
  readonly type: RecordType
  readonly kind: 'create' | 'update' | 'delete'
  /** `sent`: by the centre's file or call; `remove`: the centre's full file did not name it. */
  readonly cause: 'sent' | 'cascade' | 'settle' | 'remove'
  readonly recordId: string
  readonly key: string
  readonly formerKey: string | null
  readonly version: number
  readonly statusBefore: StatusName | null
  readonly status: StatusName
  readonly before: Body | null
  readonly after: Body | null
  /** Tracking number of the submission that made it. */
  readonly submission: string
  /** Why, as whoever made it said; null: nothing was said. */
  readonly reason: string | null
}

/** The message that tells of a change. Pure, so that whatever writes records can make it. */
export function messageOf(change: ForeignChange): NewMessage {
  const { type, recordId, key, kind, cause, version, submission, status } = change
  const fields =
    kind === 'update' && change.before !== null && change.after !== null
      ? differingFields(change.before, change.after)
      : []
  const statusFields = (type.statusFields ?? []).filter((name) => fields.includes(name))
  const stands = kind === 'delete' || statusFields.length > 0 || moved(change)
  const former = change.formerKey === null ? {} : { formerKey: readable(change.formerKey) }
  return {
    type: stands ? 'status-change' : 'data-change',
    recordType: type.name,
    recordId,
    key,
    title: titleOf(change, fields, statusFields),
    body: {
      change: { create: 'created', update: 'updated', delete: 'deleted' }[kind],
      cause,
      version,
      status,
      ...(change.statusBefore === null || change.statusBefore === status
        ? {}
        : { statusBefore: change.statusBefore }),
      ...former,
      ...(fields.length === 0 ? {} : { fields }),
      ...(statusFields.length === 0 ? {} : { values: valuesOf(change, statusFields) }),
      ...(change.reason === null ? {} : { reason: change.reason }),
      submission,
    },
  }
}

/** Has the record another status of its own, apart from having or not having errors? */
function moved({ statusBefore, status }: ForeignChange): boolean {
  return (
    statusBefore !== null && statusBefore !== status && (status === 'closed' || statusBefore === 'closed')
  )
}

function titleOf(change: ForeignChange, fields: readonly string[], statusFields: readonly string[]): string {
  const { type, kind, cause, after } = change
  const name = `${type.title} ${readable(change.key)}`.slice(0, 200)
  if (cause === 'cascade') return `${name} was deleted with a record that it belongs to.`
  if (cause === 'settle') return `${name}: the record that it refers to is there now.`
  if (cause === 'remove') return `${name} was deleted: a full file of the centre does not name it.`
  if (kind === 'create') return `${name} was entered by the centre.`
  if (kind === 'delete') return `${name} was deleted by the centre.`
  if (change.formerKey !== null)
    return `${name} was ${readable(change.formerKey)}: the centre changed its key.`.slice(0, 400)
  if (moved(change)) return `${name} is ${type.lifecycle.labels[change.status]} now.`
  const [first] = statusFields
  if (first !== undefined) {
    const value = after?.[first]
    return value === undefined
      ? `${name}: the centre removed ${labelOf(type, first)}.`
      : `${name}: ${labelOf(type, first)} is ${shown(value)} now.`
  }
  if (fields.length === 0) return `${name} was judged anew by the centre.`
  const labels = fields.slice(0, 5).map((field) => labelOf(type, field))
  const more = fields.length > 5 ? ` and ${fields.length - 5} more` : ''
  return `${name}: the centre changed ${labels.join(', ')}${more}.`
}

function labelOf(type: RecordType, name: string): string {
  return type.fields.find((field) => field.name === name)?.label ?? name
}

function valuesOf({ before, after }: ForeignChange, names: readonly string[]): object {
  return Object.fromEntries(
    names.map((name) => [name, { before: before?.[name] ?? null, after: after?.[name] ?? null }]),
  )
}

function shown(value: Value): string {
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, 60)
}

function readable(key: string): string {
  return key.replaceAll('\u001f', '/')
}

/** Names of the top-level fields whose values two contents do not share, in the order in which they stand. */
export function differingFields(before: Body, after: Body): readonly string[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)])
  return [...names].filter((name) => !sameValue(before[name], after[name]))
}

function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true
  if (left === undefined || right === undefined) return false
  // Canonical values: what is stored as jsonb may have the members of a group in another order.
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item: Value, at) => sameValue(item, right[at]))
  if (isBody(left) && isBody(right)) return differingFields(left, right).length === 0
  return typeof left === 'string' && typeof right === 'string' && left.normalize() === right.normalize()
}

function isBody(value: Value): value is Body {
  return typeof value === 'object' && !Array.isArray(value)
}
