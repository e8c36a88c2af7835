import { randomFillSync } from 'node:crypto'
import type { Finding } from '../exchange/parcel.ts'
import type { Verdict } from '../match/decide.ts'
import type { Effect } from '../match/effects.ts'
import { keyText } from '../match/key-text.ts'

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
  /** Records whose error for a missing target is gone, now that this one is there. */
  readonly settled?: readonly Touched[]
  readonly salt: string
}

/** Another record that a record's change touched; `exchange` where it is of another one. */
interface Touched {
  readonly exchange?: string
  readonly type: string
  readonly key: string
  readonly recordId: string
  readonly version: number
}

/** As JSON.stringify takes it: absent members may be undefined. */
type Written<T> = { readonly [Name in keyof T]: T[Name] | undefined }

/** The log lines of a judged and matched record: its own, and one for each record that was deleted with it. */
export function logLines(verdict: Verdict, exchange: string): readonly string[] {
  const own = logLine(verdict, exchange)
  const cascaded = verdict.effects.filter(({ kind }) => kind === 'cascade')
  return [own, ...cascaded.map((effect) => cascadeLine(effect, verdict.parcel.position, exchange))]
}

/** The log line of a record that was deleted with the one at a position; 0: with one that a refresh left out. */
export function cascadeLine(effect: Effect, position: number, exchange: string): string {
  return JSON.stringify({ cascaded: true, by: position, ...touched(effect, exchange), salt: newSalt() })
}

function touched({ change, exchange }: Effect, own: string): Touched {
  const { type, recordId, version } = change
  return {
    ...(exchange === own ? {} : { exchange }),
    type,
    key: change.key.replaceAll('\u001f', '/'),
    recordId,
    version,
  }
}

function logLine(verdict: Verdict, exchange: string): string {
  const { parcel } = verdict
  const settled = verdict.effects.filter(({ kind }) => kind === 'settle')
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
    settled: settled.length > 0 ? settled.map((effect) => touched(effect, exchange)) : undefined,
    salt: newSalt(),
  }
  return JSON.stringify(line)
}

/** The log line of a record that left a book for another owner's (`deleted`), or came to one (`created`). */
export function moveLine(
  moved: {
    readonly position: number
    readonly status: string
    readonly findings: readonly Finding[]
    readonly row: {
      readonly type: string
      readonly key: string
      readonly record_id: string
      readonly version: number
      readonly definition_version: string
    }
  },
  outcome: 'created' | 'deleted',
): string {
  const { position, row, status, findings } = moved
  const came = outcome === 'created'
  const line: Written<LogLine> = {
    position,
    line: undefined,
    member: undefined,
    type: row.type,
    key: row.key.replaceAll('\u001f', '/'),
    operation: 'transfer',
    outcome,
    recordId: row.record_id,
    status: came ? status : 'deleted',
    version: row.version + 1,
    definition: row.definition_version,
    corrects: undefined,
    notes: undefined,
    findings: came && findings.length > 0 ? findings : undefined,
    settled: undefined,
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
