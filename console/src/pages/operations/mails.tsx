import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import {
  bulkStatusQuery,
  MAIL_STATES,
  mailsQuery,
  type OperationsSearch,
} from '../../api/operations-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { Time, zoneName } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { FilterChoice } from '../../components/filter-fields.tsx'
import { Count } from '../../components/number.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Paging } from './paging.tsx'
import { PartnerChoice, usePartnerTitle } from './partner-choice.tsx'
import { Tag } from './tag.tsx'

const REFRESH_MS = 10_000
const TONES = { queued: 'wait', sent: 'good', bounced: 'bad', 'given-up': 'bad' } as const

/** Who was written to, and what became of it. */
export function Mails() {
  const { t } = useTexts()
  const { me, may } = useSession()
  const search = useSearch({ from: '/mails' })
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    ...mailsQuery(search),
    placeholderData: keepPreviousData,
    refetchInterval: search.after === undefined ? REFRESH_MS : false,
  })
  const set = (name: keyof OperationsSearch) => (value: string) => {
    const { [name]: _, after: __, ...others } = search
    void navigate({ to: '/mails', search: value === '' ? others : { ...others, [name]: value } })
  }
  return (
    <Page title={t('mails.title')}>
      {me.centre && may('manage', '*') ? <Queue /> : null}
      <search className="filters" aria-label={t('filters.narrow')}>
        <FilterChoice
          id="state"
          label={t('submission.state')}
          value={search.state}
          set={set('state')}
          all={t('filters.all')}
        >
          {MAIL_STATES.map((state) => (
            <option key={state} value={state}>
              {t(`mail.state.${state}`)}
            </option>
          ))}
        </FilterChoice>
        <PartnerChoice value={search.partner} set={set('partner')} />
      </search>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={10} />
      ) : data.items.length === 0 ? (
        <Empty title={t('mails.none')} />
      ) : (
        <>
          <MailTable items={data.items} />
          <Paging search={search} next={data.next} />
        </>
      )}
    </Page>
  )
}

/** The queue in numbers. */
function Queue() {
  const { t } = useTexts()
  const { data } = useQuery({ ...bulkStatusQuery(), refetchInterval: REFRESH_MS })
  if (data === undefined) return null
  const { queued = 0, paused = 0, bounced = 0, givenUp = 0 } = data.mail
  const figures = [
    [t('mail.state.queued'), queued, false],
    [t('mails.paused'), paused, true],
    [t('mail.state.bounced'), bounced, true],
    [t('mail.state.given-up'), givenUp, true],
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

function MailTable({ items }: { readonly items: readonly Schemas['Mail'][] }) {
  const { t, language } = useTexts()
  const titleOf = usePartnerTitle()
  const { me } = useSession()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('mails.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('mails.made', { zone: zoneName(language) })}</th>
          {me.centre ? <th scope="col">{t('submission.partner')}</th> : null}
          <th scope="col">{t('mails.mail')}</th>
          <th scope="col">{t('submission.state')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((mail) => (
          <tr key={mail.mail}>
            <th scope="row">
              <Time at={mail.createdAt} />
            </th>
            {me.centre ? <td data-label={t('submission.partner')}>{titleOf(mail.partner)}</td> : null}
            <td className="cell--plain wrap">
              {mail.subject}
              <span className="table__under">{mail.recipient}</span>
            </td>
            <td className="cell--plain">
              <Tag tone={TONES[mail.state]}>{t(`mail.state.${mail.state}`)}</Tag>
              {mail.nextAt === null || mail.attempts === 0 ? null : (
                <span className="table__under">
                  {t('mails.next')} <Time at={mail.nextAt} />
                </span>
              )}
              {mail.lastError === null ? null : <span className="session__reason">{mail.lastError}</span>}
              <Again mail={mail} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Again({ mail }: { readonly mail: Schemas['Mail'] }) {
  const { t } = useTexts()
  const { me, may } = useSession()
  const queries = useQueryClient()
  const again = useMutation({
    mutationFn: () => dataOf(api.POST('/v1/mails/{mail}/retry', { params: { path: { mail: mail.mail } } })),
    onSuccess: () => {
      for (const name of ['mails', 'bulk-status']) void queries.invalidateQueries({ queryKey: [name] })
    },
  })
  const failed = mail.state === 'bounced' || mail.state === 'given-up'
  if (!me.centre || !may('manage', '*') || !(failed || (mail.state === 'queued' && mail.attempts > 0)))
    return null
  return (
    <div className="row-actions">
      {again.error === null ? null : <Failure problem={again.error} />}
      <Button type="button" outline disabled={again.isPending} onClick={() => again.mutate()}>
        {t('mails.again')}
      </Button>
    </div>
  )
}
