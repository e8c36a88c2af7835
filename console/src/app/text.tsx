import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'
import { en, type TextKey } from '../text/en.ts'

export type Language = 'en' | 'es'
export type { TextKey }

type Catalogue = Readonly<Record<TextKey, string>>
type Holes = Readonly<Record<string, string | number>>

/** A text of the catalogue with its holes filled; numbers as the language writes them. */
export type T = (key: TextKey, holes?: Holes) => string

interface Texts {
  readonly language: Language
  readonly t: T
  setLanguage(language: Language): void
}

const STORED = 'tributary.language'
const Context = createContext<Texts | null>(null)

/** The person's choice on this device, else what the browser prefers. */
function preferred(): Language {
  const stored = localStorage.getItem(STORED)
  if (stored === 'en' || stored === 'es') return stored
  return navigator.languages.some((one) => one.startsWith('en'))
    ? firstOf(navigator.languages)
    : navigator.languages.some((one) => one.startsWith('es'))
      ? 'es'
      : 'en'
}

function firstOf(languages: readonly string[]): Language {
  const known = languages.find((one) => one.startsWith('en') || one.startsWith('es'))
  return known?.startsWith('es') === true ? 'es' : 'en'
}

async function catalogueOf(language: Language): Promise<Catalogue> {
  return language === 'en' ? en : (await import('../text/es.ts')).es
}

/** Makes a translator. `{count}` chooses between `key` and `key.one` where the catalogue has both. */
function translator<K extends string>(language: Language, catalogue: Readonly<Record<K, string>>) {
  const plural = new Intl.PluralRules(language)
  const number = new Intl.NumberFormat(language)
  return (key: K, holes: Holes = {}) => {
    const { count } = holes
    const single = `${key}.one`
    const one = typeof count === 'number' && plural.select(count) === 'one' && single in catalogue
    const text = catalogue[one ? (single as K) : key]
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = holes[name]
      return typeof value === 'number' ? number.format(value) : (value ?? '')
    })
  }
}

export function TextProvider({ children }: { readonly children: ReactNode }) {
  const [language, choose] = useState<Language>(preferred)
  const [loaded, setLoaded] = useState<{ language: Language; catalogue: Catalogue } | null>(
    language === 'en' ? { language, catalogue: en } : null,
  )
  useEffect(() => {
    let current = true
    catalogueOf(language).then((catalogue) => {
      if (!current) return
      document.documentElement.lang = language
      setLoaded({ language, catalogue })
    })
    return () => {
      current = false
    }
  }, [language])
  const texts = useMemo<Texts | null>(() => {
    if (loaded === null) return null
    return {
      language: loaded.language,
      t: translator(loaded.language, loaded.catalogue),
      setLanguage(next) {
        localStorage.setItem(STORED, next)
        choose(next)
      },
    }
  }, [loaded])
  return texts === null ? null : <Context value={texts}>{children}</Context>
}

export function useTexts(): Texts {
  const texts = use(Context)
  if (texts === null) throw new Error('outside of TextProvider')
  return texts
}

/** Texts that come with the pages that need them, so that the first page is there sooner. */
export function useTextsOf<K extends string>(own: Readonly<Record<Language, Readonly<Record<K, string>>>>) {
  const { language } = useTexts()
  return useMemo(() => translator(language, own[language]), [language, own])
}

export function useT(): T {
  return useTexts().t
}
