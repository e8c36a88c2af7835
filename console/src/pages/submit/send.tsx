import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { type Realm, uploadFile } from '../../api/client.ts'
import { partnersQuery, submissionQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import type { Check } from './use-check.ts'

interface Props {
  readonly file: File
  readonly exchange: { readonly exchange: string; readonly refreshAllowed: boolean }
  readonly realm: Realm
  readonly check: Check
}

/** Sends the file as it is. One delivery has one key, so that sending again after a break does nothing twice. */
export function Send({ file, exchange, realm, check }: Props) {
  const t = useT()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { me, may } = useSession()
  const { data: partners = [] } = useQuery({ ...partnersQuery(), enabled: me.centre && may('manage') })
  const [partner, setPartner] = useState('')
  const [refresh, setRefresh] = useState(false)
  const [dryRun, setDryRun] = useState(false)
  const [share, setShare] = useState<number | null>(null)
  const [problem, setProblem] = useState<Error | null>(null)
  const key = useRef(crypto.randomUUID())
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const send = async () => {
    setProblem(null)
    setShare(0)
    stop.current = new AbortController()
    const query = new URLSearchParams({
      realm,
      scope: refresh ? 'refresh' : 'incremental',
      dryRun: String(dryRun),
      ...(partner === '' ? {} : { partner }),
    })
    const headers = {
      'x-file-name': encodeURIComponent(file.name),
      'content-type': 'application/octet-stream',
      'idempotency-key': `${key.current}-${refresh}-${dryRun}-${partner}`,
    }
    const path = `/v1/exchanges/${exchange.exchange}/submissions?${query}`
    try {
      const view = await uploadFile(path, file, headers, setShare, stop.current.signal)
      queries.setQueryData(submissionQuery(view.tracking).queryKey, view)
      await navigate({ to: '/submissions/$tracking', params: { tracking: view.tracking } })
    } catch (error) {
      setShare(null)
      if (!(error instanceof DOMException)) setProblem(error instanceof Error ? error : new Error())
    }
  }
  const { tally, end } = check
  const faulty = (tally?.rejected ?? 0) + (tally?.withErrors ?? 0)
  const unfit = end?.kind === 'unreadable'
  return (
    <Section title={t('send.title')}>
      {problem === null ? null : <Failure problem={problem} />}
      {partners.length === 0 ? null : (
        <div className="submit__choose">
          <label htmlFor="for-partner">{t('send.for')}</label>
          <select
            id="for-partner"
            className="usa-select"
            value={partner}
            onChange={(event) => setPartner(event.target.value)}
          >
            <option value="">{me.partnerTitle ?? me.partner}</option>
            {partners
              .filter(({ centre }) => !centre)
              .map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
          </select>
        </div>
      )}
      <Tick on={dryRun} set={setDryRun} label={t('send.dryRun')} about={t('send.dryRunAbout')} />
      {exchange.refreshAllowed ? (
        <Tick on={refresh} set={setRefresh} label={t('send.refresh')} about={t('send.refreshAbout')} />
      ) : null}
      {end?.kind === 'done' && faulty > 0 ? (
        <p className="note note--warn">{t('send.faulty', { count: faulty })}</p>
      ) : null}
      {share === null ? (
        <div className="decide__actions">
          <Button type="button" disabled={unfit} onClick={send}>
            {t(dryRun ? 'send.try' : faulty > 0 ? 'send.anyway' : 'send.send')}
          </Button>
          {end === null ? <span className="quiet">{t('send.unchecked')}</span> : null}
        </div>
      ) : (
        <div className="progress" role="status">
          <progress className="progress__bar" max={1} value={share} aria-label={t('send.sending')} />
          <span className="progress__text">{t('send.share', { percent: Math.floor(share * 100) })}</span>
          <Button type="button" unstyled onClick={() => stop.current?.abort()}>
            {t('send.stop')}
          </Button>
        </div>
      )}
    </Section>
  )
}

function Tick({
  on,
  set,
  label,
  about,
}: {
  readonly on: boolean
  readonly set: (on: boolean) => void
  readonly label: string
  readonly about: string
}) {
  return (
    <label className="tick">
      <input type="checkbox" checked={on} onChange={(event) => set(event.target.checked)} />
      <span>
        {label}
        <span className="tick__about">{about}</span>
      </span>
    </label>
  )
}
