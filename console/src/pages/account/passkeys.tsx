import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/browser'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { passkeysQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useSending } from '../../app/sending.ts'
import { passkeyRefused, passkeysWork } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button, ErrorAlert, TextField } from '../../components/controls.tsx'
import { Failure, Skeleton, sentence } from '../../components/states.tsx'
import { useSignInText } from '../../text/use-sign-in.ts'
import { browserName } from './browser-name.ts'

/** One's own passkeys: listed, added, removed. */
export function Passkeys() {
  const t = useT()
  const text = useSignInText()
  const { data, error, refetch } = useQuery(passkeysQuery())
  const remove = usePeopleChange((passkey: string) =>
    dataOf(api.DELETE('/v1/me/passkeys/{passkey}', { params: { path: { passkey } } })),
  )
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={2} />
  return (
    <>
      <p>{text('passkey.about')}</p>
      {remove.error === null ? null : <Failure problem={remove.error} />}
      {data.length === 0 ? (
        <p className="quiet">{text('passkey.none')}</p>
      ) : (
        <ul className="people__list">
          {data.map(({ passkey, title, createdAt, usedAt }) => (
            <li key={passkey}>
              <span>
                <strong>{title}</strong>
                <span className="people__under">
                  {t('account.since')} <Time at={createdAt} to="day" /> ·{' '}
                  {usedAt === null ? (
                    text('passkey.never')
                  ) : (
                    <>
                      {text('passkey.used')} <Time at={usedAt} />
                    </>
                  )}
                </span>
              </span>
              <Button
                type="button"
                unstyled
                aria-label={t('people.removeNamed', { name: title })}
                onClick={() => remove.mutate(passkey)}
              >
                {t('people.remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {passkeysWork() ? (
        <details className="more">
          <summary>{text('passkey.add')}</summary>
          <AddPasskey />
        </details>
      ) : (
        <AddPasskey />
      )}
    </>
  )
}

/** Has the device make one; says why it cannot where that is so. */
export function AddPasskey({ done }: { readonly done?: () => void }) {
  const t = useT()
  const text = useSignInText()
  const queries = useQueryClient()
  const [title, setTitle] = useState(() => browserName(navigator.userAgent) ?? '')
  const { busy, problem, submit } = useSending(async () => {
    const [{ startRegistration }, options] = await Promise.all([
      import('@simplewebauthn/browser'),
      dataOf(api.POST('/v1/me/passkeys/options')),
    ])
    const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON
    const made = await startRegistration({ optionsJSON }).catch((error) =>
      passkeyRefused(error, t('passkey.cancelled'), text('passkey.known')),
    )
    const answer = { ...made, response: { ...made.response } }
    await dataOf(api.POST('/v1/me/passkeys', { body: { title, answer } }))
    await queries.invalidateQueries({ queryKey: ['people'] })
    done?.()
  })
  if (!passkeysWork()) return <p className="quiet">{text('passkey.impossible')}</p>
  return (
    <form className="people__form" onSubmit={submit}>
      {problem === null ? null : <ErrorAlert>{sentence(problem, t)}</ErrorAlert>}
      <TextField
        id="passkey-name"
        label={text('passkey.name')}
        hint={text('passkey.nameHint')}
        type="text"
        autoComplete="off"
        required
        pattern=".*\S.*"
        maxLength={60}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <Button type="submit" disabled={busy}>
        {text('passkey.add')}
      </Button>
    </form>
  )
}
