import { hash } from 'node:crypto'
import { decodeDocument } from '../decode/decode.ts'
import { isDecodeError } from '../decode/decode-error.ts'
import { decodeTypesOf } from '../decode/decode-types.ts'
import { limitsOf } from '../decode/limits.ts'
import { ROW_BY_ROW } from '../exchange/columns.ts'
import type { Definition, Operation, RecordType, StatusName } from '../exchange/definition.ts'
import type { Body, Finding, Outcome, Parcel, RawRecord, RawTree } from '../exchange/parcel.ts'
import { Fault } from '../fault/fault.ts'
import type { Who } from '../identity/who.ts'
import { createJudgeCache } from '../judge/document.ts'
import { bookOfTracking, findBooks } from '../store/books.ts'
import type { Kept } from '../store/documents.ts'
import type { Realm } from '../store/model.ts'
import { findRecord, type RecordRow, recordHistory } from '../store/records-read.ts'
import { dateIn, type RunDeps } from './deps.ts'
import { ownerOf } from './owner.ts'
import type { Answer, Realtime } from './realtime.ts'
import { fingerprintOf } from './receive.ts'
import { takeDocuments } from './record-documents.ts'

/** One record to be changed in one call; the caller may do this for that partner. */
export interface OneRequest {
  readonly who: Who
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  readonly channel: string
  readonly type: string
  /** null: as the record says, else a create. */
  readonly operation: Operation | null
  /** The stored record that is changed; null: the record's key names it. */
  readonly recordId: string | null
  readonly expectedVersion: number | null
  readonly idempotencyKey: string | null
  readonly bytes: Uint8Array
  readonly format: 'json' | 'xml'
  readonly names: 'native' | 'wire'
  /** Report its findings like those of files too; default false. */
  readonly collect?: boolean
  /** Why it is asked, in words. Absent: nothing is said. */
  readonly reason?: string
}

export interface OneResult {
  readonly tracking: string
  readonly repeated: boolean
  readonly position: number
  readonly recordId: string | null
  readonly key: string | null
  readonly outcome: Outcome
  readonly status: StatusName | null
  readonly statusLabel: string | null
  readonly version: number | null
  readonly findings: readonly Finding[]
  readonly body: Body
}

const judgeOf = createJudgeCache()

/**
 * Judges and applies one record and answers with its outcome. A body within the limits is read in this
 * process (decision 0005). Throws faults BAD_REQUEST (not one readable record), NOT_FOUND, PRECONDITION,
 * LANE_BUSY, CONFLICT.
 */
export async function submitOne(
  deps: RunDeps & { realtime: Realtime },
  request: OneRequest,
): Promise<OneResult> {
  const definition = await deps.definitions.inEffect(request.exchange, request.partner, deps.now())
  const type = typeIn(definition, request.type)
  const owner = await ownerOf(deps, definition, request.partner, request.who.partner)
  const kept = keptOf(request.bytes)
  const delivery = {
    partner: request.partner,
    idempotencyKey: request.idempotencyKey,
    fingerprint: fingerprintOf([
      kept.sha256,
      request.exchange,
      request.realm,
      request.type,
      request.operation ?? '',
      request.recordId ?? '',
    ]),
  }
  const first = await deps.realtime.repeated(delivery)
  if (first !== null) return resultOf(type, first, await bodyThen(deps, definition, type, request, first))
  const current = request.recordId === null ? null : await storedRecord(deps, definition, request.recordId)
  if (current !== null && request.expectedVersion !== null && current.version !== request.expectedVersion)
    throw new Fault('PRECONDITION', { reason: `The record is at version ${current.version} now.` })
  const judged = await parcelOf(deps, definition, type, request, current)
  const [parcel = judged] = await takeDocuments(deps, [judged])
  const answer = await deps.realtime.apply({
    definition,
    realm: request.realm,
    ...delivery,
    owner,
    account: request.who.account,
    byCentre: request.who.centre,
    channel: request.channel,
    contentType: request.format === 'xml' ? 'application/xml' : 'application/json',
    format: request.format,
    // A merge was computed from this version, so it holds for this version only.
    expectedVersion:
      request.operation === 'merge' || request.operation === 'rename'
        ? (current?.version ?? null)
        : request.expectedVersion,
    kept,
    parcel,
    collect: request.collect === true,
    reason: request.reason ?? null,
  })
  return resultOf(type, answer, JSON.parse(parcel.body) as Body)
}

