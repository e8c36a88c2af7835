import type { Difference } from '../../exchange/compare.ts'
import type { RulesUsed } from '../../exchange/definition.ts'
import type { RuleProblem } from '../../exchange/overlay.ts'
import type { Finding, Note } from '../../exchange/parcel.ts'
import type { Who } from '../../identity/who.ts'

/** A version of a rule set as it is shown. Times are ISO texts in UTC. */
export interface RuleSetView {
  readonly exchange: string
  /** `*`: for all. */
  readonly partner: string
  readonly version: number
  /** `past`: another version took its place. */
  readonly state: 'in-effect' | 'coming' | 'past' | 'withdrawn'
  readonly effectiveAt: string
  readonly reason: string
  readonly madeBy: string
  readonly madeAt: string
  readonly withdrawnAt: string | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
}

/** What a rule set comes to. */
export interface RuleSetCheck {
  readonly problems: readonly RuleProblem[]
  /** What it changes in the definition as it is now for that partner; empty where there are problems. */
  readonly changes: readonly Difference[]
}

export interface TryRequest {
  readonly partner: string
  /** Rules to try: this text, or what is in effect where it is null. */
  readonly content: string | null
  /** Records as they would be sent. */
  readonly data: string
  readonly fileName: string
  /** Records shown at most; all are counted. */
  readonly limit: number
}

/** One record tried: what the rules made of it, and what would be found. Nothing is stored. */
export interface TriedRecord {
  readonly position: number
  readonly line: number
  readonly type: string
  readonly operation: string
  readonly key: string | null
  readonly result: 'accepted' | 'with-errors' | 'rejected' | 'filtered'
  readonly body: Readonly<Record<string, unknown>>
  readonly notes: readonly Note[]
  readonly findings: readonly Finding[]
}

export interface TryResult {
  /** With any, nothing was tried. */
  readonly problems: readonly RuleProblem[]
  readonly definition: string | null
  readonly rules: readonly RulesUsed[]
  readonly counts: {
    readonly received: number
    readonly rejected: number
    readonly filtered: number
    readonly translated: number
    readonly withErrors: number
  }
  readonly records: readonly TriedRecord[]
}

/** Rule sets of partners; every call is already authorised. */
export interface RulesPorts {
  /** Newest first; of these partners only, unless null. */
  list(exchange: string, partners: readonly string[] | null): Promise<readonly RuleSetView[]>
  /** Throws NOT_FOUND. */
  find(
    exchange: string,
    partner: string,
    version: number,
  ): Promise<RuleSetView & { readonly content: string }>
  /** Throws NOT_FOUND for an unknown partner. */
  check(exchange: string, partner: string, content: string): Promise<RuleSetCheck>
  /**
   * Keeps a new version. Throws BAD_REQUEST for one that does not fit the definition or would take effect in the
   * past, NOT_FOUND for an unknown partner.
   */
  put(
    who: Who,
    exchange: string,
    set: {
      readonly partner: string
      /** null: at once. */
      readonly effectiveAt: string | null
      readonly reason: string
      readonly content: string
    },
  ): Promise<RuleSetView>
  /** Throws BAD_REQUEST for data that cannot be read at all. */
  try(exchange: string, request: TryRequest): Promise<TryResult>
  /** Differences between the definitions that two versions make; version 0 is the definition without rules. */
  compare(
    exchange: string,
    partner: string,
    before: number,
    after: number,
  ): Promise<{ readonly problems: readonly RuleProblem[]; readonly differences: readonly Difference[] }>
  /** Throws NOT_ALLOWED_NOW for a version that has taken effect or was withdrawn. */
  withdraw(who: Who, exchange: string, partner: string, version: number, reason: string): Promise<RuleSetView>
}
