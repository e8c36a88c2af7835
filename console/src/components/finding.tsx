import { useT } from '../app/text.tsx'

/** How grave a finding is, in a word. */
export function Severity({ severity }: { readonly severity: 'fatal' | 'error' | 'warning' | 'info' }) {
  const t = useT()
  return <span className={`severity severity--${severity}`}>{t(`severity.${severity}`)}</span>
}

/** What was sent where something was found; a dash where it was nothing. */
export function SentValue({ value }: { readonly value: string | null }) {
  const t = useT()
  if (value !== null && value !== '') return <code>{value}</code>
  return (
    <span className="quiet">
      <span aria-hidden="true">–</span>
      <span className="usa-sr-only">{t('findings.empty')}</span>
    </span>
  )
}
