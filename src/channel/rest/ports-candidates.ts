import type { Difference } from '../../exchange/compare.ts'
import type { Problem } from '../../exchange/problem.ts'
import type { Who } from '../../identity/who.ts'
import type { ShadowReport } from '../../match/shadow.ts'
import type { Realm } from '../../store/model.ts'
import type { Page } from './ports.ts'

/** A definition that was uploaded to take the place of the one in force. Times are ISO texts in UTC. */
export interface CandidateView {
  readonly candidate: number
  readonly exchange: string
  readonly fileName: string
  readonly hash: string
  readonly state: 'wrong' | 'checked' | 'coming' | 'in-force' | 'past' | 'withdrawn'
  readonly problems: readonly Problem[]
  readonly uploadedBy: string
  readonly uploadedAt: string
  readonly shadow: ShadowReport | null
  readonly activateAt: string | null
  readonly activatedBy: string | null
  readonly reason: string | null
  readonly withdrawnAt: string | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
}

/** Which past documents a run in shadow takes. */
export interface ShadowRequest {
  readonly realm: Realm
  readonly last: number
  readonly from: string | null
  readonly until: string | null
}

/** New versions of a definition. Every call is already authorised. */
export interface CandidatePorts {
  /** Newest first. */
  list(exchange: string): Promise<readonly CandidateView[]>
  /** Throws NOT_FOUND. */
  find(exchange: string, candidate: number): Promise<CandidateView>
  /** Takes an archive of a definition's folder in and checks it. Throws BAD_REQUEST for what is no such archive. */
  upload(who: Who, exchange: string, fileName: string, bytes: Uint8Array): Promise<CandidateView>
  /** What differs from the definition in force. */
  differences(
    exchange: string,
    candidate: number,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<Page<Difference>>
  /** Begins a run in shadow. Throws NOT_ALLOWED_NOW while one is under way, or where there are problems. */
  shadow(who: Who, exchange: string, candidate: number, request: ShadowRequest): Promise<CandidateView>
  /** In force from then on; null: at once. Throws BAD_REQUEST where it no longer fits, NOT_ALLOWED_NOW. */
  activate(
    who: Who,
    exchange: string,
    candidate: number,
    activation: { readonly at: string | null; readonly reason: string },
  ): Promise<CandidateView>
  /** What was in force before is so again. Throws NOT_ALLOWED_NOW. */
  withdraw(who: Who, exchange: string, candidate: number, reason: string): Promise<CandidateView>
}
