import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { ApiProblem, api, dataOf } from '../api/client.ts'
import { LANGUAGES } from '../app/account-menu.tsx'
import { ME } from '../app/session.tsx'
import { useTexts } from '../app/text.tsx'
import { Button, ErrorAlert, TextField } from '../components/controls.tsx'
import { sentence } from '../components/states.tsx'

interface Credentials {
  readonly login: string
  readonly password: string
}

/** Signing in; whoever has a one-time password sets one of their own first. */
export default function SignIn() {
  const { t, language, setLanguage } = useTexts()
  const [first, setFirst] = useState<Credentials | null>(null)
  useEffect(() => {
    document.title = `${t('session.signIn')} · ${t('product.name')}`
  }, [t])
  return (
    <main className="sign-in">
      <div className="sign-in__card">
        <p className="sign-in__name">
          <img src="/mark.svg" alt="" width="36" height="36" />
          {t('product.name')}
        </p>
        {first === null ? (
          <NameAndPassword next={setFirst} />
        ) : (
          <NewPassword old={first} back={() => setFirst(null)} />
        )}
      </div>
      <p className="sign-in__languages">
        {LANGUAGES.map(([code, name]) => (
          <button
            key={code}
            type="button"
            className="link"
            lang={code}
            aria-pressed={code === language}
            onClick={() => setLanguage(code)}
          >
            {name}
          </button>
        ))}
      </p>
    </main>
  )
}

/** Sends a form, with what it is doing and what went wrong. */
function useSending(send: () => Promise<void>) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await send()
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)))
      setBusy(false)
    }
  }
  return { busy, problem, submit }
}

function NameAndPassword({ next }: { readonly next: (credentials: Credentials) => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const { busy, problem, submit } = useSending(async () => {
    try {
      queries.setQueryData(ME, await dataOf(api.POST('/v1/session', { body: { login, password } })))
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.more.next !== 'password') throw error
      next({ login, password })
    }
  })
  return (
    <form onSubmit={submit} className="usa-form sign-in__form">
      <h1 className="sign-in__title">{t('session.signIn')}</h1>
      {problem === null ? null : <ErrorAlert>{sentence(problem, t)}</ErrorAlert>}
      <TextField
        id="login"
        label={t('session.login')}
        type="text"
        autoComplete="username"
        autoCapitalize="none"
        required
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <TextField
        id="password"
        label={t('session.password')}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" disabled={busy}>
        {t('session.signIn')}
      </Button>
    </form>
  )
}

function NewPassword({ old, back }: { readonly old: Credentials; readonly back: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [password, setPassword] = useState('')
  const { busy, problem, submit } = useSending(async () => {
    const { login } = old
    await dataOf(
      api.POST('/v1/password', { body: { account: login, password: old.password, newPassword: password } }),
    )
    queries.setQueryData(ME, await dataOf(api.POST('/v1/session', { body: { login, password } })))
  })
  return (
    <form onSubmit={submit} className="usa-form sign-in__form">
      <h1 className="sign-in__title">{t('session.newPassword')}</h1>
      <p>{t('session.newPasswordWhy')}</p>
      {problem === null ? null : <ErrorAlert>{sentence(problem, t)}</ErrorAlert>}
      <TextField
        id="new-password"
        label={t('session.newPassword')}
        hint={t('session.passwordRule')}
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" disabled={busy}>
        {t('session.setPassword')}
      </Button>
      <Button type="button" unstyled onClick={back}>
        {t('session.back')}
      </Button>
    </form>
  )
}
