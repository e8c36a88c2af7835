import type { ReactNode } from 'react'
import { ApiProblem } from '../api/client.ts'
import { useT } from '../app/text.tsx'
import { Button, ErrorAlert } from './controls.tsx'

/** Grey shapes of the size of what is coming, so that nothing jumps. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  const t = useT()
  return (
    <div className="skeleton" role="status">
      <span className="usa-sr-only">{t('state.loading')}</span>
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <span key={line} className="skeleton__line" aria-hidden="true" />
      ))}
    </div>
  )
}

/** What went wrong, in words, and what can be done about it. */
export function Failure({ problem, again }: { readonly problem: Error; readonly again?: () => unknown }) {
  const t = useT()
  return (
    <ErrorAlert title={t('state.failed')}>
      {sentence(problem, t)}
      {again === undefined ? null : (
        <Button type="button" unstyled className="failure__again" onClick={() => again()}>
          {t('state.again')}
        </Button>
      )}
    </ErrorAlert>
  )
}

/** The node's own words where it gave some. */
export function sentence(problem: Error, t: ReturnType<typeof useT>): string {
  if (!(problem instanceof ApiProblem)) return t('problem.unexpected')
  if (problem.code === 'UNREACHABLE') return t('problem.unreachable')
  return problem.message === '' ? t('problem.unexpected') : problem.message
}

/** There is nothing, said plainly, with what to do next. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty__title">{title}</p>
      {children}
    </div>
  )
}
