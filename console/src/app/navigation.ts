import type { Grant } from '../api/client.ts'
import type { TextKey } from './text.tsx'

/** One entry of the navigation and what a person needs to see it. */
interface Entry {
  readonly to:
    | '/'
    | '/submit'
    | '/enter'
    | '/fix'
    | '/submissions'
    | '/partners'
    | '/organisation'
    | '/identity-providers'
    | '/records'
    | '/quality'
    | '/duplicates'
    | '/exchanges'
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
  /** Partners' people only: the centre has pages of its own for it. */
  readonly partner?: boolean
  /** Only with that grant in every exchange. */
  readonly everywhere?: boolean
}

interface Group {
  readonly label: TextKey | null
  readonly entries: readonly Entry[]
}

/** Whoever takes part in an exchange at all. */
const ANY: readonly Grant[] = ['submit', 'validate', 'read', 'close', 'delete', 'release', 'manage']

const GROUPS: readonly Group[] = [
  {
    label: null,
    entries: [
      { to: '/', label: 'nav.home', anyOf: [] },
      { to: '/submit', label: 'nav.submit', anyOf: ['submit'] },
      { to: '/enter', label: 'nav.enter', anyOf: ['submit'] },
      { to: '/fix', label: 'nav.fix', anyOf: ['submit'] },
      { to: '/submissions', label: 'nav.submissions', anyOf: ['submit', 'read', 'release'] },
      { to: '/records', label: 'nav.records', anyOf: ['read'] },
      { to: '/quality', label: 'nav.quality', anyOf: ['read', 'submit'] },
      { to: '/exchanges', label: 'nav.exchanges', anyOf: ANY },
      { to: '/duplicates', label: 'nav.duplicates', anyOf: ['read'], centre: true },
    ],
  },
  {
    label: 'nav.people',
    entries: [
      { to: '/partners', label: 'partners.title', anyOf: ['manage'], centre: true },
      {
        to: '/identity-providers',
        label: 'nav.providers',
        anyOf: ['manage'],
        centre: true,
        everywhere: true,
      },
      { to: '/organisation', label: 'nav.organisation', anyOf: ['administer'], partner: true },
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
      ({ anyOf, centre = false, partner = false, everywhere = false }) =>
        (!centre || who.centre) &&
        !(partner && who.centre) &&
        (anyOf.length === 0 || anyOf.some((grant) => (everywhere ? who.may(grant, '*') : who.may(grant)))),
    ),
  })).filter(({ entries }) => entries.length > 0)
}
