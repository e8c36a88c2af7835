import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { partnersQuery } from '../../api/queries.ts'
import { formQuery } from '../../api/records-queries.ts'
import { useRealm } from '../../app/realm.ts'
import type { DuplicateFilters } from '../../app/search-records.ts'
import { useSession } from '../../app/session.tsx'
import { useTexts } from '../../app/text.tsx'
import { FilterChoice, FilterExchange } from '../../components/filter-fields.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { useExchange } from '../../record/use-exchange.ts'
import { RefusedRecords } from './refused.tsx'
import { StoredPairs } from './stored.tsx'

interface Listed {
  readonly exchange: string
  readonly title: string
}

/** What stands twice, and what was refused for standing already. For the centre. */
export function Duplicates() {
  const { t } = useTexts()
  const { me, may } = useSession()
  const filters = useSearch({ from: '/duplicates' })
  const { exchanges, chosen, waiting, error, refetch } = useExchange(
    filters.exchange,
    (exchange) => me.centre && may('read', exchange),
  )
  return (
    <Page title={t('nav.duplicates')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : waiting ? (
        <Skeleton lines={12} />
      ) : chosen === undefined ? (
        <Empty title={t('lost.about')} />
      ) : (
        <OfExchange exchange={chosen.exchange} exchanges={exchanges} filters={filters} />
      )}
    </Page>
  )
}

interface Props {
  readonly exchange: string
  readonly exchanges: readonly Listed[]
  readonly filters: DuplicateFilters
}

function OfExchange({ exchange, exchanges, filters }: Props) {
  const { t, language } = useTexts()
  const { data: definition, error, refetch } = useQuery(formQuery(exchange))
  if (error !== null) return <Failure problem={error} again={refetch} />
  const fields = definition === undefined ? [] : labelsOf(definition)
  const list = new Intl.ListFormat(language)
  return (
    <>
      <Filters exchange={exchange} exchanges={exchanges} filters={filters} />
      {definition === undefined ? (
        <Skeleton lines={10} />
      ) : fields.length === 0 ? (
        <Empty title={t('duplicates.not')} />
      ) : (
        <>
          {fields.map((labels) => (
            <p key={labels.join()} className="quiet">
              {t('duplicates.about', { fields: list.format(labels) })}
            </p>
          ))}
          {filters.kind === 'refused' ? (
            <RefusedRecords definition={definition} filters={filters} />
          ) : (
            <StoredPairs definition={definition} filters={filters} />
          )}
        </>
      )}
    </>
  )
}

/** By what each type tells duplicates. */
function labelsOf({ types }: Definition): readonly (readonly string[])[] {
  return types.flatMap(({ identity, fields }) =>
    identity.duplicates.map((rule) =>
      rule.fields.map((name) => fields.find((field) => field.name === name)?.label ?? name),
    ),
  )
}

function Filters({ exchange, exchanges, filters }: Props) {
  const { t } = useTexts()
  const { realm } = useRealm()
  const { may } = useSession()
  const navigate = useNavigate()
  const { data: partners = [] } = useQuery({ ...partnersQuery(), enabled: may('manage') })
  const { after: _, ...kept } = filters
  const show = (next: DuplicateFilters) =>
    navigate({ to: '/duplicates', search: realm === 'test' ? { ...next, realm } : next })
  const { partner: __, ...ofAll } = kept
  const { kind: ___, ...ofStored } = kept
  return (
    <search className="filters" aria-label={t('duplicates.filters')}>
      <FilterExchange
        exchanges={exchanges}
        value={exchange}
        set={(value) => show({ ...kept, exchange: value })}
      />
      <FilterChoice
        id="kind"
        label={t('duplicates.kind')}
        value={filters.kind ?? 'stored'}
        set={(value) => show(value === 'refused' ? { ...kept, kind: 'refused' } : ofStored)}
      >
        <option value="stored">{t('duplicates.stored')}</option>
        <option value="refused">{t('duplicates.refused')}</option>
      </FilterChoice>
      {partners.length === 0 ? null : (
        <FilterChoice
          id="partner"
          label={t('submission.partner')}
          value={filters.partner}
          set={(value) => show(value === '' ? ofAll : { ...kept, partner: value })}
          all={t('filters.all')}
        >
          {partners.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </FilterChoice>
      )}
    </search>
  )
}
