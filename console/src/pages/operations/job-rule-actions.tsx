import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { api, dataOf } from '../../api/client.ts'
import { useT } from '../../app/text.tsx'
import { Failure } from '../../components/states.tsx'
import { Sure } from '../../components/sure.tsx'
import { useAdminText } from '../../text/use-admin.ts'

/** Changes a job's rule, or removes the job. */
export function JobRuleActions({ job }: { readonly job: string }) {
  const t = useT()
  const text = useAdminText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => dataOf(api.DELETE('/v1/jobs/{job}', { params: { path: { job } } })),
    onSuccess: async () => {
      await navigate({ to: '/jobs' })
      queries.removeQueries({ queryKey: ['jobs', job] })
      for (const name of ['jobs', 'runs', 'attention']) void queries.invalidateQueries({ queryKey: [name] })
    },
  })
  return (
    <>
      {remove.error === null ? null : <Failure problem={remove.error} />}
      <Link to="/jobs/of/$job/edit" params={{ job }} className="usa-button usa-button--outline">
        {t('people.change')}
      </Link>
      <Sure
        label={t('people.remove')}
        title={text('jobRule.removeSure')}
        disabled={remove.isPending}
        act={() => remove.mutate()}
      >
        {text('jobRule.removeAbout')}
      </Sure>
    </>
  )
}
