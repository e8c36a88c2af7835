import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { type Partner, usePeopleChange } from '../../api/people-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'

/** What a partner is known by, and what is asked of its people. */
export function PartnerFacts({ partner }: { readonly partner: Partner }) {
  const t = useT()
  const { me } = useSession()
  return (
    <Section title={t('partners.about')}>
      <dl className="people__facts">
        <Fact name={t('partners.name')} value={partner.name} />
        <Fact
          name={t('partners.identifiers')}
          value={
            partner.identifiers.map(({ scheme, value }) => `${scheme.toUpperCase()} ${value}`).join(', ') ||
            '–'
          }
        />
        <Fact name={t('partners.zone')} value={partner.timeZone?.replaceAll('_', ' ') ?? '–'} />
        <Fact name={t('factor.title')} value={t(partner.secondFactor ? 'factor.asked' : 'factor.free')} />
      </dl>
      <Change partner={partner} />
      {me.centre ? <Identifiers partner={partner} /> : null}
    </Section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Change({ partner }: { readonly partner: Partner }) {
  const t = useT()
  const { me } = useSession()
  const [title, setTitle] = useState(partner.title)
  const [zone, setZone] = useState(partner.timeZone ?? '')
  const [factor, setFactor] = useState(partner.secondFactor)
  const change = usePeopleChange(() => {
    const timeZone = zone.trim() === '' ? null : zone.trim()
    const body = me.centre ? { title, timeZone, secondFactor: factor } : { timeZone }
    return dataOf(api.PATCH('/v1/partners/{partner}', { params: { path: { partner: partner.name } }, body }))
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(undefined)
  }
  return (
    <details className="more">
      <summary>{t('people.change')}</summary>
      <form className="people__form" onSubmit={submit}>
        {change.error === null ? null : <Failure problem={change.error} />}
        {me.centre ? (
          <TextField
            id="change-title"
            label={t('partners.titleOf')}
            type="text"
            required
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        ) : null}
        <TextField
          id="change-zone"
          label={t('partners.zone')}
          hint={t('partners.zoneHint')}
          type="text"
          maxLength={60}
          value={zone}
          onChange={(event) => setZone(event.target.value)}
        />
        {me.centre ? (
          <label className="tick">
            <input type="checkbox" checked={factor} onChange={(event) => setFactor(event.target.checked)} />
            <span>
              {t('partners.askFactor')}
              <span className="tick__about">{t('partners.askFactorAbout')}</span>
            </span>
          </label>
        ) : null}
        <Button type="submit" disabled={change.isPending}>
          {t('people.save')}
        </Button>
        {change.isSuccess ? <span role="status">{t('people.saved')}</span> : null}
      </form>
    </details>
  )
}

function Identifiers({ partner }: { readonly partner: Partner }) {
  const t = useT()
  const [scheme, setScheme] = useState('ori')
  const [value, setValue] = useState('')
  const path = (one: { scheme: string; value: string }) => ({
    params: { path: { partner: partner.name, ...one } },
  })
  const add = usePeopleChange(() =>
    dataOf(
      api.PUT('/v1/partners/{partner}/identifiers/{scheme}/{value}', path({ scheme, value: value.trim() })),
    ),
  )
  const drop = usePeopleChange((one: { scheme: string; value: string }) =>
    dataOf(api.DELETE('/v1/partners/{partner}/identifiers/{scheme}/{value}', path(one))),
  )
  const problem = add.error ?? drop.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(undefined, { onSuccess: () => setValue('') })
  }
  return (
    <details className="more">
      <summary>{t('partners.identifiers')}</summary>
      {problem === null ? null : <Failure problem={problem} />}
      <ul className="people__list">
        {partner.identifiers.map((one) => (
          <li key={`${one.scheme} ${one.value}`}>
            <span>{`${one.scheme.toUpperCase()} ${one.value}`}</span>
            <Button
              type="button"
              unstyled
              aria-label={t('people.removeNamed', { name: one.value })}
              onClick={() => drop.mutate(one)}
            >
              {t('people.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <form className="people__line" onSubmit={submit}>
        <TextFieldInLine id="scheme" label={t('partners.scheme')} value={scheme} set={setScheme} />
        <TextFieldInLine id="identifier" label={t('partners.identifier')} value={value} set={setValue} />
        <Button type="submit" outline disabled={add.isPending}>
          {t('people.add')}
        </Button>
      </form>
    </details>
  )
}

function TextFieldInLine(field: {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly set: (value: string) => void
}) {
  const { id, label, value, set } = field
  return (
    <div className="people__field">
      <TextField
        id={id}
        label={label}
        type="text"
        required
        maxLength={100}
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  )
}
