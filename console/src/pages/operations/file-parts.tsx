import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { Tag } from './tag.tsx'

const FILE_TONES = {
  taken: 'busy',
  refused: 'bad',
  held: 'warn',
  submitted: 'busy',
  done: 'good',
  discarded: 'wait',
} as const

export type FileState = Schemas['IntakeFile']['state']

export function FileTag({ state }: { readonly state: FileState }) {
  const t = useT()
  return <Tag tone={FILE_TONES[state]}>{t(`file.state.${state}`)}</Tag>
}

/** The pages about files. */
export function FileTabs() {
  const t = useT()
  const text = useAdminText()
  const { me, may } = useSession()
  return (
    <nav className="tabs" aria-label={t('files.pages')}>
      <Link to="/files" className="tabs__one" activeOptions={{ exact: true, includeSearch: false }}>
        {t('files.intakes')}
      </Link>
      <Link to="/files/folders" className="tabs__one" activeOptions={{ includeSearch: false }}>
        {t('files.folders')}
      </Link>
      <Link to="/files/transfers" className="tabs__one" activeOptions={{ includeSearch: false }}>
        {t('files.transfers')}
      </Link>
      {me.centre && may('manage', '*') ? (
        <Link to="/files/places" className="tabs__one">
          {text('place.title')}
        </Link>
      ) : null}
    </nav>
  )
}
