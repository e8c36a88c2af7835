import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { linksQuery, type ProviderLink, usePeopleChange } from '../../api/people-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { useSignInText } from '../../text/use-sign-in.ts'

/** By which services of single sign-on an account signs in, and as whom. Nothing where none serves it. */
export function ProviderLinks({ name }: { readonly name: string }) {
  const text = useSignInText()
  const { data = [], error, refetch } = useQuery(linksQuery(name))
  if (error === null && data.length === 0) return null
  return (
    <Section title={text('links.title')}>
      {error === null ? null : <Failure problem={error} again={refetch} />}
      {data.map((link) => (
        <OneLink key={link.provider} name={name} link={link} />
      ))}
    </Section>
  )
}

function OneLink({ name, link }: { readonly name: string; readonly link: ProviderLink }) {
  const t = useT()
  const text = useSignInText()
  const { provider, title, person, bound, usedAt } = link
  const path = { params: { path: { name, provider } } }
  const remove = usePeopleChange(() =>
    dataOf(api.DELETE('/v1/accounts/{name}/identity-providers/{provider}', path)),
  )
  if (person === null) return <NewLink name={name} provider={provider} title={title} />
  return (
    <ul className="people__list">
      <li>
        <span>
          <strong>{title}</strong> {text('links.as', { name: person })}
          <span className="people__under">
            {text(bound ? 'links.bound' : 'links.waits')}
            {usedAt === null ? null : (
              <>
                {' '}
                · {text('passkey.used')} <Time at={usedAt} />
              </>
            )}
          </span>
          {remove.error === null ? null : <Failure problem={remove.error} />}
        </span>
        <Button
          type="button"
          unstyled
          aria-label={t('people.removeNamed', { name: title })}
          onClick={() => remove.mutate(undefined)}
        >
          {t('people.remove')}
        </Button>
      </li>
    </ul>
  )
}

function NewLink({
  name,
  provider,
  title,
}: {
  readonly name: string
  readonly provider: string
  readonly title: string
}) {
  const text = useSignInText()
  const [person, setPerson] = useState('')
  const set = usePeopleChange(() => {
    const path = { params: { path: { name, provider } } }
    return dataOf(api.PUT('/v1/accounts/{name}/identity-providers/{provider}', { ...path, body: { person } }))
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    set.mutate(undefined)
  }
  return (
    <details className="more">
      <summary>{title}</summary>
      <form className="people__form" onSubmit={submit}>
        {set.error === null ? null : <Failure problem={set.error} />}
        <TextField
          id={`person-${provider}`}
          label={text('links.person', { name: title })}
          hint={text('links.personHint')}
          type="text"
          autoCapitalize="none"
          autoComplete="off"
          required
          maxLength={200}
          value={person}
          onChange={(event) => setPerson(event.target.value)}
        />
        <Button type="submit" disabled={set.isPending}>
          {text('links.set')}
        </Button>
      </form>
    </details>
  )
}
