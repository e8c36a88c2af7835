import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { exchangesQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { spanOf } from './words.ts'

/** What is agreed to be exchanged with whom: the exchanges that this person takes part in. */
export function Exchanges() {
  const t = useT()
  const { data, error, refetch } = useQuery(exchangesQuery())
  return (
    <Page title={t('exchanges.title')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={8} />
      ) : data.length === 0 ? (
        <Empty title={t('exchanges.none')} />
      ) : (
        <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
          <caption className="usa-sr-only">{t('exchanges.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('submission.exchange')}</th>
              <th scope="col">{t('exchanges.types')}</th>
              <th scope="col">{t('exchanges.versions')}</th>
              <th scope="col">{t('exchanges.owner')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map(({ exchange, title, types, owner, versions }) => (
              <tr key={exchange}>
                <th scope="row" data-label={t('submission.exchange')}>
                  <Link to="/exchanges/$exchange" params={{ exchange }} className="table__main">
                    {title}
                  </Link>
                  <span className="table__under">{exchange}</span>
                </th>
                <td data-label={t('exchanges.types')}>{types.join(', ')}</td>
                <td data-label={t('exchanges.versions')}>
                  {versions.map((one) => spanOf(one, t)).join('; ')}
                </td>
                <td data-label={t('exchanges.owner')}>{t(`exchanges.owner.${owner}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  )
}
