import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { refusedPairQuery, refusedQuery } from '../../api/records-queries.ts'
import { useRealm } from '../../app/realm.ts'
import type { DuplicateFilters } from '../../app/search-records.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Compared } from './compared.tsx'
import { Paging } from './paging.tsx'
import { sideOf } from './stored.tsx'

interface Props {
  readonly definition: Definition
  readonly filters: DuplicateFilters
}

/** Records that were refused as duplicates, the latest first; each opens beside the stored one. */
export function RefusedRecords({ definition, filters }: Props) {
  const t = useT()
  const { realm } = useRealm()
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...refusedQuery(realm, definition.exchange, filters),
    placeholderData: keepPreviousData,
  })
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={10} />
  if (data.items.length === 0) return <Empty title={t('duplicates.noneRefused')} />
  return (
    <div className={isPlaceholderData ? 'stale' : ''}>
      <ul className="codes">
        {data.items.map((one) => (
          <Refused key={`${one.tracking} ${one.position}`} definition={definition} one={one} />
        ))}
      </ul>
      <Paging filters={filters} next={data.next} />
    </div>
  )
}

interface RefusedProps {
  readonly definition: Definition
  readonly one: {
    readonly tracking: string
    readonly position: number
    readonly partner: string
    readonly key: string | null
    readonly message: string
    readonly receivedAt: string
  }
}

function Refused({ definition, one }: RefusedProps) {
  const t = useT()
  const [open, setOpen] = useState(false)
  const { tracking, position, partner, key, message, receivedAt } = one
  return (
    <li className="codes__one">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="codes__head">
          <span className="codes__text">
            <span className="codes__message">{key ?? t('duplicates.position', { position })}</span>
            <span className="codes__about">
              {partner} · <Time at={receivedAt} /> · {message}
            </span>
          </span>
        </summary>
        {open ? (
          <div className="pairs__inside">
            <Pair definition={definition} tracking={tracking} position={position} />
          </div>
        ) : null}
      </details>
    </li>
  )
}

interface PairProps {
  readonly definition: Definition
  readonly tracking: string
  readonly position: number
}

function Pair({ definition, tracking, position }: PairProps) {
  const t = useT()
  const { data, error, refetch } = useQuery(refusedPairQuery(tracking, position))
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={4} />
  const type = definition.types.find(({ name }) => name === data.type)
  if (type === undefined) return null
  const { refused, stored } = data
  const submission = (
    <Link to="/submissions/$tracking" params={{ tracking }}>
      <code>{tracking}</code>
    </Link>
  )
  if (stored === null)
    return (
      <p>
        {t('duplicates.gone')} {submission}
      </p>
    )
  return (
    <Compared
      caption={t('duplicates.compare', { first: refused.key ?? tracking, second: stored.key })}
      definition={definition}
      type={type}
      fields={data.fields}
      left={{
        name: t('duplicates.asSent'),
        body: refused.body,
        head: (
          <>
            <span className="compared__name">{t('duplicates.asSent')}</span>
            {refused.key}
            <span className="table__under">
              {submission} · {t('duplicates.position', { position })}
            </span>
          </>
        ),
      }}
      right={sideOf(t('duplicates.storedOne'), type, stored, null)}
    />
  )
}
