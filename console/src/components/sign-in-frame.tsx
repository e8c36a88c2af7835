import type { ReactNode } from 'react'
import { LANGUAGES } from '../app/account-menu.tsx'
import { useTexts } from '../app/text.tsx'

/** What stands around the pages of people who are not signed in yet. */
export function SignInFrame({ children }: { readonly children: ReactNode }) {
  const { t, language, setLanguage } = useTexts()
  return (
    <main className="sign-in">
      <div className="sign-in__card">
        <p className="sign-in__name">
          <img src="/mark.svg" alt="" width="36" height="36" />
          {t('product.name')}
        </p>
        {children}
      </div>
      <p className="sign-in__languages">
        {LANGUAGES.map(([code, name]) => (
          <button
            key={code}
            type="button"
            className="link"
            lang={code}
            aria-pressed={code === language}
            onClick={() => setLanguage(code)}
          >
            {name}
          </button>
        ))}
      </p>
    </main>
  )
}
