import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Provider } from '../../api/people-queries.ts'
import { partnersQuery } from '../../api/queries.ts'
import { Button, TextField } from '../../components/controls.tsx'
import { Failure } from '../../components/states.tsx'
import { useSignInText } from '../../text/use-sign-in.ts'

/** What is told of a service; the secret only where one was typed. */
export interface ProviderFields {
  readonly title: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly scopes: string[]
  readonly claim: string
  readonly partner: string | null
  readonly provesSecondFactor: boolean
}

const EMPTY: Pick<
  Provider,
  'title' | 'issuer' | 'clientId' | 'scopes' | 'claim' | 'partner' | 'provesSecondFactor'
> = {
  title: '',
  issuer: '',
  clientId: '',
  scopes: ['openid', 'email'],
  claim: 'email',
  partner: null,
  provesSecondFactor: false,
}

/** The fields of a service of single sign-on, for a new one or one that is changed. */
export function ProviderForm({
  id,
  before,
  label,
  busy,
  problem,
  save,
}: {
  readonly id: string
  readonly before?: Provider
  readonly label: string
  readonly busy: boolean
  readonly problem: Error | null
  readonly save: (name: string, fields: ProviderFields) => void
}) {
  const text = useSignInText()
  const [fields, setFields] = useState({ ...EMPTY, ...before, name: before?.name ?? '', secret: '' })
  const set = (change: Partial<typeof fields>) => setFields({ ...fields, ...change })
  const { name, title, issuer, clientId, secret, scopes, claim, partner, provesSecondFactor } = fields
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const given = secret === '' ? {} : { clientSecret: secret }
    const listed = scopes.join(' ').split(/[\s,]+/)
    const wanted = { scopes: listed.filter((one) => one !== ''), claim: claim.trim(), partner }
    save(name, {
      title: title.trim(),
      issuer: issuer.trim(),
      clientId: clientId.trim(),
      ...given,
      ...wanted,
      provesSecondFactor,
    })
  }
  return (
    <form className="people__form" onSubmit={submit}>
      <Text
        id={`${id}-title`}
        label={text('providers.called')}
        hint={text('providers.calledHint')}
        value={title}
        set={(next) => set({ title: next })}
      />
      {before === undefined ? <Name id={id} name={name} set={(next) => set({ name: next })} /> : null}
      <Text
        id={`${id}-issuer`}
        label={text('providers.issuer')}
        hint={text('providers.issuerHint')}
        value={issuer}
        set={(next) => set({ issuer: next })}
      />
      <Text
        id={`${id}-client`}
        label={text('providers.client')}
        value={clientId}
        set={(next) => set({ clientId: next })}
      />
      <TextField
        id={`${id}-secret`}
        label={text('providers.secret')}
        hint={text(before?.hasSecret === true ? 'providers.secretStays' : 'providers.secretHint')}
        type="password"
        autoComplete="off"
        maxLength={2000}
        value={secret}
        onChange={(event) => set({ secret: event.target.value })}
      />
      <Text
        id={`${id}-scopes`}
        label={text('providers.scopes')}
        value={scopes.join(' ')}
        set={(next) => set({ scopes: next.split(' ') })}
      />
      <Text
        id={`${id}-claim`}
        label={text('providers.claim')}
        hint={text('providers.claimHint')}
        value={claim}
        set={(next) => set({ claim: next })}
      />
      <Serves id={id} partner={partner} proves={provesSecondFactor} set={set} />
      {problem === null ? null : <Failure problem={problem} />}
      <Button type="submit" disabled={busy}>
        {label}
      </Button>
    </form>
  )
}

/** The name in addresses, and the one to be registered at the service. */
function Name({
  id,
  name,
  set,
}: {
  readonly id: string
  readonly name: string
  readonly set: (name: string) => void
}) {
  const text = useSignInText()
  return (
    <>
      <TextField
        id={`${id}-name`}
        label={text('providers.name')}
        hint={text('providers.nameHint')}
        type="text"
        required
        pattern="[a-z0-9][a-z0-9\-]{0,39}"
        autoCapitalize="none"
        autoComplete="off"
        value={name}
        onChange={(event) => set(event.target.value)}
      />
      <p className="people__under">
        {text('providers.redirect')}:{' '}
        <code>{`${window.location.origin}/v1/session/providers/${name === '' ? '…' : name}/callback`}</code>
      </p>
    </>
  )
}

/** Whose people it serves, and whether it asks them for a second factor. */
function Serves({
  id,
  partner,
  proves,
  set,
}: {
  readonly id: string
  readonly partner: string | null
  readonly proves: boolean
  readonly set: (change: { partner?: string | null; provesSecondFactor?: boolean }) => void
}) {
  const text = useSignInText()
  const { data: partners = [] } = useQuery(partnersQuery())
  return (
    <>
      <label className="usa-label" htmlFor={`${id}-partner`}>
        {text('providers.serves')}
      </label>
      <select
        id={`${id}-partner`}
        className="usa-select"
        value={partner ?? ''}
        onChange={(event) => set({ partner: event.target.value === '' ? null : event.target.value })}
      >
        <option value="">{text('providers.everybody')}</option>
        {partners.map((one) => (
          <option key={one.name} value={one.name}>
            {one.title}
          </option>
        ))}
      </select>
      <label className="tick">
        <input
          type="checkbox"
          checked={proves}
          onChange={(event) => set({ provesSecondFactor: event.target.checked })}
        />
        <span>
          {text('providers.proves')}
          <span className="tick__about">{text('providers.provesAbout')}</span>
        </span>
      </label>
    </>
  )
}

function Text({
  set,
  ...field
}: {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly set: (value: string) => void
}) {
  return (
    <TextField
      {...field}
      type="text"
      required
      autoCapitalize="none"
      autoComplete="off"
      maxLength={500}
      onChange={(event) => set(event.target.value)}
    />
  )
}
