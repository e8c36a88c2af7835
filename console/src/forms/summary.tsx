import type { MouseEvent, Ref } from 'react'
import { useT } from '../app/text.tsx'
import { Severity } from '../components/finding.tsx'
import type { Placed } from './findings.ts'
import { idOf } from './form-state.ts'

/** All that is wrong, each leading to its field. */
export function Summary({
  placed,
  place,
}: {
  readonly placed: readonly Placed[]
  readonly place: Ref<HTMLElement>
}) {
  const t = useT()
  if (placed.length === 0)
    return (
      <section ref={place} tabIndex={-1} className="summary" aria-label={t('form.check')}>
        <p className="calm">{t('form.clean')}</p>
      </section>
    )
  return (
    <section ref={place} tabIndex={-1} className="summary summary--bad" aria-labelledby="summary-title">
      <h2 id="summary-title" className="summary__title">
        {t('form.wrong', { count: placed.length })}
      </h2>
      <p className="summary__about">
        {t(
          placed.some(({ finding }) => finding.severity === 'fatal') ? 'form.fatalAbout' : 'form.anywayAbout',
        )}
      </p>
      <ul className="summary__list">
        {placed.map(({ finding, path, label }) => (
          <li key={`${finding.code} ${finding.path}`}>
            <Severity severity={finding.severity} />{' '}
            {path === '' ? (
              finding.message
            ) : (
              <a href={`#${idOf(path)}`} onClick={(event) => go(event, path)}>
                {label}: {finding.message}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** To the field, or to what is around it where it is not shown. */
function go(event: MouseEvent, path: string): void {
  event.preventDefault()
  for (let at = path; at !== ''; at = at.replace(/(\.?[^.[]+|\[\d+\])$/, '')) {
    const target = document.getElementById(idOf(at)) ?? document.getElementById(`${idOf(at)}-more`)
    if (target === null) continue
    const control = target.matches('fieldset')
      ? (target.querySelector<HTMLElement>('input, select, textarea') ?? target)
      : target
    control.focus({ preventScroll: true })
    control.closest('.field, .group')?.scrollIntoView({ block: 'center' })
    return
  }
}
