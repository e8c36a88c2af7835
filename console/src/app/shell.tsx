import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { AccountMenu } from './account-menu.tsx'
import { navigationFor } from './navigation.ts'
import { useRealm } from './realm.ts'
import { useSession } from './session.tsx'
import { useTexts } from './text.tsx'
import { zone, zoneName } from './time.tsx'

/** What stands around every page: who and where one is, and where one can go. */
export function Shell() {
  const { t, language } = useTexts()
  const { me, may } = useSession()
  const [open, setOpen] = useState(false)
  const path = useLocation({ select: ({ pathname }) => pathname })
  const { realm } = useRealm()
  useTitleFocus(path, () => setOpen(false))
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

/** After a change of page the reader of a screen begins at its title, not where the last page left off. */
function useTitleFocus(path: string, changed: () => void): void {
  const before = useRef(path)
  const told = useRef(changed)
  told.current = changed
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    told.current()
    const frame = requestAnimationFrame(() =>
      document.querySelector<HTMLElement>('.page__title')?.focus({ preventScroll: true }),
    )
    return () => cancelAnimationFrame(frame)
  }, [path])
}
