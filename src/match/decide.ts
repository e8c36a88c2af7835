import type { RecordType, StatusName } from '../exchange/definition.ts'
import { type Finding, type Outcome, type Parcel, worst } from '../exchange/parcel.ts'
import { cascade, type Effect, fallOf, settle } from './effects.ts'
import { keyText } from './key-text.ts'
import { fatalAt, ownershipFindings, refusedChange, refusedNew, refusedStored } from './refusals.ts'
import { type TiedParcel, tie } from './tie-findings.ts'
import type { Holder, Tie, Ties } from './ties.ts'

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
  /** The key it had, where it is renamed. */
  readonly formerKey?: string
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
  /** What the change does to records that refer to this one. */
  readonly effects: readonly Effect[]
}

/** What a chunk may look at: the live records its keys name, changed as the chunk goes on. */
export interface Book {
  byKey(type: string, key: string): Live | undefined
  /** By the key, or by one that it had before. */
  find(type: string, key: string): Live | undefined
  /** What is there under the one key was there under the other. */
  rename(type: string, from: string, to: string): void
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
  /** References of what the chunk touches; null where no exchange has any. */
  readonly ties: Ties | null
  /** The book's number, and the name of its exchange. */
  readonly book: number
  readonly exchange: string
  /** A record that was sent under a key it had before, as if under its present one. */
  readonly rekey: (type: RecordType, parcel: Parcel, key: string) => Parcel
  /** Findings of a new body held against the stored one: locked fields, rules that need both. */
  readonly judgeAgainst: (type: RecordType, candidate: Parcel, current: Live) => readonly Finding[]
}

/**
 * Decides what one record does to its book. Pure: sees only the book given, in the order of the file, so a
 * duplicate inside a file is a duplicate (design §3; SDCS specification, Central Data Validation Service,
 * Error Handling: two-step duplicate check, record matching).
 */
export function decide(sent: Parcel, book: Book, context: DecideContext): Verdict {
  if (sent.filtered) return verdict(sent, 'filtered', null, [])
  const { type } = context
  const own = ownershipFindings(sent, context)
  if (sent.key === null || own.length > 0) return verdict(sent, 'rejected', null, own)
  const current =
    sent.operation === 'rename' ? formerRecord(sent, book, type) : book.find(type.name, sent.key)
  // A refused create names no record: nothing of it was stored, whoever holds the key.
  const meant = sent.operation === 'create' ? null : (current ?? null)
  if (worst(sent.findings) === 'fatal') return verdict(sent, 'rejected', meant, [])

  const refusal =
    current === undefined ? refusedNew(sent, book, context) : refusedStored(sent, current, context)
  if (refusal !== null) return verdict(sent, 'rejected', meant, [refusal])

  const parcel =
    current === undefined || current.key === sent.key || sent.operation === 'rename'
      ? sent
      : context.rekey(type, sent, current.key)
  if (current !== undefined && parcel.operation === 'delete') return deleted(parcel, current, book, context)
  const tied = tiedOf(parcel, book, context)
  if (current === undefined)
    return worst(tied.findings) === 'fatal'
      ? verdict(parcel, 'rejected', null, tied.findings)
      : created(parcel, parcel.key ?? sent.key, tied, book, context)
  return changed(parcel, current, tied, book, context)
}

/** The record that is to be renamed; also one that has the new key already, and had the former one. */
function formerRecord({ key, formerKey }: Parcel, book: Book, type: RecordType): Live | undefined {
  if (formerKey === null || formerKey === undefined)
    return key === null ? undefined : book.byKey(type.name, key)
  return book.find(type.name, formerKey)
}

function changed(
  parcel: Parcel,
  current: Live,
  tied: TiedParcel,
  book: Book,
  context: DecideContext,
): Verdict {
  const { type } = context
  const same = parcel.contentHash === current.contentHash
  const refused = refusedChange(parcel, current, context) ?? refusedKey(parcel, current, book, type)
  if (refused !== null) return verdict(parcel, 'rejected', current, [refused])
  const renames = parcel.key !== current.key
  const against = context
    .judgeAgainst(type, parcel, current)
    .filter((finding) => !renames || !type.identity.key.includes(finding.path))
  // What is stored and stays as it is, is not asked again for what it refers to.
  const missing = same ? tied.findings.filter((finding) => finding.severity !== 'fatal') : tied.findings
  const added = missing.length === 0 ? against : [...against, ...missing]
  if (worst(added) === 'fatal') return verdict(parcel, 'rejected', current, added)
  return updated(parcel, current, added, tied.ties, book, context)
}

/** A record cannot be given the key of another. */
function refusedKey(parcel: Parcel, current: Live, book: Book, type: RecordType): Finding | null {
  if (parcel.key === null || parcel.key === current.key) return null
  const holder = book.find(type.name, parcel.key)
  if (holder === undefined || holder.recordId === current.recordId) return null
  return fatalAt(type, type.identity.exists, keyText(parcel))
}

