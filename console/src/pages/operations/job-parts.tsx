import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { useSession } from '../../app/session.tsx'
import { useT, useTexts } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Failure } from '../../components/states.tsx'
import { Ask } from './ask.tsx'
import { scheduleOf } from './schedule.ts'
import { Tag } from './tag.tsx'

const TONES = {
  scheduled: 'wait',
  offered: 'wait',
  taken: 'busy',
  extracting: 'busy',
  uploading: 'busy',
  received: 'busy',
  processing: 'busy',
  done: 'good',
  failed: 'bad',
  'timed-out': 'bad',
  cancelled: 'wait',
} as const

export type RunState = Schemas['Run']['state']

/** Where a run or an attempt stands. */
export function RunTag({ state }: { readonly state: RunState }) {
  const t = useT()
  return <Tag tone={TONES[state]}>{t(`run.state.${state}`)}</Tag>
}

/** The pages about jobs. */
export function JobTabs() {
  const t = useT()
  return (
    <nav className="tabs" aria-label={t('jobs.pages')}>
      <Link to="/jobs" className="tabs__one" activeOptions={{ exact: true, includeSearch: false }}>
        {t('jobs.list')}
      </Link>
      <Link to="/jobs/calendar" className="tabs__one" activeOptions={{ includeSearch: false }}>
        {t('jobs.calendar')}
      </Link>
      <Link to="/jobs/sessions" className="tabs__one" activeOptions={{ includeSearch: false }}>
        {t('jobs.sessions')}
      </Link>
      <Link to="/jobs/agents" className="tabs__one">
        {t('jobs.agents')}
      </Link>
    </nav>
  )
}

/** When a job runs, in words; on the clock of its own zone. */
export function Schedule({ job }: { readonly job: Pick<Schemas['Job'], 'cron' | 'zone'> }) {
  const { t, language } = useTexts()
  const schedule = scheduleOf(job.cron, language)
  if (schedule.kind === 'none') return <>{t('schedule.none')}</>
  if (schedule.kind === 'other') return <code title={job.zone}>{job.cron}</code>
  return <span title={job.zone}>{t(`schedule.${schedule.kind}`, schedule.holes)}</span>
}

type Alert = Schemas['Alert']

/** What is wrong with jobs now, with the next retry, until somebody looks after it or it goes well again. */
export function AlertList({ alerts }: { readonly alerts: readonly Alert[] }) {
  const t = useT()
  const { me } = useSession()
  return (
    <ul className="attention">
      {alerts.map((alert) => (
        <li
          key={alert.alert}
          className={`attention__item attention__item--${alert.acknowledgedAt === null ? 'bad' : 'warn'}`}
        >
          <div className="attention__title">
            <Link to="/jobs/runs/$run" params={{ run: alert.run }}>
              {t(`alert.${alert.kind}`, { job: alert.job })}
            </Link>
          </div>
          <div className="attention__about">
            {me.centre ? `${alert.partner} · ` : ''}
            <Time at={alert.lastAt} />
            {alert.times > 1 ? ` · ${t('alert.times', { count: alert.times })}` : ''}
            <span className="attention__reason">{alert.message}</span>
            <NextTry at={alert.nextAt} />
            {alert.acknowledgedAt === null ? null : (
              <span className="attention__reason">
                {t('alert.acknowledgedBy', { name: alert.acknowledgedBy ?? '' })}
                {alert.note === null ? '' : `: ${alert.note}`}
              </span>
            )}
          </div>
          <Acknowledge alert={alert} />
        </li>
      ))}
    </ul>
  )
}

/** When it is tried again. */
export function NextTry({ at }: { readonly at: string | null }) {
  const t = useT()
  return (
    <span className="attention__reason">
      {at === null ? (
        t('alert.noRetry')
      ) : (
        <>
          {t('alert.retry')} <Time at={at} />
        </>
      )}
    </span>
  )
}

/** Says that somebody looks after it; the centre's word. */
export function Acknowledge({ alert }: { readonly alert: Alert }) {
  const t = useT()
  const { me, may } = useSession()
  const queries = useQueryClient()
  const acknowledge = useMutation({
    mutationFn: (note: string) =>
      dataOf(
        api.POST('/v1/alerts/{alert}/acknowledge', {
          params: { path: { alert: alert.alert } },
          body: note === '' ? {} : { note },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['attention'] }),
  })
  if (!me.centre || !may('manage', alert.exchange) || alert.acknowledgedAt !== null) return null
  return (
    <div className="row-actions">
      {acknowledge.error === null ? null : <Failure problem={acknowledge.error} />}
      <Ask
        label={t('alert.acknowledge')}
        title={t('alert.acknowledgeTitle')}
        about={t('alert.acknowledgeAbout')}
        reason="optional"
        reasonLabel={t('alert.note')}
        busy={acknowledge.isPending}
        act={(note) => acknowledge.mutate(note)}
      />
    </div>
  )
}
