import type { Field } from '../../../src/exchange/definition.ts'
import type { RawValue } from '../../../src/exchange/parcel.ts'
import { useT } from '../app/text.tsx'
import { Button } from '../components/controls.tsx'
import { Wrong } from './beside.tsx'
import { FieldView } from './fields.tsx'
import { idOf, useFormState } from './form-state.ts'
import { newItem, pathOf, type Steps, valueAt } from './tree.ts'

interface Props {
  readonly field: Field
  readonly steps: Steps
  readonly bare: boolean
}

/** Groups that may come several times, such as the persons of a stop. */
export function GroupList({ field, steps, bare }: Props) {
  const t = useT()
  const { tree, set } = useFormState()
  const value = valueAt(tree, steps)
  const items: readonly RawValue[] = Array.isArray(value) ? value : []
  const path = pathOf(steps)
  const add = () => {
    set(steps, [...items, newItem(field, items)])
    // The person goes on in what was added.
    requestAnimationFrame(() => document.getElementById(idOf(pathOf([...steps, items.length])))?.focus())
  }
  const remove = (index: number) => {
    set(
      steps,
      items.filter((_, at) => at !== index),
    )
    document.getElementById(idOf(path))?.focus()
  }
  return (
    <div className="group" id={idOf(path)} tabIndex={-1}>
      {bare ? null : <h3 className="group__title">{field.label}</h3>}
      <Wrong field={field} steps={steps} />
      {items.map((_, index) => (
        // An item is known by its place alone.
        <Item
          key={pathOf([...steps, index])}
          field={field}
          steps={[...steps, index]}
          remove={() => remove(index)}
        />
      ))}
      {items.length >= field.itemsMax ? null : (
        <Button type="button" outline className="group__add" onClick={add}>
          {t('form.add', { name: field.label, number: items.length + 1 })}
        </Button>
      )}
    </div>
  )
}

function Item({
  field,
  steps,
  remove,
}: {
  readonly field: Field
  readonly steps: Steps
  readonly remove: () => void
}) {
  const t = useT()
  const number = Number(steps.at(-1)) + 1
  return (
    <fieldset className="group__item" id={idOf(pathOf(steps))} tabIndex={-1}>
      <legend className="group__legend">{t('form.item', { name: field.label, number })}</legend>
      <Wrong field={field} steps={steps} />
      <div className="fields">
        {field.fields.map((one) => (
          <FieldView key={one.no} field={one} steps={[...steps, one.name]} />
        ))}
      </div>
      <button type="button" className="link group__remove" onClick={remove}>
        {t('form.remove', { name: field.label, number })}
      </button>
    </fieldset>
  )
}

/** A group that comes once. */
export function GroupOne({ field, steps, bare }: Props) {
  return (
    <fieldset className="group__item" id={idOf(pathOf(steps))} tabIndex={-1}>
      <legend className={bare ? 'usa-sr-only' : 'group__legend'}>{field.label}</legend>
      <Wrong field={field} steps={steps} />
      <div className="fields">
        {field.fields.map((one) => (
          <FieldView key={one.no} field={one} steps={[...steps, one.name]} />
        ))}
      </div>
    </fieldset>
  )
}
