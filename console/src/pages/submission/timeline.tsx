import type { Submission } from '../../api/client.ts'
import { useTexts } from '../../app/text.tsx'
import { duration, Time } from '../../app/time.tsx'

/** When it was received, begun and closed, and how long each took. */
export function Timeline({ submission }: { readonly submission: Submission }) {
  const { t, language } = useTexts()
  const { receivedAt, startedAt, closedAt, state } = submission
  const steps = [
    { name: t('timeline.received'), at: receivedAt, took: null },
    { name: t('timeline.started'), at: startedAt, took: between(receivedAt, startedAt) },
    {
      name: closedAt === null ? t('timeline.closed') : t(`submission.state.${state}`),
      at: closedAt,
      took: between(startedAt, closedAt),
    },
  ]
  return (
    <ol className="timeline">
      {steps.map(({ name, at, took }) => (
        <li key={name} className={`timeline__step ${at === null ? '' : 'timeline__step--done'}`}>
          <span className="timeline__name">{name}</span>
          <span className="timeline__at">
            {at === null ? t('timeline.notYet') : <Time at={at} to="second" />}
            {took === null ? null : (
              <span className="timeline__took">
                {' '}
                · {t('timeline.after', { time: duration(took, language) })}
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  )
}

function between(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from))
}
