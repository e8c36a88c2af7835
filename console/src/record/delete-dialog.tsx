import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useRef, useState } from 'react'
import { api, dataOf } from '../api/client.ts'
import type { StoredRecord } from '../api/records-queries.ts'
import { useSession } from '../app/session.tsx'
import { useT } from '../app/text.tsx'
import { Button } from '../components/controls.tsx'
import { Failure } from '../components/states.tsx'

const REASON_MAX = 1000

interface Props {
  readonly record: StoredRecord
  /** A reason to begin with. */
  readonly reason?: string
  readonly deleted?: () => void
}

/** Deletes a record, after it was said why and that it is meant. */
export function DeleteButton({ record, reason: begin = '', deleted }: Props) {
  const t = useT()
  const { me } = useSession()
  const queries = useQueryClient()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [reason, setReason] = useState(begin)
  const { exchange, type, recordId, version, partner, key } = record
  const remove = useMutation({
    mutationFn: () =>
      dataOf(
        api.DELETE('/v1/exchanges/{exchange}/{type}/{id}', {
          params: { path: { exchange, type, id: recordId }, header: { 'if-match': `"${version}"` } },
          body: { reason: reason.trim() },
        }),
      ),
    onSuccess: async () => {
      dialog.current?.close()
      await Promise.all(
        ['record', 'records', 'duplicates'].map((name) => queries.invalidateQueries({ queryKey: [name] })),
      )
      deleted?.()
    },
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate()
  }
  return (
    <>
      <Button type="button" outline onClick={() => dialog.current?.showModal()}>
        {t('record.delete')}
        <span className="usa-sr-only"> {key}</span>
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`}>
        <h2 id={`${id}-title`}>{t('record.deleteSure')}</h2>
        <p className="dialog__what">{key}</p>
        <p>{t(partner === me.partner ? 'record.deleteAbout' : 'record.deleteTold', { partner })}</p>
        <form onSubmit={send}>
          <label className="usa-label" htmlFor={`${id}-reason`}>
            {t('record.reason')}
          </label>
          <textarea
            id={`${id}-reason`}
            className="usa-textarea dialog__reason"
            required
            maxLength={REASON_MAX}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          {remove.error === null ? null : <Failure problem={remove.error} />}
          <div className="decide__actions">
            <Button type="submit" disabled={reason.trim() === '' || remove.isPending}>
              {t('record.deleteNow')}
            </Button>
            <Button type="button" outline onClick={() => dialog.current?.close()}>
              {t('decide.back')}
            </Button>
          </div>
        </form>
      </dialog>
    </>
  )
}
