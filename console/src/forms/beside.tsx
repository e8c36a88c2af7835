import type { ReactNode } from 'react'
import type { Field } from '../../../src/exchange/definition.ts'
import { useT, useTexts } from '../app/text.tsx'
import { bytes } from '../app/time.tsx'
import { SentValue } from '../components/finding.tsx'
import { idOf, useFormState } from './form-state.ts'
import { inForce, nameOf, nearestCodes } from './nearest.ts'
import { pathOf, type Steps, valueAt } from './tree.ts'

/** What a control is told, so that readers of screens hear its hint and what is wrong. */
export interface ControlProps {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
  readonly 'aria-required'?: true
  readonly onBlur?: () => void
}

interface Props {
  readonly field: Field
  readonly steps: Steps
  /** Several controls under one name. */
  readonly several?: boolean
  readonly wide?: boolean
  readonly children: (control: ControlProps) => ReactNode
}

/** A field with its name, its hint, and what is wrong in it. */
export function Beside({ field, steps, several = false, wide = false, children }: Props) {
  const state = useFormState()
  const path = pathOf(steps)
  const id = idOf(path)
  const bad = state.findingsAt(path).length > 0
  const hint = useHint(field)
  const about = [hint === '' ? '' : `${id}-hint`, bad ? `${id}-bad` : '']
    .filter((one) => one !== '')
    .join(' ')
  const control: ControlProps = {
    id,
    ...(about === '' ? {} : { 'aria-describedby': about }),
    ...(bad ? { 'aria-invalid': true } : {}),
    ...(field.required && !several ? { 'aria-required': true } : {}),
    onBlur: () => state.leave(path),
  }
  const look = `field ${bad ? 'field--bad' : ''} ${wide ? 'field--wide' : ''}`
  const inside = (
    <>
      {hint === '' ? null : (
        <p className="field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <Wrong field={field} steps={steps} />
      {children(control)}
    </>
  )
  if (several)
    return (
      <fieldset
        className={look}
        id={id}
        tabIndex={-1}
        aria-describedby={control['aria-describedby']}
        onBlur={() => state.leave(path)}
      >
        <legend className="field__label">
          <Name field={field} />
        </legend>
        {inside}
      </fieldset>
    )
  return (
    <div className={look}>
      <label className="field__label" htmlFor={id}>
        <Name field={field} />
      </label>
      {inside}
    </div>
  )
}

function Name({ field }: { readonly field: Field }) {
  const t = useT()
  return (
    <>
      {field.label}
      {field.required ? null : <span className="field__optional"> {t('form.optional')}</span>}
    </>
  )
}

function useHint({ description, example, type, document }: Field): string {
  const { t, language } = useTexts()
  // What the definition says of a document is how programs send it.
  if (document !== null) {
    const types = document.types.join(', ').toUpperCase()
    return t('form.file', { types, size: bytes(document.bytesMax, language) })
  }
  const shown = type !== 'code' && type !== 'boolean' && example.length > 2 && !description.includes(example)
  return [description, shown ? t('form.example', { value: example }) : '']
    .filter((part) => part !== '')
    .join(' ')
}

/** What is wrong there, what was sent, and what was probably meant. */
export function Wrong({ field, steps }: { readonly field: Field; readonly steps: Steps }) {
  const t = useT()
  const state = useFormState()
  const path = pathOf(steps)
  const shown = state.findingsAt(path)
  if (shown.length === 0) return null
  const sent = state.sentAt(path)
  return (
    <div className="field__wrong" id={`${idOf(path)}-bad`}>
      {shown.map(({ finding }) => (
        <p key={finding.code + finding.path} className={`field__finding field__finding--${finding.severity}`}>
          <span className="usa-sr-only">{t(`severity.${finding.severity}`)}: </span>
          {finding.message} <code>{finding.code}</code>
        </p>
      ))}
      {sent === undefined ? null : (
        <p className="field__sent">
          {t('findings.value')}: <SentValue value={sent} />
        </p>
      )}
      {field.type === 'code' ? <Meant field={field} steps={steps} /> : null}
      {state.outside.has(path) ? (
        <button type="button" className="link" onClick={() => state.set(steps, undefined)}>
          {t('form.clear')}
        </button>
      ) : null}
    </div>
  )
}

/** Codes close to a value that is none. */
function Meant({ field, steps }: { readonly field: Field; readonly steps: Steps }) {
  const t = useT()
  const { definition, tree, set, judged } = useFormState()
  const codes = definition.lists[field.list ?? '']?.values ?? []
  const value = valueAt(tree, steps)
  const given = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
  const known = new Set(codes.filter((one) => inForce(one, judged.effective)).map(({ code }) => code))
  const wrong = given.find((one) => !known.has(one))
  if (wrong === undefined) return null
  const near = nearestCodes(codes, wrong, judged.effective)
  if (near.length === 0) return null
  const take = (code: string) => {
    if (!Array.isArray(value)) set(steps, code)
    else set(steps, [...new Set(given.map((one) => (one === wrong ? code : one)))])
  }
  return (
    <p className="field__meant">
      {t('form.meant')}{' '}
      {near.map((one) => (
        <button key={one.code} type="button" className="link" onClick={() => take(one.code)}>
          {nameOf(one)}
        </button>
      ))}
    </p>
  )
}
