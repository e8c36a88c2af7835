import { Link } from '@tanstack/react-router'
import type { Scorecard } from '../../api/records-queries.ts'
import type { QualityFilters } from '../../app/search-records.ts'
import { useT } from '../../app/text.tsx'
import { Severity } from '../../components/finding.tsx'
import { Count } from '../../components/number.tsx'
import { isWorse, Rate } from './rate.tsx'

/** Each rule with how often it speaks, the most frequent first; its name leads to its months. */
export function Rules({ card, filters }: { readonly card: Scorecard; readonly filters: QualityFilters }) {
  const t = useT()
  if (card.rules.length === 0) return <p className="calm">{t('quality.clean')}</p>
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('quality.rules')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('quality.rule')}</th>
          {(['quality.findings', 'quality.rate', 'quality.median'] as const).map((name) => (
            <th key={name} scope="col" className="num">
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {card.rules.map((rule) => (
          <tr key={rule.code}>
            <th scope="row" data-label={t('quality.rule')}>
              <span className="codes__message">{rule.message}</span>
              <span className="codes__about">
                <Severity severity={rule.severity} />
                <Link to="/quality" search={{ ...filters, rule: rule.code }} resetScroll>
                  {rule.code}
                </Link>
              </span>
            </th>
            <td className="num" data-label={t('quality.findings')}>
              <Count value={rule.findings} />
            </td>
            <td className="num" data-label={t('quality.rate')}>
              <Rate value={rule.rate} warn={isWorse(rule)} />
              {isWorse(rule) ? <span className="usa-sr-only"> {t('quality.worse')}</span> : null}
            </td>
            <td className="num" data-label={t('quality.median')}>
              <Rate value={rule.median} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
