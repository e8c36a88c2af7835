import type { Submission } from '../../api/client.ts'
import { useT } from '../../app/text.tsx'

/** How far it is, as it goes on. */
export function Progress({ submission }: { readonly submission: Submission }) {
  const t = useT()
  const { records, share } = submission.progress
  if (submission.state === 'held') return null
  const value = share ?? 0
  return (
    <div className="progress" role="status">
      <progress
        className="progress__bar"
        max={1}
        value={submission.state === 'queued' ? 0 : value}
        aria-label={t('progress.label')}
      />
      <span className="progress__text">
        {submission.state === 'queued'
          ? t('progress.waiting')
          : t('progress.records', { count: records ?? 0 })}
      </span>
    </div>
  )
}
