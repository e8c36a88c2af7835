import { Link } from '@tanstack/react-router'
import type { DuplicateFilters } from '../../app/search-records.ts'
import { useT } from '../../app/text.tsx'

export function Paging({
  filters,
  next,
}: {
  readonly filters: DuplicateFilters
  readonly next: string | null
}) {
  const t = useT()
  const { after, ...others } = filters
  if (after === undefined && next === null) return null
  return (
    <nav className="paging" aria-label={t('paging.label')}>
      {after === undefined ? (
        <span />
      ) : (
        <Link to="/duplicates" search={others}>
          {t('paging.newest')}
        </Link>
      )}
      {next === null ? null : (
        <Link to="/duplicates" search={{ ...others, after: next }}>
          {t('paging.older')}
        </Link>
      )}
    </nav>
  )
}
