import type { DifferenceKind } from '../../exchange/definition.ts'
import type { ReconcileReport } from '../../match/reconcile.ts'
import type { Counts, Realm, SubmissionState } from '../../store/model.ts'
import type { Download, Page } from './ports.ts'

export type { ReconcileReport }

/** A whole file that was, or is being, held against the centre. Times are ISO texts in UTC. */
export interface ReconciliationView {
  readonly tracking: string
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  readonly account: string
  readonly state: SubmissionState
  /** Why it came to no end, in words; null otherwise. */
  readonly reason: string | null
  readonly fileName: string
  readonly receivedAt: string
  readonly closedAt: string | null
  /** What sending the file would do. */
  readonly counts: Counts
  /** Null until it is completed. */
  readonly report: ReconcileReport | null
}

export interface DifferenceView {
  readonly kind: DifferenceKind
  readonly category: string
  readonly type: string
  readonly key: string
  readonly recordId: string | null
  readonly position: number | null
  readonly fields: readonly string[]
}

/** Reconciliations; every call is already authorised. */
export interface ReconcilePorts {
  /** Newest first. */
  list(query: {
    readonly partners: readonly string[] | null
    readonly exchange: string | null
    readonly limit: number
    readonly after: string | null
  }): Promise<Page<ReconciliationView>>
  /** Null where it is none, or not of these partners. */
  find(tracking: string, partners: readonly string[] | null): Promise<ReconciliationView | null>
  /** In the order in which they are to be put right. */
  differences(
    tracking: string,
    query: {
      readonly kind: DifferenceKind | null
      readonly category: string | null
      readonly limit: number
      readonly after: string | null
    },
  ): Promise<Page<DifferenceView>>
  /** All of them as CSV. */
  csv(tracking: string): Promise<Download>
}
