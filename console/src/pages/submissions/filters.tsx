import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { exchangesQuery, partnersQuery } from '../../api/queries.ts'
import { STATES, type SubmissionFilters } from '../../app/search.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'

interface Props {
  readonly filters: SubmissionFilters
  readonly show: (filters: SubmissionFilters) => void
}

/** Narrows the list. Each choice takes effect at once; words when they are sent. */
export function Filters({ filters, show }: Props) {
  const t = useT()
  const { me, may } = useSession()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const { data: partners = [] } = useQuery({ ...partnersQuery(), enabled: me.centre && may('manage') })
  const set = (name: keyof SubmissionFilters, value: string | true) => {
    const { [name]: _, after: __, ...others } = filters
    show(value === '' ? others : ({ ...others, [name]: value } as SubmissionFilters))
  }
  const given = Object.keys(filters).some((name) => name !== 'realm' && name !== 'after')
  return (
    <search className="filters" aria-label={t('filters.label')}>
      <Words text={filters.text ?? ''} set={(text) => set('text', text)} />
      <Choice
        id="state"
        label={t('submission.state')}
        value={filters.state}
        set={(value) => set('state', value)}
      >
        {STATES.map((state) => (
          <option key={state} value={state}>
            {t(`submission.state.${state}`)}
          </option>
        ))}
      </Choice>
      {exchanges.length < 2 ? null : (
        <Choice
          id="exchange"
          label={t('submission.exchange')}
          value={filters.exchange}
          set={(value) => set('exchange', value)}
        >
          {exchanges.map(({ exchange, title }) => (
            <option key={exchange} value={exchange}>
              {title}
            </option>
          ))}
        </Choice>
      )}
      {partners.length === 0 ? null : (
        <Choice
          id="partner"
          label={t('submission.partner')}
          value={filters.partner}
          set={(value) => set('partner', value)}
        >
          {partners.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </Choice>
      )}
      <Choice id="kind" label={t('filters.kind')} value={filters.kind} set={(value) => set('kind', value)}>
        <option value="documents">{t('filters.documents')}</option>
        <option value="records">{t('filters.records')}</option>
      </Choice>
      <Day id="from" label={t('filters.from')} value={filters.from} set={(value) => set('from', value)} />
      <Day id="to" label={t('filters.to')} value={filters.to} set={(value) => set('to', value)} />
      <label className="filters__tick">
        <input
          type="checkbox"
          checked={filters.errors === true}
          onChange={(event) => set('errors', event.target.checked || '')}
        />
        {t('filters.errors')}
      </label>
      {given ? (
        <button type="button" className="link filters__clear" onClick={() => show({})}>
          {t('filters.clear')}
        </button>
      ) : null}
    </search>
  )
}

function Words({ text, set }: { readonly text: string; readonly set: (text: string) => void }) {
  const t = useT()
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])
  const send = (event: FormEvent) => {
    event.preventDefault()
    set(typed.trim())
  }
  return (
    <form className="filters__words" onSubmit={send}>
      <label htmlFor="filter-text">{t('filters.text')}</label>
      <span className="filters__search">
        <input
          id="filter-text"
          className="usa-input"
          type="search"
          value={typed}
          maxLength={100}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="usa-button usa-button--outline">
          {t('filters.search')}
        </button>
      </span>
    </form>
  )
}

function Choice({
  id,
  label,
  value,
  set,
  children,
}: {
  readonly id: string
  readonly label: string
  readonly value: string | undefined
  readonly set: (value: string) => void
  readonly children: ReactNode
}) {
  const t = useT()
  return (
    <div className="filters__one">
      <label htmlFor={`filter-${id}`}>{label}</label>
      <select
        id={`filter-${id}`}
        className="usa-select"
        value={value ?? ''}
        onChange={(event) => set(event.target.value)}
      >
        <option value="">{t('filters.all')}</option>
        {children}
      </select>
    </div>
  )
}

function Day({
  id,
  label,
  value,
  set,
}: {
  readonly id: string
  readonly label: string
  readonly value: string | undefined
  readonly set: (value: string) => void
}) {
  return (
    <div className="filters__one filters__one--day">
      <label htmlFor={`filter-${id}`}>{label}</label>
      <input
        id={`filter-${id}`}
        className="usa-input"
        type="date"
        value={value ?? ''}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  )
}
