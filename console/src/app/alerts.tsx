import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Schemas } from '../api/client.ts'
import { withAlert } from './alert-list.ts'
import { useRealm } from './realm.ts'
import { useSession } from './session.tsx'
import { useT } from './text.tsx'
import { Time } from './time.tsx'

type Alert = Schemas['Alert']

/** Jobs that do not go well now, as the node tells them; nothing is asked, the stream brings them. */
const alertsQuery = queryOptions({
  queryKey: ['alerts'],
  queryFn: (): readonly Alert[] => [],
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
})

/** Those that are open, the newest first. */
export function useAlerts(): readonly Alert[] {
  const { data } = useQuery(alertsQuery)
  return data ?? []
}

/** Pages that show jobs are asked anew when an alert changes. */
const TOUCHED = ['jobs', 'runs', 'sessions', 'attention']

function take(queries: QueryClient, event: Event): void {
  const alert = JSON.parse((event as MessageEvent<string>).data) as Alert
  queries.setQueryData(alertsQuery.queryKey, (known) => withAlert(known ?? [], alert))
  for (const name of TOUCHED) void queries.invalidateQueries({ queryKey: [name] })
}

/** Tells on every page that a job failed, at once, until somebody looks after it or it goes well again. */
export function AlertStrip() {
  const { may } = useSession()
  const queries = useQueryClient()
  const listens = may('submit') || may('manage')
  useEffect(() => {
    if (!listens) return
    const source = new EventSource('/v1/alerts/stream')
    const taken = (event: Event) => take(queries, event)
    for (const name of ['raised', 'acknowledged', 'resolved']) source.addEventListener(name, taken)
    return () => source.close()
  }, [listens, queries])
  const { realm } = useRealm()
  const alerts = useAlerts().filter((alert) => alert.realm === realm && alert.acknowledgedAt === null)
  return (
    <div role="alert" className="alerts">
      {alerts.length === 0 ? null : <Strip alerts={alerts} />}
    </div>
  )
}

function Strip({ alerts }: { readonly alerts: readonly Alert[] }) {
  const t = useT()
  const { me } = useSession()
  const [first] = alerts
  if (first === undefined) return null
  return (
    <p className="alert-strip">
      <span className="alert-strip__what">
        <Link to="/jobs/runs/$run" params={{ run: first.run }}>
          {t(`alert.${first.kind}`, { job: first.job })}
        </Link>
        {me.centre ? ` (${first.partner})` : ''}
      </span>
      <span className="alert-strip__why">{first.message}</span>
      <span>
        {first.nextAt === null ? (
          t('alert.noRetry')
        ) : (
          <>
            {t('alert.retry')} <Time at={first.nextAt} />
          </>
        )}
      </span>
      {alerts.length === 1 ? null : <Link to="/jobs">{t('alert.more', { count: alerts.length - 1 })}</Link>}
    </p>
  )
}
