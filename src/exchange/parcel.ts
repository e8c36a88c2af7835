import type { Operation, Severity } from './definition.ts'

/** A scalar as the sender wrote it: text in CSV and XML, possibly a number or boolean in JSON. */
export type RawScalar = string | number | boolean | null
export type RawValue = RawScalar | readonly RawValue[] | RawTree
export interface RawTree {
  readonly [name: string]: RawValue
}

/** Canonical values: dates `YYYY-MM-DD`, times `HH:MM:SS`, decimals as their shortest text, codes as text. */
export type Value = string | number | boolean | readonly Value[] | Body
/** A record's canonical content, keyed by canonical names; absent fields have no key. */
export interface Body {
  readonly [name: string]: Value
}

/**
 * One raw record as a decoder hands it on. Either a tree (JSON, XML) in wire names, or rows of cells (CSV,
 * sheets) under a header that was given once for the document.
 */
export interface RawRecord {
  /** 1-based, counted over the whole submission; the record's address in every report. */
  readonly position: number
  /** 1-based line (CSV, XML, NDJSON) or sheet row where the record starts; 0 when the format has none. */
  readonly line: number
  /** Name of the archive member it came from; '' outside archives. */
  readonly member: string
  /** Name of its record type, where the exchange has several; null where nothing tells it. */
  readonly type?: string | null
  readonly shape:
    | { readonly kind: 'tree'; readonly tree: RawTree }
    | {
        readonly kind: 'rows'
        readonly header: readonly string[]
        readonly rows: readonly (readonly string[])[]
      }
    /** The record's place is known but it cannot be read (broken JSON element, ragged row …). */
    | {
        readonly kind: 'broken'
        readonly code: DecodeCode
        readonly reason: string
        /** The header above it, where it is a row of a table. */
        readonly header?: readonly string[]
      }
  /** The record's own text, for the raw hash (may be cells joined by unit separators for sheets). */
  readonly text: string
}

/** Problems a decoder finds; record-level ones reject one record, file-level ones end the document. */
export type DecodeCode =
  | 'FILE_EMPTY'
  | 'FILE_TYPE_UNKNOWN'
  | 'FILE_TRUNCATED'
  | 'FILE_MALFORMED'
  | 'FILE_ENCODING'
  | 'FILE_TOO_DEEP'
  | 'FILE_TOO_LARGE'
  | 'FILE_ARCHIVE_REFUSED'
  | 'FILE_ENTITY_REFUSED'
  | 'FILE_HEADER_UNREADABLE'
  | 'FILE_DECODER_DIED'
  | 'FILE_NAME_WRONG'
  | 'FILE_RECORDS_MANY'
  | 'FILE_RECORDS_UNKNOWN'
  | 'FILE_BATCH_INCOMPLETE'
  | 'RECORD_MALFORMED'
  | 'RECORD_TOO_LARGE'
  | 'RECORD_RAGGED'
  | 'RECORD_REPEATED_NAME'
  | 'RECORD_FORMULA'
  | 'RECORD_CHARACTER'
  | 'RECORD_TYPE_UNKNOWN'

/** One problem found in one record. A value, never thrown. */
export interface Finding {
  readonly code: string
  readonly severity: Severity
  /** Canonical path with 1-based item numbers: `persons[2].gender`; '' for the whole record. */
  readonly path: string
  /** The leaf's wire name (`Gend`), as SDCS messages and column headers spell it. */
  readonly field: string
  /** Number of the outermost list item blamed (the person number), or null. */
  readonly item: number | null
  readonly message: string
  /** As sent, cut to 200 characters; null when absent. */
  readonly value: string | null
}

/** What translation changed, for the session log. */
export interface Note {
  readonly path: string
  readonly rule: string
  readonly from: string
  readonly to: string
}

/** A record's reference to another record, as judged: whether that record is there is for matching to find. */
export interface Link {
  /** Name of the reference in its record type. */
  readonly reference: string
  /** 1-based number in the list that the reference goes through; 0 without one. */
  readonly item: number
  /** Identity text of the target. */
  readonly key: string
  /** Canonical path and wire name of the first field that holds it, for findings. */
  readonly path: string
  readonly field: string
  /** The list is one of groups, so findings tell the item. */
  readonly inGroup: boolean
}

/** One record in flight after the pure stages: judged, and ready to be matched and applied. */
export interface Parcel {
  readonly position: number
  readonly line: number
  readonly member: string
  readonly type: string
  readonly operation: Operation
  /** Identity text, or null when a key field could not be read. */
  readonly key: string | null
  /** Secondary duplicate keys, in the order of `identity.duplicates`; null where a part is absent. */
  readonly duplicateKeys: readonly (string | null)[]
  /** Value of the owner field (the ORI), or null. */
  readonly ownerValue: string | null
  /** The centre's id as the sender quoted it, or null. */
  readonly quotedId: string | null
  /** The record that this one corrects, as the marker of an error file says (`<tracking>:<position>`), or null. */
  readonly corrects: string | null
  /** Name of the definition version that judged it. */
  readonly version: string
  /** Canonical body as JSON text without line breaks. Values that could not be read stay as sent. */
  readonly body: string
  /** Hex SHA-256 of the record's own text, and of its canonical content (`exchange/content-hash.ts`). */
  readonly rawHash: string
  readonly contentHash: string
  readonly findings: readonly Finding[]
  readonly notes: readonly Note[]
  /** Documents that came with it, each once; absent: none. */
  readonly documents?: readonly ParcelDocument[]
  /** Set when a filter dropped it. */
  readonly filtered: boolean
  /** What it refers to. Absent where its type has no references. */
  readonly links?: readonly Link[]
  /** Values of the fields of `refresh.within`, as one text; null where one could not be read. Absent: none. */
  readonly setKey?: string | null
  /** Identity text of its former key (`identity.former`); null where it has none. Absent: the type has none. */
  readonly formerKey?: string | null
}

/** A document of a record: what is kept under its hash. */
export interface ParcelDocument {
  readonly sha256: string
  readonly size: number
  /** Null once it lies in the folder of documents. */
  readonly bytes: Uint8Array | null
}

/** What one submission did to one record. */
export type Outcome = 'created' | 'updated' | 'unchanged' | 'deleted' | 'rejected' | 'filtered'

export const OUTCOMES: readonly Outcome[] = [
  'created',
  'updated',
  'unchanged',
  'deleted',
  'rejected',
  'filtered',
]

/** The worst severity among findings, or null when there is none. */
export function worst(findings: readonly Finding[]): Severity | null {
  for (const severity of ['fatal', 'error', 'warning', 'info'] as const)
    if (findings.some((finding) => finding.severity === severity)) return severity
  return null
}
