import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { type OperationsSearch, SESSION_RESULTS, sessionsQuery } from '../../api/operations-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { duration, Time, zoneName } from '../../app/time.tsx'
import { FilterChoice, FilterDay } from '../../components/filter-fields.tsx'
import { Count } from '../../components/number.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { JobTabs, type RunState, RunTag } from './job-parts.tsx'
import { Paging } from './paging.tsx'
import { ExchangeChoice, PartnerChoice, usePartnerTitle } from './partner-choice.tsx'

/** Who sent what, when, how long it took and what became of it; with the log of each. */
export function Sessions() {
  const { t } = useTexts()
  const { realm } = useRealm()
  const search = useSearch({ from: '/jobs/sessions' })
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    ...sessionsQuery(realm, search),
    placeholderData: keepPreviousData,
  })
  const set = (name: keyof OperationsSearch) => (value: string) => {
    const { [name]: _, after: __, ...others } = search
    void navigate({ to: '/jobs/sessions', search: value === '' ? others : { ...others, [name]: value } })
  }
  return (
    <Page title={t('sessions.title')}>
      <JobTabs />
      <search className="filters" aria-label={t('filters.narrow')}>
        <FilterChoice
          id="state"
          label={t('sessions.result')}
          value={search.state}
          set={set('state')}
          all={t('filters.all')}
        >
          {SESSION_RESULTS.map((result) => (
            <option key={result} value={result}>
              {t(`run.state.${result}`)}
            </option>
          ))}
        </FilterChoice>
        <FilterChoice
          id="kind"
          label={t('sessions.kind')}
          value={search.kind}
          set={set('kind')}
          all={t('filters.all')}
        >
          <option value="attempt">{t('sessions.attempts')}</option>
          <option value="submission">{t('sessions.submissions')}</option>
        </FilterChoice>
        <ExchangeChoice value={search.exchange} set={set('exchange')} />
        <PartnerChoice value={search.partner} set={set('partner')} />
        <FilterDay id="from" label={t('filters.from')} value={search.from} set={set('from')} />
        <FilterDay id="to" label={t('filters.to')} value={search.to} set={set('to')} />
      </search>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : data.items.length === 0 ? (
        <Empty title={t('sessions.none')} />
      ) : (
        <>
          <SessionTable items={data.items} />
          <Paging search={search} next={data.next} />
        </>
      )}
    </Page>
  )
}

function SessionTable({ items }: { readonly items: readonly Schemas['Session'][] }) {
  const { t, language } = useTexts()
  const titleOf = usePartnerTitle()
  const { me } = useSession()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('sessions.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('sessions.at', { zone: zoneName(language) })}</th>
          {me.centre ? <th scope="col">{t('submission.partner')}</th> : null}
          <th scope="col">{t('sessions.what')}</th>
          <th scope="col">{t('sessions.result')}</th>
          <th scope="col">{t('sessions.took')}</th>
          <th scope="col" className="num">
            {t('outcomes.received')}
          </th>
          <th scope="col" className="num">
            {t('sessions.accepted')}
          </th>
          <th scope="col" className="num">
            {t('outcome.rejected')}
          </th>
          <th scope="col">{t('sessions.log')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={`${one.kind} ${one.session}`}>
            <th scope="row">
              <SessionName session={one} />
            </th>
            {me.centre ? <td data-label={t('submission.partner')}>{titleOf(one.partner)}</td> : null}
            <td data-label={t('sessions.what')}>{one.job ?? one.exchange}</td>
            <td className="cell--plain">
              {one.result === null ? (
                <span className="quiet">{t('sessions.open')}</span>
              ) : (
                <RunTag state={one.result as RunState} />
              )}
              {one.result === 'done' || one.reason === null ? null : (
                <span className="session__reason">{one.reason}</span>
              )}
            </td>
            <td data-label={t('sessions.took')}>
              {one.seconds === null ? '–' : duration(one.seconds * 1000, language)}
            </td>
            <td className="num" data-label={t('outcomes.received')}>
              <Count value={one.received} />
            </td>
            <td className="num" data-label={t('sessions.accepted')}>
              <Count value={one.accepted} />
            </td>
            <td className="num" data-label={t('outcome.rejected')}>
              <Count value={one.rejected} warn />
            </td>
            <td className="cell--plain">
              {one.log === null ? null : (
                <a href={one.log} download>
                  {one.tracking === null ? t('sessions.errorLog') : t('sessions.log')}
                </a>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function SessionName({ session }: { readonly session: Schemas['Session'] }) {
  const at = <Time at={session.at} />
  if (session.run !== null)
    return (
      <Link to="/jobs/runs/$run" params={{ run: session.run }} className="table__main">
        {at}
      </Link>
    )
  return session.tracking === null ? (
    at
  ) : (
    <Link to="/submissions/$tracking" params={{ tracking: session.tracking }} className="table__main">
      {at}
    </Link>
  )
}
