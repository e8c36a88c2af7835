import type { Lifecycle, RecordType, StatusName } from '../exchange/definition.ts'
import { type Finding, type Outcome, type Parcel, worst } from '../exchange/parcel.ts'

/** A live record as the chunk sees it: stored before, or made earlier in the same chunk. */
export interface Live {
  readonly recordId: string
  readonly key: string
  readonly duplicateKey: string | null
  readonly status: StatusName
  readonly version: number
  readonly contentHash: string
  /** Canonical body as JSON text; null where nobody needs to look into it. */
  readonly body: string | null
  /** The version is in the database, rather than only in this chunk. */
  readonly stored: boolean
  /** Paths that findings of this version blame: a locked field that was wrong may still be put right. */
  readonly faultyPaths: readonly string[]
}

/** One new version of a record, or (`body` null) its end. */
export interface Change {
  readonly kind: 'create' | 'update' | 'delete'
  readonly recordId: string
  readonly type: string
  readonly key: string
  readonly duplicateKey: string | null
  readonly status: StatusName
  readonly version: number
  readonly parcel: Parcel
  /** The version it supersedes; null for a create. */
  readonly before: Live | null
}

export interface Verdict {
  readonly parcel: Parcel
  readonly outcome: Outcome
  readonly recordId: string | null
  readonly status: StatusName | null
  readonly version: number | null
  /** The parcel's own findings and those that matching added. */
  readonly findings: readonly Finding[]
  readonly change: Change | null
}

/** What a chunk may look at: the live records its keys name, changed as the chunk goes on. */
export interface Book {
  byKey(type: string, key: string): Live | undefined
  byDuplicateKey(type: string, duplicateKey: string): Live | undefined
  put(type: string, live: Live): void
  remove(type: string, live: Live): void
}

export interface DecideContext {
  readonly type: RecordType
  /** The sender is the centre: operations granted to it alone are allowed. */
  readonly byCentre: boolean
  /** Values the owner field may hold (the book owner's identifiers of the scheme). */
  readonly ownerValues: ReadonlySet<string>
  /** The stored version the caller has read (`If-Match`); null: any. */
  readonly expectedVersion: number | null
  readonly newRecordId: () => string
  /** Findings of a new body held against the stored one: locked fields, rules that need both. */
  readonly judgeAgainst: (type: RecordType, candidate: Parcel, current: Live) => readonly Finding[]
}

/**
 * Decides what one record does to its book. Pure: sees only the book given, in the order of the file, so a
 * duplicate inside a file is a duplicate (design §3; SDCS specification, Central Data Validation Service,
 * Error Handling: two-step duplicate check, record matching).
 */
export function decide(parcel: Parcel, book: Book, context: DecideContext): Verdict {
  if (parcel.filtered) return verdict(parcel, 'filtered', null, [])
  const { type } = context
  const own = ownershipFindings(parcel, context)
  const { key } = parcel
  if (key === null || own.length > 0) return verdict(parcel, 'rejected', null, own)
  const current = book.byKey(type.name, key)
  // A refused create names no record: nothing of it was stored, whoever holds the key.
  const meant = parcel.operation === 'create' ? null : (current ?? null)
  if (worst(parcel.findings) === 'fatal') return verdict(parcel, 'rejected', meant, [])

  const refusal =
    current === undefined ? refusedNew(parcel, book, context) : refusedStored(parcel, current, context)
  if (refusal !== null) return verdict(parcel, 'rejected', meant, [refusal])

  if (current === undefined) return created(parcel, key, book, context)
  if (parcel.operation === 'delete') return deleted(parcel, current, book, type)
  const against = context.judgeAgainst(type, parcel, current)
  if (worst(against) === 'fatal') return verdict(parcel, 'rejected', current, against)
  return updated(parcel, current, against, book, type)
}

function created(parcel: Parcel, key: string, book: Book, { type, newRecordId }: DecideContext): Verdict {
  const live: Live = {
    recordId: newRecordId(),
    key,
    duplicateKey: parcel.duplicateKeys[0] ?? null,
    status: statusOf(parcel, []),
    version: 1,
    contentHash: parcel.contentHash,
    body: parcel.body,
    stored: false,
    faultyPaths: parcel.findings.map((finding) => finding.path),
  }
  book.put(type.name, live)
  return { ...verdict(parcel, 'created', live, []), change: changeTo('create', live, null, type, parcel) }
}

