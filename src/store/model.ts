import type { RulesUsed } from '../exchange/definition.ts'
import type { Outcome } from '../exchange/parcel.ts'

/** Live data and test data are in books of their own and never meet in one view. */
export type Realm = 'live' | 'test'

/** A submission's life; each step is written in the transaction of its effect. */
export type SubmissionState =
  | 'queued'
  | 'surveying'
  | 'held'
  | 'processing'
  | 'completed'
  | 'incomplete'
  | 'refused'
  | 'cancelled'

/** `refresh`: the file names every record of the book; what it leaves out may be deleted. */
export type Scope = 'incremental' | 'refresh'

/** received = the sum of the six outcomes; `removed` and `cascaded` are effects counted apart. */
export interface Counts extends Readonly<Record<Outcome, number>> {
  readonly received: number
  readonly removed: number
  readonly cascaded: number
  /** Records stored with errors, part of created + updated + unchanged. */
  readonly withErrors: number
  /** Records that a transform, crosswalk or layout changed, whatever became of them. */
  readonly translated: number
}

export const NO_COUNTS: Counts = {
  received: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  rejected: 0,
  filtered: 0,
  removed: 0,
  cascaded: 0,
  withErrors: 0,
  translated: 0,
}

/** A submission as stored. Times are ISO texts in UTC. */
export interface Submission {
  readonly book: number
  readonly tracking: string
  readonly exchange: string
  readonly realm: Realm
  readonly owner: string
  readonly partner: string
  readonly account: string
  readonly channel: string
  readonly byCentre: boolean
  readonly state: SubmissionState
  readonly phase: 'survey' | 'apply' | 'remove'
  readonly reason: string | null
  readonly scope: Scope
  readonly dryRun: boolean
  /** It only holds a whole file against what is stored. */
  readonly reconcile: boolean
  readonly fileName: string
  readonly contentType: string | null
  readonly format: string | null
  readonly document: string
  readonly documentBytes: number
  readonly repeats: string | null
  readonly receivedAt: string
  /** Today in the exchange's zone when it was received; the only "today" its rules see. */
  readonly receivedDate: string
  readonly startedAt: string | null
  readonly closedAt: string | null
  readonly definitionHash: string
  readonly rules: readonly RulesUsed[]
  readonly checkpoint: number
  readonly share: number | null
  readonly counts: Counts
  readonly unreadableKeys: number
  readonly surveyChangeNo: number | null
  readonly preview: Readonly<Record<string, unknown>> | null
  readonly confirmed: Readonly<Record<string, unknown>> | null
  /** Right edge of the Merkle tree over the log lines so far. */
  readonly merkle: readonly (string | null)[]
  readonly segments: number
  readonly receipt: string | null
}
