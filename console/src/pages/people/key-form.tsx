import { type FormEvent, useState } from 'react'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Failure } from '../../components/states.tsx'

/** A public key, pasted. */
export function KeyForm({
  id,
  label,
  hint,
  add,
  busy,
  problem,
}: {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly add: (publicKey: string, done: () => void) => void
  readonly busy: boolean
  readonly problem: Error | null
}) {
  const t = useT()
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add(text.trim(), () => setText(''))
  }
  return (
    <details className="more">
      <summary>{label}</summary>
      <form className="people__form" onSubmit={submit}>
        {problem === null ? null : <Failure problem={problem} />}
        <label className="usa-label" htmlFor={id}>
          {t('keys.public')}
        </label>
        <span className="usa-hint" id={`${id}-hint`}>
          {hint}
        </span>
        <textarea
          id={id}
          className="usa-textarea"
          aria-describedby={`${id}-hint`}
          required
          rows={4}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={busy}>
          {t('people.add')}
        </Button>
      </form>
    </details>
  )
}
