import type { Scorecard } from '../../feedback/scorecard.ts'
import type { Realm } from '../../store/model.ts'

/** How often something is found in what a partner sends; every call is already authorised. */
export interface QualityPorts {
  /** The days are of the exchange's zone, both included. */
  card(query: {
    readonly exchange: string
    readonly realm: Realm
    /** null: all partners together. */
    readonly partner: string | null
    readonly from: string
    readonly to: string
  }): Promise<Scorecard>
  /** Today in the exchange's zone, an ISO date. */
  today(exchange: string): string
}
