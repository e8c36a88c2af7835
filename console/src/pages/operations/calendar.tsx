import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import {
  attemptSessionsQuery,
  calendarsQuery,
  jobsQuery,
  occurrencesQuery,
} from '../../api/operations-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { startOfDay, zone } from '../../app/time.tsx'
import { Page } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { dayAfter, dayOf, daysShown, type Entry, entriesByDay } from './calendar-days.ts'
import { JobTabs } from './job-parts.tsx'

/** So many occurrences of a job are asked for: a job that runs more often says so in its list. */
const AHEAD = 100

/** What ran and what is to run, by day, with the days of rest. */
export function JobCalendar() {
  const { t, language } = useTexts()
  const text = useAdminText()
  const { me, may } = useSession()
  const { realm } = useRealm()
  const search = useSearch({ from: '/jobs/calendar' })
  const view = search.view === 'month' ? 'month' : 'week'
  const today = dayOf(new Date())
  const day = search.day ?? today
  const days = daysShown(day, view)
  const { entries, rests, titles, error } = useCalendar(realm, days)
  const move = view === 'week' ? 7 : 28
  const middle = view === 'week' ? day : `${day.slice(0, 8)}15`
  const link = (to: string, text: string) => (
    <Link to="/jobs/calendar" search={{ view, day: to }} className="segments__link">
      {text}
    </Link>
  )
  return (
    <Page
      title={t('calendar.title')}
      actions={
        me.centre && may('manage', '*') ? (
          <Link to="/jobs/rest" className="usa-button usa-button--outline">
            {text('rest.title')}
          </Link>
        ) : undefined
      }
    >
      <JobTabs />
      <div className="calendar-head">
        <h2 className="section__title" aria-live="polite">
          {heading(days, view, day, language)}
        </h2>
        <nav className="calendar-nav" aria-label={t('calendar.move')}>
          {link(dayAfter(middle, view === 'week' ? -move : -30), t('calendar.before'))}
          {link(today, t('calendar.today'))}
          {link(dayAfter(middle, view === 'week' ? move : 30), t('calendar.after'))}
          <Link
            to="/jobs/calendar"
            search={{ day, view: view === 'week' ? 'month' : 'week' }}
            className="segments__link"
          >
            {view === 'week' ? t('calendar.month') : t('calendar.week')}
          </Link>
        </nav>
      </div>
      {error === null ? null : <Failure problem={error} />}
      <ol className={`calendar calendar--${view}`}>
        {days.map((one) => (
          <li
            key={one}
            className={`calendar__day ${one === today ? 'calendar__day--today' : ''} ${
              view === 'month' && !one.startsWith(day.slice(0, 7)) ? 'calendar__day--other' : ''
            } ${(entries.get(one) ?? []).length === 0 && rests(one) === undefined ? 'calendar__day--empty' : ''}`}
          >
            <h3 className="calendar__date">{dayName(one, language)}</h3>
            {rests(one) === undefined ? null : (
              <p className="calendar__rest">{t('calendar.rest', { reason: rests(one) ?? '' })}</p>
            )}
            <ul className="calendar__entries">
              {(entries.get(one) ?? []).map((entry) => (
                <li key={`${entry.job} ${entry.result}`}>
                  <Line entry={entry} title={titles.get(entry.job) ?? entry.job} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {entries.size === 0 ? <p className="quiet">{t('calendar.none')}</p> : null}
    </Page>
  )
}

function useCalendar(realm: 'live' | 'test', days: readonly string[]) {
  const [first = '', last = ''] = [days[0], days.at(-1)]
  const from = startOfDay(first)
  const until = startOfDay(last, 1)
  const { data: jobs = [], error } = useQuery(jobsQuery())
  const { data: sessions = [] } = useQuery(
    attemptSessionsQuery(realm, { ...(from && { from }), ...(until && { until }) }),
  )
  const { data: calendars = [] } = useQuery(calendarsQuery())
  const ours = jobs.filter((job) => job.realm === realm)
  const scheduled = ours.filter((job) => job.cron !== null && !job.paused)
  const planned = useQueries({
    queries: scheduled.map(({ job }) => occurrencesQuery(job, AHEAD)),
    combine: (answers) =>
      answers.flatMap(({ data = [] }, index) => data.map((at) => ({ job: scheduled[index]?.job ?? '', at }))),
  })
  const shown = planned.filter(({ at }) => (from ?? '') <= at && at < (until ?? ''))
  const used = new Set(ours.map(({ calendar }) => calendar))
  const exceptions = calendars.filter(({ calendar }) => used.has(calendar)).flatMap((one) => one.exceptions)
  return {
    entries: entriesByDay(sessions, shown),
    titles: new Map(jobs.map(({ job, title }) => [job, title])),
    rests: (day: string) => exceptions.find((one) => one.from <= day && day <= one.until)?.reason,
    error,
  }
}

function Line({ entry, title }: { readonly entry: Entry; readonly title: string }) {
  const { t, language } = useTexts()
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: zone }).format(
    new Date(entry.at),
  )
  const said = entry.result === 'planned' ? t('calendar.planned') : t(`calendar.${entry.result}`)
  const text = (
    <>
      <span className="calendar__time">{time}</span> {title}
      {entry.times > 1 ? ` × ${entry.times}` : ''}
      <span className="calendar__result"> {said}</span>
    </>
  )
  const look = `calendar__entry calendar__entry--${entry.result}`
  return entry.run === null ? (
    <Link to="/jobs/of/$job" params={{ job: entry.job }} className={look}>
      {text}
    </Link>
  ) : (
    <Link to="/jobs/runs/$run" params={{ run: entry.run }} className={look}>
      {text}
    </Link>
  )
}

function heading(days: readonly string[], view: 'week' | 'month', day: string, language: string): string {
  const noon = (one: string) => new Date(`${one}T12:00:00`)
  if (view === 'month')
    return new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric' }).format(noon(day))
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  return format.formatRange(noon(days[0] ?? day), noon(days.at(-1) ?? day))
}

function dayName(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short' }).format(
    new Date(`${day}T12:00:00`),
  )
}
