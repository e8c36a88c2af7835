import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { secondFactorQuery, usePeopleChange } from '../../api/people-queries.ts'
import { useSending } from '../../app/sending.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { CodeField } from '../../components/code-field.tsx'
import { Button, ErrorAlert } from '../../components/controls.tsx'
import { Failure, Skeleton, sentence } from '../../components/states.tsx'
import { QrCode } from './qr-code.tsx'

/** Codes of an app in addition to the password: set up, renewed, removed. */
export function SecondFactor({ done }: { readonly done?: () => void }) {
  const t = useT()
  const { data, error, refetch } = useQuery(secondFactorQuery())
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={2} />
  if (codes !== null)
    return (
      <RecoveryCodes
        codes={codes}
        done={() => {
          setCodes(null)
          done?.()
        }}
      />
    )
  if (!data.enrolled) return <Enrol show={setCodes} />
  return (
    <>
      <p>
        <span className="state state--good">{t('factor.on')}</span> {t('account.since')}{' '}
        <Time at={data.enrolledAt ?? ''} to="day" /> · {t('factor.left', { count: data.recoveryCodesLeft })}
      </p>
      <WithCode id="renew" label={t('factor.renew')} act={renew} show={setCodes} />
      {data.required ? (
        <p className="quiet">{t('factor.required')}</p>
      ) : (
        <WithCode id="remove" label={t('factor.remove')} act={remove} show={() => setCodes(null)} />
      )}
    </>
  )
}

async function renew(code: string): Promise<readonly string[]> {
  return (await dataOf(api.POST('/v1/me/second-factor/recovery-codes', { body: { code } }))).recoveryCodes
}

async function remove(code: string): Promise<readonly string[]> {
  await dataOf(api.POST('/v1/me/second-factor/remove', { body: { code } }))
  return []
}

/** The secret as a picture for the app's camera and as text, then a first code. */
function Enrol({ show }: { readonly show: (codes: readonly string[]) => void }) {
  const t = useT()
  const begin = usePeopleChange(() => dataOf(api.POST('/v1/me/second-factor')))
  const confirm = async (code: string) =>
    (await dataOf(api.POST('/v1/me/second-factor/confirm', { body: { code } }))).recoveryCodes
  if (begin.data === undefined)
    return (
      <>
        {begin.error === null ? null : <Failure problem={begin.error} />}
        <p>{t('factor.why')}</p>
        <Button type="button" disabled={begin.isPending} onClick={() => begin.mutate(undefined)}>
          {t('factor.begin')}
        </Button>
      </>
    )
  const { uri, secret } = begin.data
  return (
    <div className="factor">
      <QrCode text={uri} label={t('factor.picture')} />
      <div className="factor__steps">
        <p>{t('factor.scan')}</p>
        <p>
          {t('factor.type')} <code className="people__secret">{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </p>
        <CodeForm id="first" label={t('factor.confirm')} act={confirm} show={show} />
      </div>
    </div>
  )
}

interface Asking {
  readonly id: string
  readonly label: string
  readonly act: (code: string) => Promise<readonly string[]>
  readonly show: (codes: readonly string[]) => void
}

function WithCode(asking: Asking) {
  return (
    <details className="more">
      <summary>{asking.label}</summary>
      <CodeForm {...asking} />
    </details>
  )
}

function CodeForm({ id, label, act, show }: Asking) {
  const t = useT()
  const queries = useQueryClient()
  const [code, setCode] = useState('')
  const { busy, problem, submit } = useSending(async () => {
    const codes = await act(code)
    show(codes)
    await queries.invalidateQueries({ queryKey: ['people'] })
  })
  return (
    <form className="people__form" onSubmit={submit}>
      {problem === null ? null : <ErrorAlert>{sentence(problem, t)}</ErrorAlert>}
      <CodeField id={`${id}-code`} hint={t('factor.codeHint')} value={code} set={setCode} />
      <Button type="submit" disabled={busy}>
        {label}
      </Button>
    </form>
  )
}

function RecoveryCodes({ codes, done }: { readonly codes: readonly string[]; readonly done: () => void }) {
  const t = useT()
  return (
    <div className="note note--warn" role="status">
      <strong>{t('factor.codes')}</strong>
      <p>{t('factor.codesAbout')}</p>
      <ul className="factor__codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button type="button" onClick={done}>
        {t('factor.kept')}
      </Button>
    </div>
  )
}
