import { useQuery } from '@tanstack/react-query'
import type { Grant } from '../../api/client.ts'
import { exchangesQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'

/** What may be given in one exchange, in the order in which people think of it. */
const IN_EXCHANGE: readonly Grant[] = ['submit', 'validate', 'read', 'close', 'delete', 'release']

/** Grants by exchange. */
export type Given = Readonly<Record<string, readonly Grant[]>>

/** Boxes to tick, for each exchange; what one has not oneself is not offered. */
export function GrantTicks({
  given,
  set,
  partnerCentre,
}: {
  readonly given: Given
  readonly set: (exchange: string, grants: readonly Grant[]) => void
  /** The account belongs to the centre. */
  readonly partnerCentre: boolean
}) {
  const t = useT()
  const { me, may } = useSession()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const everywhere: readonly Grant[] = partnerCentre
    ? [...IN_EXCHANGE, 'manage']
    : me.centre || may('administer')
      ? ['administer']
      : []
  const known = new Set(exchanges.map(({ exchange }) => exchange))
  const other = Object.keys(given).filter((one) => one !== '*' && !known.has(one))
  return (
    <div className="people__grants">
      {everywhere.length === 0 ? null : (
        <Ticks
          legend={t('accounts.everywhere')}
          offered={union(everywhere, given['*'] ?? [])}
          given={given['*'] ?? []}
          set={(grants) => set('*', grants)}
        />
      )}
      {[...exchanges, ...other.map((exchange) => ({ exchange, title: exchange }))].map(
        ({ exchange, title }) => (
          <Ticks
            key={exchange}
            legend={title}
            offered={union(
              IN_EXCHANGE.filter((grant) => me.centre || may(grant, exchange)),
              given[exchange] ?? [],
            )}
            given={given[exchange] ?? []}
            set={(grants) => set(exchange, grants)}
          />
        ),
      )}
    </div>
  )
}

function union(offered: readonly Grant[], given: readonly Grant[]): readonly Grant[] {
  return [...new Set([...offered, ...given])]
}

function Ticks({
  legend,
  offered,
  given,
  set,
}: {
  readonly legend: string
  readonly offered: readonly Grant[]
  readonly given: readonly Grant[]
  readonly set: (grants: readonly Grant[]) => void
}) {
  const t = useT()
  if (offered.length === 0) return null
  return (
    <fieldset className="people__ticks">
      <legend>{legend}</legend>
      <div className="people__boxes">
        {offered.map((grant) => (
          <label key={grant} className="people__tick">
            <input
              type="checkbox"
              checked={given.includes(grant)}
              onChange={(event) =>
                set(event.target.checked ? [...given, grant] : given.filter((one) => one !== grant))
              }
            />
            {t(`grant.${grant}`)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
