import type { Readable } from 'node:stream'
import type { CodeValue, Definition, Operation, RulesUsed, StatusName } from '../../exchange/definition.ts'
import type { Finding, Note, Outcome, RawTree } from '../../exchange/parcel.ts'
import type { ErrorFormat } from '../../feedback/error-formats.ts'
import type { Who } from '../../identity/who.ts'
import type { Counts, Realm, SubmissionState } from '../../store/model.ts'
import type { AgentPorts } from './ports-agent.ts'
import type { BulkPorts } from './ports-bulk.ts'
import type { CandidatePorts } from './ports-candidates.ts'
import type { CodeTablePorts } from './ports-codes.ts'
import type { DuplicatePorts } from './ports-duplicates.ts'
import type { FormsPorts } from './ports-forms.ts'
import type { JobPorts } from './ports-jobs.ts'
import type { MessagePorts } from './ports-messages.ts'
import type { AuditPorts, SystemPorts } from './ports-operations.ts'
import type { OverviewPorts } from './ports-overview.ts'
import type { PeoplePorts } from './ports-people.ts'
import type { QualityPorts } from './ports-quality.ts'
import type { ReconcilePorts } from './ports-reconcile.ts'
import type { RegistryPorts } from './ports-registry.ts'
import type { RulesPorts } from './ports-rules.ts'
import type { RuleTrial, RuleTrialResult } from './routes-rule-trial.ts'

/** What the REST channel needs from the node; `node/start.ts` fills it in. Every call is already authorised. */

export interface DocumentRequest {
  readonly who: Who
  readonly exchange: string
  readonly realm: Realm
  /** The partner for whom it is sent (the centre may send for another). */
  readonly partner: string
  readonly channel: string
  readonly fileName: string
  readonly contentType: string | null
  readonly idempotencyKey: string | null
  readonly scope: 'incremental' | 'refresh'
  readonly dryRun: boolean
  /** Only hold the file, which is everything the partner has, against what is stored. */
  readonly reconcile?: boolean
  readonly bytes: AsyncIterable<Uint8Array>
}

export interface SubmissionView {
  readonly tracking: string
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  readonly account: string
  readonly channel: string
  readonly state: SubmissionState
  /** Why it is held, refused or incomplete, or why one record was deleted, in words; null otherwise. */
  readonly reason: string | null
  readonly scope: 'incremental' | 'refresh'
  readonly dryRun: boolean
  /** It only holds a whole file against what is stored. Absent: it does not. */
  readonly reconcile?: true
  readonly fileName: string
  readonly format: string | null
  readonly documentSha256: string
  readonly documentBytes: number
  /** Tracking number of the submission whose document has the same bytes, or null. */
  readonly repeats: string | null
  readonly receivedAt: string
  readonly startedAt: string | null
  readonly closedAt: string | null
  /** received = the sum of the six outcomes. */
  readonly counts: Counts
  /** Bytes of the document judged so far, for progress. */
  readonly progress: { readonly records: number; readonly share: number | null }
  readonly definitionHash: string
  /** Rule sets that the definition was overlaid with; empty: none. */
  readonly rules: readonly RulesUsed[]
  /** Submissions whose records the corrected ones of this one say they replace, and those that say so of this one. */
  readonly corrects: readonly CorrectionView[]
  readonly correctedBy: readonly CorrectionView[]
}

export interface CorrectionView {
  readonly tracking: string
  readonly records: number
}

export interface OneRecordRequest {
  readonly who: Who
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  readonly channel: string
  readonly type: string
  /** null: as the record says. */
  readonly operation: Operation | null
  readonly recordId: string | null
  /** `If-Match`: version the caller read; null: any. */
  readonly expectedVersion: number | null
  readonly idempotencyKey: string | null
  /** The body as received, kept as the submission's document. */
  readonly bytes: Uint8Array
  readonly format: 'json' | 'xml'
  /** Canonical JSON names (`native`) or the exchange's wire names (`wire`). */
  readonly names: 'native' | 'wire'
  /** Report its findings like those of files too; default false. */
  readonly collect?: boolean
  /** Why it is asked: told to the owner of the record where that is somebody else. Absent: nothing is said. */
  readonly reason?: string
}

