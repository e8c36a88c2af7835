import { useMemo } from 'react'
import { useTexts } from '../app/text.tsx'
import type { Words } from './leaves.ts'

/** Values said in the reader's language. A date is of no zone. */
export function useWords(): Words {
  const { t, language } = useTexts()
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
    return {
      date(iso) {
        const at = new Date(`${iso}T00:00:00Z`)
        return Number.isNaN(at.getTime()) ? iso : format.format(at)
      },
      yes: t('record.yes'),
      no: t('record.no'),
    }
  }, [t, language])
}
