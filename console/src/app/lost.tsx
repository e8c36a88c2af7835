import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { Page } from '../components/page.tsx'
import { Empty, Failure } from '../components/states.tsx'
import { useT } from './text.tsx'

/** There is no such page. */
export function Missing() {
  const t = useT()
  return (
    <Page title={t('lost.title')}>
      <Empty title={t('lost.about')}>
        <Link to="/">{t('nav.home')}</Link>
      </Empty>
    </Page>
  )
}

/** A page that fell over; the others go on. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const t = useT()
  return (
    <Page title={t('state.failed')}>
      <Failure problem={error instanceof Error ? error : new Error()} again={reset} />
    </Page>
  )
}