function resultOf(type: RecordType, answer: Answer, body: Body): OneResult {
  const { recordId, outcome, status, version, findings } = answer.verdict
  return {
    tracking: answer.tracking,
    repeated: answer.repeated,
    position: 1,
    recordId,
    key: answer.key?.replaceAll('\u001f', '/') ?? null,
    outcome,
    status,
    statusLabel: status === null ? null : type.lifecycle.labels[status],
    version,
    findings,
    body,
  }
}

/** The record as it was understood when the call was first made: the version it left, else the body alone. */
async function bodyThen(
  deps: RunDeps,
  definition: Definition,
  type: RecordType,
  request: OneRequest,
  { tracking, verdict }: Answer,
): Promise<Body> {
  const { recordId, version, outcome } = verdict
  if (recordId !== null && version !== null && outcome !== 'rejected') {
    const books = [bookOfTracking(tracking) ?? -1]
    const history = await deps.db.transact((tx) => recordHistory(tx, books, recordId))
    const known = history.findLast((row) => row.version <= version && row.body !== null)?.body
    if (known !== undefined && known !== null) return known as Body
  }
  return JSON.parse((await parcelOf(deps, definition, type, request, null)).body) as Body
}

/** Validation alone: the record as understood, with its findings. Nothing is stored. */
export async function validateOne(
  deps: Pick<RunDeps, 'definitions' | 'now'>,
  request: Pick<OneRequest, 'exchange' | 'type' | 'partner' | 'bytes' | 'format' | 'names'> & {
    readonly checks: 'fields' | 'relations' | 'both'
  },
): Promise<{ record: RawTree; body: Body; version: string; findings: readonly Finding[] }> {
  const definition = await deps.definitions.inEffect(request.exchange, request.partner, deps.now())
  typeIn(definition, request.type)
  const raw = await readOne(definition, request.bytes, request.format)
  const { partner, type, names, checks } = request
  const today = dateIn(definition.zone, deps.now())
  const [parcel] = judgeOf(definition).judge([raw], { partner, today, type, names, checks })
  if (parcel === undefined) throw new Error('a judge gives a parcel for each record')
  const record = raw.shape.kind === 'tree' ? raw.shape.tree : {}
  return { record, body: JSON.parse(parcel.body) as Body, version: parcel.version, findings: parcel.findings }
}

function typeIn(definition: Definition, name: string): RecordType {
  const type = definition.types.find((candidate) => candidate.name === name)
  if (type === undefined)
    throw new Fault('NOT_FOUND', { what: `record type ${name} in ${definition.exchange}` })
  return type
}

function keptOf(bytes: Uint8Array): Kept {
  return { sha256: hash('sha256', bytes, 'hex'), size: bytes.length, bytes }
}

async function storedRecord(deps: RunDeps, definition: Definition, recordId: string): Promise<RecordRow> {
  const row = await deps.db.transact(async (tx) => {
    const books = await findBooks(tx, { owners: null, exchange: definition.exchange, realm: null })
    return findRecord(
      tx,
      books.map((book) => book.book),
      recordId,
    )
  })
  if (row === null) throw new Fault('NOT_FOUND', { what: `record ${recordId}` })
  return row
}

