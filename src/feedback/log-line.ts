import { randomFillSync } from 'node:crypto'
import type { Finding } from '../exchange/parcel.ts'
import { keyText, type Verdict } from '../match/decide.ts'

const salts = Buffer.alloc(9 * 512)
let saltsUsed = salts.length

/** 72 random bits, so that a line's hash does not give its content away to one who guesses. */
function newSalt(): string {
  if (saltsUsed === salts.length) {
    randomFillSync(salts)
    saltsUsed = 0
  }
  saltsUsed += 9
  return salts.toString('base64url', saltsUsed - 9, saltsUsed)
}

/** A record's entry in the session log: one JSON text without line breaks; also a leaf of the receipt's tree. */
export interface LogLine {
  readonly position: number
  readonly line?: number
  readonly member?: string
  readonly type: string
  readonly key: string | null
  readonly operation: string
  readonly outcome: string
  readonly recordId: string | null
  readonly status: string | null
  readonly version: number | null
  readonly definition: string
  /** Marker of the record that this one corrects: `<tracking>:<position>`. */
  readonly corrects?: string
  readonly notes?: readonly unknown[]
  readonly findings?: readonly Finding[]
  readonly salt: string
}

/** As JSON.stringify takes it: absent members may be undefined. */
type Written<T> = { readonly [Name in keyof T]: T[Name] | undefined }

/** The log line of a judged and matched record. */
export function logLine(verdict: Verdict): string {
  const { parcel } = verdict
  // What is undefined is not written; an object made in one piece is three times as fast as one of spreads.
  const line: Written<LogLine> = {
    position: parcel.position,
    line: parcel.line > 0 ? parcel.line : undefined,
    member: parcel.member === '' ? undefined : parcel.member,
    type: parcel.type,
    key: keyText(parcel),
    operation: parcel.operation,
    outcome: verdict.outcome,
    recordId: verdict.recordId,
    status: verdict.status,
    version: verdict.version,
    definition: parcel.version,
    corrects: parcel.corrects ?? undefined,
    notes: parcel.notes.length > 0 ? parcel.notes : undefined,
    findings: verdict.findings.length > 0 ? verdict.findings : undefined,
    salt: newSalt(),
  }
  return JSON.stringify(line)
}

/** The log line of a record that a full refresh deleted because the file did not name it. */
export function removalLine(removed: {
  type: string
  key: string
  recordId: string
  version: number
}): string {
  return JSON.stringify({
    removed: true,
    type: removed.type,
    key: removed.key.replaceAll('\u001f', '/'),
    recordId: removed.recordId,
    version: removed.version,
    salt: newSalt(),
  })
}
