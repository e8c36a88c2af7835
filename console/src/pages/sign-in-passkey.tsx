import { useQueryClient } from '@tanstack/react-query'
import { passkeysWork } from '../app/passkeys-work.ts'
import { useSending } from '../app/sending.ts'
import { ME } from '../app/session.tsx'
import { useT } from '../app/text.tsx'
import { Button, ErrorAlert } from '../components/controls.tsx'
import { sentence } from '../components/states.tsx'

/** Signs in with a passkey, of whatever account it is; nothing where that cannot work. */
export function PasskeyButton() {
  const t = useT()
  const queries = useQueryClient()
  const { busy, problem, submit } = useSending(async () => {
    const { signInWithPasskey } = await import('../app/passkey-ceremony.ts')
    queries.setQueryData(ME, await signInWithPasskey({ cancelled: t('passkey.cancelled') }))
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
