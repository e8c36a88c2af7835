import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { compiledQuery } from '../../api/exchanges-queries.ts'
import { useSession } from '../../app/session.tsx'
import { type TextKey, useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'

const PARTS = [
  { to: '/exchanges/$exchange', label: 'exchanges.overview' },
  { to: '/exchanges/$exchange/fields', label: 'exchanges.fields' },
  { to: '/exchanges/$exchange/codes', label: 'exchanges.codes' },
  { to: '/exchanges/$exchange/rules', label: 'exchanges.rules' },
  { to: '/exchanges/$exchange/lifecycle', label: 'exchanges.lifecycle' },
  { to: '/exchanges/$exchange/downloads', label: 'exchanges.downloads' },
  { to: '/exchanges/$exchange/crosswalks', label: 'exchanges.crosswalks', centre: true },
  { to: '/exchanges/$exchange/try', label: 'exchanges.try', centre: true },
  { to: '/exchanges/$exchange/versions', label: 'exchanges.candidates', centre: true },
] as const

interface Props {
  readonly exchange: string
  readonly part: TextKey
  readonly children: (definition: Definition) => ReactNode
}

/** May this person change what an exchange says? The centre's managers of it alone. */
export function useManages(exchange: string): boolean {
  const { me, may } = useSession()
  return me.centre && may('manage', exchange)
}

/** What stands around each page of one exchange: its name, and the way to its other pages. */
export function ExchangeFrame({ exchange, part, children }: Props) {
  const t = useT()
  const manages = useManages(exchange)
  const { data, error, refetch } = useQuery(compiledQuery(exchange))
  const parts = PARTS.filter((one) => manages || !('centre' in one))
  return (
    <Page
      title={data?.title ?? exchange}
      above={<Link to="/exchanges">{t('exchanges.title')}</Link>}
    >
      <nav className="pages-nav" aria-label={t('exchanges.parts')}>
        <ul>
          {parts.map(({ to, label }) => (
            <li key={to}>
              <Link
                to={to}
                params={{ exchange }}
                className="pages-nav__link"
                activeOptions={{ exact: to === '/exchanges/$exchange', includeSearch: false }}
              >
                {t(label)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <h2 className="usa-sr-only">{t(part)}</h2>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : (
        children(data)
      )}
    </Page>
  )
}
