import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Realm, Schemas } from '../../api/client.ts'
import { activityQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'
import { Count } from '../../components/number.tsx'
import { Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { SERIES, sum } from './series.ts'

const Plot = lazy(() => import('./activity-plot.tsx'))
const PERIODS = [14, 30, 90] as const

type Day = Schemas['DayOfActivity']

/** What arrived and what became of it, by day. */
export function Activity({ realm }: { readonly realm: Realm }) {
  const t = useT()
  const [days, setDays] = useState<number>(30)
  const { data, error, refetch } = useQuery(activityQuery(realm, days))
  const periods = (
    <fieldset className="segments">
      <legend className="usa-sr-only">{t('activity.period')}</legend>
      {PERIODS.map((period) => (
        <button
          key={period}
          type="button"
          className="segments__one"
          aria-pressed={period === days}
          onClick={() => setDays(period)}
        >
          {t('activity.days', { count: period })}
        </button>
      ))}
    </fieldset>
  )
  return (
    <Section title={t('activity.title')} aside={periods}>
      {error === null ? <Days items={data?.items ?? null} /> : <Failure problem={error} again={refetch} />}
    </Section>
  )
}

function Days({ items }: { readonly items: readonly Day[] | null }) {
  const t = useT()
  const received = sum(items, ({ received }) => received)
  const refused = sum(items, ({ rejected, filtered }) => rejected + filtered)
  const figures = [
    { label: t('activity.submissions'), value: sum(items, ({ submissions }) => submissions), warn: false },
    { label: t('activity.received'), value: received, warn: false },
    { label: t('activity.notTaken'), value: refused, warn: true },
    { label: t('activity.withErrors'), value: sum(items, ({ withErrors }) => withErrors), warn: true },
  ]
  return (
    <>
      <dl className="figures">
        {figures.map(({ label, value, warn }) => (
          <div key={label} className="figures__one">
            <dt>{label}</dt>
            <dd>
              {items === null ? <span className="figures__blank" /> : <Count value={value} warn={warn} />}
            </dd>
          </div>
        ))}
      </dl>
      <div className="plot">
        {items === null ? null : received === 0 ? (
          <p className="plot__none">{t('activity.none')}</p>
        ) : (
          <Suspense>
            <Plot items={items} />
          </Suspense>
        )}
      </div>
      {items === null || received === 0 ? null : <DaysTable items={items} />}
    </>
  )
}

/** The same in numbers: for those who cannot see the plot, and those who want to know exactly. */
function DaysTable({ items }: { readonly items: readonly Day[] }) {
  const t = useT()
  const busy = items.filter(({ submissions }) => submissions > 0).toReversed()
  return (
    <details className="more">
      <summary>{t('activity.asTable')}</summary>
      <div className="table-scroll">
        <table className="usa-table usa-table--borderless usa-table--compact table">
          <thead>
            <tr>
              <th scope="col">{t('activity.day')}</th>
              <th scope="col" className="num">
                {t('activity.submissions')}
              </th>
              {SERIES.map(({ name }) => (
                <th key={name} scope="col" className="num">
                  {t(`outcome.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {busy.map((one) => (
              <tr key={one.day}>
                <th scope="row">{one.day}</th>
                <td className="num">
                  <Count value={one.submissions} />
                </td>
                {SERIES.map(({ name, of }) => (
                  <td key={name} className="num">
                    <Count value={of(one)} warn={name === 'rejected'} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
