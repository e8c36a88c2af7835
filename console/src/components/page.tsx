import { type ReactNode, useEffect, useRef } from 'react'
import { useT } from '../app/text.tsx'
import { useTitle } from '../app/title-focus.ts'

interface Props {
  readonly title: string
  /** Above the title: what it belongs to. */
  readonly above?: ReactNode
  /** Beside the title: what can be done. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The head and body of a page. A reader of screens is taken to its title when it opens. */
export function Page({ title, above, actions, children }: Props) {
  const t = useT()
  const heading = useRef<HTMLHeadingElement>(null)
  useTitle(heading)
  useEffect(() => {
    document.title = `${title} · ${t('product.name')}`
  }, [title, t])
  return (
    <>
      <div className="page__head">
        <div className="page__titles">
          {above === undefined ? null : <div className="page__above">{above}</div>}
          <h1 ref={heading} className="page__title" tabIndex={-1}>
            {title}
          </h1>
        </div>
        {actions === undefined ? null : <div className="page__actions">{actions}</div>}
      </div>
      {children}
    </>
  )
}

/** A titled part of a page. */
export function Section({
  title,
  aside,
  children,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className="section">
      <div className="section__head">
        <h2 className="section__title">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
