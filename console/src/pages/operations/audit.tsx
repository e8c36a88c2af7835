import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { AUDIT_KINDS, auditQuery, type OperationsSearch } from '../../api/operations-queries.ts'
import { useT, useTexts } from '../../app/text.tsx'
import { Time, zoneName } from '../../app/time.tsx'
import { Button } from '../../components/controls.tsx'
import { FilterChoice, FilterDay } from '../../components/filter-fields.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { WordFields } from './filter-parts.tsx'
import { Paging } from './paging.tsx'
import { PartnerChoice } from './partner-choice.tsx'
import { Tag } from './tag.tsx'

/** Who did what, when, to what, and how it ended. */
export function Audit() {
  const t = useT()
  const search = useSearch({ from: '/audit' })
  const navigate = useNavigate()
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...auditQuery(search),
    placeholderData: keepPreviousData,
  })
  const change = (values: Readonly<Record<string, string>>) => {
    const { after: _, ...others } = search
    const kept = Object.entries({ ...others, ...values }).filter(([, value]) => value !== '')
    void navigate({ to: '/audit', search: Object.fromEntries(kept) })
  }
  const set = (name: keyof OperationsSearch) => (value: string) => change({ [name]: value })
  return (
    <Page title={t('audit.title')}>
      <Verify />
      <search className="filters" aria-label={t('filters.narrow')}>
        <WordFields
          fields={[
            { name: 'who', label: t('audit.who'), value: search.who },
            { name: 'action', label: t('audit.action'), value: search.action },
            { name: 'target', label: t('audit.target'), value: search.target },
          ]}
          send={change}
        />
        <FilterChoice id="kind" label={t('audit.kind')} value={search.kind ?? 'changes'} set={set('kind')}>
          {AUDIT_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`audit.kind.${kind}`)}
            </option>
          ))}
        </FilterChoice>
        <PartnerChoice value={search.partner} set={set('partner')} />
        <FilterDay id="from" label={t('filters.from')} value={search.from} set={set('from')} />
        <FilterDay id="to" label={t('filters.to')} value={search.to} set={set('to')} />
      </search>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : data.items.length === 0 ? (
        <Empty title={t('audit.none')} />
      ) : (
        <div className={isPlaceholderData ? 'stale' : ''}>
          <Lines items={data.items} />
          <Paging search={search} next={data.next} />
        </div>
      )}
    </Page>
  )
}

function Lines({ items }: { readonly items: readonly Schemas['AuditLine'][] }) {
  const { t, language } = useTexts()
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="usa-sr-only">{t('audit.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('audit.at', { zone: zoneName(language) })}</th>
          <th scope="col">{t('audit.who')}</th>
          <th scope="col">{t('audit.action')}</th>
          <th scope="col">{t('audit.target')}</th>
          <th scope="col">{t('audit.ended')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((line) => (
          <tr key={line.entry}>
            <th scope="row">
              <Time at={line.at} to="second" />
            </th>
            <td className="cell--plain">
              {line.login ?? line.account ?? (line.address === '' ? t('audit.node') : t('audit.nobody'))}
              <span className="table__under">
                {[line.partner ?? '', line.address].filter((text) => text !== '').join(' · ')}
              </span>
            </td>
            <td className="cell--plain audit__action">
              <code>{line.action}</code>
            </td>
            <td className="cell--plain wrap">{line.target}</td>
            <td className="cell--plain">
              {line.status < 400 ? (
                <Tag tone="good">{t('audit.done')}</Tag>
              ) : (
                <Tag tone={line.status < 500 ? 'warn' : 'bad'}>
                  {t(line.status === 401 || line.status === 403 ? 'audit.refused' : 'audit.failed')}
                </Tag>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Is the log as it was sealed? Said in words. */
function Verify() {
  const t = useT()
  const verify = useMutation({ mutationFn: () => dataOf(api.POST('/v1/audit/verify', { body: {} })) })
  return (
    <div className="verify">
      <div className="actions">
        <p className="verify__about">{t('audit.about')}</p>
        <Button type="button" outline disabled={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? t('audit.verifying') : t('audit.verify')}
        </Button>
      </div>
      <div role="status">
        {verify.error === null ? null : <Failure problem={verify.error} />}
        {verify.data === undefined ? null : <Verdict verdict={verify.data} />}
      </div>
    </div>
  )
}

function Verdict({ verdict }: { readonly verdict: Schemas['AuditVerdict'] }) {
  const t = useT()
  const { bad } = verdict
  if (bad !== null)
    return (
      <p className="note note--bad">
        {bad.entry === null
          ? t('audit.badSeal', { seal: bad.seal, reason: bad.reason })
          : t('audit.badEntry', { seal: bad.seal, entry: bad.entry, reason: bad.reason })}
      </p>
    )
  return (
    <p className="calm">
      {t('audit.good', { count: verdict.entries, seals: verdict.seals })}{' '}
      {verdict.unsealed === 0 ? '' : t('audit.unsealed', { count: verdict.unsealed })}{' '}
      {verdict.head === '' ? null : (
        <span className="verify__head">
          {t('audit.head')} <code>{verdict.head}</code>
        </span>
      )}
    </p>
  )
}
