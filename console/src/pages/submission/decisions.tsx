import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api, dataOf, type Submission } from '../../api/client.ts'
import { previewQuery, submissionQuery } from '../../api/queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Count } from '../../components/number.tsx'
import { Failure } from '../../components/states.tsx'
import { Ask } from '../operations/ask.tsx'

/** What a person may decide about a submission that has not begun to change anything. */
export function Decisions({ submission }: { readonly submission: Submission }) {
  const t = useT()
  const { may } = useSession()
  const queries = useQueryClient()
  const dialog = useRef<HTMLDialogElement>(null)
  const { tracking, exchange, state } = submission
  const path = { params: { path: { tracking } } }
  const took = (view: Submission) => queries.setQueryData(submissionQuery(tracking).queryKey, view)
  const release = useMutation({
    mutationFn: () => dataOf(api.POST('/v1/submissions/{tracking}/release', path)),
    onSuccess: took,
  })
  const cancel = useMutation({
    mutationFn: (reason: string) =>
      dataOf(
        api.POST('/v1/submissions/{tracking}/cancel', { ...path, body: reason === '' ? {} : { reason } }),
      ),
    onSuccess: took,
  })
  const mayRelease = state === 'held' && may('release', exchange)
  const mayCancel =
    (state === 'held' || state === 'queued') && (may('submit', exchange) || may('release', exchange))
  if (state !== 'held' && !mayCancel) return null
  const problem = release.error ?? cancel.error
  return (
    <div className="decide">
      {state === 'held' ? <Preview tracking={tracking} /> : null}
      {problem === null ? null : <Failure problem={problem} />}
      <div className="decide__actions">
        {mayRelease ? (
          <Button type="button" disabled={release.isPending} onClick={() => dialog.current?.showModal()}>
            {t('decide.release')}
          </Button>
        ) : null}
        {mayCancel ? (
          <Ask
            label={t('decide.cancel')}
            title={t('decide.cancelSure')}
            about={t('decide.cancelAbout')}
            reason={state === 'held' ? 'required' : 'optional'}
            busy={cancel.isPending}
            act={(reason) => cancel.mutate(reason)}
          />
        ) : null}
      </div>
      <dialog ref={dialog} className="dialog" aria-labelledby="release-title">
        <h2 id="release-title">{t('decide.releaseSure')}</h2>
        <p>{t('decide.releaseAbout')}</p>
        <form method="dialog" className="decide__actions">
          <Button type="submit" onClick={() => release.mutate()}>
            {t('decide.release')}
          </Button>
          <Button type="submit" outline>
            {t('decide.back')}
          </Button>
        </form>
      </dialog>
    </div>
  )
}

function Preview({ tracking }: { readonly tracking: string }) {
  const t = useT()
  const { data, error } = useQuery(previewQuery(tracking))
  if (error !== null) return <Failure problem={error} />
  if (data === undefined) return null
  const rows = [
    [t('decide.live'), data.live, false],
    [t('decide.create'), data.create, false],
    [t('decide.update'), data.update, false],
    [t('decide.remove'), data.remove + data.cascade, true],
    [t('decide.reject'), data.reject, true],
  ] as const
  return (
    <>
      <dl className="figures">
        {rows.map(([label, value, warn]) => (
          <div key={label} className="figures__one">
            <dt>{label}</dt>
            <dd>
              <Count value={value} warn={warn} />
            </dd>
          </div>
        ))}
      </dl>
      {data.removeExamples.length === 0 ? null : (
        <p className="quiet">{t('decide.examples', { keys: data.removeExamples.slice(0, 10).join(', ') })}</p>
      )}
    </>
  )
}
