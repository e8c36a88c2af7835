import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import {
  bulkStatusQuery,
  INTAKE_STATES,
  intakesQuery,
  type OperationsSearch,
} from '../../api/operations-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { bytes, Time, zoneName } from '../../app/time.tsx'
import { FilterChoice } from '../../components/filter-fields.tsx'
import { Count } from '../../components/number.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { type FileState, FileTabs, FileTag } from './file-parts.tsx'
import { Paging } from './paging.tsx'
import { ExchangeChoice, PartnerChoice, usePartnerTitle } from './partner-choice.tsx'

const REFRESH_MS = 4_000

/** What was picked up from folders, and what became of each file. */
export function Files() {
  const { t } = useTexts()
  const { realm } = useRealm()
  const { me, may } = useSession()
  const search = useSearch({ from: '/files' })
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    ...intakesQuery(realm, search),
    placeholderData: keepPreviousData,
    refetchInterval: search.after === undefined ? REFRESH_MS : false,
  })
  const set = (name: keyof OperationsSearch) => (value: string) => {
    const { [name]: _, after: __, ...others } = search
    void navigate({ to: '/files', search: value === '' ? others : { ...others, [name]: value } })
  }
  return (
    <Page title={t('files.page')}>
      <FileTabs />
      {me.centre && may('manage', '*') ? <Waiting /> : null}
      <search className="filters" aria-label={t('filters.narrow')}>
        <FilterChoice
          id="state"
          label={t('submission.state')}
          value={search.state}
          set={set('state')}
          all={t('filters.all')}
        >
          {INTAKE_STATES.map((state) => (
            <option key={state} value={state}>
              {t(`intake.state.${state}`)}
            </option>
          ))}
        </FilterChoice>
        <ExchangeChoice value={search.exchange} set={set('exchange')} />
        <PartnerChoice value={search.partner} set={set('partner')} />
      </search>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={10} />
      ) : data.items.length === 0 ? (
        <Empty title={t('files.none')} />
      ) : (
        <>
          <IntakeTable items={data.items} />
          <Paging search={search} next={data.next} />
        </>
      )}
    </Page>
  )
}

/** What was not picked up yet, and what does not get on. */
function Waiting() {
  const { t } = useTexts()
  const { data } = useQuery({ ...bulkStatusQuery(), refetchInterval: REFRESH_MS })
  if (data === undefined) return null
  const waiting = data.waiting.reduce((sum, { files }) => sum + (typeof files === 'number' ? files : 0), 0)
  return (
    <>
      <dl className="facts facts--row">
        <div className="facts__one">
          <dt>{t('files.waiting')}</dt>
          <dd>
            <Count value={waiting} />
          </dd>
        </div>
        <div className="facts__one">
          <dt>{t('files.scanned')}</dt>
          <dd>
            {data.lastScanAt === null ? t('timeline.notYet') : <Time at={data.lastScanAt} to="second" />}
          </dd>
        </div>
      </dl>
      {data.troubles.map((trouble) => (
        <p key={String(trouble.intake)} className="note note--bad">
          <Link to="/files/$intake" params={{ intake: String(trouble.intake) }}>
            {t('files.stuck', { partner: String(trouble.partner) })}
          </Link>
          {': '}
          {String(trouble.lastError)}
        </p>
      ))}
    </>
  )
}

function IntakeTable({ items }: { readonly items: readonly Schemas['Intake'][] }) {
  const { t, language } = useTexts()
  const titleOf = usePartnerTitle()
  const { me } = useSession()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('files.page')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('files.opened', { zone: zoneName(language) })}</th>
          {me.centre ? <th scope="col">{t('submission.partner')}</th> : null}
          <th scope="col">{t('submission.state')}</th>
          <th scope="col">{t('files.files')}</th>
          <th scope="col">{t('files.size')}</th>
          <th scope="col" className="num">
            {t('submission.records')}
          </th>
          <th scope="col" className="num">
            {t('activity.withErrors')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.intake}>
            <th scope="row">
              <Link to="/files/$intake" params={{ intake: one.intake }} className="table__main">
                <Time at={one.openedAt} />
              </Link>
              <span className="table__under">{one.intake}</span>
            </th>
            {me.centre ? <td data-label={t('submission.partner')}>{titleOf(one.partner)}</td> : null}
            <td className="cell--plain">
              {t(`intake.state.${one.state}`)}
              {one.lastError === null ? null : <span className="session__reason">{one.lastError}</span>}
            </td>
            <td className="cell--plain">
              <ByState states={one.byState as Readonly<Record<FileState, number>>} />
            </td>
            <td data-label={t('files.size')}>{bytes(one.bytes, language)}</td>
            <td className="num" data-label={t('submission.records')}>
              <Count value={one.total} />
            </td>
            <td className="num" data-label={t('activity.withErrors')}>
              <Count value={one.errors} warn />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function ByState({ states }: { readonly states: Readonly<Record<FileState, number>> }) {
  return (
    <span className="tags">
      {(Object.entries(states) as [FileState, number][]).map(([state, count]) => (
        <span key={state}>
          <FileTag state={state} />
          {count > 1 ? ` × ${count}` : ''}
        </span>
      ))}
    </span>
  )
}
