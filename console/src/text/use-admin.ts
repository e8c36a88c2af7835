import { useTextsOf } from '../app/text.tsx'
import { adminEn } from './admin.en.ts'
import { adminEs } from './admin.es.ts'

const TEXTS = { en: adminEn, es: adminEs }

/** Texts of the forms by which the centre sets up jobs, days of rest, places and certificates. */
export function useAdminText() {
  return useTextsOf(TEXTS)
}
