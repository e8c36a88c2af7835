import { type DragEvent, useRef, useState } from 'react'
import { useTexts } from '../../app/text.tsx'
import { bytes } from '../../app/time.tsx'

/** Takes a file by dropping it or by choosing it; the keyboard does as well. */
export function DropZone({
  file,
  choose,
}: {
  readonly file: File | null
  readonly choose: (file: File) => void
}) {
  const { t, language } = useTexts()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const dropped = event.dataTransfer.files[0]
    if (dropped !== undefined) choose(dropped)
  }
  return (
    <fieldset
      className={`drop ${over ? 'drop--over' : ''} ${file === null ? '' : 'drop--full'}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <legend className="usa-sr-only">{t('submit.file')}</legend>
      <input
        ref={input}
        id="file"
        className="usa-sr-only"
        type="file"
        aria-describedby="file-about"
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          if (chosen !== undefined) choose(chosen)
          // The same file may be chosen again once it was put right.
          event.target.value = ''
        }}
      />
      {file === null ? (
        <p className="drop__text">{t('submit.drop')}</p>
      ) : (
        <p className="drop__text">
          <strong>{file.name}</strong> <span className="quiet">{bytes(file.size, language)}</span>
        </p>
      )}
      <label htmlFor="file" className="usa-button usa-button--outline drop__choose">
        {t(file === null ? 'submit.choose' : 'submit.another')}
      </label>
      <p id="file-about" className="drop__about">
        {t('submit.about')}
      </p>
    </fieldset>
  )
}
