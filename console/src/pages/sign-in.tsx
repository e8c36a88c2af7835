import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { ApiProblem, api, dataOf } from '../api/client.ts'
import { useSending } from '../app/sending.ts'
import { ME } from '../app/session.tsx'
import { useTexts } from '../app/text.tsx'
import { Button, ErrorAlert, TextField } from '../components/controls.tsx'
import { SignInFrame } from '../components/sign-in-frame.tsx'
import { sentence } from '../components/states.tsx'
import { PasskeyButton } from './sign-in-passkey.tsx'
import { Providers, useCameBack } from './sign-in-providers.tsx'

const Refused = lazy(() => import('./sign-in-refused.tsx'))
const SecondFactorStep = lazy(() => import('./sign-in-factor.tsx'))

interface Credentials {
  readonly login: string
  readonly password: string
}

/** Where the sign-in stands: what is asked for next. */
type Step =
  | { readonly next: null }
  | { readonly next: 'second-factor'; readonly methods: readonly string[] }
  | { readonly next: 'password'; readonly old: Credentials }

/** Signing in; whoever has a one-time password sets one of their own first. */
export default function SignIn() {
  const { t } = useTexts()
  const came = useCameBack()
  const [step, setStep] = useState<Step>(() => (came.next === 'second-factor' ? came : { next: null }))
  useEffect(() => {
    document.title = `${t('session.signIn')} · ${t('product.name')}`
  }, [t])
  return (
    <SignInFrame>
      {step.next === null ? (
        <>
          <NameAndPassword go={setStep} refused={came.next === 'refused' ? came.why : null} />
          <PasskeyButton />
          <Providers />
        </>
      ) : step.next === 'password' ? (
        <NewPassword old={step.old} go={setStep} />
      ) : (
        <Suspense>
          <SecondFactorStep methods={step.methods} back={() => setStep({ next: null })} />
        </Suspense>
      )}
    </SignInFrame>
  )
}

/** Signs in, or goes on to what the node asks for first. */
async function open(credentials: Credentials, queries: QueryClient, go: (step: Step) => void): Promise<void> {
  try {
    queries.setQueryData(ME, await dataOf(api.POST('/v1/session', { body: credentials })))
  } catch (error) {
    const next = error instanceof ApiProblem ? error.more.next : undefined
    if (next === 'password') go({ next, old: credentials })
    else if (next === 'second-factor') go({ next, methods: methodsOf(error) })
    else throw error
  }
}

function methodsOf(error: unknown): readonly string[] {
  const methods = error instanceof ApiProblem ? error.more.methods : []
  return Array.isArray(methods) ? methods : []
}

function NameAndPassword({
  go,
  refused,
}: {
  readonly go: (step: Step) => void
  /** Why another service signed nobody in. */
  readonly refused: string | null
}) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const { busy, problem, submit } = useSending(() => open({ login, password }, queries, go))
  return (
    <form onSubmit={submit} className="usa-form sign-in__form">
      <h1 className="sign-in__title">{t('session.signIn')}</h1>
      {refused === null ? null : (
        <ErrorAlert>
          <Suspense>
            <Refused why={refused} />
          </Suspense>
        </ErrorAlert>
      )}
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

function NewPassword({ old, go }: { readonly old: Credentials; readonly go: (step: Step) => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [password, setPassword] = useState('')
  const { busy, problem, submit } = useSending(async () => {
    const { login } = old
    await dataOf(
      api.POST('/v1/password', { body: { account: login, password: old.password, newPassword: password } }),
    )
    await open({ login, password }, queries, go)
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
      <Button type="button" unstyled onClick={() => go({ next: null })}>
        {t('session.back')}
      </Button>
    </form>
  )
}