function tiedOf(parcel: Parcel, book: Book, { type, ties, book: number }: DecideContext): TiedParcel {
  if (ties === null || parcel.links === undefined || parcel.links.length === 0) return UNTIED
  return tie(parcel, type, book, ties, number)
}

const UNTIED: TiedParcel = { ties: [], findings: [] }

function created(parcel: Parcel, key: string, tied: TiedParcel, book: Book, context: DecideContext): Verdict {
  const { type, newRecordId } = context
  const live: Live = {
    recordId: newRecordId(),
    key,
    duplicateKey: parcel.duplicateKeys[0] ?? null,
    status: statusOf(parcel, tied.findings),
    version: 1,
    contentHash: parcel.contentHash,
    body: parcel.body,
    stored: false,
    faultyPaths: [...parcel.findings, ...tied.findings].map((finding) => finding.path),
  }
  book.put(type.name, live)
  const made = verdict(parcel, 'created', live, tied.findings)
  return {
    ...made,
    change: changeTo('create', live, null, type, judgedAnew(parcel, tied.findings)),
    effects: tieUp(live, made, tied.ties, book, context, true),
  }
}

function updated(
  parcel: Parcel,
  current: Live,
  added: readonly Finding[],
  ties: readonly Tie[],
  book: Book,
  context: DecideContext,
): Verdict {
  const { type } = context
  const renames = parcel.operation === 'rename' && parcel.key !== null && parcel.key !== current.key
  const status = parcel.operation === 'close' ? 'closed' : statusOf(parcel, added)
  if (parcel.contentHash === current.contentHash && status === current.status && !renames)
    return verdict(parcel, 'unchanged', current, added)
  const live: Live = {
    ...current,
    key: renames ? parcel.key : current.key,
    duplicateKey: parcel.duplicateKeys[0] ?? null,
    status,
    version: current.version + 1,
    contentHash: parcel.contentHash,
    body: parcel.body,
    stored: false,
    faultyPaths: [...parcel.findings, ...added].map((finding) => finding.path),
  }
  book.remove(type.name, current)
  book.put(type.name, live)
  if (renames) {
    book.rename(type.name, current.key, live.key)
    context.ties?.rename(type.name, current.key, live.key)
  }
  // The same content judged anew is not a change of the record, only of where it stands.
  const outcome =
    parcel.contentHash === current.contentHash && parcel.operation !== 'close' ? 'unchanged' : 'updated'
  const made = verdict(parcel, outcome, live, added)
  const change = changeTo('update', live, current, type, judgedAnew(parcel, added))
  return {
    ...made,
    change: renames ? { ...change, formerKey: current.key } : change,
    effects: tieUp(live, made, ties, book, context, renames),
  }
}

function deleted(parcel: Parcel, current: Live, book: Book, context: DecideContext): Verdict {
  const { type, ties, book: number } = context
  const at = { book: number, type: type.name, key: current.key }
  const fall = ties === null ? null : fallOf(ties, at, current.recordId)
  if (fall?.restricting != null) {
    const { inUse } = fall.restricting.tie.reference
    return verdict(parcel, 'rejected', current, [fatalAt(type, inUse, keyText(parcel))])
  }
  const end: Live = { ...current, status: 'deleted', version: current.version + 1 }
  book.remove(type.name, current)
  const made = verdict(parcel, 'deleted', end, [])
  const effects = ties === null || fall === null ? [] : cascade(fall.falling, ties, book, number, parcel)
  if (ties !== null) ties.drop(holderOf(current, made, [], context))
  return { ...made, change: changeTo('delete', end, current, type, parcel), effects }
}

/** Notes what a record refers to; where it is there from now on under this key, those that waited for it are told. */
function tieUp(
  live: Live,
  made: Verdict,
  found: readonly Tie[],
  book: Book,
  context: DecideContext,
  comes: boolean,
): readonly Effect[] {
  const { ties, type, book: number } = context
  if (ties === null) return []
  if (type.references !== undefined) ties.relink(holderOf(live, made, found, context))
  return comes ? settle(ties, { book: number, type: type.name, key: live.key }, book, number) : []
}

function holderOf(
  live: Live,
  { parcel, findings }: Verdict,
  ties: readonly Tie[],
  { book, exchange, type }: DecideContext,
): Holder {
  return { book, exchange, type, live, parcel, findings, ties }
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

/** What other records had to do with it is asked again when it comes again. */
function judgedAnew(parcel: Parcel, added: readonly Finding[]): Parcel {
  return added.length === 0 ? parcel : { ...parcel, rawHash: '' }
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
    effects: NO_EFFECTS,
  }
}

const NO_EFFECTS: readonly Effect[] = []

function statusOf(parcel: Parcel, against: readonly Finding[]): StatusName {
  return worst(parcel.findings) === 'error' || worst(against) === 'error'
    ? 'submitted-with-errors'
    : 'submitted'
}
