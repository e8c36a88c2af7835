import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { type OperationsSearch, transfersQuery } from '../../api/operations-queries.ts'
import { useTexts } from '../../app/text.tsx'
import { bytes, duration, Time, zoneName } from '../../app/time.tsx'
import { FilterDay } from '../../components/filter-fields.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { FileTabs } from './file-parts.tsx'
import { Paging } from './paging.tsx'
import { PartnerChoice } from './partner-choice.tsx'
import { Tag } from './tag.tsx'

/** The transfer log of the file server: who signed in, put, took, renamed and removed what. */
export function Transfers() {
  const { t } = useTexts()
  const search = useSearch({ from: '/files/transfers' })
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({ ...transfersQuery(search), placeholderData: keepPreviousData })
  const set = (name: keyof OperationsSearch) => (value: string) => {
    const { [name]: _, after: __, ...others } = search
    void navigate({ to: '/files/transfers', search: value === '' ? others : { ...others, [name]: value } })
  }
  return (
    <Page title={t('transfers.title')}>
      <FileTabs />
      <search className="filters" aria-label={t('filters.narrow')}>
        <PartnerChoice value={search.partner} set={set('partner')} />
        <FilterDay id="from" label={t('filters.from')} value={search.from} set={set('from')} />
        <FilterDay id="to" label={t('filters.to')} value={search.to} set={set('to')} />
      </search>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : data.items.length === 0 ? (
        <Empty title={t('transfers.none')} />
      ) : (
        <>
          <TransferTable items={data.items} />
          <Paging search={search} next={data.next} />
        </>
      )}
    </Page>
  )
}

function TransferTable({ items }: { readonly items: readonly Schemas['Transfer'][] }) {
  const { t, language } = useTexts()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('transfers.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('transfers.at', { zone: zoneName(language) })}</th>
          <th scope="col">{t('transfers.who')}</th>
          <th scope="col">{t('transfers.what')}</th>
          <th scope="col">{t('files.size')}</th>
          <th scope="col">{t('sessions.took')}</th>
          <th scope="col">{t('sessions.result')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.transfer}>
            <th scope="row">
              <Time at={one.at} to="second" />
            </th>
            <td className="cell--plain">
              {one.login}
              <span className="table__under">{one.address}</span>
            </td>
            <td className="cell--plain wrap">
              {t(`transfers.${one.action}`)} {one.path === '' ? null : <code>{one.path}</code>}
            </td>
            <td data-label={t('files.size')}>{one.bytes === 0 ? '' : bytes(one.bytes, language)}</td>
            <td data-label={t('sessions.took')}>{one.ms === 0 ? '' : duration(one.ms, language)}</td>
            <td className="cell--plain">
              {one.result === 'ok' ? (
                <Tag tone="good">{t('transfers.ok')}</Tag>
              ) : (
                <Tag tone="bad">{one.result}</Tag>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
