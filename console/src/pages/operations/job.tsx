import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { jobQuery, occurrencesQuery, runsQuery } from '../../api/operations-queries.ts'
import { useAlerts } from '../../app/alerts.tsx'
import { useSession } from '../../app/session.tsx'
import { useT, useTexts } from '../../app/text.tsx'
import { Time, zoneName } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { FilterChoice } from '../../components/filter-fields.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { Ask } from './ask.tsx'
import { AlertList, RunTag, Schedule } from './job-parts.tsx'
import { JobRuleActions } from './job-rule-actions.tsx'
import { Paging } from './paging.tsx'
import { useExchanges, usePartners, usePartnerTitle } from './partner-choice.tsx'
import { Tag } from './tag.tsx'

type Job = Schemas['Job']

const NEXT = 10
const REFRESH_MS = 10_000

/** One job: its rule, when it is next, and its runs. */
export function JobPage() {
  const t = useT()
  const { job: name } = useParams({ from: '/jobs/of/$job' })
  const { data: job, error, refetch } = useQuery(jobQuery(name))
  const alerts = useAlerts().filter((alert) => alert.job === name)
  const above = <Link to="/jobs">{t('jobs.title')}</Link>
  if (job === undefined)
    return (
      <Page title={name} above={above}>
        {error === null ? <Skeleton lines={12} /> : <Failure problem={error} again={refetch} />}
      </Page>
    )
  return (
    <Page
      title={job.title}
      above={above}
      actions={job.paused ? <Tag tone="warn">{t('jobs.paused')}</Tag> : undefined}
    >
      {job.paused && job.pauseReason !== null ? <p className="note note--warn">{job.pauseReason}</p> : null}
      <JobActions job={job} />
      {alerts.length === 0 ? null : <AlertList alerts={alerts} />}
      <div className="columns">
        <div className="columns__main">
          <Section title={t('job.runs')}>
            <Runs job={job.job} />
          </Section>
        </div>
        <div className="columns__side">
          <Section title={t('job.next')}>
            <Occurrences job={job} />
          </Section>
          <Section title={t('facts.title')}>
            <JobFacts job={job} />
          </Section>
        </div>
      </div>
    </Page>
  )
}

/** Runs it now, pauses it, lets it go on: what this person may of that. */
function JobActions({ job }: { readonly job: Job }) {
  const t = useT()
  const { me, may } = useSession()
  const queries = useQueryClient()
  const path = { params: { path: { job: job.job } } }
  const changed = () => {
    for (const name of ['jobs', 'runs']) void queries.invalidateQueries({ queryKey: [name] })
  }
  const pause = useMutation({
    mutationFn: (reason: string) =>
      dataOf(api.POST('/v1/jobs/{job}/pause', { ...path, body: reason === '' ? {} : { reason } })),
    onSuccess: changed,
  })
  const resume = useMutation({
    mutationFn: () => dataOf(api.POST('/v1/jobs/{job}/resume', { ...path, body: {} })),
    onSuccess: changed,
  })
  const manages = me.centre && may('manage', job.exchange)
  const starts = !me.centre && may('submit', job.exchange) && job.ownStart !== null
  if (!manages && !starts) return null
  const problem = pause.error ?? resume.error
  return (
    <div className="actions">
      {problem === null ? null : <Failure problem={problem} />}
      <RunNow job={job} partners={manages} />
      {!manages ? null : job.paused ? (
        <Button type="button" outline disabled={resume.isPending} onClick={() => resume.mutate()}>
          {t('job.resume')}
        </Button>
      ) : (
        <Ask
          label={t('job.pause')}
          title={t('job.pauseTitle')}
          about={t('job.pauseAbout')}
          reason="optional"
          busy={pause.isPending}
          act={(reason) => pause.mutate(reason)}
        />
      )}
      {manages ? <JobRuleActions job={job.job} /> : null}
    </div>
  )
}

