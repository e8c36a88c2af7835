import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Schemas } from '../../api/client.ts'
import { systemQuery } from '../../api/operations-queries.ts'
import { type TextKey, useT, useTexts } from '../../app/text.tsx'
import { bytes, duration, Time } from '../../app/time.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Tag } from './tag.tsx'

type System = Schemas['System']
type Check = System['checks'][number]

const REFRESH_MS = 10_000
const TONES = { good: 'good', warn: 'warn', bad: 'bad' } as const
const ORDER = { bad: 0, warn: 1, good: 2 }

/** How the node stands, in plain words, and what it stands on. */
export function SystemPage() {
  const t = useT()
  const { data, error, refetch } = useQuery({ ...systemQuery(), refetchInterval: REFRESH_MS })
  return (
    <Page title={t('system.title')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : (
        <Shown system={data} />
      )}
    </Page>
  )
}

function Shown({ system }: { readonly system: System }) {
  const t = useT()
  const worst = Math.min(...system.checks.map(({ health }) => ORDER[health]))
  const checks = [...system.checks].sort((a, b) => ORDER[a.health] - ORDER[b.health])
  return (
    <>
      <p className={worst === 0 ? 'note note--bad' : worst === 1 ? 'note note--warn' : 'calm'} role="status">
        {worst === 0 ? t('system.bad') : worst === 1 ? t('system.warn') : t('system.good')}
      </p>
      <div className="columns">
        <div className="columns__main">
          <Section title={t('system.health')}>
            <ul className="checks">
              {checks.map((check) => (
                <Line key={check.check} check={check} />
              ))}
            </ul>
          </Section>
          <Section title={t('system.exchanges')}>
            <Exchanges exchanges={system.exchanges} />
          </Section>
        </div>
        <div className="columns__side">
          <Section title={t('facts.title')}>
            <Facts system={system} />
          </Section>
        </div>
      </div>
    </>
  )
}

/** Where more is to be seen about it. */
const PAGES = { mail: '/mails', intakes: '/files', jobs: '/jobs', agents: '/jobs/agents' } as const

function Line({ check }: { readonly check: Check }) {
  const t = useT()
  const key = `system.${check.check}.${check.state}` as TextKey
  const page = Object.entries(PAGES).find(([name]) => name === check.check)?.[1]
  return (
    <li className="checks__one">
      <span className="checks__name">{t(`system.check.${check.check}`)}</span>
      <span className="checks__what">
        {t(key, check.count === null ? {} : { count: check.count })}{' '}
        {page === undefined || check.health === 'good' ? null : <Link to={page}>{t('system.see')}</Link>}
      </span>
      <Tag tone={TONES[check.health]}>{t(`system.is.${check.health}`)}</Tag>
    </li>
  )
}

function Facts({ system }: { readonly system: System }) {
  const { t, language } = useTexts()
  const { database, disk, fileServer, intakes } = system
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('system.version'), system.version],
    [t('system.runtime'), system.runtime],
    [t('system.started'), <Time key="started" at={system.startedAt} />],
    [t('system.uptime'), duration(system.uptimeSeconds * 1000, language)],
    [t('system.database'), t(`system.database.${database.kind}`)],
    [t('system.databaseSize'), bytes(database.bytes, language)],
    ...(disk === null
      ? []
      : ([
          [
            t('system.disk'),
            t('system.diskIs', {
              free: bytes(disk.freeBytes, language),
              total: bytes(disk.totalBytes, language),
            }),
          ],
        ] as const)),
    [t('system.fileServer'), fileServer === null ? t('system.off') : `${fileServer.host}:${fileServer.port}`],
    [
      t('files.scanned'),
      intakes.lastScanAt === null ? (
        t('timeline.notYet')
      ) : (
        <Time key="scan" at={intakes.lastScanAt} to="second" />
      ),
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

function Exchanges({ exchanges }: { readonly exchanges: System['exchanges'] }) {
  const t = useT()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('system.exchanges')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('submission.exchange')}</th>
          <th scope="col">{t('system.version')}</th>
          <th scope="col">{t('system.hash')}</th>
        </tr>
      </thead>
      <tbody>
        {exchanges.map((one) => (
          <tr key={one.exchange}>
            <th scope="row">
              <span className="table__main">{one.title}</span>
              <span className="table__under">{one.exchange}</span>
            </th>
            <td data-label={t('system.version')}>{one.version}</td>
            <td data-label={t('system.hash')}>
              <code>{one.hash.slice(0, 16)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
