import { useSignInText } from '../text/use-sign-in.ts'

const KNOWN = ['unknown', 'unverified', 'cancelled', 'late', 'away', 'rests', 'password'] as const

/** Why another service signed nobody in. */
export default function Refused({ why }: { readonly why: string }) {
  const text = useSignInText()
  const reason = KNOWN.find((one) => one === why) ?? 'wrong'
  return text(`refused.${reason}`)
}