function RunNow({ job, partners }: { readonly job: Job; readonly partners: boolean }) {
  const t = useT()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const titles = usePartners()
  const [partner, setPartner] = useState('')
  const start = useMutation({
    mutationFn: () =>
      dataOf(
        api.POST('/v1/jobs/{job}/runs', {
          params: { path: { job: job.job } },
          body: partner === '' ? {} : { partner },
        }),
      ),
    onSuccess: ({ items }) => {
      void queries.invalidateQueries({ queryKey: ['runs'] })
      const [run] = items
      if (run !== undefined && items.length === 1)
        void navigate({ to: '/jobs/runs/$run', params: { run: run.run } })
    },
  })
  const choices = job.partners ?? [...titles.keys()]
  return (
    <>
      {start.error === null ? null : <Failure problem={start.error} />}
      {start.data?.items.length === 0 ? <p className="note">{t('job.nobody')}</p> : null}
      {partners && choices.length > 1 ? (
        <FilterChoice
          id="run-partner"
          label={t('job.runFor')}
          value={partner}
          set={setPartner}
          all={t('job.everybody')}
        >
          {choices.map((name) => (
            <option key={name} value={name}>
              {titles.get(name) ?? name}
            </option>
          ))}
        </FilterChoice>
      ) : null}
      <Button type="button" disabled={start.isPending || job.paused} onClick={() => start.mutate()}>
        {t('job.runNow')}
      </Button>
    </>
  )
}

function Runs({ job }: { readonly job: string }) {
  const { t, language } = useTexts()
  const titleOf = usePartnerTitle()
  const { me } = useSession()
  const search = useSearch({ from: '/jobs/of/$job' })
  const { after } = search
  const { data, error, refetch } = useQuery({
    ...runsQuery({ job, ...(after === undefined ? {} : { after }) }),
    refetchInterval: after === undefined ? REFRESH_MS : false,
  })
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={6} />
  if (data.items.length === 0) return <Empty title={t('job.noRuns')} />
  return (
    <>
      <table className="usa-table usa-table--borderless usa-table--stacked table">
        <caption className="usa-sr-only">{t('job.runs')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('run.due', { zone: zoneName(language) })}</th>
            {me.centre ? <th scope="col">{t('submission.partner')}</th> : null}
            <th scope="col">{t('submission.state')}</th>
            <th scope="col">{t('run.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((run) => (
            <tr key={run.run}>
              <th scope="row">
                <Link to="/jobs/runs/$run" params={{ run: run.run }} className="table__main">
                  <Time at={run.dueAt} />
                </Link>
                <span className="table__under">{t(`run.origin.${run.origin}`)}</span>
              </th>
              {me.centre ? <td className="cell--plain">{titleOf(run.partner)}</td> : null}
              <td className="cell--plain">
                <RunTag state={run.state} />
                {run.place === null ? null : (
                  <span className="table__under">{t('run.placeShort', { place: run.place })}</span>
                )}
              </td>
              <td className="cell--whole">{run.reason ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Paging search={search} next={data.next} />
    </>
  )
}

function Occurrences({ job }: { readonly job: Job }) {
  const t = useT()
  const { data } = useQuery({ ...occurrencesQuery(job.job, NEXT), enabled: job.cron !== null })
  if (job.cron === null) return <p className="quiet">{t('schedule.none')}</p>
  if (data === undefined) return <Skeleton lines={4} />
  return (
    <ul className="plain-list">
      {data.map((at) => (
        <li key={at}>
          <Time at={at} />
        </li>
      ))}
    </ul>
  )
}

function JobFacts({ job }: { readonly job: Job }) {
  const t = useT()
  const text = useAdminText()
  const { me } = useSession()
  const exchanges = useExchanges()
  const titleOf = usePartnerTitle()
  const { window, ownStart } = job
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [t('jobs.job'), <code key="job">{job.job}</code>],
    [t('submission.exchange'), exchanges.get(job.exchange) ?? job.exchange],
    [t('jobs.schedule'), <Schedule key="schedule" job={job} />],
    [t('job.zone'), job.zone.replaceAll('_', ' ')],
    [t('job.extract'), t(`job.extract.${job.extract}`)],
    ...(window === null ? [] : ([[t('job.window'), `${window.from} – ${window.until}`]] as const)),
    ...(job.calendar === null ? [] : ([[t('job.calendar'), job.calendar]] as const)),
    ...(me.centre
      ? ([
          [text('jobRule.partners'), job.partners?.map(titleOf).join(', ') ?? text('jobRule.everybody')],
          [text('jobRule.priority'), String(job.priority)],
          [text('jobRule.facts.timeOut'), text('jobRule.facts.minutes', { count: job.arriveMinutes })],
        ] as const)
      : []),
    [t('job.retries'), t('job.retriesAre', { count: job.retryLimit, minutes: job.retryMinutes })],
    [
      t('job.ownStart'),
      ownStart === null ? t('job.ownStart.no') : t('job.ownStart.yes', { count: ownStart.perDayMax }),
    ],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="facts__one">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
