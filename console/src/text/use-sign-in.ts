import { useTextsOf } from '../app/text.tsx'
import { signInEn } from './sign-in.en.ts'
import { signInEs } from './sign-in.es.ts'

const TEXTS = { en: signInEn, es: signInEs }

/** Texts about passkeys and single sign-on. */
export function useSignInText() {
  return useTextsOf(TEXTS)
}
