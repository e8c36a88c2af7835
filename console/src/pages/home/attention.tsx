import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Realm, Schemas } from '../../api/client.ts'
import { attentionQuery, exchangesQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { type T, useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'

type Attention = Schemas['Attention']

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
        <Items items={itemsOf(data, t, titleOf, me.centre, (exchange) => may('submit', exchange))} />
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

function itemsOf(
  { alerts, submissions, records, files, workItems }: Attention,
  t: T,
  titleOf: (exchange: string) => string,
  centre: boolean,
  mayFix: (exchange: string) => boolean,
): readonly Item[] {
  const items: Item[] = alerts.map(({ alert, job, partner, message, lastAt }) => ({
    key: `alert ${alert}`,
    tone: 'bad',
    title: t('home.alert', { job }),
    about: (
      <>
        {centre ? `${partner} · ` : ''}
        {message} · <Time at={lastAt} />
      </>
    ),
  }))
  for (const one of submissions)
    items.push({
      key: one.tracking,
      tone: one.state === 'held' ? 'warn' : 'bad',
      title: (
        <Link to="/submissions/$tracking" params={{ tracking: one.tracking }}>
          {t(`home.${one.state}`, { name: one.fileName === '' ? one.tracking : one.fileName })}
        </Link>
      ),
      about: (
        <>
          {centre ? `${one.partner} · ` : ''}
          {titleOf(one.exchange)} · <Time at={one.receivedAt} />
          {one.reason === null ? null : <span className="attention__reason">{one.reason}</span>}
        </>
      ),
    })
  for (const { exchange, type, count, partners } of records)
    items.push({
      key: `records ${exchange} ${type}`,
      tone: 'warn',
      title: mayFix(exchange) ? (
        <Link to="/fix" search={{ exchange, type }}>
          {t('home.records', { count })}
        </Link>
      ) : (
        <Link to="/submissions" search={{ exchange, errors: true }}>
          {t('home.records', { count })}
        </Link>
      ),
      about: centre ? `${titleOf(exchange)} · ${t('home.partners', { count: partners })}` : titleOf(exchange),
    })
  if (files.held > 0) items.push(plain('held', 'warn', t('home.filesHeld', { count: files.held })))
  if (files.refused > 0) items.push(plain('refused', 'bad', t('home.filesRefused', { count: files.refused })))
  if (workItems.count > 0)
    items.push({
      ...plain('work', 'wait', t('home.workItems', { count: workItems.count })),
      about: workItems.dueOn === null ? '' : t('home.due', { day: workItems.dueOn }),
    })
  const order = { bad: 0, warn: 1, wait: 2 }
  return items.sort((a, b) => order[a.tone] - order[b.tone])
}

function plain(key: string, tone: Item['tone'], title: string): Item {
  return { key, tone, title, about: '' }
}
