import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Submission } from '../../api/client.ts'
import { exchangesQuery, submissionQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'
import { Page, Section } from '../../components/page.tsx'
import { StateTag } from '../../components/state-tag.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { Decisions } from './decisions.tsx'
import { Facts } from './facts.tsx'
import { Files } from './files.tsx'
import { Findings } from './findings.tsx'
import { isClosed, useLive } from './live.ts'
import { Outcomes } from './outcomes.tsx'
import { Progress } from './progress.tsx'
import { Timeline } from './timeline.tsx'

/** One delivery: where it stands, what it did, what was found, and its papers. */
export function SubmissionPage() {
  const t = useT()
  const { tracking } = useParams({ from: '/submissions/$tracking' })
  const { data, error, refetch } = useQuery(submissionQuery(tracking))
  useLive(data)
  if (data === undefined)
    return (
      <Page title={tracking} above={<Link to="/submissions">{t('submissions.title')}</Link>}>
        {error === null ? <Skeleton lines={14} /> : <Failure problem={error} again={refetch} />}
      </Page>
    )
  return <Shown submission={data} />
}

function Shown({ submission }: { readonly submission: Submission }) {
  const t = useT()
  const { data: exchanges = [] } = useQuery(exchangesQuery())
  const exchange = exchanges.find((one) => one.exchange === submission.exchange)
  const closed = isClosed(submission)
  return (
    <Page
      title={submission.fileName === '' ? t('submission.single') : submission.fileName}
      above={<Link to="/submissions">{t('submissions.title')}</Link>}
      actions={<StateTag state={submission.state} />}
    >
      {submission.dryRun ? <p className="note">{t('submission.dryRunAbout')}</p> : null}
      {submission.reason === null ? null : (
        <p className={`note ${noteOf(submission)}`}>{submission.reason}</p>
      )}
      <Decisions submission={submission} />
      {closed ? null : <Progress submission={submission} />}
      <Outcomes counts={submission.counts} />
      <div className="columns">
        <div className="columns__main">
          <Section title={t('findings.title')}>
            <Findings submission={submission} closed={closed} />
          </Section>
        </div>
        <div className="columns__side">
          <Section title={t('timeline.title')}>
            <Timeline submission={submission} />
          </Section>
          <Section title={t('files.title')}>
            <Files submission={submission} closed={closed} />
          </Section>
          <Section title={t('facts.title')}>
            <Facts submission={submission} exchangeTitle={exchange?.title ?? submission.exchange} />
          </Section>
        </div>
      </div>
    </Page>
  )
}

/** What was done tells why it was asked; everything else tells what went wrong, or what is waited for. */
function noteOf(submission: Submission): string {
  if (submission.state === 'completed') return ''
  return isClosed(submission) ? 'note--bad' : 'note--warn'
}