function updated(
  parcel: Parcel,
  current: Live,
  against: readonly Finding[],
  book: Book,
  type: RecordType,
): Verdict {
  const status = parcel.operation === 'close' ? 'closed' : statusOf(parcel, against)
  if (parcel.contentHash === current.contentHash && status === current.status)
    return verdict(parcel, 'unchanged', current, against)
  const live: Live = {
    ...current,
    duplicateKey: parcel.duplicateKeys[0] ?? null,
    status,
    version: current.version + 1,
    contentHash: parcel.contentHash,
    body: parcel.body,
    stored: false,
    faultyPaths: [...parcel.findings, ...against].map((finding) => finding.path),
  }
  book.remove(type.name, current)
  book.put(type.name, live)
  // The same content judged anew is not a change of the record, only of where it stands.
  const outcome =
    parcel.contentHash === current.contentHash && parcel.operation !== 'close' ? 'unchanged' : 'updated'
  return {
    ...verdict(parcel, outcome, live, against),
    change: changeTo('update', live, current, type, parcel),
  }
}

function deleted(parcel: Parcel, current: Live, book: Book, type: RecordType): Verdict {
  const end: Live = { ...current, status: 'deleted', version: current.version + 1 }
  book.remove(type.name, current)
  return { ...verdict(parcel, 'deleted', end, []), change: changeTo('delete', end, current, type, parcel) }
}

function changeTo(
  kind: Change['kind'],
  live: Live,
  before: Live | null,
  type: RecordType,
  parcel: Parcel,
): Change {
  const { recordId, key, duplicateKey, status, version } = live
  return { kind, recordId, type: type.name, key, duplicateKey, status, version, parcel, before }
}

function verdict(parcel: Parcel, outcome: Outcome, live: Live | null, added: readonly Finding[]): Verdict {
  return {
    parcel,
    outcome,
    recordId: live?.recordId ?? null,
    status: live?.status ?? null,
    version: live?.version ?? null,
    findings: added.length === 0 ? parcel.findings : [...parcel.findings, ...added],
    change: null,
  }
}

function statusOf(parcel: Parcel, against: readonly Finding[]): StatusName {
  return worst(parcel.findings) === 'error' || worst(against) === 'error'
    ? 'submitted-with-errors'
    : 'submitted'
}

function ownershipFindings(parcel: Parcel, { type, ownerValues }: DecideContext): readonly Finding[] {
  const { owner } = type.identity
  if (owner === null || parcel.ownerValue === null || ownerValues.has(parcel.ownerValue)) return []
  const wire = type.fields.find((field) => field.name === owner.field)?.path.at(-1) ?? owner.field
  return [fatal(owner.code, owner.message, owner.field, wire, parcel.ownerValue)]
}

/** Why a record whose key is free cannot be stored, or null. */
function refusedNew(parcel: Parcel, book: Book, { type, expectedVersion }: DecideContext): Finding | null {
  const { identity } = type
  if (!makesNew(parcel) || expectedVersion !== null) return fatalAt(type, identity.missing, keyText(parcel))
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

/** Why this cannot be done to the stored record, or null. */
function refusedStored(parcel: Parcel, current: Live, context: DecideContext): Finding | null {
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

function fatalAt(type: RecordType, text: { code: string; message: string }, value: string | null): Finding {
  return fatal(text.code, text.message, '', type.operation.path.at(-1) ?? '', value)
}

function fatalQuoted(type: RecordType, parcel: Parcel): Finding {
  const { wrongId, stableId } = type.identity
  return fatal(wrongId.code, wrongId.message, '', stableId?.path.at(-1) ?? '', parcel.quotedId)
}

function fatal(code: string, message: string, path: string, field: string, value: string | null): Finding {
  return { code, severity: 'fatal', path, field, item: null, message, value }
}

/** The key as people write it. */
export function keyText(parcel: { readonly key: string | null }): string | null {
  return parcel.key === null ? null : parcel.key.replaceAll('\u001f', '/')
}
