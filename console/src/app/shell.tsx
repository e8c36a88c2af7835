import { Link, Outlet } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { AccountMenu } from './account-menu.tsx'
import { AlertStrip } from './alerts.tsx'
import { navigationFor } from './navigation.ts'
import { useRealm } from './realm.ts'
import { useSession } from './session.tsx'
import { useTexts } from './text.tsx'
import { zone, zoneName } from './time.tsx'
import { usePageChange } from './title-focus.ts'

/** What stands around every page: who and where one is, and where one can go. */
export function Shell() {
  const { t, language } = useTexts()
  const { me, may } = useSession()
  const [open, setOpen] = useState(false)
  const { realm } = useRealm()
  usePageChange(useCallback(() => setOpen(false), []))
  return (
    <div className="shell">
      <a className="usa-skipnav" href="#page">
        {t('shell.skip')}
      </a>
      <header>
        <div className="top">
          <button
            type="button"
            className="top__menu"
            aria-expanded={open}
            aria-controls="navigation"
            onClick={() => setOpen(!open)}
          >
            {t('shell.menu')}
          </button>
          <Link to="/" className="top__name">
            <img src="/mark.svg" alt="" width="28" height="28" />
            <span>{t('product.name')}</span>
          </Link>
          <span className="top__partner">{me.partnerTitle ?? me.partner}</span>
          <AccountMenu />
        </div>
        {realm === 'test' ? <p className="realm-strip">{t('realm.strip')}</p> : null}
        <AlertStrip />
      </header>
      <div className="shell__body">
        <nav id="navigation" className={`nav ${open ? 'nav--open' : ''}`} aria-label={t('shell.navigation')}>
          {navigationFor({ centre: me.centre, may }).map(({ label, entries }) => (
            <div key={label ?? ''} className="nav__group">
              {label === null ? null : <h2 className="nav__label">{t(label)}</h2>}
              <ul className="nav__list">
                {entries.map(({ to, label: text }) => (
                  <li key={to}>
                    <Link to={to} className="nav__link" activeOptions={{ exact: to === '/' }}>
                      {t(text)}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <main id="page" className="page" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <footer className="foot">
        <span>{t('shell.times', { zone: `${zone.replaceAll('_', ' ')} (${zoneName(language)})` })}</span>
        <a href="/docs">{t('shell.api')}</a>
      </footer>
    </div>
  )
}
