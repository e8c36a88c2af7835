import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import type { Scorecard } from '../../api/records-queries.ts'
import type { QualityFilters } from '../../app/search-records.ts'
import { useT } from '../../app/text.tsx'
import { Count } from '../../components/number.tsx'
import { Section } from '../../components/page.tsx'
import { isWorse, Rate } from './rate.tsx'

const TrendPlot = lazy(() => import('./trend-plot.tsx'))

interface Props {
  readonly card: Scorecard
  readonly filters: QualityFilters
}

/** How it went month by month: all rules together, or the one that the address names. */
export function Trend({ card, filters }: Props) {
  const t = useT()
  const { rule: code, ...others } = filters
  const rule = card.rules.find((one) => one.code === code)
  const months = useMemo(
    () =>
      card.months.map(({ month, received, ...all }, index) => ({
        month,
        received,
        ...(rule === undefined ? all : (rule.months[index] ?? all)),
      })),
    [card, rule],
  )
  const all =
    rule === undefined ? null : (
      <Link to="/quality" search={others}>
        {t('quality.allRules')}
      </Link>
    )
  return (
    <Section
      title={rule === undefined ? t('quality.trend') : t('quality.trendOf', { rule: rule.code })}
      aside={all}
    >
      {rule === undefined ? null : <p className="quiet">{rule.message}</p>}
      <div className="plot">
        <Suspense>
          <TrendPlot points={months} />
        </Suspense>
      </div>
      <details className="more">
        <summary>{t('activity.asTable')}</summary>
        <div className="table-scroll">
          <table className="usa-table usa-table--borderless usa-table--compact table">
            <thead>
              <tr>
                <th scope="col">{t('quality.month')}</th>
                {(['quality.received', 'quality.findings', 'quality.rate', 'quality.median'] as const).map(
                  (name) => (
                    <th key={name} scope="col" className="num">
                      {t(name)}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {months.map((one) => (
                <tr key={one.month}>
                  <th scope="row">{one.month}</th>
                  <td className="num">
                    <Count value={one.received} />
                  </td>
                  <td className="num">
                    <Count value={one.findings} />
                  </td>
                  <td className="num">
                    <Rate value={one.rate} warn={isWorse(one)} />
                  </td>
                  <td className="num">
                    <Rate value={one.median} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Section>
  )
}
