import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { codeListsQuery } from '../../api/exchanges-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Count } from '../../components/number.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { ExchangeFrame } from './frame.tsx'

/** The code lists of an exchange, each with the fields that use it. */
export function ExchangeCodes() {
  const { exchange } = useParams({ from: '/exchanges/$exchange/codes' })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.codes">
      {() => <Lists exchange={exchange} />}
    </ExchangeFrame>
  )
}

function Lists({ exchange }: { readonly exchange: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(codeListsQuery(exchange))
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={12} />
  if (data.length === 0) return <Empty title={t('codes.none')} />
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('exchanges.codes')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('codes.list')}</th>
          <th scope="col" className="num">
            {t('exchanges.codes')}
          </th>
          <th scope="col">{t('codes.usedBy')}</th>
          <th scope="col">{t('codes.kept')}</th>
        </tr>
      </thead>
      <tbody>
        {data.map(({ list, title, values, fields, imported, importedAt }) => (
          <tr key={list}>
            <th scope="row" data-label={t('codes.list')}>
              <Link to="/exchanges/$exchange/codes/$list" params={{ exchange, list }} className="table__main">
                {title}
              </Link>
              <span className="table__under">{list}</span>
            </th>
            <td className="num" data-label={t('exchanges.codes')}>
              <Count value={values} />
            </td>
            <td className="cell--whole" data-label={t('codes.usedBy')}>
              {fields.length === 0 ? (
                <span className="quiet">{t('codes.unused')}</span>
              ) : (
                <code>{fields.join(', ')}</code>
              )}
            </td>
            <td data-label={t('codes.kept')}>
              {!imported ? (
                t('codes.stated')
              ) : importedAt === null ? (
                <span className="state state--warn">{t('codes.sample')}</span>
              ) : (
                <>
                  {t('codes.imported')} <Time at={importedAt} to="day" />
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
