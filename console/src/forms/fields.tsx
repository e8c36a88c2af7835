import { useState } from 'react'
import type { Field } from '../../../src/exchange/definition.ts'
import { useT } from '../app/text.tsx'
import { Beside, type ControlProps } from './beside.tsx'
import { CodeChoice, CodeSearch, CodeSeveral } from './codes.tsx'
import { DocumentField } from './document-field.tsx'
import { useFormState } from './form-state.ts'
import { GroupList, GroupOne } from './groups.tsx'
import { isHidden } from './hidden.ts'
import { type Steps, textOf, valueAt } from './tree.ts'

/** Longer texts get room for several lines. */
const lineCharsMax = 80
/** Longer lists are searched in. */
const choicesMax = 15

interface Props {
  readonly field: Field
  readonly steps: Steps
  /** Its name stands above it already. */
  readonly bare?: boolean
}

/** The control that fits a field, or nothing where the field does not apply. */
export function FieldView({ field, steps, bare = false }: Props) {
  const state = useFormState()
  if (isHidden(state, steps)) return null
  if (steps.length === 1 && state.fixed.has(field.name)) return <Fixed field={field} steps={steps} />
  if (field.document !== null) return <DocumentField field={field} steps={steps} />
  if (field.type === 'group')
    return field.many ? (
      <GroupList field={field} steps={steps} bare={bare} />
    ) : (
      <GroupOne field={field} steps={steps} bare={bare} />
    )
  if (field.type === 'boolean' && !field.many) return <YesNo field={field} steps={steps} />
  if (field.type === 'code') {
    const count = state.definition.lists[field.list ?? '']?.values.length ?? 0
    if (field.many) return <CodeSeveral field={field} steps={steps} search={count > 2 * choicesMax} />
    return count > choicesMax ? (
      <CodeSearch field={field} steps={steps} />
    ) : (
      <CodeChoice field={field} steps={steps} />
    )
  }
  return field.many ? <Lines field={field} steps={steps} /> : <Line field={field} steps={steps} />
}

/** What can be read here, and not changed. */
function Fixed({ field, steps }: Props) {
  const t = useT()
  const { tree } = useFormState()
  return (
    <div className="field">
      <span className="field__label">{field.label}</span>
      <p className="field__hint">{t('form.fixed')}</p>
      <p className="field__fixed">{textOf(valueAt(tree, steps))}</p>
    </div>
  )
}

function YesNo({ field, steps }: Props) {
  const t = useT()
  const { tree, set } = useFormState()
  const value = valueAt(tree, steps)
  const sent = typeof value === 'string' ? value : ''
  const chosen =
    value === true || field.booleanWords.true.includes(sent)
      ? true
      : value === false || field.booleanWords.false.includes(sent)
        ? false
        : null
  return (
    <Beside field={field} steps={steps} several>
      {({ id }) => (
        <div className="choices choices--row">
          {[true, false].map((one) => (
            <label key={String(one)} className="choices__one">
              <input type="radio" name={id} checked={chosen === one} onChange={() => set(steps, one)} />
              {t(one ? 'form.yes' : 'form.no')}
            </label>
          ))}
          {value === undefined ? null : (
            <button type="button" className="link" onClick={() => set(steps, undefined)}>
              {t('form.clear')}
            </button>
          )}
        </div>
      )}
    </Beside>
  )
}

function Line({ field, steps }: Props) {
  const { tree, set } = useFormState()
  const value = textOf(valueAt(tree, steps))
  const long = field.type === 'text' && (field.lengthMax ?? 0) > lineCharsMax
  const write = (text: string) => set(steps, text === '' ? undefined : text)
  return (
    <Beside field={field} steps={steps} wide={long}>
      {(control) =>
        long ? (
          <textarea
            {...control}
            className="usa-textarea"
            rows={2}
            value={value}
            onChange={(event) => write(event.target.value)}
          />
        ) : (
          <OneLine field={field} control={control} value={value} write={write} />
        )
      }
    </Beside>
  )
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/

function OneLine({
  field,
  control,
  value,
  write,
}: {
  readonly field: Field
  readonly control: ControlProps
  readonly value: string
  readonly write: (text: string) => void
}) {
  // A date as it was sent can be seen only where any text can stand.
  const [picked] = useState(field.type === 'date' && (value === '' || ISO_DAY.test(value)))
  const digits = field.type === 'integer' || field.type === 'decimal'
  return (
    <input
      {...control}
      className="usa-input"
      type={picked ? 'date' : 'text'}
      autoComplete="off"
      {...(digits && (field.min ?? 0) >= 0 ? { inputMode: 'decimal' } : {})}
      value={value}
      onChange={(event) => write(event.target.value)}
    />
  )
}

/** Several values without codes: one on each line. */
function Lines({ field, steps }: Props) {
  const t = useT()
  const { tree, set } = useFormState()
  const value = valueAt(tree, steps)
  const text = Array.isArray(value) ? value.map((one) => textOf(one)).join('\n') : textOf(value)
  return (
    <Beside field={field} steps={steps} wide>
      {(control) => (
        <>
          <textarea
            {...control}
            className="usa-textarea"
            rows={2}
            value={text}
            onChange={(event) =>
              set(steps, event.target.value === '' ? undefined : event.target.value.split('\n'))
            }
          />
          <p className="field__hint">{t('form.onePerLine')}</p>
        </>
      )}
    </Beside>
  )
}
