import { useQuery } from '@tanstack/react-query'
import type { Schemas } from '../../api/client.ts'
import { agentsQuery } from '../../api/operations-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { bytes, Time } from '../../app/time.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { JobTabs } from './job-parts.tsx'
import { usePartnerTitle } from './partner-choice.tsx'
import { Tag } from './tag.tsx'

const REFRESH_MS = 15_000

/** What an agent tells of itself; anything else in it is passed over. */
interface Told {
  readonly ok?: boolean
  readonly freeBytes?: number
  readonly sources?: readonly { readonly name: string; readonly ok: boolean }[]
}

/** The programs beside partners' databases: version, health, and when they last asked for work. */
export function Agents() {
  const { t } = useTexts()
  const { data, error, refetch } = useQuery({ ...agentsQuery(), refetchInterval: REFRESH_MS })
  return (
    <Page title={t('agents.title')}>
      <JobTabs />
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={6} />
      ) : data.length === 0 ? (
        <Empty title={t('agents.none')}>
          <p className="quiet">{t('agents.noneAbout')}</p>
        </Empty>
      ) : (
        <AgentTable agents={data} />
      )}
    </Page>
  )
}

function AgentTable({ agents }: { readonly agents: readonly Schemas['Agent'][] }) {
  const { t } = useTexts()
  const titleOf = usePartnerTitle()
  const { me } = useSession()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('agents.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('agents.agent')}</th>
          {me.centre ? <th scope="col">{t('submission.partner')}</th> : null}
          <th scope="col">{t('agents.health')}</th>
          <th scope="col">{t('agents.version')}</th>
          <th scope="col">{t('agents.seen')}</th>
          <th scope="col">{t('agents.sends')}</th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.account}>
            <th scope="row">
              <span className="table__main">{agent.login}</span>
              <span className="table__under">{agent.address}</span>
            </th>
            {me.centre ? <td data-label={t('submission.partner')}>{titleOf(agent.partner)}</td> : null}
            <td className="cell--plain">
              <HealthOf agent={agent} />
            </td>
            <td data-label={t('agents.version')}>{agent.version}</td>
            <td data-label={t('agents.seen')}>
              <Time at={agent.seenAt} />
            </td>
            <td data-label={t('agents.sends')}>
              {agent.batches.map((batch) => `${batch.exchange ?? ''} (${batch.realm ?? ''})`).join(', ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function HealthOf({ agent }: { readonly agent: Schemas['Agent'] }) {
  const { t, language } = useTexts()
  const told = agent.health as Told
  const away = (told.sources ?? []).filter(({ ok }) => !ok).map(({ name }) => name)
  return (
    <>
      {agent.silent ? (
        <Tag tone="bad">{t('agents.silent')}</Tag>
      ) : told.ok === false || away.length > 0 ? (
        <Tag tone="warn">{t('agents.trouble')}</Tag>
      ) : (
        <Tag tone="good">{t('agents.well')}</Tag>
      )}
      {away.length === 0 ? null : (
        <span className="table__under">{t('agents.away', { names: away.join(', ') })}</span>
      )}
      {told.freeBytes === undefined ? null : (
        <span className="table__under">{t('agents.free', { size: bytes(told.freeBytes, language) })}</span>
      )}
    </>
  )
}
