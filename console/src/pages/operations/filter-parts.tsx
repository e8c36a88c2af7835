import { type FormEvent, useState } from 'react'
import { useT } from '../../app/text.tsx'

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
