import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import { unmatchedQuery } from '../../api/exchanges-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useT } from '../../app/text.tsx'
import { Button, ErrorAlert, TextField } from '../../components/controls.tsx'
import { Section } from '../../components/page.tsx'
import { Failure } from '../../components/states.tsx'
import { pairsCsv, readPairs, writePairs } from './pairs.ts'
import { isoOf } from './times.ts'

interface Props {
  readonly exchange: string
  readonly crosswalk: string
  readonly list: string
  readonly partner: string
  readonly ruled: Readonly<Record<string, string>>
}

/** The codes that a partner's rule set says, to be changed from a time on. */
export function CrosswalkForm({ exchange, crosswalk, list, partner, ruled }: Props) {
  const t = useT()
  const queries = useQueryClient()
  const [text, write] = useState(() => writePairs(ruled))
  const [reason, say] = useState('')
  const [at, setAt] = useState('')
  const { map, wrong } = readPairs(text)
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () =>
      dataOf(
        api.PUT('/v1/crosswalks/{exchange}/{crosswalk}/{partner}', {
          params: { path: { exchange, crosswalk, partner } },
          body: { map, reason: reason.trim(), effectiveAt: at === '' ? null : isoOf(at) },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['exchange', exchange] }),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (wrong.length === 0) mutate()
  }
  return (
    <Section title={t('crosswalks.ruled')} aside={<Export name={`${exchange}-${crosswalk}`} map={map} />}>
      <form className="form-wide" onSubmit={send}>
        <label className="usa-label" htmlFor="pairs">
          {t('crosswalks.pairs')}
        </label>
        <span className="usa-hint" id="pairs-hint">
          {t('crosswalks.pairsHint')}
        </span>
        <textarea
          id="pairs"
          className="usa-textarea paste"
          aria-describedby="pairs-hint"
          value={text}
          rows={8}
          spellCheck={false}
          onChange={(event) => write(event.target.value)}
        />
        <Missing exchange={exchange} list={list} known={map} add={(value) => write(`${text.trimEnd()}\n${value} = `.trimStart())} />
        <label className="usa-label" htmlFor="pairs-file">
          {t('crosswalks.file')}
        </label>
        <input
          id="pairs-file"
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          onChange={async (event) => write((await event.target.files?.[0]?.text()) ?? text)}
        />
        <TextField
          id="effective"
          type="datetime-local"
          label={t('crosswalks.from')}
          hint={t('crosswalks.fromHint')}
          value={at}
          onChange={(event) => setAt(event.target.value)}
        />
        <TextField
          id="reason"
          label={t('crosswalks.reason')}
          hint={t('crosswalks.reasonHint')}
          value={reason}
          required
          maxLength={1000}
          onChange={(event) => say(event.target.value)}
        />
        {wrong.length === 0 ? null : (
          <ErrorAlert>{t('crosswalks.wrongLines', { lines: wrong.join(', ') })}</ErrorAlert>
        )}
        {error === null ? null : <Failure problem={error} />}
        <Button type="submit" disabled={isPending || wrong.length > 0}>
          {t('codes.save')}
        </Button>
        {isSuccess ? <p role="status">{t('crosswalks.saved')}</p> : null}
      </form>
    </Section>
  )
}

/** Values that nothing was known for, ready to be given a meaning. */
function Missing({
  exchange,
  list,
  known,
  add,
}: {
  readonly exchange: string
  readonly list: string
  readonly known: Readonly<Record<string, string>>
  readonly add: (value: string) => void
}) {
  const t = useT()
  const { realm } = useRealm()
  const { data = [] } = useQuery(unmatchedQuery(exchange, list, realm))
  const values = [...new Set(data.map(({ value }) => value))].filter((value) => !Object.hasOwn(known, value))
  if (values.length === 0) return null
  return (
    <p className="missing">
      {t('crosswalks.missing')}{' '}
      {values.slice(0, 12).map((value) => (
        <button key={value} type="button" className="link" onClick={() => add(value)}>
          <code>{value}</code>
        </button>
      ))}
    </p>
  )
}

function Export({ name, map }: { readonly name: string; readonly map: Readonly<Record<string, string>> }) {
  const t = useT()
  const save = () => {
    const url = URL.createObjectURL(new Blob([pairsCsv(map)], { type: 'text/csv' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${name}.csv`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <Button type="button" outline onClick={save} disabled={Object.keys(map).length === 0}>
      {t('codes.export')}
    </Button>
  )
}
