import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useRealm } from './realm.ts'
import { useSession } from './session.tsx'
import { type Language, useTexts } from './text.tsx'

/** Languages by their own names. */
export const LANGUAGES: readonly (readonly [Language, string])[] = [
  ['en', 'English'],
  ['es', 'Español'],
]

/** Who is signed in, with what is theirs to choose. */
export function AccountMenu() {
  const { t, language, setLanguage } = useTexts()
  const { me, signOut } = useSession()
  const { realm, setRealm } = useRealm()
  const menu = useClosing()
  return (
    <details className="account" ref={menu}>
      <summary className="account__name">{me.name}</summary>
      <div className="account__panel">
        <p className="account__who">
          <strong>{me.name}</strong>
          <span>{me.partnerTitle ?? me.partner}</span>
        </p>
        <Link to="/account" className="account__own">
          {t('account.title')}
        </Link>
        <label className="usa-label" htmlFor="language">
          {t('shell.language')}
        </label>
        <select
          id="language"
          className="usa-select"
          value={language}
          onChange={(event) => setLanguage(event.target.value as Language)}
        >
          {LANGUAGES.map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
        {me.realms.length < 2 ? null : (
          <>
            <label className="usa-label" htmlFor="realm">
              {t('realm.label')}
            </label>
            <select
              id="realm"
              className="usa-select"
              value={realm}
              onChange={(event) => void setRealm(event.target.value === 'test' ? 'test' : 'live')}
            >
              <option value="live">{t('realm.live')}</option>
              <option value="test">{t('realm.test')}</option>
            </select>
          </>
        )}
        <button type="button" className="usa-button usa-button--outline account__out" onClick={signOut}>
          {t('session.signOut')}
        </button>
      </div>
    </details>
  )
}

/** An open menu closes at Escape and when one goes elsewhere. */
function useClosing() {
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (event: Event) => {
      const { current } = menu
      if (current === null || !current.open) return
      const left =
        event instanceof KeyboardEvent ? event.key === 'Escape' : !current.contains(event.target as Node)
      if (!left) return
      current.open = false
      if (event instanceof KeyboardEvent) current.querySelector('summary')?.focus()
    }
    document.addEventListener('click', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('click', close)
      document.removeEventListener('keydown', close)
    }
  }, [])
  return menu
}
