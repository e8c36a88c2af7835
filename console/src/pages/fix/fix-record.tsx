import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Definition } from '../../../../src/exchange/definition.ts'
import { correctedQuery, dropDraft, faultyQuery } from '../../api/forms-queries.ts'
import { definitionQuery } from '../../api/queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Correction } from '../../forms/correction.tsx'
import { editWay } from '../../record/edit-way.ts'
import { Actions } from '../record/actions.tsx'

const route = getRouteApi('/fix/$exchange/$type/$id')

/** One record of the work list, with what is wrong in it, to be put right and sent again. */
export function FixRecord() {
  const { id } = route.useParams()
  // Each record is a form of its own.
  return <OneRecord key={id} id={id} />
}

function OneRecord({ id }: { readonly id: string }) {
  const t = useT()
  const session = useSession()
  const queries = useQueryClient()
  const { exchange, type: name } = route.useParams()
  const { code, after } = route.useSearch()
  const list = { exchange, type: name, ...(code === undefined ? {} : { code }) }
  const found = useQuery(correctedQuery(exchange, name, id))
  const asked = useQuery({
    ...definitionQuery(exchange, session.me.centre ? found.data?.partner : undefined),
    enabled: found.data !== undefined,
  })
  const definition = asked.data as Definition | undefined
  const type = definition?.types.find((one) => one.name === name)
  const record = found.data
  const way = type === undefined || record === undefined ? null : editWay(session, type, record)
  const problem = asked.error ?? found.error
  const place = { ...list, ...(after === undefined ? {} : { after }) }
  const [away, setAway] = useState(false)
  const settled = () => {
    // It was closed or deleted: there is nothing more to write.
    setAway(true)
    void dropDraft(id)
    done()
  }
  const done = () => {
    // The list itself stays as it was until one is through with it: `next` goes on from here.
    void queries.invalidateQueries({ queryKey: ['faulty-rules'] })
    void queries.invalidateQueries({ queryKey: ['faulty'], refetchType: 'none' })
  }
  return (
    <Page
      title={record?.key ?? t('fix.title')}
      above={
        <Link to="/fix" search={place}>
          {t('fix.title')}
        </Link>
      }
      actions={
        <div className="record__actions">
          {type === undefined || record === undefined || away ? null : (
            <Actions type={type} record={record} changed={settled} />
          )}
          <Next place={place} id={id} skip />
        </div>
      }
    >
      {problem !== null ? (
        <Failure problem={problem} again={() => found.refetch()} />
      ) : definition === undefined || record === undefined ? (
        <Skeleton lines={12} />
      ) : away || record.status !== 'submitted-with-errors' ? (
        <Empty title={t('fix.already')}>
          <Next place={place} id={id} />
        </Empty>
      ) : type === undefined || way === null ? (
        <Empty title={t('fix.notYours')} />
      ) : (
        <Correction
          key={record.version}
          {...{ definition, type, record, way, done }}
          again={() => found.refetch()}
        >
          <Next place={place} id={id} />
        </Correction>
      )}
    </Page>
  )
}

/** To the record after this one in the list that one came from. */
function Next({
  place,
  id,
  skip = false,
}: {
  readonly place: {
    readonly exchange: string
    readonly type: string
    readonly code?: string
    readonly after?: string
  }
  readonly id: string
  readonly skip?: boolean
}) {
  const t = useT()
  const { realm } = useRealm()
  const { data } = useQuery({ ...faultyQuery(realm, place), refetchOnMount: false })
  // What was put right is no longer in a list that was read anew; where it stood is kept.
  const [next] = useNext(data, id)
  const { exchange, type, ...search } = place
  const look = skip ? 'link' : 'usa-button'
  if (next !== undefined)
    return (
      <Link
        to="/fix/$exchange/$type/$id"
        params={{ exchange, type, id: next }}
        search={search}
        className={skip ? 'next' : look}
      >
        {t(skip ? 'fix.skip' : 'fix.next')}
      </Link>
    )
  if (skip) return null
  const more = data?.next ?? undefined
  return (
    <Link
      to="/fix"
      search={more === undefined ? { exchange, type } : { ...place, after: more }}
      className={look}
    >
      {t(more === undefined ? 'fix.back' : 'fix.nextPage')}
    </Link>
  )
}

function useNext(
  list: { readonly items: readonly { readonly recordId: string }[] } | undefined,
  id: string,
): readonly [string | undefined] {
  const [kept, keep] = useState<readonly [string | undefined] | null>(null)
  if (kept !== null) return kept
  if (list === undefined) return [undefined]
  const at = list.items.findIndex(({ recordId }) => recordId === id)
  const found = [list.items[at + 1]?.recordId] as const
  keep(found)
  return found
}
