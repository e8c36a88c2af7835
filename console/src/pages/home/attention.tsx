import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Grant, Realm, Schemas } from '../../api/client.ts'
import { attentionQuery, exchangesQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { type T, useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { useWords } from '../../record/words.ts'

type Attention = Schemas['Attention']
type Alert = Attention['alerts'][number]

interface Item {
  readonly key: string
  readonly tone: 'bad' | 'warn' | 'wait'
  readonly title: ReactNode
  readonly about: ReactNode
}

/** What needs a person, the most urgent first. */
export function AttentionList({ realm }: { readonly realm: Realm }) {
  const t = useT()
  const { me, may } = useSession()
  const { data, error, refetch } = useQuery(attentionQuery(realm))
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const titleOf = (exchange: string) => exchanges.find((one) => one.exchange === exchange)?.title ?? exchange
  return (
    <Section title={t('home.attention')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={4} />
      ) : (
        <Items items={itemsOf(data, t, titleOf, { centre: me.centre, may })} />
      )}
    </Section>
  )
}

function Items({ items }: { readonly items: readonly Item[] }) {
  const t = useT()
  if (items.length === 0) return <p className="calm">{t('home.calm')}</p>
  return (
    <ul className="attention">
      {items.map(({ key, tone, title, about }) => (
        <li key={key} className={`attention__item attention__item--${tone}`}>
          <div className="attention__title">{title}</div>
          <div className="attention__about">{about}</div>
        </li>
      ))}
    </ul>
  )
}

/** Where a person may go from an item. */
interface Ways {
  readonly centre: boolean
  may(grant: Grant, exchange?: string): boolean
}

function itemsOf(
  { alerts, submissions, records, files, workItems }: Attention,
  t: T,
  titleOf: (exchange: string) => string,
  ways: Ways,
): readonly Item[] {
  const order = { bad: 0, warn: 1, wait: 2 }
  return [
    ...alerts.map((alert) => alertItem(alert, t, ways)),
    ...submissions.map((one) => submissionItem(one, t, titleOf, ways)),
    ...records.map((one) => recordsItem(one, t, titleOf, ways)),
    ...fileItems(files, t, ways),
    ...questionItems(workItems, t, ways),
  ].sort((a, b) => order[a.tone] - order[b.tone])
}

function alertItem({ alert, job, run, exchange, partner, message, lastAt }: Alert, t: T, ways: Ways): Item {
  const title = t('home.alert', { job })
  const open = ways.may('submit', exchange) || ways.may('manage', exchange)
  return {
    key: `alert ${alert}`,
    tone: 'bad',
    title: open ? (
      <Link to="/jobs/runs/$run" params={{ run }}>
        {title}
      </Link>
    ) : (
      title
    ),
    about: (
      <>
        {ways.centre ? `${partner} · ` : ''}
        {message} · <Time at={lastAt} />
      </>
    ),
  }
}

function submissionItem(
  { tracking, state, fileName, partner, exchange, receivedAt, reason }: Attention['submissions'][number],
  t: T,
  titleOf: (exchange: string) => string,
  { centre }: Ways,
): Item {
  return {
    key: tracking,
    tone: state === 'held' ? 'warn' : 'bad',
    title: (
      <Link to="/submissions/$tracking" params={{ tracking }}>
        {t(`home.${state}`, { name: fileName === '' ? tracking : fileName })}
      </Link>
    ),
    about: (
      <>
        {centre ? `${partner} · ` : ''}
        {titleOf(exchange)} · <Time at={receivedAt} />
        {reason === null ? null : <span className="attention__reason">{reason}</span>}
      </>
    ),
  }
}

function recordsItem(
  { exchange, type, count, partners }: Attention['records'][number],
  t: T,
  titleOf: (exchange: string) => string,
  { centre, may }: Ways,
): Item {
  return {
    key: `records ${exchange} ${type}`,
    tone: 'warn',
    title:
      may('submit', exchange) && may('read', exchange) ? (
        <Link to="/fix" search={{ exchange, type }}>
          {t('home.records', { count })}
        </Link>
      ) : (
        <Link to="/submissions" search={{ exchange, errors: true }}>
          {t('home.records', { count })}
        </Link>
      ),
    about: centre ? `${titleOf(exchange)} · ${t('home.partners', { count: partners })}` : titleOf(exchange),
  }
}

function fileItems({ held, refused }: Attention['files'], t: T, { may }: Ways): readonly Item[] {
  const open = (['submit', 'release', 'manage'] as const).some((grant) => may(grant))
  const item = (state: 'held' | 'refused', count: number): Item => {
    const title = t(state === 'held' ? 'home.filesHeld' : 'home.filesRefused', { count })
    return {
      key: state,
      tone: state === 'held' ? 'warn' : 'bad',
      title: open ? <Link to="/files">{title}</Link> : title,
      about: '',
    }
  }
  return [...(held > 0 ? [item('held', held)] : []), ...(refused > 0 ? [item('refused', refused)] : [])]
}

function questionItems({ count, dueOn }: Attention['workItems'], t: T, { may }: Ways): readonly Item[] {
  if (count === 0) return []
  const title = t('home.workItems', { count })
  const late = dueOn !== null && dueOn < today()
  return [
    {
      key: 'work',
      tone: late ? 'bad' : 'wait',
      title:
        may('submit') || may('manage') ? (
          <Link to="/messages/questions" search={{ state: 'open' }}>
            {title}
          </Link>
        ) : (
          title
        ),
      about: dueOn === null ? '' : <Due day={dueOn} late={late} />,
    },
  ]
}

function Due({ day, late }: { readonly day: string; readonly late: boolean }) {
  const { date } = useWords()
  return useT()(late ? 'home.late' : 'home.due', { day: date(day) })
}

/** Where the person is. */
function today(): string {
  return new Intl.DateTimeFormat('en-CA').format(new Date())
}
