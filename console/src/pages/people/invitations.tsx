import { useQuery } from '@tanstack/react-query'
import { api, dataOf } from '../../api/client.ts'
import { type Invitation, invitationsQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useTexts } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { ShownOnce } from './shown-once.tsx'

const TONES = { open: 'busy', accepted: 'good', expired: 'warn', withdrawn: 'wait' } as const

/** People who were asked to set a password, the latest ones. Without any there is nothing to show. */
export function Invitations({ partner }: { readonly partner: string }) {
  const { t } = useTexts()
  const { data, error, refetch } = useQuery(invitationsQuery(partner))
  const resend = usePeopleChange((invitation: string) =>
    dataOf(api.POST('/v1/invitations/{invitation}/resend', { params: { path: { invitation } } })),
  )
  const withdraw = usePeopleChange((invitation: string) =>
    dataOf(api.DELETE('/v1/invitations/{invitation}', { params: { path: { invitation } } })),
  )
  const problem = error ?? resend.error ?? withdraw.error
  if (problem === null && (data?.items.length ?? 0) === 0) return null
  const link = resend.data?.link ?? null
  return (
    <Section title={t('invitations.title')}>
      {problem === null ? null : <Failure problem={problem} again={refetch} />}
      {link === null ? null : (
        <ShownOnce title={t('invite.link')} about={t('invite.linkAbout')} secret={link} />
      )}
      <table className="usa-table usa-table--borderless usa-table--stacked table">
        <caption className="usa-sr-only">{t('invitations.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('accounts.name')}</th>
            <th scope="col">{t('accounts.state')}</th>
            <th scope="col">{t('invitations.until')}</th>
            <th scope="col">{t('invitations.by')}</th>
            <th scope="col">
              <span className="usa-sr-only">{t('people.change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {(data?.items ?? []).map((one) => (
            <Row
              key={one.invitation}
              one={one}
              resend={() => resend.mutate(one.invitation)}
              withdraw={() => withdraw.mutate(one.invitation)}
            />
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Row({
  one,
  resend,
  withdraw,
}: {
  readonly one: Invitation
  readonly resend: () => void
  readonly withdraw: () => void
}) {
  const { t } = useTexts()
  const { name, address, state, expiresAt, invitedBy } = one
  const unsettled = state === 'open' || state === 'expired'
  return (
    <tr>
      <th scope="row" data-label={t('accounts.name')}>
        <strong>{name}</strong>
        <span className="table__under">{address}</span>
      </th>
      <td data-label={t('accounts.state')}>
        <span className={`state state--${TONES[state]}`}>{t(`invitations.state.${state}`)}</span>
      </td>
      <td data-label={t('invitations.until')}>{state === 'open' ? <Time at={expiresAt} /> : '–'}</td>
      <td data-label={t('invitations.by')}>{invitedBy}</td>
      <td className="people__does cell--plain">
        {unsettled ? (
          <>
            <Button
              type="button"
              unstyled
              aria-label={t('invitations.resendNamed', { name })}
              onClick={resend}
            >
              {t('invitations.resend')}
            </Button>
            <Button
              type="button"
              unstyled
              aria-label={t('invitations.withdrawNamed', { name })}
              onClick={withdraw}
            >
              {t('invitations.withdraw')}
            </Button>
          </>
        ) : null}
      </td>
    </tr>
  )
}
