import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, dataOf } from '../api/client.ts'
import { useSending } from '../app/sending.ts'
import { ME, passkeysWork } from '../app/session.tsx'
import { useT } from '../app/text.tsx'
import { CodeField } from '../components/code-field.tsx'
import { Button, ErrorAlert } from '../components/controls.tsx'
import { sentence } from '../components/states.tsx'
import { useSignInText } from '../text/use-sign-in.ts'
import { PasskeyButton } from './sign-in-passkey.tsx'

/** The second factor after the password: by what the account has, a code or a passkey. */
export default function SecondFactorStep({
  methods,
  back,
}: {
  readonly methods: readonly string[]
  readonly back: () => void
}) {
  const t = useT()
  const text = useSignInText()
  const code = methods.includes('totp')
  const passkey = methods.includes('passkey')
  return (
    <>
      {code ? (
        <Code />
      ) : (
        <>
          <h1 className="sign-in__title">{text('passkey.ask')}</h1>
          <p>{text('passkey.askAbout')}</p>
        </>
      )}
      {passkey ? (
        passkeysWork() ? (
          <>
            {code ? <p>{text('passkey.or')}</p> : null}
            <PasskeyButton />
          </>
        ) : (
          <p className="quiet">{text('passkey.impossible')}</p>
        )
      ) : null}
      <Button type="button" unstyled onClick={back}>
        {t('session.back')}
      </Button>
    </>
  )
}

/** The code of an app, or a recovery code. */
function Code() {
  const t = useT()
  const queries = useQueryClient()
  const [code, setCode] = useState('')
  const { busy, problem, submit } = useSending(async () => {
    queries.setQueryData(ME, await dataOf(api.POST('/v1/session/second-factor', { body: { code } })))
  })
  return (
    <form onSubmit={submit} className="usa-form sign-in__form">
      <h1 className="sign-in__title">{t('factor.ask')}</h1>
      {problem === null ? null : <ErrorAlert>{sentence(problem, t)}</ErrorAlert>}
      <CodeField id="code" hint={t('factor.askHint')} value={code} set={setCode} />
      <Button type="submit" disabled={busy}>
        {t('session.signIn')}
      </Button>
    </form>
  )
}
