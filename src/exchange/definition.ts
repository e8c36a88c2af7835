/**
 * The compiled form of an exchange definition: what the loader makes from the YAML and CSV files of one
 * folder, with every default filled in, every name resolved and every expression type-checked. Plain data
 * (it crosses process boundaries as JSON), except that nothing in it may be changed after loading.
 */

export type ScalarType = 'text' | 'integer' | 'decimal' | 'date' | 'time' | 'datetime' | 'boolean' | 'code'

/** `fatal`: the record cannot be stored. `error`: stored with errors. `warning`, `info`: stored clean. */
export type Severity = 'fatal' | 'error' | 'warning' | 'info'

/** What a field check looks at; each has its own finding code (`F012R` …) unless the definition names one. */
export type CheckKind =
  | 'required'
  | 'type'
  | 'length'
  | 'pattern'
  | 'range'
  | 'code'
  | 'count'
  | 'repeated'
  | 'alone'
  | 'not_applicable'
  | 'locked'
  | 'file'

export interface Field {
  /** Permanent number, unique in its record type at all levels; the content hash and default codes use it. */
  readonly no: number
  /** Canonical name, snake_case, unique among its siblings. */
  readonly name: string
  readonly label: string
  readonly description: string
  readonly example: string
  /** A field of type `document` is a group of its SHA-256, type and size; see `document`. */
  readonly type: ScalarType | 'group'
  /** What a field of type `document` takes; null for every other field. */
  readonly document: DocumentRule | null
  /** A list of values (or of groups). */
  readonly many: boolean
  readonly itemsMin: number
  readonly itemsMax: number
  /** Key field (by name) of a nested list's items; without one, position is identity. */
  readonly itemKey: string | null
  /** A list may not hold the same value twice. */
  readonly distinct: boolean
  /** Values that may only stand alone in a list ("None"). */
  readonly alone: readonly string[]
  readonly required: boolean
  /** The field applies only when this CEL expression holds (`record`, `it`, `parent`); null: always. */
  readonly when: string | null
  /** What a value is where the field does not apply: a finding (`reject`) or let through (`allow`). */
  readonly otherwise: 'reject' | 'allow'
  /** Severity of this field's findings. */
  readonly severity: Severity
  readonly codes: Readonly<Partial<Record<CheckKind, string>>>
  readonly messages: Readonly<Partial<Record<CheckKind, string>>>
  readonly lengthMin: number | null
  readonly lengthMax: number | null
  /** RE2 syntax, must match the whole value. */
  readonly pattern: string | null
  readonly min: number | null
  readonly max: number | null
  /** Decimal: digits allowed after the point. */
  readonly scale: number | null
  /** Code list name, for `type: code`. */
  readonly list: string | null
  /** Boolean: what true and false look like on the wire, first one is written. */
  readonly booleanWords: { readonly true: readonly string[]; readonly false: readonly string[] }
  /** Applied in order before validation; noted in the session log when they change a value. */
  readonly transforms: readonly Transform[]
  readonly crosswalk: string | null
  readonly privacy: 'public' | 'restricted' | 'personal'
  /** May not be changed by a sender once the record was submitted. */
  readonly locked: boolean
  readonly search: boolean
  /** Definition versions in which the field exists; null: all. */
  readonly only: readonly string[] | null
  /** Path from the parent group in JSON and XML, e.g. ['Officer', 'UID']; ['ListPerson', 'Person'] for a list. */
  readonly path: readonly string[]
  /** Column header in CSV and sheets. */
  readonly column: string
  /** Children of a group. */
  readonly fields: readonly Field[]
}

/** Kinds of documents that a field may take, told by what is in them. */
export type DocumentType = 'gif' | 'tiff' | 'jpeg' | 'pdf'

export interface DocumentRule {
  readonly types: readonly DocumentType[]
  readonly bytesMax: number
}

export type Transform = TransformWord | TransformStep

export type TransformWord = 'trim' | 'upper' | 'lower' | 'collapse_spaces' | 'pad_time' | 'digits'

/** A transform that needs to be told something. */
export type TransformStep =
  /** The pattern of dates or times as sent (`MM/dd/yyyy`); what does not look like it stays. */
  | { readonly do: 'date'; readonly pattern: string }
  /** Every occurrence of a text, or of an RE2 pattern. */
  | { readonly do: 'replace'; readonly text: string; readonly by: string; readonly pattern: boolean }
  /** One value for another, as a whole. */
  | { readonly do: 'map'; readonly values: Readonly<Record<string, string>> }
  /** Taken where nothing was sent. */
  | { readonly do: 'default'; readonly value: string }
  /** One part of a text, from 1, or from -1 backwards; null: a list of all parts. */
  | { readonly do: 'split'; readonly at: string; readonly part: number | null }
  /** A list as one text. */
  | { readonly do: 'join'; readonly by: string }
  /** Characters from..to, from 1; `to` null: the rest. */
  | { readonly do: 'cut'; readonly from: number; readonly to: number | null }
  /** Filled up on the left. */
  | { readonly do: 'pad'; readonly length: number; readonly by: string }

