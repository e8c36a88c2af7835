import { useT } from '../app/text.tsx'

/** How grave a finding is, in a word. */
export function Severity({ severity }: { readonly severity: 'fatal' | 'error' | 'warning' | 'info' }) {
  const t = useT()
  return <span className={`severity severity--${severity}`}>{t(`severity.${severity}`)}</span>
}
