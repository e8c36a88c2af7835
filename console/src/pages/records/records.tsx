import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Definition, RecordType } from '../../../../src/exchange/definition.ts'
import { exportAddress, formQuery, recordsQuery } from '../../api/records-queries.ts'
import { useRealm } from '../../app/realm.ts'
import type { RecordFilters } from '../../app/search-records.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { useExchange } from '../../record/use-exchange.ts'
import { Filters, isNarrowed } from './filters.tsx'
import { RecordTable } from './table.tsx'

/** What is stored, by exchange and type; the filters are in the address. */
export function Records() {
  const t = useT()
  const { may } = useSession()
  const filters = useSearch({ from: '/records' })
  const { exchanges, chosen, waiting, error, refetch } = useExchange(filters.exchange, (exchange) =>
    may('read', exchange),
  )
  return (
    <Page title={t('nav.records')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : waiting ? (
        <Skeleton lines={12} />
      ) : chosen === undefined ? (
        <Empty title={t('records.nothing')} />
      ) : (
        <OfExchange exchange={chosen.exchange} exchanges={exchanges} filters={filters} />
      )}
    </Page>
  )
}

interface OfExchangeProps {
  readonly exchange: string
  readonly exchanges: readonly { readonly exchange: string; readonly title: string }[]
  readonly filters: RecordFilters
}

function OfExchange({ exchange, exchanges, filters }: OfExchangeProps) {
  const { realm } = useRealm()
  const navigate = useNavigate()
  const { data: definition, error, refetch } = useQuery(formQuery(exchange))
  if (error !== null) return <Failure problem={error} again={refetch} />
  const type = definition?.types.find(({ name }) => name === filters.type) ?? definition?.types[0]
  if (definition === undefined || type === undefined) return <Skeleton lines={12} />
  const show = (next: RecordFilters) =>
    navigate({ to: '/records', search: realm === 'test' ? { ...next, realm } : next })
  return (
    <>
      <Filters {...{ exchanges, definition, type, filters, show }} />
      <List {...{ definition, type, filters, show }} />
    </>
  )
}

interface ListProps {
  readonly definition: Definition
  readonly type: RecordType
  readonly filters: RecordFilters
  readonly show: (filters: RecordFilters) => void
}

function List({ definition, type, filters, show }: ListProps) {
  const t = useT()
  const { realm } = useRealm()
  const { exchange } = definition
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...recordsQuery(realm, exchange, type.name, filters),
    placeholderData: keepPreviousData,
  })
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={12} />
  if (data.items.length === 0)
    return isNarrowed(filters) ? (
      <Empty title={t('records.noneFound')}>
        <button type="button" className="link" onClick={() => show({ exchange, type: type.name })}>
          {t('filters.clear')}
        </button>
      </Empty>
    ) : (
      <Empty title={t('records.none')} />
    )
  return (
    <div className={isPlaceholderData ? 'stale' : ''}>
      <Downloads definition={definition} type={type} filters={filters} />
      <RecordTable definition={definition} type={type} items={data.items} />
      <Paging filters={filters} next={data.next} />
    </div>
  )
}

const FORMATS = [
  ['csv', 'CSV'],
  ['xlsx', 'Excel'],
  ['json', 'JSON'],
  ['xml', 'XML'],
] as const

/** All that the filters leave, not this page alone. */
function Downloads({ definition, type, filters }: Omit<ListProps, 'show'>) {
  const t = useT()
  const { realm } = useRealm()
  return (
    <p className="downloads">
      {t(isNarrowed(filters) ? 'records.downloadThese' : 'records.downloadAll')}
      {FORMATS.map(([format, name]) => (
        <a key={format} href={exportAddress(realm, definition.exchange, type.name, filters, format)} download>
          {name}
        </a>
      ))}
    </p>
  )
}

function Paging({ filters, next }: { readonly filters: RecordFilters; readonly next: string | null }) {
  const t = useT()
  const { after, ...others } = filters
  if (after === undefined && next === null) return null
  return (
    <nav className="paging" aria-label={t('paging.label')}>
      {after === undefined ? (
        <span />
      ) : (
        <Link to="/records" search={others}>
          {t('paging.newest')}
        </Link>
      )}
      {next === null ? null : (
        <Link to="/records" search={{ ...others, after: next }}>
          {t('paging.older')}
        </Link>
      )}
    </nav>
  )
}
