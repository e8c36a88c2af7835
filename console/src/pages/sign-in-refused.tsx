import { useSignInText } from '../app/sign-in-text.ts'
import { ErrorAlert } from '../components/controls.tsx'

const KNOWN = ['unknown', 'unverified', 'cancelled', 'late', 'away', 'rests', 'password'] as const

/** Why another service signed nobody in. */
export default function Refused({ why }: { readonly why: string }) {
  const text = useSignInText()
  const reason = KNOWN.find((one) => one === why) ?? 'wrong'
  return <ErrorAlert>{text(`refused.${reason}`)}</ErrorAlert>
}
