import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { useQueryClient } from '@tanstack/react-query'
import { api, dataOf } from '../api/client.ts'
import { useSending } from '../app/sending.ts'
import { ME, passkeyRefused, passkeysWork } from '../app/session.tsx'
import { useT } from '../app/text.tsx'
import { Button, ErrorAlert } from '../components/controls.tsx'
import { sentence } from '../components/states.tsx'

/** Signs in with a passkey, of whatever account it is; nothing where that cannot work. */
export function PasskeyButton() {
  const t = useT()
  const queries = useQueryClient()
  const { busy, problem, submit } = useSending(async () => {
    const [{ startAuthentication }, options] = await Promise.all([
      import('@simplewebauthn/browser'),
      dataOf(api.POST('/v1/session/passkey/options')),
    ])
    const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
    const signed = await startAuthentication({ optionsJSON }).catch((error) =>
      passkeyRefused(error, t('passkey.cancelled')),
    )
    const body = { ...signed, response: { ...signed.response } }
    queries.setQueryData(ME, await dataOf(api.POST('/v1/session/passkey', { body })))
  })
  if (!passkeysWork()) return null
  return (
    <form onSubmit={submit}>
      {problem === null ? null : <ErrorAlert>{sentence(problem, t)}</ErrorAlert>}
      <Button type="submit" outline disabled={busy}>
        {t('passkey.signIn')}
      </Button>
    </form>
  )
}
