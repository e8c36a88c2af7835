import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import type { Definition, RecordType } from '../../../../src/exchange/definition.ts'
import { api, dataOf } from '../../api/client.ts'
import { draftQuery } from '../../api/forms-queries.ts'
import { definitionQuery, partnersQuery } from '../../api/queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Answer } from '../../forms/answer.tsx'
import { DraftLine } from '../../forms/draft-line.tsx'
import { readDraft } from '../../forms/draft-note.ts'
import { Editor, type Result } from '../../forms/editor.tsx'
import { newBody, type Tree, textOf } from '../../forms/tree.ts'
import { useDraft } from '../../forms/use-draft.ts'

const route = getRouteApi('/enter/$exchange/$type')

/** A record to be written from nothing, or from a draft. */
export function EnterRecord() {
  const t = useT()
  const { me, may } = useSession()
  const { exchange, type: name } = route.useParams()
  // The draft that this page was opened with; one that it makes itself only changes the address.
  const [opened] = useState(route.useSearch().draft)
  const [round, setRound] = useState(0)
  const kept = useQuery({ ...draftQuery(opened ?? ''), enabled: opened !== undefined })
  const draft = kept.data === undefined || round > 0 ? null : readDraft(kept.data.body)
  const named = route.useSearch().whose ?? draft?.note.partner
  const asked = useQuery({
    ...definitionQuery(exchange, me.centre ? named : undefined),
    placeholderData: keepPreviousData,
  })
  const definition = asked.data as Definition | undefined
  const type = definition?.types.find((one) => one.name === name)
  const chooses = me.centre && may('manage') && definition?.owner === 'partner'
  const whose = chooses ? named : me.partner
  const problem = asked.error ?? kept.error
  const waiting = definition === undefined || (opened !== undefined && kept.data === undefined)
  return (
    <Page title={type?.title ?? t('enter.title')} above={<Link to="/enter">{t('enter.title')}</Link>}>
      {problem !== null ? (
        <Failure problem={problem} again={() => asked.refetch()} />
      ) : waiting ? (
        <Skeleton lines={12} />
      ) : type === undefined || !may('submit', exchange) ? (
        <Empty title={t('enter.nothing')} />
      ) : (
        <>
          {chooses ? <Whose value={whose} /> : null}
          {whose === undefined ? (
            <Empty title={t('enter.whoseFirst')} />
          ) : (
            <Blank
              key={round}
              definition={definition}
              type={type}
              whose={whose}
              draft={round === 0 ? opened : undefined}
              body={draft?.tree ?? null}
              another={() => setRound(round + 1)}
            />
          )}
        </>
      )}
    </Page>
  )
}

/** The centre says for which partner it writes. */
function Whose({ value }: { readonly value: string | undefined }) {
  const t = useT()
  const navigate = route.useNavigate()
  const { data = [] } = useQuery(partnersQuery())
  return (
    <div className="filters">
      <div className="filters__words">
        <label htmlFor="whose">{t('enter.whose')}</label>
        <select
          id="whose"
          className="usa-select"
          value={value ?? ''}
          onChange={({ target }) =>
            void navigate({ search: (before) => ({ ...before, whose: target.value }), replace: true })
          }
        >
          {value === undefined ? <option value="">{t('form.choose')}</option> : null}
          {data.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}

function Blank({
  definition,
  type,
  whose,
  draft,
  body,
  another,
}: {
  readonly definition: Definition
  readonly type: RecordType
  readonly whose: string
  readonly draft: string | undefined
  readonly body: Tree | null
  readonly another: () => void
}) {
  const t = useT()
  const { me } = useSession()
  const { realm } = useRealm()
  const navigate = route.useNavigate()
  const [id] = useState(() => draft ?? crypto.randomUUID())
  const [initial] = useState(() => body ?? newBody(type.fields))
  const [tree, setTree] = useState(initial)
  const [result, setResult] = useState<Result | null>(null)
  const { exchange } = definition
  const title = type.identity.key.map((name) => textOf(tree[name])).filter((part) => part !== '')
  const content = {
    title: title.join(' / ').slice(0, 200),
    exchange,
    realm,
    type: type.name,
    body: tree,
    fields: type.fields,
    note: whose === me.partner ? {} : { partner: whose },
  }
  const saved = useCallback(
    () =>
      void navigate({
        search: (before) => ({ ...before, draft: id }),
        replace: true,
        resetScroll: false,
      }),
    [navigate, id],
  )
  const kept = useDraft(id, content, saved)
  const create = type.lifecycle.operations.create !== undefined
  const send = (record: Tree, key: string) =>
    dataOf(
      api.POST('/v1/exchanges/{exchange}/{type}', {
        params: {
          path: { exchange, type: type.name },
          query: { realm, ...(whose === me.partner ? {} : { partner: whose }) },
          header: { 'idempotency-key': key },
        },
        body: { ...record, operation: create ? 'create' : 'upsert' },
      }),
    )
  const done = (answer: Result) => {
    setResult(answer)
    void kept.drop()
  }
  if (result !== null)
    return (
      <Answer result={result}>
        <Button
          type="button"
          onClick={() => {
            void navigate({ search: ({ draft: _, ...rest }) => rest, replace: true })
            another()
          }}
        >
          {t('enter.another')}
        </Button>
      </Answer>
    )
  return (
    <Editor
      definition={definition}
      type={type}
      partner={whose}
      operation="create"
      initial={initial}
      changed={setTree}
      send={send}
      done={done}
    >
      <DraftLine state={kept.state} again={kept.save} />
    </Editor>
  )
}
