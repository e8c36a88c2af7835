import type { Grant } from '../api/client.ts'
import type { TextKey } from './text.tsx'

/** One entry of the navigation and what a person needs to see it. */
interface Entry {
  readonly to:
    | '/'
    | '/submit'
    | '/submissions'
    | '/jobs'
    | '/files'
    | '/held'
    | '/messages'
    | '/mails'
    | '/audit'
    | '/system'
  readonly label: TextKey
  /** Any one of these, in any exchange; none: everybody. */
  readonly anyOf: readonly Grant[]
  /** The centre's people only. */
  readonly centre?: boolean
  /** Only with that grant in every exchange. */
  readonly everywhere?: boolean
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
    ],
  },
  {
    label: 'nav.operations',
    entries: [
      { to: '/jobs', label: 'nav.jobs', anyOf: ['submit', 'manage'] },
      { to: '/files', label: 'nav.files', anyOf: ['submit', 'release', 'manage'] },
      { to: '/held', label: 'nav.held', anyOf: ['release'] },
      { to: '/messages', label: 'nav.messages', anyOf: ['submit', 'manage'] },
      { to: '/mails', label: 'nav.mails', anyOf: ['submit', 'manage'] },
      { to: '/audit', label: 'nav.audit', anyOf: ['manage'], centre: true, everywhere: true },
      { to: '/system', label: 'nav.system', anyOf: ['manage'], centre: true, everywhere: true },
    ],
  },
]

/** What this person may open, in groups. */
export function navigationFor(who: {
  readonly centre: boolean
  readonly may: (grant: Grant, exchange?: string) => boolean
}): readonly Group[] {
  return GROUPS.map(({ label, entries }) => ({
    label,
    entries: entries.filter(
      ({ anyOf, centre = false, everywhere = false }) =>
        (!centre || who.centre) &&
        (anyOf.length === 0 || anyOf.some((grant) => (everywhere ? who.may(grant, '*') : who.may(grant)))),
    ),
  })).filter(({ entries }) => entries.length > 0)
}
