import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { type OperationsSearch, WORK_ITEM_STATES, workItemsQuery } from '../../api/operations-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT, useTexts } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { FilterChoice } from '../../components/filter-fields.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Ask } from './ask.tsx'
import { MessageTabs } from './messages.tsx'
import { Paging } from './paging.tsx'
import { ExchangeChoice, PartnerChoice } from './partner-choice.tsx'
import { Tag } from './tag.tsx'

type WorkItem = Schemas['WorkItem']

const TONES = { open: 'warn', confirmed: 'good', refused: 'wait', withdrawn: 'wait' } as const

/** What the centre asked partners to settle, and what they answered. */
export function WorkItems() {
  const t = useT()
  const { realm } = useRealm()
  const search = useSearch({ from: '/messages/questions' })
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    ...workItemsQuery(realm, search),
    placeholderData: keepPreviousData,
  })
  const set = (name: keyof OperationsSearch) => (value: string) => {
    const { [name]: _, after: __, ...others } = search
    void navigate({ to: '/messages/questions', search: value === '' ? others : { ...others, [name]: value } })
  }
  return (
    <Page title={t('questions.title')}>
      <MessageTabs />
      <search className="filters" aria-label={t('filters.narrow')}>
        <FilterChoice
          id="state"
          label={t('submission.state')}
          value={search.state}
          set={set('state')}
          all={t('filters.all')}
        >
          {WORK_ITEM_STATES.map((state) => (
            <option key={state} value={state}>
              {t(`question.state.${state}`)}
            </option>
          ))}
        </FilterChoice>
        <ExchangeChoice value={search.exchange} set={set('exchange')} />
        <PartnerChoice value={search.partner} set={set('partner')} />
      </search>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={8} />
      ) : data.items.length === 0 ? (
        <Empty title={t('questions.none')} />
      ) : (
        <>
          <ul className="attention">
            {data.items.map((item) => (
              <Question key={item.item} item={item} />
            ))}
          </ul>
          <Paging search={search} next={data.next} rising />
        </>
      )}
    </Page>
  )
}

function Question({ item }: { readonly item: WorkItem }) {
  const { t, language } = useTexts()
  const { me } = useSession()
  const late = item.state === 'open' && item.overdue
  const due = new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(
    new Date(`${item.dueOn}T12:00:00`),
  )
  return (
    <li
      className={`attention__item attention__item--${late ? 'bad' : item.state === 'open' ? 'warn' : 'none'}`}
    >
      <div className="attention__title">
        {item.title}{' '}
        <Tag tone={late ? 'bad' : TONES[item.state]}>
          {t(`question.state.${late ? 'overdue' : item.state}`)}
        </Tag>
      </div>
      <div className="attention__about">
        {me.centre ? `${item.partner} · ` : ''}
        {item.key === null ? '' : `${item.recordType ?? ''} ${item.key} · `}
        {t('questions.due', { day: due })} · {t('questions.asked')} <Time at={item.madeAt} />
        {item.answeredAt === null ? null : (
          <span className="attention__reason">
            {item.answeredBy ?? ''} · <Time at={item.answeredAt} />
            {item.reason === null ? '' : `: ${item.reason}`}
          </span>
        )}
      </div>
      {item.state === 'open' ? <Answers item={item} /> : null}
    </li>
  )
}

/** The partner confirms or refuses; the centre withdraws what it asked. */
function Answers({ item }: { readonly item: WorkItem }) {
  const t = useT()
  const { me, may } = useSession()
  const queries = useQueryClient()
  const path = { params: { path: { item: item.item } } }
  const settled = {
    onSuccess: () => {
      for (const name of ['work-items', 'messages', 'attention'])
        void queries.invalidateQueries({ queryKey: [name] })
    },
  }
  const reply = useMutation({
    mutationFn: (body: { answer: 'confirmed' | 'refused'; reason?: string }) =>
      dataOf(api.POST('/v1/work-items/{item}/answer', { ...path, body })),
    ...settled,
  })
  const withdraw = useMutation({
    mutationFn: (reason: string) =>
      dataOf(api.POST('/v1/work-items/{item}/withdraw', { ...path, body: { reason } })),
    ...settled,
  })
  const answers = may('submit', item.exchange) && item.partner === me.partner
  const withdraws = me.centre && may('manage', item.exchange)
  if (!answers && !withdraws) return null
  const problem = reply.error ?? withdraw.error
  return (
    <div className="row-actions">
      {problem === null ? null : <Failure problem={problem} />}
      {answers ? (
        <>
          <Ask
            label={t('questions.confirm')}
            title={t('questions.confirmSure')}
            reason="optional"
            outline={false}
            busy={reply.isPending}
            act={(reason) => reply.mutate({ answer: 'confirmed', ...(reason === '' ? {} : { reason }) })}
          />
          <Ask
            label={t('questions.refuse')}
            title={t('questions.refuseSure')}
            reason="required"
            busy={reply.isPending}
            act={(reason) => reply.mutate({ answer: 'refused', reason })}
          />
        </>
      ) : null}
      {withdraws ? (
        <Ask
          label={t('questions.withdraw')}
          title={t('questions.withdrawSure')}
          reason="required"
          busy={withdraw.isPending}
          act={(reason) => withdraw.mutate(reason)}
        />
      ) : null}
    </div>
  )
}
