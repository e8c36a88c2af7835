import type { Finding } from '../../exchange/parcel.ts'
import type { Realm } from '../../store/model.ts'
import type { Page, RecordView } from './ports.ts'

/** Two stored records that are one by the fields that tell duplicates. */
export interface StoredPair {
  readonly type: string
  /** The fields whose values they share. */
  readonly fields: readonly string[]
  readonly first: RecordView
  readonly second: RecordView
}

/** A record that was not taken because another of the same values was stored. */
export interface RefusedView {
  readonly tracking: string
  readonly position: number
  readonly partner: string
  readonly key: string | null
  readonly code: string
  readonly message: string
  readonly receivedAt: string
}

export interface RefusedPair {
  readonly type: string
  readonly fields: readonly string[]
  readonly refused: {
    readonly tracking: string
    readonly position: number
    readonly key: string | null
    readonly body: Readonly<Record<string, unknown>>
    readonly findings: readonly Finding[]
  }
  /** What it was held to be the same as; null where that is not stored any more. */
  readonly stored: RecordView | null
}

export interface DuplicateFilter {
  readonly exchange: string
  readonly realm: Realm
  /** Whose records; null: everybody's. */
  readonly partner: string | null
  readonly limit: number
  readonly after: string | null
}

/** What stands, or was sent, twice; every call is already authorised. */
export interface DuplicatePorts {
  stored(query: DuplicateFilter): Promise<Page<StoredPair>>
  /** The latest first. */
  refused(query: DuplicateFilter): Promise<Page<RefusedView>>
  /** A refused record as it was understood, beside the stored one. Throws fault NOT_FOUND. */
  pair(exchange: string, tracking: string, position: number): Promise<RefusedPair>
}
