import { useQuery } from '@tanstack/react-query'
import { exchangesQuery, partnersQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { FilterChoice, FilterExchange } from '../../components/filter-fields.tsx'

interface Props {
  readonly value: string | undefined
  readonly set: (value: string) => void
}

/** Partners by their titles; only the centre's administrators know them all. */
export function usePartners(): ReadonlyMap<string, string> {
  const { me, may } = useSession()
  const { data = [] } = useQuery({ ...partnersQuery(), enabled: me.centre && may('manage') })
  return new Map(data.map(({ name, title }) => [name, title]))
}

/** What to call a partner: its title, as far as this person may know it. */
export function usePartnerTitle(): (partner: string) => string {
  const { me } = useSession()
  const partners = usePartners()
  return (partner) =>
    partners.get(partner) ?? (partner === me.partner ? (me.partnerTitle ?? partner) : partner)
}

/** Exchanges by their titles. */
export function useExchanges(): ReadonlyMap<string, string> {
  const { data = [] } = useQuery(exchangesQuery())
  return new Map(data.map(({ exchange, title }) => [exchange, title]))
}

export function PartnerChoice({ value, set }: Props) {
  const t = useT()
  const partners = usePartners()
  if (partners.size === 0) return null
  return (
    <FilterChoice id="partner" label={t('submission.partner')} value={value} set={set} all={t('filters.all')}>
      {[...partners].map(([name, title]) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </FilterChoice>
  )
}

export function ExchangeChoice(props: Props) {
  const t = useT()
  const { data = [] } = useQuery(exchangesQuery())
  return <FilterExchange exchanges={data} all={t('filters.all')} {...props} />
}
