import { useTexts } from '../../app/text.tsx'

/** A rate as the language writes it; a dash where there is none. */
export function Rate({ value, warn = false }: { readonly value: number | null; readonly warn?: boolean }) {
  const { t, language } = useTexts()
  if (value === null)
    return (
      <span className="quiet">
        <span aria-hidden="true">–</span>
        <span className="usa-sr-only">{t('findings.empty')}</span>
      </span>
    )
  return (
    <span className={`count ${value === 0 ? 'count--none' : warn ? 'count--warn' : ''}`}>
      {new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)}
    </span>
  )
}

/** Is it more often wrong here than with half of the others? */
export function isWorse({ rate, median }: { readonly rate: number | null; readonly median: number | null }) {
  return rate !== null && median !== null && rate > median
}
