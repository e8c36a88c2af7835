import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ApiProblem, api, dataOf } from '../../api/client.ts'
import { jobQuery, jobsQuery } from '../../api/operations-queries.ts'
import { exchangesQuery } from '../../api/queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { zone } from '../../app/time.tsx'
import { Page } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'
import { useAdminText } from '../../text/use-admin.ts'
import { draftOf, type JobDraft, newDraft, ruleOf } from './job-draft.ts'
import { JobForm } from './job-form.tsx'

/** Makes a job. */
export function NewJob() {
  const t = useT()
  const text = useAdminText()
  const { may } = useSession()
  const { realm } = useRealm()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(exchangesQuery())
  const first = data?.find(({ exchange }) => may('manage', exchange))?.exchange ?? ''
  const save = useSave(async ({ job }) => {
    // The call that makes a job would as well change one of that name.
    const known = await queries.fetchQuery({ ...jobsQuery(), staleTime: 0 })
    const taken = { errors: [{ pointer: 'params/job', detail: text('jobRule.taken') }] }
    if (known.some((one) => one.job === job))
      throw new ApiProblem(409, 'CONFLICT', text('jobRule.taken'), taken)
  })
  return (
    <Page title={text('jobRule.new')} above={<Link to="/jobs">{t('jobs.title')}</Link>}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : (
        <JobForm
          start={newDraft(first, realm, zone)}
          isNew
          busy={save.isPending}
          problem={save.error}
          save={(draft) => save.mutate(draft)}
        />
      )}
    </Page>
  )
}

/** Changes the rule of a job. */
export function ChangeJob() {
  const text = useAdminText()
  const { job } = useParams({ from: '/jobs/of/$job/edit' })
  const { data, error, refetch } = useQuery({ ...jobQuery(job), refetchOnWindowFocus: false })
  const save = useSave()
  const above = (
    <Link to="/jobs/of/$job" params={{ job }}>
      {data?.title ?? job}
    </Link>
  )
  return (
    <Page title={text('jobRule.change')} above={above}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={12} />
      ) : (
        <JobForm
          // A rule that another changed meanwhile is not overwritten with what was known of it before.
          key={data.changedAt}
          start={draftOf(data)}
          isNew={false}
          busy={save.isPending}
          problem={save.error}
          save={(draft) => save.mutate(draft)}
        />
      )}
    </Page>
  )
}

/** Tells the node a rule and goes to the job's page, where its next times are. */
function useSave(before?: (draft: JobDraft) => Promise<void>) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (draft: JobDraft) => {
      await before?.(draft)
      const path = { params: { path: { job: draft.job } } }
      return dataOf(api.PUT('/v1/jobs/{job}', { ...path, body: ruleOf(draft) }))
    },
    onSuccess: async ({ job }) => {
      await queries.invalidateQueries({ queryKey: ['jobs'] })
      await navigate({ to: '/jobs/of/$job', params: { job } })
    },
  })
}
