import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Definition, RecordType } from '../../../../src/exchange/definition.ts'
import { pairsQuery, type StoredRecord } from '../../api/records-queries.ts'
import { useRealm } from '../../app/realm.ts'
import type { DuplicateFilters } from '../../app/search-records.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { DeleteButton } from '../../record/delete-dialog.tsx'
import { mayDo } from '../../record/may-do.ts'
import { Compared } from './compared.tsx'
import { Paging } from './paging.tsx'

interface Props {
  readonly definition: Definition
  readonly filters: DuplicateFilters
}

/** Pairs of stored records that are one; one of each can be deleted. */
export function StoredPairs({ definition, filters }: Props) {
  const t = useT()
  const { realm } = useRealm()
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...pairsQuery(realm, definition.exchange, filters),
    placeholderData: keepPreviousData,
  })
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={10} />
  if (data.items.length === 0) return <Empty title={t('duplicates.none')} />
  return (
    <div className={isPlaceholderData ? 'stale' : ''}>
      <ul className="pairs">
        {data.items.map(({ type: name, fields, first, second }) => {
          const type = definition.types.find((one) => one.name === name)
          return type === undefined ? null : (
            <li key={`${first.recordId} ${second.recordId}`} className="pairs__one">
              <Compared
                caption={t('duplicates.compare', { first: first.key, second: second.key })}
                definition={definition}
                type={type}
                fields={fields}
                left={sideOf(t('duplicates.first'), type, first, second)}
                right={sideOf(t('duplicates.second'), type, second, first)}
              />
            </li>
          )
        })}
      </ul>
      <Paging filters={filters} next={data.next} />
    </div>
  )
}

/** @param other the one that it is the same as */
export function sideOf(name: string, type: RecordType, record: StoredRecord, other: StoredRecord | null) {
  return {
    name,
    body: record.body,
    head: <Head name={name} record={record} />,
    foot: <Delete type={type} record={record} other={other} />,
  }
}

function Head({ name, record }: { readonly name: string; readonly record: StoredRecord }) {
  const { exchange, type, recordId, key, partner, createdAt } = record
  return (
    <>
      <span className="compared__name">{name}</span>
      <Link to="/records/$exchange/$type/$id" params={{ exchange, type, id: recordId }} search={{}}>
        {key}
      </Link>
      <span className="table__under">
        {partner} · <Time at={createdAt} />
      </span>
    </>
  )
}

interface DeleteProps {
  readonly type: RecordType
  readonly record: StoredRecord
  readonly other: StoredRecord | null
}

function Delete({ type, record, other }: DeleteProps) {
  const t = useT()
  const session = useSession()
  if (!mayDo(session, type, record, 'delete')) return null
  const reason = other === null ? '' : t('duplicates.reason', { key: other.key })
  return <DeleteButton record={record} reason={reason} />
}
