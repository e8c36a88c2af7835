import type { Finding } from '../../exchange/parcel.ts'
import type { Who } from '../../identity/who.ts'
import type { DraftContent, DraftHead, DraftRow } from '../../store/drafts.ts'
import type { RuleWithErrors } from '../../store/faulty-records.ts'
import type { Realm } from '../../store/model.ts'

interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/** A record that is to be put right, with what is wrong in it. */
export interface FaultyRecordView {
  readonly recordId: string
  readonly partner: string
  readonly key: string
  readonly version: number
  readonly submission: string
  readonly position: number
  readonly updatedAt: string
  readonly findings: readonly Finding[]
}

export interface FaultyQuery {
  readonly exchange: string
  readonly realm: Realm
  readonly type: string
  /** Partners whose books may be read; null: all. */
  readonly partners: readonly string[] | null
}

/** What people need who enter and put right single records. Every call is already authorised. */
export interface FormsPorts {
  readonly faulty: {
    list(
      query: FaultyQuery & {
        readonly code: string | null
        readonly limit: number
        readonly after: string | null
      },
    ): Promise<Page<FaultyRecordView>>
    rules(query: FaultyQuery): Promise<readonly RuleWithErrors[]>
  }
  /** Each account sees its own alone. */
  readonly drafts: {
    list(
      who: Who,
      query: { readonly limit: number; readonly after: string | null },
    ): Promise<Page<DraftHead & { readonly removedOn: string }>>
    /** Throws fault NOT_FOUND. */
    get(who: Who, draft: string): Promise<DraftRow & { readonly removedOn: string }>
    /** Throws CONFLICT when the account has as many as it may have. */
    put(who: Who, draft: string, content: DraftContent): Promise<DraftRow & { readonly removedOn: string }>
    drop(who: Who, draft: string): Promise<void>
  }
}