/** The judged record: from the body; from the stored record where the call has no body of its own. */
async function parcelOf(
  deps: RunDeps,
  definition: Definition,
  type: RecordType,
  request: OneRequest,
  current: RecordRow | null,
): Promise<Parcel> {
  const { operation, partner, names } = request
  const today = dateIn(definition.zone, deps.now())
  const stored = (current?.body ?? null) as Body | null
  const asks = operation === null ? {} : { operation }
  const context = { partner, today, type: type.name, names, stored, ...asks }
  if (current !== null && (operation === 'delete' || operation === 'close'))
    return judgeStored(definition, current, operation, { ...context, names: 'native' })
  let raw = await readOne(definition, request.bytes, request.format)
  if (current !== null && (operation === 'merge' || operation === 'rename'))
    raw = mergedRaw(operation === 'rename' ? withFormer(raw, type, current) : raw, current)
  const [parcel] = judgeOf(definition).judge([raw], context)
  if (parcel === undefined) throw new Error('a judge gives a parcel for each record')
  const asked = operation === 'merge' ? 'replace' : operation
  return {
    ...parcel,
    // The flag that closes a record is part of the record; what the call asks stands otherwise.
    operation: asked === null || parcel.operation === 'close' ? parcel.operation : asked,
    quotedId: current?.recordId ?? parcel.quotedId,
    ...(operation === 'rename' && current !== null ? { formerKey: current.key } : {}),
  }
}

/** A record that is renamed says what its key was, where its type has fields for that. */
function withFormer(raw: RawRecord, type: RecordType, { key }: RecordRow): RawRecord {
  const { former } = type.identity
  if (former === undefined || raw.shape.kind !== 'tree') return raw
  const parts = key.split('\u001f')
  const names = Object.fromEntries(former.map((name, index) => [name, parts[index] ?? '']))
  return { ...raw, shape: { kind: 'tree', tree: { ...names, ...raw.shape.tree } } }
}

/** Deleting and closing by id say nothing about the content, so the stored content stands. */
function judgeStored(
  definition: Definition,
  current: RecordRow,
  operation: Operation,
  context: { partner: string; today: string; type: string; names: 'native'; stored: Body | null },
): Parcel {
  const raw = rawOf(current.body as unknown as RawTree, JSON.stringify(current.body))
  const [parcel] = judgeOf(definition).judge([raw], context)
  if (parcel === undefined) throw new Error('a judge gives a parcel for each record')
  const kept = parcel.findings.filter((finding) => finding.severity !== 'fatal')
  return {
    ...parcel,
    operation,
    key: current.key,
    quotedId: current.recordId,
    findings: operation === 'close' ? kept : [],
  }
}

/** JSON merge patch (RFC 7396) on the stored content. */
function mergedRaw(raw: RawRecord, current: RecordRow): RawRecord {
  if (raw.shape.kind !== 'tree') return raw
  const merged = mergePatch(current.body, raw.shape.tree) as RawTree
  return rawOf(merged, JSON.stringify(merged))
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return patch
  const result = new Map(isPlain(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name)
    else result.set(name, mergePatch(result.get(name), value))
  }
  return Object.fromEntries(result)
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function rawOf(tree: RawTree, text: string): RawRecord {
  return { position: 1, line: 0, member: '', shape: { kind: 'tree', tree }, text }
}

/** The one record of a small body. Throws fault BAD_REQUEST when it is none, several, or unreadable. */
async function readOne(
  definition: Definition,
  bytes: Uint8Array,
  format: 'json' | 'xml',
): Promise<RawRecord> {
  const records: RawRecord[] = []
  try {
    const batches = decodeDocument(once(bytes), format, {
      formats: definition.formats,
      limits: limitsOf(definition),
      groupColumns: ROW_BY_ROW,
      types: decodeTypesOf(definition),
      firstPosition: 1,
      member: '',
    })
    for await (const batch of batches) records.push(...batch)
  } catch (error) {
    if (isDecodeError(error))
      throw new Fault('BAD_REQUEST', { reason: `The body cannot be read: ${error.reason}` })
    throw error
  }
  const [record] = records
  if (record === undefined || records.length > 1)
    throw new Fault('BAD_REQUEST', { reason: `The body must hold one record; it holds ${records.length}.` })
  if (record.shape.kind === 'broken')
    throw new Fault('BAD_REQUEST', { reason: `The body cannot be read: ${record.shape.reason}` })
  return record
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes
}
