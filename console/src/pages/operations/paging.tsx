import { Link } from '@tanstack/react-router'
import type { OperationsSearch } from '../../api/operations-queries.ts'
import { useT } from '../../app/text.tsx'

/** To the newest and to the older ones, at the address one is at. */
export function Paging({
  search,
  next,
  rising = false,
}: {
  readonly search: OperationsSearch
  readonly next: string | number | null | undefined
  /** The oldest come first. */
  readonly rising?: boolean
}) {
  const t = useT()
  const { after, ...others } = search
  if (after === undefined && (next === null || next === undefined)) return null
  return (
    <nav className="paging" aria-label={t('paging.label')}>
      {after === undefined ? (
        <span />
      ) : (
        <Link to="." search={others}>
          {rising ? t('paging.first') : t('paging.newest')}
        </Link>
      )}
      {next === null || next === undefined ? null : (
        <Link to="." search={{ ...others, after: String(next) }}>
          {rising ? t('paging.following') : t('paging.older')}
        </Link>
      )}
    </nav>
  )
}
