import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Definition, RecordType } from '../../../../src/exchange/definition.ts'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { correctedQuery, faultyQuery } from '../../api/forms-queries.ts'
import { definitionQuery } from '../../api/queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Answer } from '../../forms/answer.tsx'
import { Editor, type Result } from '../../forms/editor.tsx'
import type { Tree } from '../../forms/tree.ts'

const route = getRouteApi('/fix/$exchange/$type/$id')

/** One record of the work list, with what is wrong in it, to be put right and sent again. */
export function FixRecord() {
  const { id } = route.useParams()
  // Each record is a form of its own.
  return <OneRecord key={id} id={id} />
}

function OneRecord({ id }: { readonly id: string }) {
  const t = useT()
  const { may } = useSession()
  const { exchange, type: name } = route.useParams()
  const { code, after } = route.useSearch()
  const list = { exchange, type: name, ...(code === undefined ? {} : { code }) }
  const asked = useQuery(definitionQuery(exchange))
  const found = useQuery(correctedQuery(exchange, name, id))
  const definition = asked.data as Definition | undefined
  const type = definition?.types.find((one) => one.name === name)
  const record = found.data
  const problem = asked.error ?? found.error
  const place = { ...list, ...(after === undefined ? {} : { after }) }
  return (
    <Page
      title={record?.key ?? t('fix.title')}
      above={
        <Link to="/fix" search={place}>
          {t('fix.title')}
        </Link>
      }
      actions={<Next place={place} id={id} skip />}
    >
      {problem !== null ? (
        <Failure problem={problem} again={() => found.refetch()} />
      ) : definition === undefined || record === undefined ? (
        <Skeleton lines={12} />
      ) : type === undefined || !may('submit', exchange) ? (
        <Empty title={t('fix.notYours')} />
      ) : record.status !== 'submitted-with-errors' ? (
        <Empty title={t('fix.already')} />
      ) : (
        <Correction definition={definition} type={type} record={record}>
          <Next place={place} id={id} />
        </Correction>
      )}
    </Page>
  )
}

function Correction({
  definition,
  type,
  record,
  children,
}: {
  readonly definition: Definition
  readonly type: RecordType
  readonly record: Schemas['Record']
  readonly children: React.ReactNode
}) {
  const t = useT()
  const queries = useQueryClient()
  const [result, setResult] = useState<Result | null>(null)
  const { exchange, recordId: id, version } = record
  const replaces = type.lifecycle.operations.replace !== undefined
  const send = (body: Tree, key: string) => {
    const header = { 'if-match': `"${version}"`, 'idempotency-key': key }
    const path = { exchange, type: type.name }
    return replaces
      ? dataOf(
          api.PUT('/v1/exchanges/{exchange}/{type}/{id}', {
            params: { path: { ...path, id }, header },
            body,
          }),
        )
      : dataOf(
          api.POST('/v1/exchanges/{exchange}/{type}', {
            params: { path, header, query: { realm: record.realm, partner: record.partner } },
            body: { ...body, operation: 'upsert' },
          }),
        )
  }
  const done = (answer: Result) => {
    setResult(answer)
    // The list itself stays as it was until one is through with it: `next` goes on from here.
    void queries.invalidateQueries({ queryKey: ['faulty-rules'] })
    void queries.invalidateQueries({ queryKey: ['faulty'], refetchType: 'none' })
    void queries.invalidateQueries({ queryKey: ['attention'] })
  }
  if (result !== null) return <Answer result={result}>{children}</Answer>
  return (
    <Editor
      definition={definition}
      type={type}
      partner={record.partner}
      operation="replace"
      initial={record.body as Tree}
      stored={record.findings}
      send={send}
      done={done}
    >
      <p className="bar__state">{t('fix.about')}</p>
    </Editor>
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
