import { type FormEvent, useId, useRef, useState } from 'react'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'

interface Props {
  /** On the button that opens it, and on the one that does it. */
  readonly label: string
  readonly title: string
  readonly about?: string
  /** What is asked besides; none: only whether one is sure. */
  readonly reason: 'none' | 'optional' | 'required'
  readonly reasonLabel?: string
  readonly outline?: boolean
  readonly busy: boolean
  readonly act: (reason: string) => void
}

/** A button that asks before it does something, for a reason where one is kept. */
export function Ask({ label, title, about, reason, reasonLabel, outline = true, busy, act }: Props) {
  const t = useT()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    dialog.current?.close()
    act(text.trim())
    setText('')
  }
  return (
    <>
      <Button type="button" outline={outline} disabled={busy} onClick={() => dialog.current?.showModal()}>
        {label}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`}>
        <form className="ask" onSubmit={submit}>
          <h2 id={`${id}-title`}>{title}</h2>
          {about === undefined ? null : <p>{about}</p>}
          {reason === 'none' ? null : (
            <>
              <label className="usa-label" htmlFor={`${id}-reason`}>
                {reasonLabel ?? (reason === 'required' ? t('ask.reason') : t('ask.reasonIfAny'))}
              </label>
              <textarea
                id={`${id}-reason`}
                className="usa-textarea ask__reason"
                required={reason === 'required'}
                maxLength={300}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            </>
          )}
          <div className="decide__actions">
            <Button type="submit">{label}</Button>
            <Button type="button" outline onClick={() => dialog.current?.close()}>
              {t('decide.back')}
            </Button>
          </div>
        </form>
      </dialog>
    </>
  )
}
