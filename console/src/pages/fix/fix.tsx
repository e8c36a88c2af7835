import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Definition } from '../../../../src/exchange/definition.ts'
import type { Schemas } from '../../api/client.ts'
import { type FaultyPlace, faultyQuery, faultyRulesQuery } from '../../api/forms-queries.ts'
import { attentionQuery, definitionQuery, exchangesQuery } from '../../api/queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { SentValue } from '../../components/finding.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { placeFindings } from '../../forms/findings.ts'

const route = getRouteApi('/fix')

/** Records that stand with errors, as a list to be worked off. */
export function Fix() {
  const t = useT()
  const { may } = useSession()
  const { realm } = useRealm()
  const { exchange, type, code, after } = route.useSearch()
  const { data: exchanges, error, refetch } = useQuery(exchangesQuery())
  const { data: attention } = useQuery(attentionQuery(realm))
  const kinds = (exchanges ?? [])
    .filter((one) => may('read', one.exchange) && may('submit', one.exchange))
    .flatMap((one) =>
      one.forms.map((form) => ({ exchange: one.exchange, type: form.type, title: form.title })),
    )
  const waiting = attention?.records[0]
  const chosen =
    kinds.find((one) => one.exchange === exchange && (type === undefined || one.type === type)) ??
    kinds.find((one) => one.exchange === waiting?.exchange && one.type === waiting.type) ??
    kinds[0]
  const place = chosen && {
    exchange: chosen.exchange,
    type: chosen.type,
    ...(code === undefined ? {} : { code }),
    ...(after === undefined ? {} : { after }),
  }
  return (
    <Page title={t('fix.title')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : exchanges === undefined || (exchange === undefined && attention === undefined) ? (
        <Skeleton lines={8} />
      ) : place === undefined ? (
        <Empty title={t('fix.notYours')} />
      ) : (
        <>
          <Which kinds={kinds} place={place} counts={attention?.records ?? []} />
          <List place={place} />
        </>
      )}
    </Page>
  )
}

interface Kind {
  readonly exchange: string
  readonly type: string
  readonly title: string
}

function Which({
  kinds,
  place,
  counts,
}: {
  readonly kinds: readonly Kind[]
  readonly place: FaultyPlace
  readonly counts: Schemas['Attention']['records']
}) {
  const t = useT()
  const { realm } = useRealm()
  const navigate = route.useNavigate()
  const { data: rules = [] } = useQuery(faultyRulesQuery(realm, place.exchange, place.type))
  const countOf = (kind: Kind) =>
    counts.find(({ exchange, type }) => exchange === kind.exchange && type === kind.type)?.count ?? 0
  return (
    <search className="filters" aria-label={t('fix.filter')}>
      {kinds.length < 2 ? null : (
        <div className="filters__words">
          <label htmlFor="kind">{t('fix.kind')}</label>
          <select
            id="kind"
            className="usa-select"
            value={`${place.exchange} ${place.type}`}
            onChange={(event) => {
              const [exchange = '', type = ''] = event.target.value.split(' ')
              void navigate({ search: { exchange, type } })
            }}
          >
            {kinds.map((one) => (
              <option key={`${one.exchange} ${one.type}`} value={`${one.exchange} ${one.type}`}>
                {`${one.title} · ${countOf(one)}`}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="filters__words">
        <label htmlFor="rule">{t('fix.rule')}</label>
        <select
          id="rule"
          className="usa-select"
          value={place.code ?? ''}
          onChange={(event) => {
            const { exchange, type } = place
            const code = event.target.value
            void navigate({ search: { exchange, type, ...(code === '' ? {} : { code }) } })
          }}
        >
          <option value="">{t('filters.all')}</option>
          {rules.map(({ code, message, records }) => (
            <option key={code} value={code}>
              {`${code} · ${records} × ${message.slice(0, 70)}`}
            </option>
          ))}
        </select>
      </div>
    </search>
  )
}

function List({ place }: { readonly place: FaultyPlace }) {
  const t = useT()
  const { realm } = useRealm()
  const { data, error, refetch } = useQuery({ ...faultyQuery(realm, place), staleTime: 0 })
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={8} />
  if (data.items.length === 0)
    return <Empty title={t(place.code === undefined ? 'fix.none' : 'fix.noneFound')} />
  const { after, ...first } = place
  return (
    <>
      <Records items={data.items} place={place} />
      {after === undefined && data.next === null ? null : (
        <nav className="paging" aria-label={t('paging.label')}>
          {after === undefined ? (
            <span />
          ) : (
            <Link to="/fix" search={first}>
              {t('fix.first')}
            </Link>
          )}
          {data.next === null ? null : (
            <Link to="/fix" search={{ ...first, after: data.next }}>
              {t('fix.more')}
            </Link>
          )}
        </nav>
      )}
    </>
  )
}

function Records({
  items,
  place,
}: {
  readonly items: readonly Schemas['FaultyRecord'][]
  readonly place: FaultyPlace
}) {
  const t = useT()
  const { me } = useSession()
  const { exchange, type, ...search } = place
  // The form needs it next, and here fields get the names that people know them by.
  const { data } = useQuery(definitionQuery(exchange))
  const known = (data as Definition | undefined)?.types.find(({ name }) => name === type)
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('fix.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('findings.key')}</th>
          {me.centre ? <th scope="col">{t('submission.partner')}</th> : null}
          <th scope="col">{t('check.found')}</th>
          <th scope="col">{t('findings.value')}</th>
          <th scope="col">{t('fix.since')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => {
          const errors = one.findings.filter(({ severity }) => severity === 'error')
          const shown = errors.find(({ code }) => code === place.code) ?? errors[0]
          const [placed] = known === undefined || shown === undefined ? [] : placeFindings({}, known, [shown])
          return (
            <tr key={one.recordId}>
              <th scope="row">
                <Link
                  to="/fix/$exchange/$type/$id"
                  params={{ exchange, type, id: one.recordId }}
                  search={search}
                  className="table__main"
                >
                  {one.key}
                </Link>
              </th>
              {me.centre ? <td className="cell--plain">{one.partner}</td> : null}
              <td className="cell--whole">
                <span className="table__label">{placed?.label}</span> {shown?.message}{' '}
                <code>{shown?.code}</code>
                {errors.length < 2 ? null : (
                  <span className="table__under">{t('fix.others', { count: errors.length - 1 })}</span>
                )}
              </td>
              <td data-label={t('findings.value')}>
                <SentValue value={shown?.value ?? null} />
              </td>
              <td data-label={t('fix.since')}>
                <Time at={one.updatedAt} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
