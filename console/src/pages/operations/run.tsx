import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { attemptSessionsQuery, runQuery } from '../../api/operations-queries.ts'
import { useAlerts } from '../../app/alerts.tsx'
import { useSession } from '../../app/session.tsx'
import { useT, useTexts } from '../../app/text.tsx'
import { bytes, duration, Time } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { Count } from '../../components/number.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Ask } from './ask.tsx'
import { AlertList, RunTag } from './job-parts.tsx'
import { usePartnerTitle } from './partner-choice.tsx'

type Run = Schemas['RunDetail']

const REFRESH_MS = 4_000
const OVER = ['done', 'failed', 'timed-out', 'cancelled']
const NOT_HERE_YET = ['scheduled', 'offered', 'taken', 'extracting', 'uploading']

/** One run: where it stands in the queue, why, when it is tried again, and each attempt. */
export function RunPage() {
  const t = useT()
  const { run: name } = useParams({ from: '/jobs/runs/$run' })
  const { data, error, refetch } = useQuery({
    ...runQuery(name),
    refetchInterval: ({ state }) =>
      state.data !== undefined && !OVER.includes(state.data.state) ? REFRESH_MS : false,
  })
  if (data === undefined)
    return (
      <Page title={name} above={<Link to="/jobs">{t('jobs.title')}</Link>}>
        {error === null ? <Skeleton lines={12} /> : <Failure problem={error} again={refetch} />}
      </Page>
    )
  return <Shown run={data} />
}

function Shown({ run }: { readonly run: Run }) {
  const t = useT()
  const titleOf = usePartnerTitle()
  const alerts = useAlerts().filter((alert) => alert.job === run.job && alert.partner === run.partner)
  const { data: sessions = [] } = useQuery(attemptSessionsQuery(run.realm, { job: run.job }))
  return (
    <Page
      title={t('run.title', { partner: titleOf(run.partner) })}
      above={
        <Link to="/jobs/of/$job" params={{ job: run.job }}>
          {run.job}
        </Link>
      }
      actions={<RunTag state={run.state} />}
    >
      {run.reason === null || alerts.some(({ message }) => message === run.reason) ? null : (
        <p className={`note ${NOTE[run.state] ?? ''}`}>{run.reason}</p>
      )}
      <RunActions run={run} />
      <RunFigures run={run} />
      {alerts.length === 0 ? null : (
        <Section title={t('jobs.alerts')}>
          <AlertList alerts={alerts} />
        </Section>
      )}
      <Section title={t('run.attempts')}>
        {run.history.length === 0 ? (
          <p className="quiet">{t('run.noAttempts')}</p>
        ) : (
          <ol className="attempts">
            {run.history.toReversed().map((attempt) => (
              <Attempt
                key={attempt.attempt}
                attempt={attempt}
                session={sessions.find(({ session }) => session === attempt.attempt)}
              />
            ))}
          </ol>
        )}
      </Section>
    </Page>
  )
}

const NOTE: Readonly<Partial<Record<Run['state'], string>>> = {
  failed: 'note--bad',
  'timed-out': 'note--bad',
  scheduled: 'note--warn',
}