export interface OneRecordResult {
  readonly tracking: string
  /** True when the idempotency key was seen before and this is the first answer again. */
  readonly repeated: boolean
  readonly position: number
  readonly recordId: string | null
  readonly key: string | null
  readonly outcome: Outcome
  readonly status: StatusName | null
  readonly statusLabel: string | null
  readonly version: number | null
  readonly findings: readonly Finding[]
  /** The record's own values as understood, for echoing (canonical names). */
  readonly body: Readonly<Record<string, unknown>>
}

export interface RecordView {
  readonly recordId: string
  readonly exchange: string
  readonly realm: Realm
  readonly type: string
  readonly partner: string
  readonly key: string
  readonly status: StatusName
  readonly statusLabel: string
  readonly version: number
  readonly changeNo: number
  readonly definitionVersion: string
  readonly body: Readonly<Record<string, unknown>>
  readonly findings: readonly Finding[]
  readonly submission: string
  readonly position: number
  readonly createdAt: string
  readonly updatedAt: string
}

export interface HistoryEntry {
  readonly version: number
  readonly changeNo: number
  readonly operation: string
  readonly status: StatusName
  readonly submission: string
  readonly position: number
  /** Who sent it: the partner and the name of the account; null where the submission is not there any more. */
  readonly partner: string | null
  readonly account: string | null
  readonly channel: string | null
  /** The centre sent it, in the partner's name. */
  readonly byCentre: boolean
  /** Why, where that was said. */
  readonly reason: string | null
  readonly at: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Opaque; null on the last page. */
  readonly next: string | null
}

export interface OutcomeEntry {
  readonly position: number
  readonly line: number
  readonly member: string
  readonly type: string
  readonly key: string | null
  readonly recordId: string | null
  readonly operation: string
  readonly outcome: Outcome
  readonly status: StatusName | null
  readonly findings: readonly Finding[]
  /** What rules changed in it before it was judged. */
  readonly notes: readonly Note[]
}

export interface RecordQuery {
  readonly exchange: string
  readonly realm: Realm
  /** Partners whose books may be read; null: all (the centre). */
  readonly partners: readonly string[] | null
  readonly type: string
  readonly status: StatusName | null
  readonly key: string | null
  /** Canonical searchable field → exact text. */
  readonly where: Readonly<Record<string, string>>
  readonly changedSince: number | null
  /** Part of the key, in any case. */
  readonly text?: string | null
  /** The latest changed first; default last. */
  readonly newest?: boolean
  readonly limit: number
  readonly after: string | null
}

