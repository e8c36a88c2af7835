import { signInEn } from '../text/sign-in.en.ts'
import { signInEs } from '../text/sign-in.es.ts'
import { useTextsOf } from './text.tsx'

const TEXTS = { en: signInEn, es: signInEs }

/** Texts about passkeys and single sign-on. */
export function useSignInText() {
  return useTextsOf(TEXTS)
}