export interface Rule {
  readonly code: string
  /** Our stable id, e.g. `R7a`; unique. Several rules may share a published code. */
  readonly id: string
  readonly title: string
  readonly severity: Severity
  /** Path of a list ('persons', 'persons.results'): the rule runs once for each item, as `it`; null: once. */
  readonly each: string | null
  /** CEL, must hold; false makes the finding. */
  readonly check: string
  /** CEL, the rule is skipped unless it holds. */
  readonly when: string | null
  /** Canonical paths blamed, relative to `it` (or the record). The first is the finding's path. */
  readonly blames: readonly string[]
  /** May hold `{path}` placeholders for values. */
  readonly message: string
  readonly needs: 'record' | 'current' | 'book'
  readonly only: readonly string[] | null
  readonly source: string
}

export interface Filter {
  readonly code: string
  /** CEL over the bound record; true drops the record with outcome `filtered`. */
  readonly drop: string
  readonly message: string
}

export interface CodeValue {
  readonly code: string
  readonly label: string
  /** ISO dates, inclusive; null: open. Tested against the record's effective date. */
  readonly from: string | null
  readonly until: string | null
}

export interface CodeList {
  readonly name: string
  readonly title: string
  /** Replaced by `tributary codes import`; the folder holds a small sample. */
  readonly imported: boolean
  /** Column names of an imported file. */
  readonly columns: { code: string; label: string; from: string | null; until: string | null } | null
  readonly values: readonly CodeValue[]
}