/** Formats in which stored records are given out: those in which they are sent. */
export const EXPORT_FORMATS = ['csv', 'xlsx', 'json', 'xml'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Which submissions; null: any. */
export interface SubmissionSearch {
  /** Whose; null: everybody's. */
  readonly partners: readonly string[] | null
  readonly exchange: string | null
  readonly realm: Realm | null
  readonly state: SubmissionState | null
  /** Documents of many records, or records that came one by one. */
  readonly kind: 'documents' | 'records' | null
  /** Those with records that were rejected or stored with errors. */
  readonly withErrors: boolean
  /** Received at or after, and before; ISO times. */
  readonly from: string | null
  readonly until: string | null
  /** Part of a tracking number or of a file name, in any case. */
  readonly text: string | null
  readonly limit: number
  readonly after: string | null
}

/** A document to stream to the client, made while it is read. */
export interface Download {
  readonly fileName: string
  readonly contentType: string
  /** Where it is known before it is sent. */
  readonly bytes?: number
  readonly stream: Readable
}

export interface Ports {
  readonly definitions: {
    list(): readonly Definition[]
    /** Throws fault NOT_FOUND. */
    get(exchange: string): Definition
  }
  readonly submit: {
    document(request: DocumentRequest): Promise<SubmissionView>
    one(request: OneRecordRequest): Promise<OneRecordResult>
    /** Validation alone; stores nothing. */
    validate(request: {
      exchange: string
      type: string
      partner: string
      bytes: Uint8Array
      format: 'json' | 'xml'
      names: 'native' | 'wire'
      checks: 'fields' | 'relations' | 'both'
    }): Promise<{
      record: RawTree
      body: Readonly<Record<string, unknown>>
      version: string
      findings: readonly Finding[]
    }>
    release(who: Who, tracking: string): Promise<SubmissionView>
    cancel(who: Who, tracking: string, reason: string): Promise<SubmissionView>
  }
  readonly submissions: {
    /** Null when it does not exist or belongs to a partner not in the list. */
    find(tracking: string, partners: readonly string[] | null): Promise<SubmissionView | null>
    list(query: SubmissionSearch): Promise<Page<SubmissionView>>
    outcomes(
      tracking: string,
      query: { outcome: Outcome | null; limit: number; after: string | null },
    ): Promise<Page<OutcomeEntry>>
    findings(
      tracking: string,
      query: { code: string | null; limit: number; after: string | null },
    ): Promise<Page<Finding & { position: number; key: string | null }>>
    /** Findings grouped by code, most frequent first, with one example each. */
    findingSummary(
      tracking: string,
    ): Promise<readonly { code: string; severity: string; count: number; message: string; field: string }[]>
    /** The preview of a held submission: what it would do; null when it is not held. */
    preview(tracking: string): Promise<Readonly<Record<string, unknown>> | null>
    /** `format`: of a submission of several formats the records of this one; null: all, in the first. */
    errorFile(tracking: string, format: ErrorFormat | null): Promise<Download>
    sessionLog(tracking: string): Promise<Download>
    document(tracking: string): Promise<Download>
    /** Compact JWS; null until the submission is closed. */
    receipt(tracking: string): Promise<string | null>
    acknowledgement(tracking: string): Promise<string>
    /** One record's log line with its Merkle path to the receipt's root. */
    proof(tracking: string, position: number): Promise<Readonly<Record<string, unknown>> | null>
    /** Called at each change until the submission is closed or the signal aborts. */
    watch(tracking: string, signal: AbortSignal): AsyncIterable<SubmissionView>
  }
  readonly records: {
    find(
      exchange: string,
      recordId: string,
      partners: readonly string[] | null,
      asOf: string | null,
    ): Promise<RecordView | null>
    search(query: RecordQuery): Promise<Page<RecordView>>
    /** All that the query finds, as a document in the exchange's own names; its paging is passed over. */
    export(query: RecordQuery, format: ExportFormat): Promise<Download>
    history(
      exchange: string,
      recordId: string,
      partners: readonly string[] | null,
    ): Promise<readonly HistoryEntry[]>
    deletedSince(query: {
      exchange: string
      realm: Realm
      partners: readonly string[] | null
      changeNo: number
      limit: number
    }): Promise<
      readonly { recordId: string; key: string; changeNo: number; at: string; submission: string }[]
    >
    /** Gives a record to another owner. Throws faults NOT_FOUND, BAD_REQUEST, CONFLICT. */
    transfer(request: {
      readonly who: Who
      readonly exchange: string
      readonly realm: Realm
      readonly type: string
      readonly key: string
      readonly from: string
      readonly to: string
      readonly reason: string
    }): Promise<{
      /** Tracking numbers in the book that it left and in the one that it came to. */
      readonly left: string
      readonly came: string
      readonly recordId: string
      readonly key: string
      readonly others: number
    }>
    /** A document that a record holds, by its SHA-256. Throws fault NOT_FOUND. */
    document(sha256: string): Promise<{ readonly bytes: number; readonly stream: Readable }>
  }
  readonly codes: {
    lists(
      exchange: string,
    ): Promise<
      readonly { list: string; title: string; values: number; imported: boolean; importedAt: string | null }[]
    >
    values(
      exchange: string,
      list: string,
      query: { search: string | null; limit: number; after: string | null },
    ): Promise<Page<CodeValue>>
    /** Puts a CSV file's codes in force. Throws BAD_REQUEST for a file that does not fit, NOT_FOUND. */
    import(
      who: Who,
      exchange: string,
      list: string,
      content: string,
    ): Promise<{ values: number; added: number; removed: number; changed: number }>
  }
  readonly codeTables: CodeTablePorts
  readonly candidates: CandidatePorts
  readonly rules: RulesPorts
  /** Tries one rule on pasted records. Throws BAD_REQUEST for data that cannot be read, NOT_FOUND. */
  readonly ruleTrial: (who: Who, exchange: string, trial: RuleTrial) => Promise<RuleTrialResult>
  readonly messages: MessagePorts
  readonly overview: OverviewPorts
  readonly forms: FormsPorts
  readonly quality: QualityPorts
  readonly duplicates: DuplicatePorts
  readonly reconciliations: ReconcilePorts
  readonly bulk: BulkPorts
  readonly people: PeoplePorts
  readonly registry: RegistryPorts
  readonly agent: AgentPorts
  readonly jobs: JobPorts
  readonly audit: AuditPorts
  readonly system: SystemPorts
  readonly health: () => Promise<{
    ready: boolean
    durable: boolean
    database: string
    version: string
    queued: number
  }>
}
