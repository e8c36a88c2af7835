import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { RecordType } from '../../../../src/exchange/definition.ts'
import { api, dataOf } from '../../api/client.ts'
import type { StoredRecord } from '../../api/records-queries.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'
import { Button } from '../../components/controls.tsx'
import { Failure } from '../../components/states.tsx'
import { DeleteButton } from '../../record/delete-dialog.tsx'
import { mayDo } from '../../record/may-do.ts'

interface Props {
  readonly type: RecordType
  readonly record: StoredRecord
  /** It was closed or deleted. */
  readonly changed?: (() => unknown) | undefined
}

/** What the lifecycle and the policy let this person do with the record. */
export function Actions({ type, record, changed }: Props) {
  const session = useSession()
  return (
    <>
      {mayDo(session, type, record, 'close') ? <CloseButton {...{ type, record, changed }} /> : null}
      {mayDo(session, type, record, 'delete') ? (
        <DeleteButton record={record} deleted={() => changed?.()} />
      ) : null}
    </>
  )
}

function CloseButton({ type, record, changed }: Props) {
  const t = useT()
  const queries = useQueryClient()
  const dialog = useRef<HTMLDialogElement>(null)
  const { exchange, recordId, version, key } = record
  const status = type.lifecycle.labels.closed
  const close = useMutation({
    mutationFn: () =>
      dataOf(
        api.POST('/v1/exchanges/{exchange}/{type}/{id}/close', {
          params: {
            path: { exchange, type: record.type, id: recordId },
            header: { 'if-match': `"${version}"` },
          },
        }),
      ),
    onSuccess: async () => {
      dialog.current?.close()
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['record', recordId] }),
        queries.invalidateQueries({ queryKey: ['records'] }),
      ])
      changed?.()
    },
  })
  return (
    <>
      <Button type="button" outline onClick={() => dialog.current?.showModal()}>
        {t('record.close')}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby="close-title">
        <h2 id="close-title">{t('record.closeSure')}</h2>
        <p className="dialog__what">{key}</p>
        <p>
          {t('record.closeAbout', { status })}
          {changed === undefined ? null : ` ${t('edit.closeAbout')}`}
        </p>
        {close.error === null ? null : <Failure problem={close.error} />}
        <div className="decide__actions">
          <Button type="button" disabled={close.isPending} onClick={() => close.mutate()}>
            {t('record.close')}
          </Button>
          <Button type="button" outline onClick={() => dialog.current?.close()}>
            {t('decide.back')}
          </Button>
        </div>
      </dialog>
    </>
  )
}
