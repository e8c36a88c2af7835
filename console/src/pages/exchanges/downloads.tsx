import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { exchangeQuery } from '../../api/exchanges-queries.ts'
import { type TextKey, useT } from '../../app/text.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { ExchangeFrame } from './frame.tsx'

/** What can be taken along: templates in each format, schemas, the readable page. */
export function ExchangeDownloads() {
  const { exchange } = useParams({ from: '/exchanges/$exchange/downloads' })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.downloads">
      {(definition) => <Papers definition={definition} />}
    </ExchangeFrame>
  )
}

type Kind = 'reference' | 'template' | 'json-schema' | 'xml-schema'

const ABOUT: Readonly<Record<Kind, TextKey>> = {
  reference: 'paper.referenceAbout',
  template: 'paper.templateAbout',
  'json-schema': 'paper.jsonSchemaAbout',
  'xml-schema': 'paper.xmlSchemaAbout',
}

function Papers({ definition }: { readonly definition: Definition }) {
  const t = useT()
  const { data, error, refetch } = useQuery(exchangeQuery(definition.exchange))
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={8} />
  const titles = new Map(definition.types.map(({ name, title }) => [name, title]))
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('exchanges.downloads')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('paper.paper')}</th>
          <th scope="col">{t('facts.format')}</th>
          <th scope="col">{t('paper.for')}</th>
        </tr>
      </thead>
      <tbody>
        {data.papers.map(({ kind, format, type, href }) => (
          <tr key={href}>
            <th scope="row" data-label={t('paper.paper')}>
              <a href={href} download="" className="table__main">
                {t(`paper.${kind}`)}
                {type === null ? '' : `: ${titles.get(type) ?? type}`}
                <span className="usa-sr-only"> {format.toUpperCase()}</span>
              </a>
            </th>
            <td data-label={t('facts.format')}>{format.toUpperCase()}</td>
            <td data-label={t('paper.for')}>{t(ABOUT[kind])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
