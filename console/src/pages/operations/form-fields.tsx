import { type ComponentProps, type ReactNode, type RefObject, useEffect } from 'react'
import { ApiProblem } from '../../api/client.ts'
import { TextField } from '../../components/controls.tsx'

/** What the node says is wrong, by the field of the form that it blames. */
export type Blamed = ReadonlyMap<string, string>

/**
 * Sorts a refusal by the fields of the form that it blames; empty where it blames anything else, for the head of the
 * form to tell it whole.
 */
export function blamedFields(problem: Error | null, known: readonly string[]): Blamed {
  const errors = problem instanceof ApiProblem ? problem.more.errors : undefined
  const fields = new Map<string, string>()
  if (!Array.isArray(errors)) return fields
  for (const { pointer = '', detail = '' } of errors as readonly { pointer?: string; detail?: string }[]) {
    const field = pointer.split('/').find((part) => known.includes(part))
    if (field === undefined) return new Map()
    fields.set(field, detail)
  }
  return fields
}

/** Takes whoever sent a form that was refused to the first field that is to blame, else to what the head says. */
export function useFirstWrong(form: RefObject<HTMLFormElement | null>, problem: Error | null): void {
  useEffect(() => {
    if (problem === null) return
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (wrong === null || wrong === undefined) form.current?.scrollIntoView({ block: 'start' })
    else wrong.focus()
  }, [form, problem])
}

interface About {
  readonly id: string
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it. */
  readonly wrong?: string | undefined
}

/** What a field says of itself to readers of screens. */
function describes({ id, hint, wrong }: About) {
  const by = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(wrong === undefined ? [] : [`${id}-wrong`]),
  ].join(' ')
  return {
    ...(by === '' ? {} : { 'aria-describedby': by }),
    ...(wrong === undefined ? {} : { 'aria-invalid': true as const }),
  }
}

/** What is wrong with a field, beside it. */
export function Wrong({ id, wrong }: { readonly id: string; readonly wrong: string | undefined }) {
  return wrong === undefined ? null : (
    <span className="usa-error-message" id={`${id}-wrong`}>
      {wrong}
    </span>
  )
}

/** A field of one line. */
export function FormText({
  label,
  hint,
  wrong,
  set,
  ...field
}: About &
  Omit<ComponentProps<'input'>, 'id' | 'onChange'> & {
    readonly set: (value: string) => void
  }) {
  return (
    <>
      <TextField
        type="text"
        autoComplete="off"
        {...field}
        {...(hint === undefined ? {} : { hint })}
        {...describes({ id: field.id, label, hint, wrong })}
        label={label}
        onChange={(event) => set(event.target.value)}
      />
      <Wrong id={field.id} wrong={wrong} />
    </>
  )
}

/** A choice among few. */
export function FormChoice({
  id,
  label,
  hint,
  wrong,
  value,
  set,
  required = false,
  children,
}: About & {
  readonly value: string
  readonly set: (value: string) => void
  /** The empty one is no choice. */
  readonly required?: boolean
  readonly children: ReactNode
}) {
  return (
    <>
      <label className="usa-label" htmlFor={id}>
        {label}
      </label>
      {hint === undefined ? null : (
        <span className="usa-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <select
        id={id}
        className="usa-select"
        required={required}
        value={value}
        onChange={(event) => set(event.target.value)}
        {...describes({ id, label, hint, wrong })}
      >
        {children}
      </select>
      <Wrong id={id} wrong={wrong} />
    </>
  )
}

/** Yes or no, with what it means. */
export function FormTick({
  label,
  about,
  checked,
  set,
}: {
  readonly label: string
  readonly about?: string
  readonly checked: boolean
  readonly set: (checked: boolean) => void
}) {
  return (
    <label className="tick">
      <input type="checkbox" checked={checked} onChange={(event) => set(event.target.checked)} />
      <span>
        {label}
        {about === undefined ? null : <span className="tick__about">{about}</span>}
      </span>
    </label>
  )
}
