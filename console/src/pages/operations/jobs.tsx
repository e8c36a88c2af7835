import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { jobsQuery, openRunsQuery } from '../../api/operations-queries.ts'
import { useAlerts } from '../../app/alerts.tsx'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { Time, zoneName } from '../../app/time.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { AlertList, JobTabs, RunTag, Schedule } from './job-parts.tsx'
import { useExchanges } from './partner-choice.tsx'
import { Tag } from './tag.tsx'

const REFRESH_MS = 10_000

/** What agents are asked to send, when it is next, and what does not go well. */
export function Jobs() {
  const { t } = useTexts()
  const text = useAdminText()
  const { me, may } = useSession()
  const { realm } = useRealm()
  const { data, error, refetch } = useQuery(jobsQuery())
  const { data: open = [] } = useQuery({ ...openRunsQuery(), refetchInterval: REFRESH_MS })
  const alerts = useAlerts().filter((alert) => alert.realm === realm)
  const jobs = data?.filter((job) => job.realm === realm)
  return (
    <Page
      title={t('jobs.title')}
      actions={
        me.centre && may('manage') ? (
          <Link to="/jobs/new" className="usa-button">
            {text('jobRule.new')}
          </Link>
        ) : undefined
      }
    >
      <JobTabs />
      {alerts.length === 0 ? null : (
        <Section title={t('jobs.alerts')}>
          <AlertList alerts={alerts} />
        </Section>
      )}
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : jobs === undefined ? (
        <Skeleton lines={8} />
      ) : jobs.length === 0 ? (
        <Empty title={t('jobs.none')} />
      ) : (
        <Section title={t('jobs.list')}>
          <JobTable jobs={jobs} open={open} />
        </Section>
      )}
    </Page>
  )
}

function JobTable({
  jobs,
  open,
}: {
  readonly jobs: readonly Schemas['Job'][]
  readonly open: readonly Schemas['Run'][]
}) {
  const { t, language } = useTexts()
  const exchanges = useExchanges()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('jobs.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('jobs.job')}</th>
          <th scope="col">{t('submission.exchange')}</th>
          <th scope="col">{t('jobs.schedule')}</th>
          <th scope="col">{t('jobs.next', { zone: zoneName(language) })}</th>
          <th scope="col">{t('jobs.now')}</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr key={job.job}>
            <th scope="row">
              <Link to="/jobs/of/$job" params={{ job: job.job }} className="table__main">
                {job.title}
              </Link>
              <span className="table__under">{job.job}</span>
            </th>
            <td className="cell--plain">{exchanges.get(job.exchange) ?? job.exchange}</td>
            <td className="cell--plain">
              <Schedule job={job} />
            </td>
            <td className="cell--plain">
              {job.paused ? (
                <Tag tone="warn">{t('jobs.paused')}</Tag>
              ) : job.nextDue === null ? (
                <span className="quiet">–</span>
              ) : (
                <Time at={job.nextDue} />
              )}
            </td>
            <td className="cell--plain">
              <Now runs={open.filter((run) => run.job === job.job)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What is waiting or under way, by state. */
function Now({ runs }: { readonly runs: readonly Schemas['Run'][] }) {
  const { t } = useTexts()
  const counts = new Map<Schemas['Run']['state'], number>()
  for (const { state } of runs) counts.set(state, (counts.get(state) ?? 0) + 1)
  if (counts.size === 0) return <span className="quiet">{t('jobs.resting')}</span>
  return (
    <span className="tags">
      {[...counts].map(([state, count]) => (
        <span key={state}>
          <RunTag state={state} />
          {count > 1 ? ` × ${count}` : ''}
        </span>
      ))}
    </span>
  )
}
