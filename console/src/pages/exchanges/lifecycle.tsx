import { useParams } from '@tanstack/react-router'
import type { Operation, RecordType } from '../../../../src/exchange/definition.ts'
import { useT } from '../../app/text.tsx'
import { Section } from '../../components/page.tsx'
import { ExchangeFrame } from './frame.tsx'

/** Where records can stand, and what can be done with them there. */
export function ExchangeLifecycle() {
  const { exchange } = useParams({ from: '/exchanges/$exchange/lifecycle' })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.lifecycle">
      {({ types }) =>
        types.map((type) => (
          <Section key={type.name} title={type.title}>
            <Statuses type={type} />
            <Operations type={type} />
          </Section>
        ))
      }
    </ExchangeFrame>
  )
}

const STATUSES = ['submitted', 'submitted-with-errors', 'closed', 'deleted'] as const

function Statuses({ type }: { readonly type: RecordType }) {
  const t = useT()
  return (
    <dl className="fact-rows">
      {STATUSES.map((status) => (
        <div key={status}>
          <dt>{type.lifecycle.labels[status]}</dt>
          <dd>{t(`lifecycle.${status}`)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Operations({ type }: { readonly type: RecordType }) {
  const t = useT()
  const { lifecycle, operation } = type
  const wordsFor = (name: string) =>
    Object.entries(operation.values)
      .filter(([, means]) => means === name)
      .map(([word]) => word)
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('lifecycle.operations', { type: type.title })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('lifecycle.operation')}</th>
          <th scope="col">{t('lifecycle.from')}</th>
          <th scope="col">{t('lifecycle.by')}</th>
          <th scope="col">{t('lifecycle.word', { field: operation.column })}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(lifecycle.operations).map(([name, rule]) => (
          <tr key={name}>
            <th scope="row" data-label={t('lifecycle.operation')}>
              <span className="table__main">{t(`operation.${name as Operation}`)}</span>
            </th>
            <td data-label={t('lifecycle.from')}>
              {rule.from.map((status) => lifecycle.labels[status]).join(', ') || t('lifecycle.fromNone')}
            </td>
            <td data-label={t('lifecycle.by')}>{t(`lifecycle.grant.${rule.grant}`)}</td>
            <td data-label={t('lifecycle.word', { field: operation.column })}>
              {wordsFor(name).length === 0 ? (
                <span className="quiet">{t('lifecycle.noWord')}</span>
              ) : (
                <code>{wordsFor(name).join(', ')}</code>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
