import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { useT } from '../app/text.tsx'

interface FieldProps {
  readonly id: string
  readonly label: string
  readonly value: string | undefined
  readonly set: (value: string) => void
}

/** A choice among few; `all` is what no choice is called, absent where one is always made. */
export function FilterChoice({
  id,
  label,
  value,
  set,
  all,
  children,
}: FieldProps & { readonly all?: string; readonly children: ReactNode }) {
  return (
    <div className="filters__one">
      <label htmlFor={`filter-${id}`}>{label}</label>
      <select
        id={`filter-${id}`}
        className="usa-select"
        value={value ?? ''}
        onChange={(event) => set(event.target.value)}
      >
        {all === undefined ? null : <option value="">{all}</option>}
        {children}
      </select>
    </div>
  )
}

/** One of the exchanges, where there are several. */
export function FilterExchange({
  exchanges,
  ...rest
}: {
  readonly exchanges: readonly { readonly exchange: string; readonly title: string }[]
  readonly value: string | undefined
  readonly set: (value: string) => void
  readonly all?: string
}) {
  const t = useT()
  if (exchanges.length < 2) return null
  return (
    <FilterChoice id="exchange" label={t('submission.exchange')} {...rest}>
      {exchanges.map(({ exchange, title }) => (
        <option key={exchange} value={exchange}>
          {title}
        </option>
      ))}
    </FilterChoice>
  )
}

/** A day, which takes effect when it is whole. */
export function FilterDay({ id, label, value, set }: FieldProps) {
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

/** Words, which take effect when they are sent or left. */
export function FilterWords({ id, label, value, set }: FieldProps) {
  const [typed, setTyped] = useState(value ?? '')
  useEffect(() => setTyped(value ?? ''), [value])
  const send = (event?: FormEvent) => {
    event?.preventDefault()
    if (typed.trim() !== (value ?? '')) set(typed.trim())
  }
  return (
    <form className="filters__one" onSubmit={send}>
      <label htmlFor={`filter-${id}`}>{label}</label>
      <input
        id={`filter-${id}`}
        className="usa-input"
        type="search"
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => send()}
      />
    </form>
  )
}

/** Words to search for, with a button beside them. */
export function FilterSearch({ id, label, value, set }: FieldProps) {
  const t = useT()
  const [typed, setTyped] = useState(value ?? '')
  useEffect(() => setTyped(value ?? ''), [value])
  const send = (event: FormEvent) => {
    event.preventDefault()
    set(typed.trim())
  }
  return (
    <form className="filters__words" onSubmit={send}>
      <label htmlFor={`filter-${id}`}>{label}</label>
      <span className="filters__search">
        <input
          id={`filter-${id}`}
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
