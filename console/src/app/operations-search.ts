/** Filters as they stand in an address; each page knows which of them are its own. */
export interface OperationsSearch {
  readonly text?: string
  readonly state?: string
  readonly exchange?: string
  readonly partner?: string
  readonly kind?: string
  readonly who?: string
  readonly action?: string
  readonly target?: string
  readonly path?: string
  readonly view?: string
  readonly day?: string
  /** Days in the viewer's zone, both included. */
  readonly from?: string
  readonly to?: string
  readonly after?: string
}

const NAMES = [
  'text',
  'state',
  'exchange',
  'partner',
  'kind',
  'who',
  'action',
  'target',
  'path',
  'view',
  'after',
] as const
const DAYS = ['day', 'from', 'to'] as const
const MAX = 500

/** Reads what stands in an address; anything else there is passed over. */
export function readOperations(given: Readonly<Record<string, unknown>>): OperationsSearch {
  const found: Record<string, string> = {}
  for (const name of NAMES) {
    const value = given[name]
    // A number in an address was a text before the router read it.
    if (typeof value !== 'string' && typeof value !== 'number') continue
    const text = String(value).slice(0, MAX)
    if (text !== '') found[name] = text
  }
  for (const name of DAYS) {
    const value = given[name]
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) found[name] = value
  }
  return found
}
