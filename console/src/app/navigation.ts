import type { Grant } from '../api/client.ts'
import type { TextKey } from './text.tsx'

/** One entry of the navigation and what a person needs to see it. */
interface Entry {
  readonly to: '/' | '/submit' | '/submissions' | '/records' | '/quality' | '/duplicates'
  readonly label: TextKey
  /** Any one of these, in any exchange; none: everybody. */
  readonly anyOf: readonly Grant[]
  /** The centre's people only. */
  readonly centre?: boolean
}

interface Group {
  readonly label: TextKey | null
  readonly entries: readonly Entry[]
}

const GROUPS: readonly Group[] = [
  {
    label: null,
    entries: [
      { to: '/', label: 'nav.home', anyOf: [] },
      { to: '/submit', label: 'nav.submit', anyOf: ['submit'] },
      { to: '/submissions', label: 'nav.submissions', anyOf: ['submit', 'read', 'release'] },
      { to: '/records', label: 'nav.records', anyOf: ['read'] },
      { to: '/quality', label: 'nav.quality', anyOf: ['read', 'submit'] },
      { to: '/duplicates', label: 'nav.duplicates', anyOf: ['read'], centre: true },
    ],
  },
]

/** What this person may open, in groups. */
export function navigationFor(who: {
  readonly centre: boolean
  readonly may: (grant: Grant) => boolean
}): readonly Group[] {
  return GROUPS.map(({ label, entries }) => ({
    label,
    entries: entries.filter(
      ({ anyOf, centre = false }) =>
        (!centre || who.centre) && (anyOf.length === 0 || anyOf.some((grant) => who.may(grant))),
    ),
  })).filter(({ entries }) => entries.length > 0)
}
