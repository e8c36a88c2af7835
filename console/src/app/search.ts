import type { Submission } from '../api/client.ts'

/** What stands in addresses after the question mark; anything else there is passed over. */

export interface RealmSearch {
  readonly realm?: 'test' | 'live'
}

export interface SubmissionFilters {
  readonly text?: string
  readonly state?: Submission['state']
  readonly exchange?: string
  readonly partner?: string
  readonly kind?: 'documents' | 'records'
  /** Days in the viewer's zone, both included. */
  readonly from?: string
  readonly to?: string
  readonly errors?: true
  /** Of the page before this one. */
  readonly after?: string
}

export const STATES: readonly Submission['state'][] = [
  'queued',
  'surveying',
  'held',
  'processing',
  'completed',
  'incomplete',
  'refused',
  'cancelled',
]

type Given = Readonly<Record<string, unknown>>

export function readRealm({ realm }: Given): RealmSearch {
  return realm === 'test' || realm === 'live' ? { realm } : {}
}

export function readSubmissionFilters(given: Given): SubmissionFilters {
  const { state, kind, errors } = given
  const known = STATES.find((one) => one === state)
  const text = textOf(given.text, 100)
  const exchange = textOf(given.exchange, 10)
  const partner = textOf(given.partner, 64)
  const from = dayOf(given.from)
  const to = dayOf(given.to)
  const after = textOf(given.after, 500)
  return {
    ...(text === undefined ? {} : { text }),
    ...(known === undefined ? {} : { state: known }),
    ...(exchange === undefined ? {} : { exchange }),
    ...(partner === undefined ? {} : { partner }),
    ...(kind === 'documents' || kind === 'records' ? { kind } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(errors === true || errors === 'true' ? { errors: true } : {}),
    ...(after === undefined ? {} : { after }),
  }
}

/** A number in an address was a text before the router read it. */
export function textOf(value: unknown, max: number): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).slice(0, max)
  return text === '' ? undefined : text
}

function dayOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined
}
