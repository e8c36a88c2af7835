import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiProblem, api, dataOf, type Schemas } from '../../api/client.ts'
import { calendarsQuery, jobsQuery } from '../../api/operations-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT, useTexts } from '../../app/text.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Sure } from '../../components/sure.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { type CalendarDraft, RestForm } from './rest-form.tsx'

type Calendar = Schemas['Calendar']

/** Calendars of days on which jobs rest: made, changed and removed by the centre's administrators. */
export function Rest() {
  const t = useT()
  const text = useAdminText()
  const { me, may } = useSession()
  const { data, error, refetch } = useQuery(calendarsQuery())
  const changes = me.centre && may('manage', '*')
  return (
    <Page title={text('rest.title')} above={<Link to="/jobs/calendar">{t('calendar.title')}</Link>}>
      <p className="providers__about">{text('rest.about')}</p>
      {changes ? <NewCalendar /> : null}
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={6} />
      ) : data.length === 0 ? (
        <Empty title={text('rest.none')} />
      ) : (
        data.map((one) => <OneCalendar key={one.calendar} calendar={one} changes={changes} />)
      )}
    </Page>
  )
}

/** Tells the node something of calendars; jobs that use them follow. */
function useCalendarChange<A>(change: (given: A) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['calendars'] })
      void queries.invalidateQueries({ queryKey: ['jobs'] })
    },
  })
}

function put({ calendar, title, exceptions }: CalendarDraft) {
  const body = { title: title.trim(), exceptions: exceptions.map(({ key: _, ...days }) => days) }
  return dataOf(api.PUT('/v1/calendars/{calendar}', { params: { path: { calendar } }, body }))
}

function NewCalendar() {
  const text = useAdminText()
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const add = useCalendarChange(async (draft: CalendarDraft) => {
    // The call that makes a calendar would as well change one of that name.
    const known = await queries.fetchQuery({ ...calendarsQuery(), staleTime: 0 })
    const taken = { errors: [{ pointer: 'params/calendar', detail: text('rest.taken') }] }
    if (known.some(({ calendar }) => calendar === draft.calendar))
      throw new ApiProblem(409, 'CONFLICT', text('rest.taken'), taken)
    await put(draft)
  })
  return (
    <details className="more people__new" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text('rest.new')}</summary>
      <RestForm
        key={add.isSuccess ? add.submittedAt : 0}
        id="new-calendar"
        label={text('rest.make')}
        busy={add.isPending}
        problem={add.error}
        save={(draft) => add.mutate(draft, { onSuccess: () => setOpen(false) })}
      />
    </details>
  )
}

function OneCalendar({ calendar: one, changes }: { readonly calendar: Calendar; readonly changes: boolean }) {
  const { t } = useTexts()
  const text = useAdminText()
  const { data: jobs = [] } = useQuery(jobsQuery())
  const users = jobs.filter(({ calendar }) => calendar === one.calendar)
  const change = useCalendarChange(put)
  const path = { params: { path: { calendar: one.calendar } } }
  const remove = useCalendarChange(() => dataOf(api.DELETE('/v1/calendars/{calendar}', path)))
  return (
    <Section title={one.title} aside={<code>{one.calendar}</code>}>
      {remove.error === null ? null : <Failure problem={remove.error} />}
      <Days calendar={one} />
      {users.length === 0 ? null : (
        <p className="set-up__fixed">
          {text('rest.usedBy')}:{' '}
          {users.map(({ job, title }, index) => (
            <span key={job}>
              {index === 0 ? '' : ', '}
              <Link to="/jobs/of/$job" params={{ job }}>
                {title}
              </Link>
            </span>
          ))}
        </p>
      )}
      {changes ? (
        <>
          <details className="more">
            <summary>{t('people.change')}</summary>
            <RestForm
              key={one.changedAt}
              id={`calendar-${one.calendar}`}
              before={one}
              label={t('people.save')}
              busy={change.isPending}
              problem={change.error}
              save={(draft) => change.mutate(draft)}
            />
            {change.isSuccess ? <span role="status">{t('people.saved')}</span> : null}
          </details>
          <div className="decide__actions">
            <Sure
              label={t('people.remove')}
              title={text('rest.removeSure', { name: one.title })}
              disabled={remove.isPending}
              act={() => remove.mutate(undefined)}
            >
              {text('rest.removeAbout')}
            </Sure>
          </div>
        </>
      ) : null}
    </Section>
  )
}

function Days({ calendar: { exceptions } }: { readonly calendar: Calendar }) {
  const { language } = useTexts()
  const text = useAdminText()
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  if (exceptions.length === 0) return <p className="quiet">{text('rest.empty')}</p>
  return (
    <ul className="people__list">
      {exceptions.map(({ from, until, reason }) => (
        <li key={`${from} ${until} ${reason}`}>
          <span>
            {format.formatRange(new Date(from), new Date(until))}
            <span className="people__under">{reason}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
