import type { StoredRecord } from '../../api/records-queries.ts'
import { useT } from '../../app/text.tsx'
import { SentValue, Severity } from '../../components/finding.tsx'

/** What was found in the record when it was last sent. */
export function RecordFindings({ findings }: { readonly findings: StoredRecord['findings'] }) {
  const t = useT()
  return (
    <div className="table-scroll">
      <table className="usa-table usa-table--borderless usa-table--stacked table">
        <caption className="usa-sr-only">{t('findings.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('check.found')}</th>
            <th scope="col">{t('findings.field')}</th>
            <th scope="col">{t('findings.value')}</th>
          </tr>
        </thead>
        <tbody>
          {findings.map((one) => (
            <tr key={`${one.code} ${one.path}`}>
              <th scope="row" data-label={t('check.found')}>
                <span className="codes__message">{one.message}</span>
                <span className="codes__about">
                  <Severity severity={one.severity} />
                  <code>{one.code}</code>
                </span>
              </th>
              <td data-label={t('findings.field')}>
                {one.field}
                {one.item === null ? '' : ` ${t('findings.item', { number: one.item })}`}
              </td>
              <td data-label={t('findings.value')}>
                <SentValue value={one.value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
