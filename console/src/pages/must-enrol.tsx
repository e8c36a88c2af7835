import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, dataOf } from '../api/client.ts'
import { ME } from '../app/session.tsx'
import { useT } from '../app/text.tsx'
import { Button } from '../components/controls.tsx'
import { SignInFrame } from '../components/sign-in-frame.tsx'
import { useSignInText } from '../text/use-sign-in.ts'
import { AddPasskey } from './account/passkeys.tsx'
import { SecondFactor } from './account/second-factor.tsx'

/** Whoever needs a second factor and has none sets one up before anything else. */
export default function MustEnrol() {
  const t = useT()
  const text = useSignInText()
  const queries = useQueryClient()
  const done = () => void queries.invalidateQueries({ queryKey: ME })
  useEffect(() => {
    document.title = `${t('factor.title')} · ${t('product.name')}`
  }, [t])
  const out = async () => {
    await dataOf(api.DELETE('/v1/session'))
    queries.setQueryData(ME, null)
  }
  return (
    <SignInFrame>
      <h1 className="sign-in__title">{t('factor.title')}</h1>
      <p>{t('factor.must')}</p>
      <SecondFactor done={done} />
      <h2 className="sign-in__or">{text('passkey.orAdd')}</h2>
      <p>{text('passkey.about')}</p>
      <AddPasskey done={done} />
      <p>
        <Button type="button" unstyled onClick={out}>
          {t('session.signOut')}
        </Button>
      </p>
    </SignInFrame>
  )
}
