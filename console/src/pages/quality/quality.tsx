import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { partnersQuery } from '../../api/queries.ts'
import { qualityQuery, qualitySearch, type Scorecard } from '../../api/records-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { PERIODS, type QualityFilters } from '../../app/search-records.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { FilterChoice, FilterExchange } from '../../components/filter-fields.tsx'
import { Count } from '../../components/number.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { useExchange } from '../../record/use-exchange.ts'
import { isWorse, Rate } from './rate.tsx'
import { Rules } from './rules.tsx'
import { Trend } from './trend.tsx'

/** How often something is found in what was sent, by rule and by month, beside the median of the others. */
export function Quality() {
  const t = useT()
  const { realm } = useRealm()
  const { may } = useSession()
  const navigate = useNavigate()
  const filters = useSearch({ from: '/quality' })
  const { exchanges, chosen, waiting, error, refetch } = useExchange(
    filters.exchange,
    (exchange) => may('read', exchange) || may('submit', exchange),
  )
  const show = (next: QualityFilters) =>
    navigate({ to: '/quality', search: realm === 'test' ? { ...next, realm } : next })
  const download =
    waiting || chosen === undefined ? undefined : (
      <a
        className="usa-button usa-button--outline"
        href={`/v1/quality?${new URLSearchParams({ ...qualitySearch(realm, chosen.exchange, filters), format: 'csv' })}`}
        download
      >
        {t('quality.download')}
      </a>
    )
  return (
    <Page title={t('nav.quality')} actions={download}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : waiting ? (
        <Skeleton lines={12} />
      ) : chosen === undefined ? (
        <Empty title={t('records.nothing')} />
      ) : (
        <>
          <Filters {...{ filters, exchanges, show }} exchange={chosen.exchange} />
          <Card exchange={chosen.exchange} filters={filters} />
        </>
      )}
    </Page>
  )
}

interface FiltersProps {
  readonly exchange: string
  readonly exchanges: readonly { readonly exchange: string; readonly title: string }[]
  readonly filters: QualityFilters
  readonly show: (filters: QualityFilters) => void
}

function Filters({ exchange, exchanges, filters, show }: FiltersProps) {
  const t = useT()
  const { me, may } = useSession()
  const { data: partners = [] } = useQuery({ ...partnersQuery(), enabled: me.centre && may('manage') })
  const { partner: _, ...others } = filters
  return (
    <search className="filters" aria-label={t('quality.filters')}>
      <FilterExchange
        exchanges={exchanges}
        value={exchange}
        set={(value) => show({ ...filters, exchange: value })}
      />
      {partners.length === 0 ? null : (
        <FilterChoice
          id="partner"
          label={t('submission.partner')}
          value={filters.partner}
          set={(value) => show(value === '' ? others : { ...filters, partner: value })}
          all={t('quality.everybody')}
        >
          {partners.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </FilterChoice>
      )}
      <FilterChoice
        id="months"
        label={t('quality.period')}
        value={String(filters.months ?? PERIODS[0])}
        set={(value) => {
          const months = PERIODS.find((one) => String(one) === value)
          show(months === undefined ? filters : { ...filters, months })
        }}
      >
        {PERIODS.map((months) => (
          <option key={months} value={months}>
            {t('quality.months', { count: months })}
          </option>
        ))}
      </FilterChoice>
    </search>
  )
}

function Card({ exchange, filters }: { readonly exchange: string; readonly filters: QualityFilters }) {
  const t = useT()
  const { realm } = useRealm()
  const { data, error, refetch } = useQuery(qualityQuery(realm, exchange, filters))
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={14} />
  if (data.received === 0) return <Empty title={t('quality.none')} />
  return (
    <>
      <Figures card={data} />
      <Trend card={data} filters={filters} />
      <Section title={t('quality.rules')}>
        <Rules card={data} filters={filters} />
      </Section>
    </>
  )
}

function Figures({ card }: { readonly card: Scorecard }) {
  const t = useT()
  return (
    <>
      <dl className="figures">
        <div className="figures__one">
          <dt>{t('quality.received')}</dt>
          <dd>
            <Count value={card.received} />
          </dd>
        </div>
        <div className="figures__one">
          <dt>{t('quality.findings')}</dt>
          <dd>
            <Count value={card.all.findings} />
          </dd>
        </div>
        <div className="figures__one">
          <dt>{t('quality.rate')}</dt>
          <dd>
            <Rate value={card.all.rate} warn={isWorse(card.all)} />
          </dd>
        </div>
        <div className="figures__one">
          <dt>{t('quality.median')}</dt>
          <dd>
            <Rate value={card.all.median} />
          </dd>
        </div>
      </dl>
      {card.all.median === null ? <p className="quiet">{t('quality.alone')}</p> : null}
    </>
  )
}
