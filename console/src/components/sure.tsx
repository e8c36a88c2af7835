import { type ReactNode, useId, useRef } from 'react'
import { useT } from '../app/text.tsx'
import { Button } from './controls.tsx'

/** A button that asks whether one is sure, and says what will happen. */
export function Sure({
  label,
  title,
  children,
  disabled = false,
  act,
}: {
  readonly label: string
  readonly title: string
  readonly children: ReactNode
  readonly disabled?: boolean
  readonly act: () => void
}) {
  const t = useT()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <>
      <Button type="button" outline disabled={disabled} onClick={() => dialog.current?.showModal()}>
        {label}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby={id}>
        <h2 id={id}>{title}</h2>
        <p>{children}</p>
        <form method="dialog" className="decide__actions">
          <Button type="submit" onClick={act}>
            {label}
          </Button>
          <Button type="submit" outline>
            {t('people.back')}
          </Button>
        </form>
      </dialog>
    </>
  )
}
