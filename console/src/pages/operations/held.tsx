import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { heldQuery } from '../../api/operations-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Decisions } from '../submission/decisions.tsx'
import { Paging } from './paging.tsx'
import { useExchanges } from './partner-choice.tsx'

const REFRESH_MS = 4_000

/** What would delete or change more than its exchange lets pass without a person: confirmed or refused here. */
export function Held() {
  const t = useT()
  const { me } = useSession()
  const { realm } = useRealm()
  const search = useSearch({ from: '/held' })
  const exchanges = useExchanges()
  const { data, error, refetch } = useQuery({
    ...heldQuery(realm, search.after),
    refetchInterval: REFRESH_MS,
  })
  return (
    <Page title={t('held.title')}>
      <p>{t('held.about')}</p>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={8} />
      ) : data.items.length === 0 ? (
        <Empty title={t('held.none')} />
      ) : (
        <>
          {data.items.map((one) => (
            <article key={one.tracking} className="held">
              <h2 className="section__title">
                <Link to="/submissions/$tracking" params={{ tracking: one.tracking }}>
                  {one.fileName === '' ? t('submission.single') : one.fileName}
                </Link>
              </h2>
              <p className="quiet">
                {me.centre ? `${one.partner} · ` : ''}
                {exchanges.get(one.exchange) ?? one.exchange} · <Time at={one.receivedAt} />
              </p>
              {one.reason === null ? null : <p className="note note--warn">{one.reason}</p>}
              <Decisions submission={one} />
            </article>
          ))}
          <Paging search={search} next={data.next} />
        </>
      )}
    </Page>
  )
}
