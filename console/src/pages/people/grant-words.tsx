import { useQuery } from '@tanstack/react-query'
import type { Me } from '../../api/client.ts'
import { exchangesQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'

/** What an account may do, by exchange. */
export function GrantWords({ grants }: { readonly grants: Me['grants'] }) {
  const t = useT()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const given = grants.filter((one) => one.grants.length > 0)
  if (given.length === 0) return <span className="quiet">{t('accounts.mayNothing')}</span>
  return (
    <>
      {given.map(({ exchange, grants: words }) => (
        <span key={exchange} className="people__grant">
          {exchange === '*'
            ? t('accounts.everywhere')
            : (exchanges.find((one) => one.exchange === exchange)?.title ?? exchange)}
          {': '}
          {words.map((one) => t(`grant.${one}`)).join(', ')}
        </span>
      ))}
    </>
  )
}