function RunFigures({ run }: { readonly run: Run }) {
  const t = useT()
  const figures: readonly (readonly [string, React.ReactNode])[] = [
    [t('run.dueAt'), <Time key="due" at={run.dueAt} />],
    [
      t('run.origin'),
      run.startedBy === null
        ? t(`run.origin.${run.origin}`)
        : `${t(`run.origin.${run.origin}`)} (${run.startedBy})`,
    ],
    ...(run.place === null ? [] : ([[t('run.place'), <Count key="place" value={run.place} />]] as const)),
    ...(run.nextAt === null ? [] : ([[t('alert.retry'), <Time key="next" at={run.nextAt} />]] as const)),
    ...(run.closedAt === null ? [] : ([[t('run.over'), <Time key="over" at={run.closedAt} />]] as const)),
  ]
  return (
    <dl className="facts facts--row">
      {figures.map(([name, value]) => (
        <div key={name} className="facts__one">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Tries again now, or cancels what has not arrived: what this person may of that. */
function RunActions({ run }: { readonly run: Run }) {
  const t = useT()
  const { me, may } = useSession()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const manages = me.centre && may('manage', run.exchange)
  const own = !me.centre && may('submit', run.exchange)
  const again = useMutation({
    mutationFn: () =>
      dataOf(
        api.POST('/v1/jobs/{job}/runs', {
          params: { path: { job: run.job } },
          body: manages ? { partner: run.partner } : {},
        }),
      ),
    onSuccess: ({ items }) => {
      void queries.invalidateQueries({ queryKey: ['runs'] })
      const [made] = items
      if (made !== undefined) void navigate({ to: '/jobs/runs/$run', params: { run: made.run } })
    },
  })
  const cancel = useMutation({
    mutationFn: (reason: string) =>
      dataOf(
        api.POST('/v1/runs/{run}/cancel', {
          params: { path: { run: run.run } },
          body: reason === '' ? {} : { reason },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  })
  const waits = run.state === 'scheduled' && run.attempts > 0
  const mayTry = (manages || own) && (waits || run.state === 'failed' || run.state === 'timed-out')
  const mayCancel = NOT_HERE_YET.includes(run.state) && (manages || (own && run.origin === 'partner'))
  if (!mayTry && !mayCancel) return null
  const problem = again.error ?? cancel.error
  return (
    <div className="actions">
      {problem === null ? null : <Failure problem={problem} />}
      {mayTry ? (
        <Button type="button" disabled={again.isPending} onClick={() => again.mutate()}>
          {t('run.again')}
        </Button>
      ) : null}
      {mayCancel ? (
        <Ask
          label={t('run.cancel')}
          title={t('run.cancelTitle')}
          reason="optional"
          busy={cancel.isPending}
          act={(reason) => cancel.mutate(reason)}
        />
      ) : null}
    </div>
  )
}

type Step = 'offered' | 'taken' | 'extracting' | 'uploading' | 'received' | 'processing'

/** One try: when each step began, what it brought, and what the agent said of its failure. */
function Attempt({
  attempt,
  session,
}: {
  readonly attempt: Schemas['Attempt']
  readonly session: Schemas['Session'] | undefined
}) {
  const { t, language } = useTexts()
  const all: readonly (readonly [Step, string | null])[] = [
    ['offered', attempt.offeredAt],
    ['taken', attempt.takenAt],
    ['extracting', attempt.extractingAt],
    ['uploading', attempt.uploadingAt],
    ['received', attempt.receivedAt],
    ['processing', attempt.processingAt],
  ]
  const steps = all.filter(([, at]) => at !== null)
  return (
    <li className="attempt">
      <div className="attempt__head">
        <strong>{t('run.attempt', { number: attempt.number })}</strong>
        <RunTag state={attempt.state} />
        <span className="quiet">
          {[
            attempt.account ?? '',
            attempt.records > 0 ? t('progress.records', { count: attempt.records }) : '',
            attempt.bytes > 0 ? bytes(attempt.bytes, language) : '',
            session?.seconds == null ? '' : duration(session.seconds * 1000, language),
          ]
            .filter((text) => text !== '')
            .join(' · ')}
        </span>
      </div>
      {attempt.reason === null ? null : <p className="attempt__reason">{attempt.reason}</p>}
      <ul className="attempt__steps">
        {steps.map(([name, at]) => (
          <li key={name}>
            {t(`run.state.${name}`)} <Time at={at ?? ''} to="second" />
          </li>
        ))}
        {attempt.closedAt === null ? null : (
          <li>
            {t(`run.state.${attempt.state}`)} <Time at={attempt.closedAt} to="second" />
          </li>
        )}
      </ul>
      {session === undefined || session.received === 0 ? null : <Statistics session={session} />}
      <p className="attempt__links">
        {attempt.tracking === null ? null : (
          <Link to="/submissions/$tracking" params={{ tracking: attempt.tracking }}>
            {t('run.submission')}
          </Link>
        )}
        {attempt.errorLog === null ? null : (
          <a href={`/v1/attempts/${attempt.attempt}/log`} download>
            {t('run.log')}
          </a>
        )}
      </p>
    </li>
  )
}

/** What the session's statistics say: received = accepted + rejected. */
function Statistics({ session }: { readonly session: Schemas['Session'] }) {
  const t = useT()
  const figures = [
    [t('outcomes.received'), session.received, false],
    [t('outcome.created'), session.created, false],
    [t('outcome.updated'), session.updated, false],
    [t('outcome.unchanged'), session.unchanged, false],
    [t('outcome.deleted'), session.deleted, false],
    [t('outcome.rejected'), session.rejected, true],
  ] as const
  return (
    <dl className="figures">
      {figures.map(([name, value, warn]) => (
        <div key={name} className="figures__one">
          <dt>{name}</dt>
          <dd>
            <Count value={value} warn={warn} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
