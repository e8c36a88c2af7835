import { useT } from '../app/text.tsx'
import { TextField } from './controls.tsx'

interface CodeFieldProps {
  readonly id: string
  readonly hint: string
  readonly value: string
  readonly set: (value: string) => void
}

/** The code of an app, or a recovery code. */
export function CodeField({ id, hint, value, set }: CodeFieldProps) {
  const t = useT()
  return (
    <TextField
      id={id}
      label={t('factor.code')}
      hint={hint}
      type="text"
      autoComplete="one-time-code"
      autoCapitalize="none"
      required
      minLength={6}
      maxLength={40}
      value={value}
      onChange={(event) => set(event.target.value)}
    />
  )
}
