import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import type { Candidate } from '../../api/exchanges-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Failure } from '../../components/states.tsx'
import { isoOf } from './times.ts'

/** Puts a version in force, now or at a time, or takes it back. */
export function Activation({ candidate }: { readonly candidate: Candidate }) {
  const t = useT()
  const { state, problems, activateAt } = candidate
  if (problems.length > 0) return <p className="quiet">{t('activation.problems')}</p>
  if (state === 'past' || state === 'withdrawn') return <p className="quiet">{t('activation.over')}</p>
  return (
    <>
      {activateAt === null ? (
        <p className="lead quiet">{t('activation.about')}</p>
      ) : (
        <p className="note">
          {t(state === 'coming' ? 'activation.coming' : 'activation.inForce')} <Time at={activateAt} />
        </p>
      )}
      <Decide candidate={candidate} withdraw={activateAt !== null} />
    </>
  )
}

function Decide({ candidate, withdraw }: { readonly candidate: Candidate; readonly withdraw: boolean }) {
  const t = useT()
  const queries = useQueryClient()
  const [at, setAt] = useState('')
  const [reason, say] = useState('')
  const { exchange, candidate: number } = candidate
  const path = { exchange, candidate: number }
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      withdraw
        ? dataOf(
            api.POST('/v1/exchanges/{exchange}/candidates/{candidate}/withdraw', {
              params: { path },
              body: { reason: reason.trim() },
            }),
          )
        : dataOf(
            api.POST('/v1/exchanges/{exchange}/candidates/{candidate}/activate', {
              params: { path },
              body: { reason: reason.trim(), at: at === '' ? null : isoOf(at) },
            }),
          ),
    onSuccess: async () => {
      say('')
      await queries.invalidateQueries({ queryKey: ['exchange', exchange] })
    },
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    mutate()
  }
  return (
    <form className="form-wide" onSubmit={send}>
      {withdraw ? null : (
        <TextField
          id="at"
          type="datetime-local"
          label={t('crosswalks.from')}
          hint={t('crosswalks.fromHint')}
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
      )}
      <TextField
        id="why"
        label={t('crosswalks.reason')}
        hint={t('crosswalks.reasonHint')}
        value={reason}
        required
        maxLength={1000}
        onChange={(event) => say(event.target.value)}
      />
      {error === null ? null : <Failure problem={error} />}
      <Button type="submit" outline={withdraw} disabled={isPending}>
        {t(withdraw ? 'activation.withdraw' : 'activation.activate')}
      </Button>
    </form>
  )
}
