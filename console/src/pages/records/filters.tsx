import { useQuery } from '@tanstack/react-query'
import type { Definition, Field, RecordType } from '../../../../src/exchange/definition.ts'
import { partnersQuery } from '../../api/queries.ts'
import { type RecordFilters, STATUSES } from '../../app/search-records.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import {
  FilterChoice,
  FilterDay,
  FilterExchange,
  FilterSearch,
  FilterWords,
} from '../../components/filter-fields.tsx'

/** Longer lists of codes are typed, not chosen. */
const CHOICES_MAX = 100

interface Props {
  readonly exchanges: readonly { readonly exchange: string; readonly title: string }[]
  readonly definition: Definition
  readonly type: RecordType
  readonly filters: RecordFilters
  readonly show: (filters: RecordFilters) => void
}

/** Narrows the list by what the node can search by; each choice takes effect at once, words when they are sent. */
export function Filters({ exchanges, definition, type, filters, show }: Props) {
  const t = useT()
  const { me, may } = useSession()
  const { data: partners = [] } = useQuery({ ...partnersQuery(), enabled: me.centre && may('manage') })
  const { where = {} } = filters
  const place = { exchange: definition.exchange, type: type.name }
  const set = (name: keyof RecordFilters, value: string) => {
    const { [name]: _, after: __, ...others } = filters
    show({ ...others, ...place, ...(value === '' ? {} : { [name]: value }) })
  }
  const setField = (name: string, value: string) => {
    const { where: _, after: __, ...others } = filters
    const { [name]: ___, ...rest } = where
    const next = value === '' ? rest : { ...rest, [name]: value }
    show({ ...others, ...place, ...(Object.keys(next).length === 0 ? {} : { where: next }) })
  }
  const given = isNarrowed(filters)
  return (
    <search className="filters" aria-label={t('records.filters')}>
      <FilterExchange
        exchanges={exchanges}
        value={definition.exchange}
        set={(exchange) => show({ exchange })}
      />
      {definition.types.length < 2 ? null : (
        <FilterChoice
          id="type"
          label={t('records.type')}
          value={type.name}
          set={(name) => show({ exchange: definition.exchange, type: name })}
        >
          {definition.types.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </FilterChoice>
      )}
      <FilterSearch
        id="text"
        label={t('records.text')}
        value={filters.text}
        set={(value) => set('text', value)}
      />
      <FilterChoice
        id="status"
        label={t('records.status')}
        value={filters.status}
        set={(value) => set('status', value)}
        all={t('filters.all')}
      >
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {type.lifecycle.labels[status]}
          </option>
        ))}
      </FilterChoice>
      {partners.length === 0 ? null : (
        <FilterChoice
          id="partner"
          label={t('submission.partner')}
          value={filters.partner}
          set={(value) => set('partner', value)}
          all={t('filters.all')}
        >
          {partners.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </FilterChoice>
      )}
      {type.fields
        .filter(({ search }) => search)
        .map((field) => (
          <FieldFilter
            key={field.no}
            field={field}
            lists={definition.lists}
            value={where[field.name]}
            set={(value) => setField(field.name, value)}
          />
        ))}
      {given ? (
        <button type="button" className="link filters__clear" onClick={() => show(place)}>
          {t('filters.clear')}
        </button>
      ) : null}
    </search>
  )
}

/** Is anything left out of the list? */
export function isNarrowed({ text, status, partner, where, after }: RecordFilters): boolean {
  return [text, status, partner, where, after].some((one) => one !== undefined)
}

interface FieldFilterProps {
  readonly field: Field
  readonly lists: Definition['lists']
  readonly value: string | undefined
  readonly set: (value: string) => void
}

function FieldFilter({ field, lists, value, set }: FieldFilterProps) {
  const t = useT()
  const props = { id: `field-${field.name}`, label: field.label, value, set }
  const codes = field.list === null ? [] : (lists[field.list]?.values ?? [])
  if (field.type === 'date') return <FilterDay {...props} />
  if (codes.length === 0 || codes.length > CHOICES_MAX) return <FilterWords {...props} />
  return (
    <FilterChoice {...props} all={t('filters.all')}>
      {codes.map(({ code, label }) => (
        <option key={code} value={code}>
          {label === code ? code : `${code} · ${label}`}
        </option>
      ))}
    </FilterChoice>
  )
}
