import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { CodeList } from '../../../../src/exchange/definition.ts'
import { codeListsQuery, codesQuery } from '../../api/exchanges-queries.ts'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { ExchangeFrame, useManages } from './frame.tsx'
import { Narrow } from './pickers.tsx'

const CodeListOffice = lazy(() => import('./code-list-office.tsx'))

const FROM = '/exchanges/$exchange/codes/$list'

type Code = CodeList['values'][number]

/** One code list: what each code means and when it is good. The centre keeps it here. */
export function CodeListPage() {
  const { exchange, list } = useParams({ from: FROM })
  const t = useT()
  return (
    <ExchangeFrame exchange={exchange} part="exchanges.codes">
      {({ lists }) => {
        const found = Object.hasOwn(lists, list) ? lists[list] : undefined
        return found === undefined ? (
          <Empty title={t('codes.missing')}>
            <Link to="/exchanges/$exchange/codes" params={{ exchange }}>
              {t('exchanges.codes')}
            </Link>
          </Empty>
        ) : (
          <List exchange={exchange} list={found} />
        )
      }}
    </ExchangeFrame>
  )
}

function List({ exchange, list }: { readonly exchange: string; readonly list: CodeList }) {
  const t = useT()
  const manages = useManages(exchange)
  const [edited, edit] = useState<Code | 'new' | null>(null)
  const { data: lists = [] } = useQuery(codeListsQuery(exchange))
  const fields = lists.find((one) => one.list === list.name)?.fields ?? []
  const office = manages && list.imported
  const csv = `/v1/codes/${exchange}/${encodeURIComponent(list.name)}/table.csv`
  return (
    <>
      <Section
        title={list.title}
        aside={
          <span className="form-line">
            {office ? (
              <Button type="button" outline onClick={() => edit('new')}>
                {t('codes.add')}
              </Button>
            ) : null}
            <a href={csv} download="" className="usa-button usa-button--outline">
              {t('codes.export')}
            </a>
          </span>
        }
      >
        <p className="quiet">
          {fields.length === 0 ? t('codes.unused') : t('codes.usedByThese', { fields: fields.join(', ') })}
          {manages && !list.imported ? ` ${t('codes.statedAbout')}` : ''}
        </p>
        <Values exchange={exchange} list={list.name} edit={office ? edit : null} />
      </Section>
      {manages ? (
        <Suspense fallback={<Skeleton lines={6} />}>
          <CodeListOffice exchange={exchange} list={list} edited={edited} edit={edit} />
        </Suspense>
      ) : null}
    </>
  )
}

function Values({
  exchange,
  list,
  edit,
}: {
  readonly exchange: string
  readonly list: string
  readonly edit: ((code: Code) => void) | null
}) {
  const t = useT()
  const { text = '', after } = useSearch({ from: FROM })
  const navigate = useNavigate({ from: FROM })
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...codesQuery(exchange, list, text, after),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <search className="filters" aria-label={t('filters.label')}>
        <Narrow
          label={t('codes.narrow')}
          text={text}
          set={(next) => navigate({ search: next === '' ? {} : { text: next }, replace: true })}
        />
      </search>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : data.items.length === 0 ? (
        <Empty title={t('codes.noneFound')} />
      ) : (
        <div className={isPlaceholderData ? 'stale' : ''}>
          <CodeTable codes={data.items} edit={edit} />
          {after === undefined && data.next === null ? null : (
            <nav className="paging" aria-label={t('paging.label')}>
              {after === undefined ? (
                <span />
              ) : (
                <Link to="." search={text === '' ? {} : { text }}>
                  {t('codes.first')}
                </Link>
              )}
              {data.next === null ? null : (
                <Link to="." search={{ ...(text === '' ? {} : { text }), after: data.next }}>
                  {t('codes.next')}
                </Link>
              )}
            </nav>
          )}
        </div>
      )}
    </>
  )
}

function CodeTable({
  codes,
  edit,
}: {
  readonly codes: readonly Code[]
  readonly edit: ((code: Code) => void) | null
}) {
  const t = useT()
  const dated = codes.some(({ from, until }) => from !== null || until !== null)
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked usa-table--compact table table--wide">
      <caption className="usa-sr-only">{t('exchanges.codes')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('codes.code')}</th>
          <th scope="col">{t('codes.means')}</th>
          {dated ? <th scope="col">{t('codes.from')}</th> : null}
          {dated ? <th scope="col">{t('codes.until')}</th> : null}
          {edit === null ? null : (
            <th scope="col">
              <span className="usa-sr-only">{t('codes.edit')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {codes.map((one) => (
          <tr key={`${one.code} ${one.from}`}>
            <th scope="row" data-label={t('codes.code')}>
              <code>{one.code}</code>
            </th>
            <td className="cell--whole" data-label={t('codes.means')}>
              {one.label}
            </td>
            {dated ? <td data-label={t('codes.from')}>{one.from ?? ''}</td> : null}
            {dated ? <td data-label={t('codes.until')}>{one.until ?? ''}</td> : null}
            {edit === null ? null : (
              <td className="cell--plain num">
                <button
                  type="button"
                  className="link"
                  aria-label={`${t('codes.edit')} ${one.code}`}
                  onClick={() => edit(one)}
                >
                  {t('codes.edit')}
                </button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