export interface Crosswalk {
  readonly name: string
  readonly list: string
  /** Partner name, or '*' for all → their code → ours. */
  readonly map: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** What may be asked of one record. */
export type Operation = 'create' | 'replace' | 'merge' | 'upsert' | 'delete' | 'close' | 'rename' | 'transfer'

export type StatusName = 'submitted' | 'submitted-with-errors' | 'closed' | 'deleted'

export interface Lifecycle {
  readonly labels: Readonly<Record<StatusName, string>>
  /** In which statuses of the stored record the operation is allowed; an operation not named is not offered. */
  readonly operations: Readonly<Partial<Record<Operation, OperationRule>>>
}

export interface OperationRule {
  readonly from: readonly StatusName[]
  /** `owner`: whoever may write the book; `centre`: the centre's people only. */
  readonly grant: 'owner' | 'centre'
}

export interface FatalText {
  readonly code: string
  readonly message: string
}

export interface Identity {
  /** Top-level fields that make the key, in order. */
  readonly key: readonly string[]
  /** A create on a stored key. */
  readonly exists: FatalText
  /** A replace, merge, close or delete of a key that is not stored. */
  readonly missing: FatalText
  /** An operation not allowed in the stored record's status. */
  readonly closed: FatalText
  /** The sender quotes a stable id that is not this record's. */
  readonly wrongId: FatalText
  /** Top-level fields that hold the former key of a record that is renamed, in its order. Absent: none. */
  readonly former?: readonly string[]
  /** Second check of a create, only when the key is free. */
  readonly duplicates: readonly {
    readonly fields: readonly string[]
    readonly code: string
    readonly message: string
  }[]
  /** The field that must hold an external identifier (of this scheme) of the book's owner. */
  readonly owner: {
    readonly field: string
    readonly scheme: string
    readonly code: string
    readonly message: string
  } | null
  /** Field in which the centre's stable id travels; it is never stored in the body. */
  readonly stableId: {
    readonly path: readonly string[]
    readonly column: string
    readonly label: string
  } | null
}

/** How a record of a file says what it wants done. */
export interface OperationField {
  readonly path: readonly string[]
  readonly column: string
  readonly values: Readonly<Record<string, Operation>>
  /** Used when the field is absent; null: its absence is fatal. */
  readonly fallback: Operation | null
  readonly code: string
  readonly message: string
  /** A flag that turns a replace into a close (NFIA). */
  readonly close: { readonly path: readonly string[]; readonly column: string; readonly value: string } | null
}

export interface RecordType {
  readonly name: string
  readonly title: string
  readonly fields: readonly Field[]
  readonly identity: Identity
  readonly operation: OperationField
  readonly lifecycle: Lifecycle
  /** Top-level date field that chooses the version and dates the code lists; null: the received date. */
  readonly effective: string | null
  readonly rules: readonly Rule[]
  readonly filters: readonly Filter[]
  readonly unknownFields: Severity | 'ignore'
  /** Absent: none. */
  readonly references?: readonly Reference[]
  /** Absent: new and changed records are accepted, missing ones deleted by a refresh. */
  readonly sync?: Sync
  /** Top-level fields that say where a record stands. Absent: none. */
  readonly statusFields?: readonly string[]
  readonly forms: TypeForms
  /** Other layouts that records may come in; the first that fits a record is its layout. Absent: none. */
  readonly layouts?: readonly Layout[]
}

/** A record's word for another record, by the key of that. */
export interface Reference {
  /** Unique in its type. */
  readonly name: string
  /** Another exchange, same realm, same owner (or the centre, where that owns its books); null: this one. */
  readonly exchange: string | null
  readonly type: string
  /** Paths (canonical names, from the record) of the fields that hold the target's key, in its order. */
  readonly key: readonly (readonly string[])[]
  /** `wait`: stored with an error finding, which disappears when the target comes. */
  readonly onMissing: 'reject' | 'wait' | 'accept'
  /** What deleting the target does; `cascade`: this record is deleted too. */
  readonly onDelete: 'restrict' | 'cascade' | 'keep'
  /** Finding where the target is not there. */
  readonly code: string
  readonly message: string
  /** Finding where the target cannot be deleted. */
  readonly inUse: FatalText
}

/** What becomes of records that are new, changed, or missing in a full refresh. */
export interface Sync {
  readonly new: 'accept' | 'reject'
  readonly changed: 'accept' | 'reject'
  readonly missing: 'delete' | 'keep'
  readonly newRefused: FatalText
  readonly changedRefused: FatalText
}

/** A layout of others, mapped to our fields. */
export interface Layout {
  readonly name: string
  /** `rows`: CSV and spreadsheets; `tree`: JSON and XML. */
  readonly of: 'rows' | 'tree'
  /** It is the layout of a record where all of these hold; `is` null: something stands there. */
  readonly when: readonly { readonly at: string; readonly is: string | null }[]
  readonly sources: readonly Source[]
  /** What becomes of names that no source names: passed over, or read as in our own layout. */
  readonly others: 'ignore' | 'ours'
}

/** Where the value of a field comes from. */
export interface Source {
  /** Canonical names down to the field, from the record or from the item of the list it is part of. */
  readonly field: readonly string[]
  readonly from: SourceOf
  /** Applied before the field's own. */
  readonly transforms: readonly Transform[]
  /** A group, or a list of groups: where the values of each item come from. */
  readonly fields: readonly Source[]
}

export type SourceOf =
  /** Headers of columns, or paths with picks (`ContactMethod[Type=phone].Value`). */
  | { readonly kind: 'places'; readonly at: readonly string[] }
  | { readonly kind: 'value'; readonly value: string }
  /** CEL, of `raw('…')`. */
  | { readonly kind: 'cel'; readonly cel: string }

/** How records of a type are told from those of the others, where the exchange has several types. */
export interface TypeForms {
  /** XML: element of one record. */
  readonly element: string
  /** JSON: member of the outermost object that holds the list of records. */
  readonly property: string
  /** Sheet of a workbook. */
  readonly sheet: string
  /** What a file or member of an archive is called, without folder and extension; `*` is any text. */
  readonly member: string
}

export interface Version {
  readonly name: string
  /** Effective dates, ISO, inclusive; null: open. */
  readonly from: string | null
  readonly until: string | null
}

export interface Formats {
  /** JSON: property that wraps an array of records ('records'); a bare object, array or NDJSON always work. */
  readonly json: { readonly wrapper: string | null; readonly allText: boolean }
  readonly xml: { readonly root: string; readonly record: string; readonly namespace: string | null }
  readonly csv: {
    readonly delimiter: ',' | '|' | '\t'
    /** Between the items of a list, and between the parts of a group in one cell. */
    readonly items: string
    readonly parts: string
    /** The nested list that gets a row for each item; rows of one record stand together. */
    readonly rowPer: string | null
  }
  /** Member or column in which a record names its type, where the exchange has several. */
  readonly recordType: string
  readonly sheet: { readonly name: string }
  /** How dates are written: `YYYY-MM-DD` (`iso`, also when absent) or `MM/DD/YYYY`. Both are always read. */
  readonly dates?: 'iso' | 'us'
}

export interface Refresh {
  /** A whole-file submission may delete what it does not name. */
  readonly allowed: boolean
  /** Above either limit (share of live records, or count) it is held for a person. */
  readonly deleteShareMax: number
  readonly deleteCountMax: number
  readonly changeShareMax: number
  /** Top-level fields: a refresh replaces only the sets whose values its records have. Absent: the whole book. */
  readonly within?: readonly string[]
}

/** What must come together in one document. */
export interface Batch {
  /** Types of which it must hold records, or a file with none. Empty: any. */
  readonly required: readonly string[]
}

/** Something the centre may ask a partner to settle. */
export interface WorkItemKind {
  readonly title: string
  /** Business days in which it is to be answered. */
  readonly dueDays: number
}

/** How a partner's whole file and the centre may differ; `repeated`: the file names the record more than once. */
export type DifferenceKind = 'only-partner' | 'only-centre' | 'different' | 'repeated'

export interface Reconcile {
  /** In the order in which they are to be put right. */
  readonly categories: readonly ReconcileCategory[]
  /** Each kind once. */
  readonly fixOrder: readonly DifferenceKind[]
}

export interface ReconcileCategory {
  readonly name: string
  readonly title: string
  readonly types: readonly string[]
  /** The first band that fits counts; none: nothing may differ. */
  readonly tolerance: readonly ToleranceBand[]
}

/** The larger of the two counts. */
export interface ToleranceBand {
  /** Records at the centre; null: any number. */
  readonly upTo: number | null
  readonly differences: number
  readonly share: number
}

export interface Realtime {
  /** A single-record call may run between two chunks of a file of the same book. */
  readonly interleave: boolean
  /** How long it waits for a busy lane otherwise, before it is refused with 503. */
  readonly waitMs: number
}

export interface Profile {
  /** Request header → canonical top-level field that must agree. */
  readonly headers: Readonly<Record<string, { readonly field: string | null; readonly required: boolean }>>
  /** Finding code → HTTP status, for findings that refuse a record; others get `fallback`. */
  readonly statuses: Readonly<Record<string, number>>
}

/** What a file's name must look like, and what such a file may hold. */
export interface NameRule {
  /** `{field}` stands for the field's value, `{time}` for yyyyMMddHHmmss, `{any}` for anything: `{time}_{ori}`. */
  readonly pattern: string
  readonly formats: readonly ('csv' | 'xlsx' | 'xls' | 'xml' | 'json')[]
  /** `one`: a file with a second record is refused as a whole. */
  readonly records: 'one' | 'many'
}

/** How files come in by SFTP and drop folder, and where their reports go. */
export interface FileRules {
  /** Folder of this exchange in a partner's tree; '' when its folders stand at the top. */
  readonly root: string
  readonly realms: { readonly live: string; readonly test: string }
  /** Folders below the realm's from which files are picked up; may be nested (`incoming/JSON`). */
  readonly input: readonly string[]
  readonly output: string
  readonly archive: string
  /** The first that fits a name and its format counts; none at all: any name will do. */
  readonly names: readonly NameRule[]
  /** A file in a drop folder is complete when it has not changed for so long. */
  readonly stableSeconds: number
  /** Files that come within so many seconds of the one before are reported together. */
  readonly gatherSeconds: number
  /** An upload still incomplete after so long is reported. */
  readonly incompleteMinutes: number
  /** A sidecar `<name>.sha256` or `.md5`: ignored, held against the file when there, or needed. */
  readonly checksum: 'none' | 'optional' | 'required'
  /** Days that an original stays in the archive folder. */
  readonly archiveDays: number
  /** Single-record calls whose Calling Application is one of these are reported like files, so often. */
  readonly calls: { readonly applications: readonly string[]; readonly gatherMinutes: number }
}

export interface Definition {
  readonly exchange: string
  readonly title: string
  readonly description: string
  /** IANA zone; the only source of "today". */
  readonly zone: string
  /** Who owns a book: each partner its own, or the centre one shared. */
  readonly owner: 'partner' | 'centre'
  readonly versions: readonly Version[]
  /** In dependency order. */
  readonly types: readonly RecordType[]
  readonly lists: Readonly<Record<string, CodeList>>
  readonly crosswalks: Readonly<Record<string, Crosswalk>>
  readonly formats: Formats
  readonly refresh: Refresh
  readonly batch: Batch
  /** Kinds of work items, by name. Absent: any kind. */
  readonly workItems?: Readonly<Record<string, WorkItemKind>>
  /** Absent: one category, in which nothing may differ. */
  readonly reconcile?: Reconcile
  readonly realtime: Realtime
  readonly profiles: Readonly<Record<string, Profile>>
  readonly files: FileRules
  /** Rule sets laid over it, in order. Absent: none. */
  readonly rules?: readonly RulesUsed[]
  /** SHA-256 over everything above and the imported code tables: a submission is pinned to it. */
  readonly hash: string
}

/** A version of the rule set of a partner, or of all (`*`). */
export interface RulesUsed {
  readonly partner: string
  readonly version: number
}
