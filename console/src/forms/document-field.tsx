import { useState } from 'react'
import type { Field } from '../../../src/exchange/definition.ts'
import { useTexts } from '../app/text.tsx'
import { bytes } from '../app/time.tsx'
import { documentText } from '../record/leaves.ts'
import { Beside } from './beside.tsx'
import { useFormState } from './form-state.ts'
import { type Steps, valueAt } from './tree.ts'

/** Base64 has four signs for three bytes. */
const SHARE = 3 / 4

/** A document: chosen from the person's files, or the one that the stored record has. */
export function DocumentField({ field, steps }: { readonly field: Field; readonly steps: Steps }) {
  const { t, language } = useTexts()
  const { tree, set } = useFormState()
  // A new one, when what was chosen is taken back: the browser's own still names it.
  const [round, setRound] = useState(0)
  const [large, setLarge] = useState(false)
  const value = valueAt(tree, steps)
  const { types, bytesMax } = field.document ?? { types: [], bytesMax: 0 }
  const choose = async (file: File | undefined) => {
    if (file === undefined) return
    setLarge(file.size > bytesMax)
    if (file.size > bytesMax) return
    set(steps, await base64Of(file))
  }
  const clear = () => {
    set(steps, undefined)
    setLarge(false)
    setRound(round + 1)
  }
  return (
    <Beside field={field} steps={steps} wide>
      {(control) => (
        <>
          {large ? <p className="field__finding">{t('form.fileLarge')}</p> : null}
          <input
            {...control}
            key={round}
            className="file"
            type="file"
            accept={types.flatMap((type) => EXTENSIONS[type]).join(',')}
            onChange={(event) => choose(event.target.files?.[0])}
          />
          {value === undefined || value === '' ? null : (
            <p className="field__fixed">
              {typeof value === 'string'
                ? bytes(value.length * SHARE, language)
                : t('form.fileStored', { file: documentText(value) })}{' '}
              <button type="button" className="link" onClick={clear}>
                {t('form.clear')}
              </button>
            </p>
          )}
        </>
      )}
    </Beside>
  )
}

const EXTENSIONS = {
  gif: ['.gif'],
  tiff: ['.tif', '.tiff'],
  jpeg: ['.jpg', '.jpeg'],
  pdf: ['.pdf'],
} as const

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error ?? new Error())
    reader.readAsDataURL(file)
  })
}
