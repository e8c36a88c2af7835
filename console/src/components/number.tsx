import { useTexts } from '../app/text.tsx'

/** A number as the language writes it; a nought is quiet. */
export function Count({ value, warn = false }: { readonly value: number; readonly warn?: boolean }) {
  const { language } = useTexts()
  const tone = value === 0 ? 'count--none' : warn ? 'count--warn' : ''
  return <span className={`count ${tone}`}>{new Intl.NumberFormat(language).format(value)}</span>
}
