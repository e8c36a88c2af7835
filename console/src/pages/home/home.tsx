import { useRealm } from '../../app/realm.ts'
import { useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Activity } from './activity.tsx'
import { AttentionList } from './attention.tsx'

/** What needs a person first, then what arrived and how it went. */
export function Home() {
  const t = useT()
  const { realm } = useRealm()
  return (
    <Page title={t('home.title')}>
      <AttentionList realm={realm} />
      <Activity realm={realm} />
    </Page>
  )
}
