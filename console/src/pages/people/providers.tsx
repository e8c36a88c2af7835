import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { type Provider, providersQuery, usePeopleChange } from '../../api/people-queries.ts'
import { partnersQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Sure } from '../../components/sure.tsx'
import { useSignInText } from '../../text/use-sign-in.ts'
import { type ProviderFields, ProviderForm } from './provider-form.tsx'

/** Services of single sign-on: added, changed and removed by the centre. */
export function ProvidersPage() {
  const text = useSignInText()
  const { data, error, refetch } = useQuery(providersQuery())
  return (
    <Page title={text('providers.title')}>
      <p className="providers__about">{text('providers.about')}</p>
      <NewProvider />
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={6} />
      ) : data.length === 0 ? (
        <Empty title={text('providers.none')} />
      ) : (
        data.map((provider) => <OneProvider key={provider.name} provider={provider} />)
      )}
    </Page>
  )
}

function NewProvider() {
  const text = useSignInText()
  const [open, setOpen] = useState(false)
  const add = usePeopleChange(({ name, fields }: { name: string; fields: ProviderFields }) =>
    dataOf(api.POST('/v1/identity-providers', { body: { name, ...fields } })),
  )
  return (
    <details className="more people__new" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text('providers.add')}</summary>
      <ProviderForm
        key={add.submittedAt > 0 && add.isSuccess ? add.submittedAt : 0}
        id="new-provider"
        label={text('providers.add')}
        busy={add.isPending}
        problem={add.error}
        save={(name, fields) => add.mutate({ name, fields }, { onSuccess: () => setOpen(false) })}
      />
    </details>
  )
}

function OneProvider({ provider }: { readonly provider: Provider }) {
  const t = useT()
  const text = useSignInText()
  const { name, title, issuer, clientId, scopes, claim, partner, provesSecondFactor, redirectUri } = provider
  const { data: partners = [] } = useQuery(partnersQuery())
  const path = { params: { path: { provider: name } } }
  const change = usePeopleChange((body: ProviderFields) =>
    dataOf(api.PATCH('/v1/identity-providers/{provider}', { ...path, body })),
  )
  const remove = usePeopleChange(() => dataOf(api.DELETE('/v1/identity-providers/{provider}', path)))
  const facts = [
    [text('providers.issuer'), issuer],
    [text('providers.client'), clientId],
    [text('providers.redirect'), redirectUri],
    [text('providers.scopes'), scopes.join(' ')],
    [text('providers.claim'), claim],
    [
      text('providers.serves'),
      partner === null
        ? text('providers.everybody')
        : (partners.find((one) => one.name === partner)?.title ?? partner),
    ],
  ] as const
  return (
    <Section
      title={title}
      aside={
        provesSecondFactor ? <span className="state state--good">{text('providers.proves')}</span> : null
      }
    >
      {remove.error === null ? null : <Failure problem={remove.error} />}
      <dl className="people__facts providers__facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details className="more">
        <summary>{t('people.change')}</summary>
        <ProviderForm
          key={JSON.stringify(provider)}
          id={name}
          before={provider}
          label={t('people.save')}
          busy={change.isPending}
          problem={change.error}
          save={(_, fields) => change.mutate(fields)}
        />
        {change.isSuccess ? <span role="status">{t('people.saved')}</span> : null}
      </details>
      <div className="decide__actions">
        <Sure
          label={t('people.remove')}
          title={text('providers.removeSure', { name: title })}
          act={() => remove.mutate(undefined)}
        >
          {text('providers.removeAbout')}
        </Sure>
      </div>
    </Section>
  )
}
