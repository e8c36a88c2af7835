import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { draftsQuery, dropDraft } from '../../api/forms-queries.ts'
import { exchangesQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'

const route = getRouteApi('/enter')

/** What can be written here, and what was begun. */
export function Enter() {
  const t = useT()
  const { may } = useSession()
  const { data, error, refetch } = useQuery(exchangesQuery())
  const mine = data?.filter(({ exchange, forms }) => forms.length > 0 && may('submit', exchange))
  return (
    <Page title={t('enter.title')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : mine === undefined ? (
        <Skeleton lines={4} />
      ) : mine.length === 0 ? (
        <Empty title={t('enter.nothing')} />
      ) : (
        <>
          <p className="lead">{t('enter.about')}</p>
          <ul className="blanks">
            {mine.flatMap(({ exchange, title, forms }) =>
              forms.map((form) => (
                <li key={`${exchange} ${form.type}`}>
                  <Link
                    to="/enter/$exchange/$type"
                    params={{ exchange, type: form.type }}
                    search={{}}
                    className="blanks__one"
                  >
                    <strong>{t('enter.new', { name: form.title })}</strong>
                    <span className="quiet">{title}</span>
                  </Link>
                </li>
              )),
            )}
          </ul>
          <Drafts />
        </>
      )}
    </Page>
  )
}

function Drafts() {
  const t = useT()
  const { after } = route.useSearch()
  const { data, error, refetch } = useQuery(draftsQuery(after))
  return (
    <Section title={t('draft.title')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={3} />
      ) : data.items.length === 0 ? (
        <p className="quiet">{t('draft.none')}</p>
      ) : (
        <>
          <DraftTable items={data.items} />
          {data.next === null && after === undefined ? null : (
            <nav className="paging" aria-label={t('paging.label')}>
              {after === undefined ? <span /> : <Link to="/enter">{t('paging.newest')}</Link>}
              {data.next === null ? null : (
                <Link to="/enter" search={{ after: data.next }}>
                  {t('paging.older')}
                </Link>
              )}
            </nav>
          )}
        </>
      )}
    </Section>
  )
}

function DraftTable({ items }: { readonly items: readonly Schemas['DraftHead'][] }) {
  const t = useT()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const titleOf = ({ exchange, type }: Schemas['DraftHead']) =>
    exchanges.find((one) => one.exchange === exchange)?.forms.find((one) => one.type === type)?.title ?? type
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('draft.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('draft.name')}</th>
          <th scope="col">{t('draft.saved')}</th>
          <th scope="col">{t('draft.until')}</th>
          <th scope="col">
            <span className="usa-sr-only">{t('draft.delete')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.draft}>
            <th scope="row">
              <Begun draft={one} />
              <span className="table__under">
                {titleOf(one)}
                {one.recordId === null ? '' : ` · ${t('draft.change')}`}
                {one.realm === 'test' ? ` · ${t('realm.test')}` : ''}
              </span>
            </th>
            <td data-label={t('draft.saved')}>
              <Time at={one.updatedAt} />
            </td>
            <td data-label={t('draft.until')}>
              <Time at={`${one.removedOn}T12:00:00Z`} to="day" />
            </td>
            <td className="cell--plain">
              <Delete draft={one.draft} title={one.title} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** To the form in which it was begun. */
function Begun({
  draft: { draft, exchange, type, realm, recordId, title },
}: {
  readonly draft: Schemas['DraftHead']
}) {
  const t = useT()
  const name = title === '' ? t('draft.untitled') : title
  if (recordId !== null)
    return (
      <Link
        to="/records/$exchange/$type/$id/edit"
        params={{ exchange, type, id: recordId }}
        className="table__main"
      >
        {name}
      </Link>
    )
  return (
    <Link
      to="/enter/$exchange/$type"
      params={{ exchange, type }}
      search={{ draft, realm }}
      className="table__main"
    >
      {name}
    </Link>
  )
}

/** Asks once more: what is thrown away is gone. */
function Delete({ draft, title }: { readonly draft: string; readonly title: string }) {
  const t = useT()
  const queries = useQueryClient()
  const [sure, setSure] = useState(false)
  const drop = async () => {
    await dropDraft(draft)
    await queries.invalidateQueries({ queryKey: ['drafts'] })
  }
  return (
    <button
      type="button"
      className={sure ? 'link link--bad' : 'link'}
      onBlur={() => setSure(false)}
      onClick={() => (sure ? drop() : setSure(true))}
    >
      {t(sure ? 'draft.sure' : 'draft.delete')} <span className="usa-sr-only">{title}</span>
    </button>
  )
}
