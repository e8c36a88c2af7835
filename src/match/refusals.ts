import type { Lifecycle, RecordType } from '../exchange/definition.ts'
import type { Finding, Parcel } from '../exchange/parcel.ts'
import type { Book, DecideContext, Live } from './decide.ts'
import { keyText } from './key-text.ts'

/** Findings of a record that names another owner than its book's. */
export function ownershipFindings(parcel: Parcel, { type, ownerValues }: DecideContext): readonly Finding[] {
  const { owner } = type.identity
  if (owner === null || parcel.ownerValue === null || ownerValues.has(parcel.ownerValue)) return []
  const wire = type.fields.find((field) => field.name === owner.field)?.path.at(-1) ?? owner.field
  return [fatal(owner.code, owner.message, owner.field, wire, parcel.ownerValue)]
}

/** Why a record whose key is free cannot be stored, or null. */
export function refusedNew(
  parcel: Parcel,
  book: Book,
  { type, expectedVersion }: DecideContext,
): Finding | null {
  const { identity } = type
  if (!makesNew(parcel) || expectedVersion !== null) return fatalAt(type, identity.missing, keyText(parcel))
  if (type.sync?.new === 'reject') return fatalAt(type, type.sync.newRefused, keyText(parcel))
  if (!allowed(type.lifecycle, parcel, 'create'))
    return fatal('OPERATION_NOT_OFFERED', 'This exchange does not take new records.', '', '', null)
  if (parcel.quotedId !== null) return fatalQuoted(type, parcel)
  const duplicateKey = parcel.duplicateKeys[0] ?? null
  const rule = identity.duplicates[0]
  if (rule === undefined || duplicateKey === null) return null
  if (book.byDuplicateKey(type.name, duplicateKey) === undefined) return null
  const last = rule.fields.at(-1) ?? ''
  const field = type.fields.find((candidate) => candidate.name === last)
  return fatal(rule.code, rule.message, last, field?.path.at(-1) ?? last, null)
}

/** Why a stored record may not get this content, or null. */
export function refusedChange(parcel: Parcel, current: Live, { type }: DecideContext): Finding | null {
  const { sync } = type
  if (sync?.changed !== 'reject' || parcel.contentHash === current.contentHash) return null
  return fatalAt(type, sync.changedRefused, keyText(parcel))
}

/** Why this cannot be done to the stored record, or null. */
export function refusedStored(parcel: Parcel, current: Live, context: DecideContext): Finding | null {
  const { type, byCentre, expectedVersion } = context
  if (parcel.operation === 'create') return fatalAt(type, type.identity.exists, keyText(parcel))
  const operation = parcel.operation === 'upsert' ? 'replace' : parcel.operation
  const rule = type.lifecycle.operations[parcel.operation] ?? type.lifecycle.operations[operation]
  if (rule === undefined)
    return fatal('OPERATION_NOT_OFFERED', `This exchange does not offer '${parcel.operation}'.`, '', '', null)
  if (rule.grant === 'centre' && !byCentre)
    return fatal('OPERATION_NOT_GRANTED', `Only the centre may ${parcel.operation} a record.`, '', '', null)
  if (parcel.quotedId !== null && parcel.quotedId.toLowerCase() !== current.recordId)
    return fatalQuoted(type, parcel)
  if (!rule.from.includes(current.status))
    return fatalAt(type, type.identity.closed, type.lifecycle.labels[current.status])
  if (expectedVersion !== null && expectedVersion !== current.version)
    return fatal(
      'VERSION_CHANGED',
      `The record is at version ${current.version}, not ${expectedVersion}.`,
      '',
      '',
      null,
    )
  return null
}

function makesNew(parcel: Parcel): boolean {
  return parcel.operation === 'create' || parcel.operation === 'upsert'
}

function allowed(lifecycle: Lifecycle, parcel: Parcel, operation: 'create'): boolean {
  return lifecycle.operations[parcel.operation] !== undefined || lifecycle.operations[operation] !== undefined
}

export function fatalAt(
  type: RecordType,
  text: { code: string; message: string },
  value: string | null,
): Finding {
  return fatal(text.code, text.message, '', type.operation.path.at(-1) ?? '', value)
}

function fatalQuoted(type: RecordType, parcel: Parcel): Finding {
  const { wrongId, stableId } = type.identity
  return fatal(wrongId.code, wrongId.message, '', stableId?.path.at(-1) ?? '', parcel.quotedId)
}

export function fatal(
  code: string,
  message: string,
  path: string,
  field: string,
  value: string | null,
): Finding {
  return { code, severity: 'fatal', path, field, item: null, message, value }
}
