import type { ReactNode } from 'react'
import type { Definition, RecordType } from '../../../../src/exchange/definition.ts'
import { useT } from '../../app/text.tsx'

/** A choice among several, with its label above. */
export function Pick({
  id,
  label,
  value,
  set,
  children,
}: {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly set: (value: string) => void
  readonly children: ReactNode
}) {
  return (
    <div className="filters__one">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="usa-select" value={value} onChange={(event) => set(event.target.value)}>
        {children}
      </select>
    </div>
  )
}

/** The record type that the address names, or the first. */
export function typeIn({ types }: Definition, name: string | undefined): RecordType | undefined {
  return types.find((type) => type.name === name) ?? types[0]
}

/** Chooses one of the record types; nothing where there is only one. */
export function TypePick({
  definition,
  type,
  set,
}: {
  readonly definition: Definition
  readonly type: RecordType
  readonly set: (name: string) => void
}) {
  const t = useT()
  if (definition.types.length < 2) return null
  return (
    <Pick id="type" label={t('exchange.type')} value={type.name} set={set}>
      {definition.types.map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </Pick>
  )
}

/** Words that what is listed must hold. Takes effect as they are typed. */
export function Narrow({
  label,
  text,
  set,
}: {
  readonly label: string
  readonly text: string
  readonly set: (text: string) => void
}) {
  return (
    <div className="filters__words">
      <label htmlFor="narrow">{label}</label>
      <input
        id="narrow"
        type="search"
        className="usa-input"
        value={text}
        maxLength={100}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  )
}
