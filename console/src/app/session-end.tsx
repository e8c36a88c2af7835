import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, dataOf, lastUse, type Me } from '../api/client.ts'
import { Button } from '../components/controls.tsx'
import { ME } from './session.tsx'
import { useT } from './text.tsx'

/** A person is told so long before the session ends, and can keep it. */
const WARN_MS = 120_000
const LOOK_MS = 5_000

/** Warns before a session ends for lack of use, and leaves when it has ended. */
export function SessionEnd({ session }: { readonly session: NonNullable<Me['session']> }) {
  const t = useT()
  const queries = useQueryClient()
  const dialog = useRef<HTMLDialogElement>(null)
  const [minutes, setMinutes] = useState(2)
  useEffect(() => {
    const look = () => {
      const left = Math.min(lastUse() + session.idleSeconds * 1000, Date.parse(session.endsAt)) - Date.now()
      setMinutes(Math.max(1, Math.ceil(left / 60_000)))
      // The node decides; it is asked anew, and the sign-in page follows if it says so.
      if (left <= 0) void queries.invalidateQueries({ queryKey: ME })
      const open = dialog.current?.open === true
      if (left <= WARN_MS && !open) dialog.current?.showModal()
      if (left > WARN_MS && open) dialog.current?.close()
    }
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [session, queries])
  const stay = async () => {
    dialog.current?.close()
    await dataOf(api.GET('/v1/me'))
    await queries.invalidateQueries({ queryKey: ME })
  }
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="session-end">
      <h2 id="session-end">{t('session.ending')}</h2>
      <p>{t('session.endingIn', { count: minutes })}</p>
      <Button type="button" onClick={stay}>
        {t('session.stay')}
      </Button>
    </dialog>
  )
}
