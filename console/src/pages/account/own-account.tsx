import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { ownSessionsQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useSending } from '../../app/sending.ts'
import { ME, useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button, ErrorAlert, TextField } from '../../components/controls.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Failure, Skeleton, sentence } from '../../components/states.tsx'
import { useSignInText } from '../../text/use-sign-in.ts'
import { browserName } from './browser-name.ts'
import { Passkeys } from './passkeys.tsx'
import { SecondFactor } from './second-factor.tsx'

/** One's own account: the password, the second factor, and where one is signed in. */
export function OwnAccount() {
  const t = useT()
  const text = useSignInText()
  const { me } = useSession()
  return (
    <Page title={t('account.title')} above={me.name}>
      <Section title={t('factor.title')}>
        <SecondFactor />
      </Section>
      <Section title={text('passkey.title')}>
        <Passkeys />
      </Section>
      <Section title={t('session.password')}>
        <ChangePassword login={me.name} />
      </Section>
      <Section title={t('account.sessions')}>
        <OwnSessions />
      </Section>
    </Page>
  )
}

function ChangePassword({ login }: { readonly login: string }) {
  const t = useT()
  const queries = useQueryClient()
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const { busy, problem, submit } = useSending(async () => {
    await dataOf(api.POST('/v1/password', { body: { account: login, password: old, newPassword: next } }))
    await queries.invalidateQueries({ queryKey: ME })
  })
  return (
    <details className="more">
      <summary>{t('account.changePassword')}</summary>
      <form className="people__form" onSubmit={submit}>
        {problem === null ? null : <ErrorAlert>{sentence(problem, t)}</ErrorAlert>}
        <p>{t('account.passwordAbout')}</p>
        <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
        <TextField
          id="old-password"
          label={t('account.oldPassword')}
          type="password"
          autoComplete="current-password"
          required
          value={old}
          onChange={(event) => setOld(event.target.value)}
        />
        <TextField
          id="next-password"
          label={t('session.newPassword')}
          hint={t('session.passwordRule')}
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
        <Button type="submit" disabled={busy}>
          {t('account.changePassword')}
        </Button>
      </form>
    </details>
  )
}

function OwnSessions() {
  const t = useT()
  const { data, error, refetch } = useQuery(ownSessionsQuery())
  const end = usePeopleChange((session: string) =>
    dataOf(api.DELETE('/v1/me/sessions/{session}', { params: { path: { session } } })),
  )
  const problem = error ?? end.error
  if (problem !== null) return <Failure problem={problem} again={refetch} />
  if (data === undefined) return <Skeleton lines={2} />
  return (
    <ul className="people__list">
      {data.map(({ session, browser, address, createdAt, seenAt, current }) => (
        <li key={session}>
          <span>
            <strong>{browserName(browser) ?? t('account.someBrowser')}</strong>{' '}
            {current ? <span className="state state--good">{t('account.thisOne')}</span> : null}
            <span className="people__under">
              {t('account.from', { address })} · {t('account.since')} <Time at={createdAt} /> ·{' '}
              {t('account.seen')} <Time at={seenAt} />
            </span>
          </span>
          {current ? null : (
            <Button type="button" unstyled onClick={() => end.mutate(session)}>
              {t('account.end')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
