import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { api, dataOf } from '../../api/client.ts'
import { type Account, accountQuery, partnerQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Sure } from '../../components/sure.tsx'
import { AccountState } from './account-state.tsx'
import { Certificates } from './certificates.tsx'
import { May } from './may.tsx'
import { ProviderLinks } from './provider-links.tsx'
import { ShownOnce } from './shown-once.tsx'
import { SshKeys } from './ssh-keys.tsx'

/** One account: what it may do, how it comes in, and whether it can. */
export function AccountPage() {
  const { me } = useSession()
  const { name } = useParams({ from: '/accounts/$name' })
  const { data, error, refetch } = useQuery(accountQuery(name))
  const partner = data?.partner ?? me.partner
  const { data: office } = useQuery(partnerQuery(partner))
  const above = me.centre ? (
    <Link to="/partners/$partner" params={{ partner }}>
      {office?.title ?? partner}
    </Link>
  ) : (
    <Link to="/organisation">{me.partnerTitle ?? partner}</Link>
  )
  return (
    <Page title={name} above={above}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={10} />
      ) : (
        <>
          <SignInSection account={data} />
          <May key={JSON.stringify(data)} account={data} />
          {data.kind === 'person' ? <ProviderLinks name={name} /> : null}
          <SshKeys name={name} />
          {data.kind === 'machine' ? <Certificates name={name} /> : null}
        </>
      )}
    </Page>
  )
}

function SignInSection({ account }: { readonly account: Account }) {
  const t = useT()
  const { me } = useSession()
  const { name, kind, suspended, secondFactor, lockedUntil } = account
  const path = { params: { path: { name } } }
  const suspend = usePeopleChange(() => dataOf(api.POST('/v1/accounts/{name}/suspend', path)))
  const resume = usePeopleChange(() => dataOf(api.POST('/v1/accounts/{name}/resume', path)))
  const unlock = usePeopleChange(() => dataOf(api.POST('/v1/accounts/{name}/unlock', path)))
  const reset = usePeopleChange(() => dataOf(api.DELETE('/v1/accounts/{name}/second-factor', path)))
  const secret = usePeopleChange(() => dataOf(api.POST('/v1/accounts/{name}/secret', path)))
  const problem = suspend.error ?? resume.error ?? unlock.error ?? reset.error ?? secret.error
  const locked = lockedUntil !== null && Date.parse(lockedUntil) > Date.now()
  const own = name === me.name
  const about = kind === 'person' ? 'accounts.newPasswordAbout' : 'accounts.newSecretAbout'
  return (
    <Section title={t('accounts.signIn')} aside={<AccountState account={account} />}>
      {problem === null ? null : <Failure problem={problem} />}
      <p>
        {t(`accounts.kind.${kind}`)}
        {kind === 'person' ? ` · ${t(secondFactor ? 'factor.on' : 'factor.off')}` : ''}
      </p>
      {secret.data === undefined ? null : (
        <ShownOnce title={t('accounts.once')} about={t(about)} secret={secret.data.clientSecret} />
      )}
      {own ? (
        <p className="quiet">{t('accounts.own')}</p>
      ) : (
        <div className="decide__actions">
          <Sure
            label={t(kind === 'person' ? 'accounts.newPassword' : 'accounts.newSecret')}
            title={t('accounts.newSecretSure', { name })}
            act={() => secret.mutate(undefined)}
          >
            {t('accounts.newSecretSureAbout')}
          </Sure>
          {locked ? (
            <Button type="button" outline onClick={() => unlock.mutate(undefined)}>
              {t('accounts.unlock')}
            </Button>
          ) : null}
          {secondFactor ? (
            <Sure
              label={t('factor.reset')}
              title={t('factor.resetSure', { name })}
              act={() => reset.mutate(undefined)}
            >
              {t('factor.resetAbout')}
            </Sure>
          ) : null}
          {suspended ? (
            <Button type="button" outline onClick={() => resume.mutate(undefined)}>
              {t('accounts.resume')}
            </Button>
          ) : (
            <Button type="button" outline onClick={() => suspend.mutate(undefined)}>
              {t('accounts.suspend')}
            </Button>
          )}
          <CloseAccount account={account} />
        </div>
      )}
    </Section>
  )
}

function CloseAccount({ account: { name, partner } }: { readonly account: Account }) {
  const t = useT()
  const { me } = useSession()
  const navigate = useNavigate()
  const close = usePeopleChange(() =>
    dataOf(api.DELETE('/v1/accounts/{name}', { params: { path: { name } } })),
  )
  const leave = () =>
    me.centre
      ? navigate({ to: '/partners/$partner', params: { partner } })
      : navigate({ to: '/organisation' })
  return (
    <>
      {close.error === null ? null : <Failure problem={close.error} />}
      <Sure
        label={t('accounts.close')}
        title={t('accounts.closeSure', { name })}
        disabled={close.isPending}
        act={() => close.mutate(undefined, { onSuccess: leave })}
      >
        {t('accounts.closeAbout')}
      </Sure>
    </>
  )
}
