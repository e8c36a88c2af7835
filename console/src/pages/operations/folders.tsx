import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { type OperationsSearch, treeQuery } from '../../api/operations-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT, useTexts } from '../../app/text.tsx'
import { bytes, Time } from '../../app/time.tsx'
import { Page } from '../../components/page.tsx'
import { Empty, Failure, Skeleton } from '../../components/states.tsx'
import { Ask } from './ask.tsx'
import { FileTabs } from './file-parts.tsx'
import { Paging } from './paging.tsx'
import { PartnerChoice } from './partner-choice.tsx'

/** What lies in a partner's folders of the file server, as the partner sees them there. */
export function Folders() {
  const t = useT()
  const { me } = useSession()
  const search = useSearch({ from: '/files/folders' })
  const navigate = useNavigate()
  const partner = me.centre ? search.partner : me.partner
  return (
    <Page title={t('folders.title')}>
      <FileTabs />
      {me.centre ? (
        <search className="filters" aria-label={t('filters.narrow')}>
          <PartnerChoice
            value={search.partner}
            set={(chosen) =>
              void navigate({ to: '/files/folders', search: chosen === '' ? {} : { partner: chosen } })
            }
          />
        </search>
      ) : null}
      {partner === undefined ? (
        <Empty title={t('folders.choose')} />
      ) : (
        <Folder partner={partner} search={search} />
      )}
    </Page>
  )
}

function Folder({ partner, search }: { readonly partner: string; readonly search: OperationsSearch }) {
  const t = useT()
  const path = search.path ?? '/'
  const { data, error, refetch } = useQuery(treeQuery(partner, path, search.after))
  return (
    <>
      <Path search={search} path={path} />
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={6} />
      ) : data.items.length === 0 ? (
        <Empty title={t('folders.empty')} />
      ) : (
        <>
          <Entries items={data.items} partner={partner} search={search} path={path} />
          <Paging search={search} next={data.next} rising />
        </>
      )}
    </>
  )
}

/** The way down to this folder, each step of it a link. */
function Path({ search, path }: { readonly search: OperationsSearch; readonly path: string }) {
  const t = useT()
  const { after: _, ...others } = search
  const steps = path.split('/').filter((step) => step !== '')
  return (
    <nav className="crumbs" aria-label={t('folders.path')}>
      <Link to="/files/folders" search={{ ...others, path: '/' }}>
        {t('folders.top')}
      </Link>
      {steps.map((step, index) => {
        const at = `/${steps.slice(0, index + 1).join('/')}`
        return (
          <span key={at}>
            {' / '}
            <Link to="/files/folders" search={{ ...others, path: at }}>
              {step}
            </Link>
          </span>
        )
      })}
    </nav>
  )
}

function Entries({
  items,
  partner,
  search,
  path,
}: {
  readonly items: readonly Schemas['TreeEntry'][]
  readonly partner: string
  readonly search: OperationsSearch
  readonly path: string
}) {
  const { t, language } = useTexts()
  const { after: _, ...others } = search
  const at = (name: string) => `${path === '/' ? '' : path}/${name}`
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table">
      <caption className="usa-sr-only">{t('folders.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('folders.name')}</th>
          <th scope="col">{t('files.size')}</th>
          <th scope="col">{t('folders.changed')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((entry) => (
          <tr key={entry.name}>
            <th scope="row">
              {entry.kind === 'folder' ? (
                <Link
                  to="/files/folders"
                  search={{ ...others, path: at(entry.name) }}
                  className="table__main"
                >
                  {entry.name}/
                </Link>
              ) : (
                <>
                  <a
                    className="table__main"
                    href={`/v1/partners/${partner}/files/content?path=${encodeURIComponent(at(entry.name))}`}
                    download={entry.name}
                  >
                    {entry.name}
                  </a>
                  {entry.incomplete ? <span className="table__under">{t('folders.incomplete')}</span> : null}
                  <Remove partner={partner} path={at(entry.name)} name={entry.name} />
                </>
              )}
            </th>
            <td data-label={t('files.size')}>{entry.bytes === null ? '' : bytes(entry.bytes, language)}</td>
            <td data-label={t('folders.changed')}>
              {entry.modifiedAt === null ? '' : <Time at={entry.modifiedAt} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Remove({
  partner,
  path,
  name,
}: {
  readonly partner: string
  readonly path: string
  readonly name: string
}) {
  const t = useT()
  const { me, may } = useSession()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      dataOf(
        api.DELETE('/v1/partners/{partner}/files/content', {
          params: { path: { partner }, query: { path } },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tree', partner] }),
  })
  if (!me.centre || !may('manage')) return null
  return (
    <div className="row-actions">
      {remove.error === null ? null : <Failure problem={remove.error} />}
      <Ask
        label={t('folders.remove')}
        title={t('folders.removeSure', { name })}
        about={t('folders.removeAbout')}
        reason="none"
        busy={remove.isPending}
        act={() => remove.mutate()}
      />
    </div>
  )
}
