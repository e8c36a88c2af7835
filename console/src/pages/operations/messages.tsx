import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { messagesQuery, type OperationsSearch } from '../../api/operations-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT, useTexts } from '../../app/text.tsx'
import { Time, zoneName } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { FilterChoice } from '../../components/filter-fields.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Paging } from './paging.tsx'
import { PartnerChoice } from './partner-choice.tsx'

type Message = Schemas['Message']

/** The pages about what partners are told and asked. */
export function MessageTabs() {
  const t = useT()
  return (
    <nav className="tabs" aria-label={t('messages.pages')}>
      <Link to="/messages" className="tabs__one" activeOptions={{ exact: true, includeSearch: false }}>
        {t('messages.title')}
      </Link>
      <Link to="/messages/questions" className="tabs__one" activeOptions={{ includeSearch: false }}>
        {t('questions.title')}
      </Link>
    </nav>
  )
}

/** What a partner is told of its records: oldest first, until it is cleared. */
export function Messages() {
  const t = useT()
  const { me } = useSession()
  const search = useSearch({ from: '/messages' })
  const navigate = useNavigate()
  const partner = me.centre ? search.partner : me.partner
  const set = (name: keyof OperationsSearch) => (value: string) => {
    const { [name]: _, after: __, ...others } = search
    void navigate({ to: '/messages', search: value === '' ? others : { ...others, [name]: value } })
  }
  return (
    <Page title={t('messages.title')}>
      <MessageTabs />
      <search className="filters" aria-label={t('filters.narrow')}>
        {me.centre ? <PartnerChoice value={search.partner} set={set('partner')} /> : null}
        <FilterChoice
          id="state"
          label={t('submission.state')}
          value={search.state}
          set={set('state')}
          all={t('messages.open')}
        >
          <option value="cleared">{t('messages.cleared')}</option>
        </FilterChoice>
      </search>
      {partner === undefined ? (
        <Empty title={t('folders.choose')} />
      ) : (
        <Queue partner={partner} search={search} />
      )}
    </Page>
  )
}

function Queue({ partner, search }: { readonly partner: string; readonly search: OperationsSearch }) {
  const t = useT()
  const { realm } = useRealm()
  const cleared = search.state === 'cleared'
  const { data, error, refetch } = useQuery(
    messagesQuery(realm, partner, cleared, Number(search.after ?? 0) || 0),
  )
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={8} />
  const { items = [], next } = data
  if (items.length === 0) return <Empty title={cleared ? t('messages.noneCleared') : t('messages.none')} />
  return (
    <>
      <MessageTable items={items} cleared={cleared} />
      <Paging search={search} next={next} rising />
    </>
  )
}

function MessageTable({ items, cleared }: { readonly items: readonly Message[]; readonly cleared: boolean }) {
  const { t, language } = useTexts()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('messages.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('messages.at', { zone: zoneName(language) })}</th>
          <th scope="col">{t('messages.what')}</th>
          <th scope="col">{t('messages.record')}</th>
          <th scope="col">{t('messages.done')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.number}>
            <th scope="row">
              <Time at={one.createdAt} />
            </th>
            <td className="cell--plain wrap">
              {one.title}
              <span className="table__under">{t(`messages.type.${one.type}`)}</span>
            </td>
            <td className="cell--plain wrap">
              {one.key === null ? '' : `${one.recordType ?? ''} ${one.key}`}
            </td>
            <td className="cell--plain">
              {cleared && one.clearedAt !== null ? <Time at={one.clearedAt} /> : <Clear message={one} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A work item's message goes with its answer; the others when they were seen. */
function Clear({ message }: { readonly message: Message }) {
  const t = useT()
  const { me, may } = useSession()
  const { realm } = useRealm()
  const queries = useQueryClient()
  const clear = useMutation({
    mutationFn: () =>
      dataOf(
        api.POST('/v1/messages/clear', { params: { query: { realm } }, body: { numbers: [message.number] } }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['messages'] }),
  })
  if (message.workItem !== null) return <Link to="/messages/questions">{t('messages.answer')}</Link>
  if (me.centre || !(may('submit', message.exchange) || may('read', message.exchange))) return null
  return (
    <div className="row-actions">
      {clear.error === null ? null : <Failure problem={clear.error} />}
      <Button type="button" outline disabled={clear.isPending} onClick={() => clear.mutate()}>
        {t('messages.clear')}
      </Button>
    </div>
  )
}
