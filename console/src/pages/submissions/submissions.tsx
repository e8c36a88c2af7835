import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Submission } from '../../api/client.ts'
import { exchangesQuery, partnersQuery, submissionsQuery } from '../../api/queries.ts'
import { useRealm } from '../../app/realm.ts'
import type { SubmissionFilters } from '../../app/search.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { Time, zoneName } from '../../app/time.tsx'
import { Count } from '../../components/number.tsx'
import { Page } from '../../components/page.tsx'
import { StateTag } from '../../components/state-tag.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Filters } from './filters.tsx'

const REFRESH_MS = 5_000

/** Everything that was sent, the newest first. The filters are in the address. */
export function Submissions() {
  const { t } = useTexts()
  const { may } = useSession()
  const { realm } = useRealm()
  const filters = useSearch({ from: '/submissions' })
  const navigate = useNavigate()
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...submissionsQuery(realm, filters),
    placeholderData: keepPreviousData,
    // Only while something is under way, and only on the first page.
    refetchInterval: ({ state }) =>
      filters.after === undefined && state.data?.items.some(isOpen) === true ? REFRESH_MS : false,
  })
  const show = (next: SubmissionFilters) =>
    navigate({ to: '/submissions', search: realm === 'test' ? { ...next, realm } : next })
  const actions = may('submit') ? (
    <Link to="/submit" className="usa-button">
      {t('nav.submit')}
    </Link>
  ) : undefined
  return (
    <Page title={t('submissions.title')} actions={actions}>
      <Filters filters={filters} show={show} />
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : data.items.length === 0 ? (
        <None filtered={Object.keys(filters).some((name) => name !== 'realm')} show={show} />
      ) : (
        <div className={isPlaceholderData ? 'stale' : ''}>
          <SubmissionTable items={data.items} />
          <Paging filters={filters} next={data.next} />
        </div>
      )}
    </Page>
  )
}

function isOpen({ state }: Submission): boolean {
  return state === 'queued' || state === 'surveying' || state === 'processing'
}

function None({
  filtered,
  show,
}: {
  readonly filtered: boolean
  readonly show: (filters: SubmissionFilters) => void
}) {
  const { t } = useTexts()
  const { may } = useSession()
  if (filtered)
    return (
      <Empty title={t('submissions.noneFound')}>
        <button type="button" className="link" onClick={() => show({})}>
          {t('filters.clear')}
        </button>
      </Empty>
    )
  return (
    <Empty title={t('submissions.none')}>
      {may('submit') ? <Link to="/submit">{t('nav.submit')}</Link> : null}
    </Empty>
  )
}

function SubmissionTable({ items }: { readonly items: readonly Submission[] }) {
  const { t, language } = useTexts()
  const { me, may } = useSession()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const { data: partners = [] } = useQuery({ ...partnersQuery(), enabled: me.centre && may('manage') })
  const names = new Map(partners.map(({ name, title }) => [name, title]))
  const titles = new Map(exchanges.map(({ exchange, title }) => [exchange, title]))
  const several = exchanges.length > 1
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('submissions.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('submission.file')}</th>
          {me.centre ? <th scope="col">{t('submission.partner')}</th> : null}
          {several ? <th scope="col">{t('submission.exchange')}</th> : null}
          <th scope="col">{t('submission.receivedIn', { zone: zoneName(language) })}</th>
          <th scope="col">{t('submission.state')}</th>
          <th scope="col" className="num">
            {t('submission.records')}
          </th>
          <th scope="col" className="num">
            {t('activity.notTaken')}
          </th>
          <th scope="col" className="num">
            {t('activity.withErrors')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.tracking}>
            <th scope="row" data-label={t('submission.file')}>
              <Link to="/submissions/$tracking" params={{ tracking: one.tracking }} className="table__main">
                {nameOf(one, t('submission.single'))}
              </Link>
              <span className="table__under">
                {one.tracking}
                {one.dryRun ? ` · ${t('submission.dryRun')}` : ''}
              </span>
            </th>
            {me.centre ? <td className="cell--plain">{names.get(one.partner) ?? one.partner}</td> : null}
            {several ? <td className="cell--plain">{titles.get(one.exchange) ?? one.exchange}</td> : null}
            <td className="cell--plain" data-label={t('submission.received')}>
              <Time at={one.receivedAt} />
            </td>
            <td className="cell--plain" data-label={t('submission.state')}>
              <StateTag state={one.state} />
            </td>
            <td className="num" data-label={t('submission.records')}>
              <Count value={one.counts.received} />
            </td>
            <td className="num" data-label={t('activity.notTaken')}>
              <Count value={one.counts.rejected + one.counts.filtered} warn />
            </td>
            <td className="num" data-label={t('activity.withErrors')}>
              <Count value={one.counts.withErrors} warn />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A record that was sent by itself has no file. */
function nameOf({ fileName }: Submission, single: string): string {
  return fileName === '' ? single : fileName
}

function Paging({ filters, next }: { readonly filters: SubmissionFilters; readonly next: string | null }) {
  const { t } = useTexts()
  const { after, ...others } = filters
  if (after === undefined && next === null) return null
  return (
    <nav className="paging" aria-label={t('paging.label')}>
      {after === undefined ? (
        <span />
      ) : (
        <Link to="/submissions" search={others}>
          {t('paging.newest')}
        </Link>
      )}
      {next === null ? null : (
        <Link to="/submissions" search={{ ...others, after: next }}>
          {t('paging.older')}
        </Link>
      )}
    </nav>
  )
}
