import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { crosswalksQuery, ruleSetsQuery } from '../../api/exchanges-queries.ts'
import { partnersQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { CrosswalkForm } from './crosswalk-form.tsx'
import { ExchangeFrame } from './frame.tsx'
import { Pick } from './pickers.tsx'

const FROM = '/exchanges/$exchange/crosswalks'

/** What partners' codes mean in ours, and changing that. */
export function ExchangeCrosswalks() {
  const { exchange } = useParams({ from: FROM })
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.crosswalks">
      {(definition) => <Crosswalks definition={definition} />}
    </ExchangeFrame>
  )
}

function Crosswalks({ definition }: { readonly definition: Definition }) {
  const t = useT()
  const { exchange } = definition
  const search = useSearch({ from: FROM })
  const navigate = useNavigate({ from: FROM })
  const { data, error, refetch } = useQuery(crosswalksQuery(exchange))
  const { data: partners = [] } = useQuery(partnersQuery())
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={10} />
  const chosen = data.find(({ name }) => name === search.name) ?? data[0]
  if (chosen === undefined) return <Empty title={t('crosswalks.none')} />
  const partner = search.partner ?? '*'
  const own = chosen.partners.find((one) => one.partner === partner) ?? { stated: {}, ruled: {} }
  const show = (next: { readonly name?: string; readonly partner?: string }) =>
    navigate({ search: { name: chosen.name, partner, ...next } })
  return (
    <>
      <p className="lead quiet">{t('crosswalks.about')}</p>
      <search className="filters" aria-label={t('filters.label')}>
        <Pick id="crosswalk" label={t('crosswalks.name')} value={chosen.name} set={(name) => show({ name })}>
          {data.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </Pick>
        <Pick
          id="partner"
          label={t('submission.partner')}
          value={partner}
          set={(next) => show({ partner: next })}
        >
          <option value="*">{t('crosswalks.everybody')}</option>
          {partners.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </Pick>
      </search>
      <p className="quiet">
        {t('crosswalks.leadsTo')}{' '}
        <Link to="/exchanges/$exchange/codes/$list" params={{ exchange, list: chosen.list }}>
          {definition.lists[chosen.list]?.title ?? chosen.list}
        </Link>
        {chosen.fields.length === 0 ? '' : ` · ${t('codes.usedByThese', { fields: chosen.fields.join(', ') })}`}
      </p>
      <CrosswalkForm
        key={`${chosen.name} ${partner} ${JSON.stringify(own.ruled)}`}
        exchange={exchange}
        crosswalk={chosen.name}
        list={chosen.list}
        partner={partner}
        ruled={own.ruled}
      />
      <Stated definition={definition} list={chosen.list} map={own.stated} />
      <Versions exchange={exchange} partner={partner} />
    </>
  )
}

function Stated({
  definition,
  list,
  map,
}: {
  readonly definition: Definition
  readonly list: string
  readonly map: Readonly<Record<string, string>>
}) {
  const t = useT()
  const labels = new Map(definition.lists[list]?.values.map(({ code, label }) => [code, label]))
  const pairs = Object.entries(map)
  return (
    <Section title={t('crosswalks.stated')}>
      {pairs.length === 0 ? (
        <p className="quiet">{t('crosswalks.noneStated')}</p>
      ) : (
        <table className="usa-table usa-table--borderless usa-table--stacked usa-table--compact table table--wide">
          <caption className="usa-sr-only">{t('crosswalks.stated')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('crosswalks.theirs')}</th>
              <th scope="col">{t('crosswalks.ours')}</th>
              <th scope="col">{t('codes.means')}</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map(([theirs, ours]) => (
              <tr key={theirs}>
                <th scope="row" data-label={t('crosswalks.theirs')}>
                  <code>{theirs}</code>
                </th>
                <td data-label={t('crosswalks.ours')}>
                  <code>{ours}</code>
                </td>
                <td data-label={t('codes.means')}>{labels.get(ours) ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

const TONES = { 'in-effect': 'good', coming: 'busy', past: 'wait', withdrawn: 'wait' } as const

function Versions({ exchange, partner }: { readonly exchange: string; readonly partner: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(ruleSetsQuery(exchange, partner))
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={3} />
  return (
    <Section title={t('crosswalks.versions')}>
      {data.length === 0 ? (
        <p className="quiet">{t('crosswalks.noVersions')}</p>
      ) : (
        <table className="usa-table usa-table--borderless usa-table--stacked usa-table--compact table table--wide">
          <caption className="usa-sr-only">{t('crosswalks.versions')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('codes.version')}</th>
              <th scope="col">{t('submission.state')}</th>
              <th scope="col">{t('crosswalks.from')}</th>
              <th scope="col">{t('crosswalks.reason')}</th>
              <th scope="col">{t('codes.by')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map((one) => (
              <tr key={one.version}>
                <th scope="row" data-label={t('codes.version')}>
                  {one.version}
                </th>
                <td className="cell--plain">
                  <span className={`state state--${TONES[one.state]}`}>{t(`version.state.${one.state}`)}</span>
                </td>
                <td data-label={t('crosswalks.from')}>
                  <Time at={one.effectiveAt} />
                </td>
                <td className="cell--whole">{one.reason}</td>
                <td data-label={t('codes.by')}>{one.madeBy}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
