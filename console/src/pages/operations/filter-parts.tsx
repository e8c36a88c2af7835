import { type FormEvent, type ReactNode, useState } from 'react'
import { useT } from '../../app/text.tsx'

/** Fields by which a list is narrowed; each stands in the address. */

interface Field {
  readonly id: string
  readonly label: string
  readonly value: string | undefined
  readonly set: (value: string) => void
}

/** One of a few; the first choice is none. */
export function Choice({
  id,
  label,
  value,
  set,
  all,
  children,
}: Field & { readonly all?: string; readonly children: ReactNode }) {
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
        {all === '' ? null : <option value="">{all ?? t('filters.all')}</option>}
        {children}
      </select>
    </div>
  )
}

/** A day in the viewer's zone. */
export function Day({ id, label, value, set }: Field) {
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

interface WordField {
  readonly name: string
  readonly label: string
  readonly value: string | undefined
}

function TypedFields({
  fields,
  send,
}: {
  readonly fields: readonly WordField[]
  readonly send: (values: Readonly<Record<string, string>>) => void
}) {
  const t = useT()
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send(Object.fromEntries(fields.map(({ name, value }) => [name, (typed[name] ?? value ?? '').trim()])))
  }
  return (
    <form className="filters__several" onSubmit={submit}>
      {fields.map(({ name, label, value }) => (
        <div key={name} className="filters__one">
          <label htmlFor={`filter-${name}`}>{label}</label>
          <input
            id={`filter-${name}`}
            className="usa-input"
            type="search"
            maxLength={100}
            value={typed[name] ?? value ?? ''}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        </div>
      ))}
      <button type="submit" className="usa-button usa-button--outline">
        {t('filters.search')}
      </button>
    </form>
  )
}

/** Words that take effect together, when they are sent. What was typed gives way to what the address says. */
export function WordFields(props: Parameters<typeof TypedFields>[0]) {
  return <TypedFields key={props.fields.map(({ value }) => value ?? '').join('\n')} {...props} />
}
