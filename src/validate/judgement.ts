import type { CheckKind, CodeList, Field, Severity } from '../exchange/definition.ts'
import { findingCode, wireName } from '../exchange/finding-codes.ts'
import type { Body, Finding, ParcelDocument } from '../exchange/parcel.ts'
import { shownValue, storableText } from '../exchange/shown-value.ts'
import { Trail } from '../exchange/trail.ts'
import type { Attached } from './documents.ts'
import { fieldMessage } from './messages.ts'

/** A value that could not be typed (or a list too long to be looked at): expressions that read it are skipped. */
interface Untyped {
  /** Canonical path without item numbers. */
  readonly pattern: string
  /** Item numbers of the lists on the way. */
  readonly items: readonly number[]
}

const NO_DOCUMENTS: readonly ParcelDocument[] = []

/** What is known while one record is judged. One object serves all records: `begin` empties it. */
export class Judgement {
  readonly trail = new Trail()
  findings: Finding[] = []
  untyped: Untyped[] = []
  /** ISO date of today in the exchange's zone, and its day number. */
  today = ''
  todayNumber = 0
  /** The record's effective date (ISO), which dates code lists; '' where it could not be read. */
  day = ''

  /** Files that came with the record, by the names that it gives them. */
  attached: ReadonlyMap<string, Attached> | null = null
  /** The body of the stored record that is changed, where it is known. */
  stored: Body | null = null
  /** Hex SHA-256 of a document. */
  hashBytes: ((bytes: Uint8Array) => string) | null = null
  /** Documents of the record. */
  documents: readonly ParcelDocument[] = NO_DOCUMENTS

  begin(findings: Finding[]): void {
    this.findings = findings
    this.documents = NO_DOCUMENTS
    this.untyped = []
    this.trail.clear()
  }

  /** A finding of a check of a field in the group in hand; `item` numbers a value of a list of scalars. */
  found(field: Field, kind: CheckKind, value: unknown, item: number, list: CodeList | null = null): void {
    this.add(
      findingCode(field, kind),
      field.severity,
      this.trail.path(field.name, item),
      wireName(field),
      fieldMessage(field, kind, value, list),
      value,
    )
  }

  add(code: string, severity: Severity, path: string, wire: string, message: string, value: unknown): void {
    this.findings.push({
      code,
      severity,
      path,
      field: wire,
      item: this.trail.item(),
      message: storableText(message),
      value: value === undefined ? null : shownValue(value),
    })
  }

  untype(name: string): void {
    this.untyped.push({ pattern: this.trail.pattern(name), items: this.trail.items() })
  }

  /** Is a value untyped that stands at, inside or around this path, in these items of the lists on its way? */
  readsUntyped(reads: readonly AbsoluteRead[], items: readonly number[]): boolean {
    if (this.untyped.length === 0) return false
    return reads.some((read) =>
      this.untyped.some(
        (value) =>
          (within(value.pattern, read.path) || within(read.path, value.pattern)) &&
          value.items.every((item, index) => index >= read.fixed || item === items[index]),
      ),
    )
  }
}

/** A path that an expression reads, from the record. */
export interface AbsoluteRead {
  readonly path: string
  /** How many of the lists on the way are fixed to the item in hand. */
  readonly fixed: number
}

function within(path: string, around: string): boolean {
  return path === around || path.startsWith(`${around}.`) || around === ''
}
