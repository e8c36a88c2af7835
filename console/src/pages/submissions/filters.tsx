import { useQuery } from '@tanstack/react-query'
import { exchangesQuery, partnersQuery } from '../../api/queries.ts'
import { STATES, type SubmissionFilters } from '../../app/search.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { FilterChoice, FilterDay, FilterExchange, FilterSearch } from '../../components/filter-fields.tsx'

interface Props {
  readonly filters: SubmissionFilters
  readonly show: (filters: SubmissionFilters) => void
}

/** Narrows the list. Each choice takes effect at once; words when they are sent. */
export function Filters({ filters, show }: Props) {
  const t = useT()
  const { me, may } = useSession()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const { data: partners = [] } = useQuery({ ...partnersQuery(), enabled: me.centre && may('manage') })
  const set = (name: keyof SubmissionFilters, value: string | true) => {
    const { [name]: _, after: __, ...others } = filters
    show(value === '' ? others : ({ ...others, [name]: value } as SubmissionFilters))
  }
  const given = Object.keys(filters).some((name) => name !== 'realm' && name !== 'after')
  return (
    <search className="filters" aria-label={t('filters.label')}>
      <FilterSearch
        id="text"
        label={t('filters.text')}
        value={filters.text}
        set={(text) => set('text', text)}
      />
      <FilterChoice
        all={t('filters.all')}
        id="state"
        label={t('submission.state')}
        value={filters.state}
        set={(value) => set('state', value)}
      >
        {STATES.map((state) => (
          <option key={state} value={state}>
            {t(`submission.state.${state}`)}
          </option>
        ))}
      </FilterChoice>
      <FilterExchange
        exchanges={exchanges}
        all={t('filters.all')}
        value={filters.exchange}
        set={(value) => set('exchange', value)}
      />
      {partners.length === 0 ? null : (
        <FilterChoice
          all={t('filters.all')}
          id="partner"
          label={t('submission.partner')}
          value={filters.partner}
          set={(value) => set('partner', value)}
        >
          {partners.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </FilterChoice>
      )}
      <FilterChoice
        all={t('filters.all')}
        id="kind"
        label={t('filters.kind')}
        value={filters.kind}
        set={(value) => set('kind', value)}
      >
        <option value="documents">{t('filters.documents')}</option>
        <option value="records">{t('filters.records')}</option>
      </FilterChoice>
      <FilterDay
        id="from"
        label={t('filters.from')}
        value={filters.from}
        set={(value) => set('from', value)}
      />
      <FilterDay id="to" label={t('filters.to')} value={filters.to} set={(value) => set('to', value)} />
      <label className="filters__tick">
        <input
          type="checkbox"
          checked={filters.errors === true}
          onChange={(event) => set('errors', event.target.checked || '')}
        />
        {t('filters.errors')}
      </label>
      {given ? (
        <button type="button" className="link filters__clear" onClick={() => show({})}>
          {t('filters.clear')}
        </button>
      ) : null}
    </search>
  )
}
