import type { Alert } from '../../store/alerts.ts'
import type { DayOfActivity, FaultyRecords, Overlook, TroubledSubmission } from '../../store/overview.ts'

/** What needs a person, the most urgent first within each kind. */
export interface Attention {
  readonly alerts: readonly Alert[]
  readonly submissions: readonly TroubledSubmission[]
  readonly records: readonly FaultyRecords[]
  readonly files: { readonly refused: number; readonly held: number }
  readonly workItems: { readonly count: number; readonly dueOn: string | null }
  /** Since when refused and incomplete deliveries are told of, ISO. */
  readonly since: string
}

/** What the first page of the console shows. Every call is already authorised. */
export interface OverviewPorts {
  /** Every day up to today, also those without anything. */
  activity(query: Overlook & { readonly days: number; readonly zone: string }): Promise<{
    readonly from: string
    readonly to: string
    readonly items: readonly DayOfActivity[]
  }>
  attention(query: Overlook): Promise<Attention>
}
