import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, dataOf } from '../api/client.ts'
import { useSending } from '../app/sending.ts'
import { useT } from '../app/text.tsx'
import { Button, ErrorAlert, TextField } from '../components/controls.tsx'
import { SignInFrame } from '../components/sign-in-frame.tsx'
import { Skeleton, sentence } from '../components/states.tsx'

/** What follows the # of the link: browsers keep it to themselves. */
const secret = window.location.hash.slice(1)

/** Where the link of an invitation leads: setting a password makes the account. */
export default function Invitation() {
  const t = useT()
  const { data, error } = useQuery({
    queryKey: ['invitation'],
    retry: false,
    queryFn: () => dataOf(api.POST('/v1/invitations/look', { body: { secret } })),
  })
  useEffect(() => {
    document.title = `${t('invited.title')} · ${t('product.name')}`
  }, [t])
  return (
    <SignInFrame>
      <h1 className="sign-in__title">{t('invited.title')}</h1>
      {error !== null ? (
        <>
          <ErrorAlert>{t('invited.over')}</ErrorAlert>
          <p>
            <a href="/">{t('session.signIn')}</a>
          </p>
        </>
      ) : data === undefined ? (
        <Skeleton lines={4} />
      ) : (
        <Accept name={data.name} partnerTitle={data.partnerTitle} />
      )}
    </SignInFrame>
  )
}

function Accept({ name, partnerTitle }: { readonly name: string; readonly partnerTitle: string }) {
  const t = useT()
  const [password, setPassword] = useState('')
  const { busy, problem, submit } = useSending(async () => {
    await dataOf(api.POST('/v1/invitations/accept', { body: { secret, password } }))
    await dataOf(api.POST('/v1/session', { body: { login: name, password } }))
    window.location.replace('/')
  })
  return (
    <form onSubmit={submit} className="usa-form sign-in__form">
      <p>{t('invited.about', { partner: partnerTitle })}</p>
      {problem === null ? null : <ErrorAlert>{sentence(problem, t)}</ErrorAlert>}
      <TextField
        id="invited-name"
        label={t('session.login')}
        type="text"
        autoComplete="username"
        readOnly
        value={name}
      />
      <TextField
        id="invited-password"
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
    </form>
  )
}
