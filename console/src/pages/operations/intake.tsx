import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { api, dataOf, type Schemas } from '../../api/client.ts'
import { intakeFilesQuery, intakeQuery, intakeReportsQuery } from '../../api/operations-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT, useTexts } from '../../app/text.tsx'
import { bytes, Time } from '../../app/time.tsx'
import { Count } from '../../components/number.tsx'
import { Page, Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Ask } from './ask.tsx'
import { FileTag } from './file-parts.tsx'
import { Paging } from './paging.tsx'
import { usePartnerTitle } from './partner-choice.tsx'

type Intake = Schemas['Intake']
type IntakeFile = Schemas['IntakeFile']

const REFRESH_MS = 4_000

/** Files that were picked up together: what became of each, and what was sent back. */
export function IntakePage() {
  const t = useT()
  const { intake: name } = useParams({ from: '/files/$intake' })
  const titleOf = usePartnerTitle()
  const { data, error, refetch } = useQuery({
    ...intakeQuery(name),
    refetchInterval: ({ state }) =>
      state.data !== undefined && state.data.state !== 'done' ? REFRESH_MS : false,
  })
  const above = <Link to="/files">{t('files.page')}</Link>
  if (data === undefined)
    return (
      <Page title={name} above={above}>
        {error === null ? <Skeleton lines={10} /> : <Failure problem={error} again={refetch} />}
      </Page>
    )
  return (
    <Page
      title={t('intake.title', { partner: titleOf(data.partner) })}
      above={above}
      actions={<strong>{t(`intake.state.${data.state}`)}</strong>}
    >
      {data.lastError === null ? null : <p className="note note--bad">{data.lastError}</p>}
      <Facts intake={data} />
      <Section title={t('files.files')}>
        <FileTable intake={data} />
      </Section>
      <Section title={t('intake.reports')}>
        <Reports intake={data} />
      </Section>
    </Page>
  )
}

function Facts({ intake }: { readonly intake: Intake }) {
  const t = useT()
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [t('intake.opened'), <Time key="opened" at={intake.openedAt} />],
    ...(intake.closedAt === null
      ? []
      : ([[t('intake.closed'), <Time key="closed" at={intake.closedAt} />]] as const)),
    [t('submission.exchange'), intake.exchange],
    [t('submission.records'), <Count key="total" value={intake.total} />],
    [t('activity.withErrors'), <Count key="errors" value={intake.errors} warn />],
  ]
  return (
    <dl className="facts facts--row">
      {facts.map(([name, value]) => (
        <div key={name} className="facts__one">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function FileTable({ intake }: { readonly intake: Intake }) {
  const { t, language } = useTexts()
  const search = useSearch({ from: '/files/$intake' })
  const { data, error, refetch } = useQuery({
    ...intakeFilesQuery(intake.intake, search.after),
    refetchInterval: intake.state === 'done' ? false : REFRESH_MS,
  })
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={4} />
  return (
    <>
      <table className="usa-table usa-table--borderless usa-table--stacked table">
        <caption className="usa-sr-only">{t('files.files')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('submission.file')}</th>
            <th scope="col">{t('submission.state')}</th>
            <th scope="col">{t('files.size')}</th>
            <th scope="col" className="num">
              {t('submission.records')}
            </th>
            <th scope="col" className="num">
              {t('activity.withErrors')}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((file) => (
            <tr key={file.file}>
              <th scope="row">
                <FileName file={file} />
                {file.reason === null ? null : <span className="session__reason">{file.reason}</span>}
                <FileActions file={file} intake={intake} />
              </th>
              <td className="cell--plain">
                <FileTag state={file.state} />
              </td>
              <td data-label={t('files.size')}>{bytes(file.bytes, language)}</td>
              <td className="num" data-label={t('submission.records')}>
                <Count value={file.total} />
              </td>
              <td className="num" data-label={t('activity.withErrors')}>
                <Count value={file.errors} warn />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Paging search={search} next={data.next} rising />
    </>
  )
}

function FileName({ file }: { readonly file: IntakeFile }) {
  return (
    <>
      {file.tracking === null ? (
        <span className="table__main">{file.name}</span>
      ) : (
        <Link to="/submissions/$tracking" params={{ tracking: file.tracking }} className="table__main">
          {file.name}
        </Link>
      )}
      <span className="table__under">{file.folder}</span>
    </>
  )
}

type Decision = 'rerun' | 'hold' | 'release' | 'discard'

/** What may be done with a file where it stands: the centre decides, a partner has its own run again. */
function decisionsOn(file: IntakeFile, intake: Intake, centre: boolean): readonly Decision[] {
  const over = file.state === 'done' || file.state === 'refused' || file.state === 'discarded'
  if (over) return file.archived === null ? [] : ['rerun']
  if (!centre || intake.state !== 'gathering') return []
  return file.state === 'held' ? ['release', 'discard'] : file.state === 'taken' ? ['hold'] : []
}

function FileActions({ file, intake }: { readonly file: IntakeFile; readonly intake: Intake }) {
  const t = useT()
  const { me, may } = useSession()
  const queries = useQueryClient()
  const decide = useMutation({
    mutationFn: ({ name, reason }: { readonly name: Decision; readonly reason: string }) =>
      dataOf(
        api.POST(`/v1/intake-files/{file}/${name}`, {
          params: { path: { file: file.file } },
          body: reason === '' ? {} : { reason },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['intakes'] }),
  })
  const allowed = me.centre
    ? may('release', intake.exchange) || may('manage', intake.exchange)
    : may('submit', intake.exchange)
  const decisions = allowed ? decisionsOn(file, intake, me.centre) : []
  if (decisions.length === 0) return null
  return (
    <div className="row-actions">
      {decide.error === null ? null : <Failure problem={decide.error} />}
      {decisions.map((name) => (
        <Ask
          key={name}
          label={t(`file.${name}`)}
          title={t(`file.sure.${name}`, { name: file.name })}
          about={t(`file.about.${name}`)}
          reason={name === 'rerun' ? 'optional' : 'required'}
          busy={decide.isPending}
          act={(reason) => decide.mutate({ name, reason })}
        />
      ))}
    </div>
  )
}

function Reports({ intake }: { readonly intake: Intake }) {
  const { t, language } = useTexts()
  const { data, error } = useQuery(intakeReportsQuery(intake.intake))
  if (error !== null) return <Failure problem={error} />
  if (data === undefined) return <Skeleton lines={3} />
  if (data.length === 0) return <p className="quiet">{t('intake.noReports')}</p>
  return (
    <ul className="plain-list">
      {data.map((report) => (
        <li key={report.name}>
          <a href={`/v1/intakes/${intake.intake}/reports/${encodeURIComponent(report.name)}`} download>
            {report.name}
          </a>{' '}
          <span className="quiet">{bytes(report.size, language)}</span>
        </li>
      ))}
    </ul>
  )
}
