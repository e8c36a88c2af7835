import { useQuery } from '@tanstack/react-query'
import { api, dataOf } from '../../api/client.ts'
import { filePolicyQuery, usePeopleChange } from '../../api/people-queries.ts'
import { exchangesQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'

/** How a partner's files must be protected, by exchange; the centre says so. */
export function FilePolicies({ partner }: { readonly partner: string }) {
  const t = useT()
  const { data: exchanges } = useQuery(exchangesQuery())
  if (exchanges?.length === 0) return null
  return (
    <Section title={t('policies.title')}>
      {exchanges === undefined ? <Skeleton lines={2} /> : null}
      <div className="people__grants">
        {exchanges?.map(({ exchange, title }) => (
          <Policy key={exchange} partner={partner} exchange={exchange} title={title} />
        ))}
      </div>
    </Section>
  )
}

function Policy({
  partner,
  exchange,
  title,
}: {
  readonly partner: string
  readonly exchange: string
  readonly title: string
}) {
  const t = useT()
  const { me, may } = useSession()
  const { data, error, refetch } = useQuery(filePolicyQuery(partner, exchange))
  const set = usePeopleChange((body: { mustEncrypt: boolean; mustSign: boolean }) =>
    dataOf(
      api.PUT('/v1/partners/{partner}/file-policies/{exchange}', {
        params: { path: { partner, exchange } },
        body,
      }),
    ),
  )
  const problem = error ?? set.error
  if (problem !== null) return <Failure problem={problem} again={refetch} />
  if (data === undefined) return <Skeleton lines={1} />
  const { mustEncrypt, mustSign } = data
  const mine = me.centre && may('manage')
  const rows = [
    ['policies.encrypt', mustEncrypt, { mustEncrypt: !mustEncrypt, mustSign }],
    ['policies.sign', mustSign, { mustEncrypt, mustSign: !mustSign }],
  ] as const
  return (
    <fieldset className="people__ticks" disabled={!mine || set.isPending}>
      <legend>{title}</legend>
      <div className="people__boxes">
        {rows.map(([label, checked, next]) => (
          <label key={label} className="people__tick">
            <input type="checkbox" checked={checked} onChange={() => set.mutate(next)} />
            {t(label)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
