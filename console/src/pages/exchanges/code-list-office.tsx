import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { CodeList } from '../../../../src/exchange/definition.ts'
import { api, dataOf, problemOf } from '../../api/client.ts'
import { codeVersionsQuery, unmatchedQuery } from '../../api/exchanges-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Count } from '../../components/number.tsx'
import { Section } from '../../components/page.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'

type Code = CodeList['values'][number]

interface Props {
  readonly exchange: string
  readonly list: CodeList
  readonly edited: Code | 'new' | null
  readonly edit: (code: Code | 'new' | null) => void
}

/** What the centre does with a list: one entry, the whole as a file, what did not match, and what was done before. */
export default function CodeListOffice({ exchange, list, edited, edit }: Props) {
  return (
    <>
      {edited === null ? null : (
        <EntryDialog exchange={exchange} list={list} edited={edited} close={() => edit(null)} />
      )}
      <Unmatched exchange={exchange} list={list.name} />
      {list.imported ? <Import exchange={exchange} list={list.name} /> : null}
      {list.imported ? <History exchange={exchange} list={list.name} /> : null}
    </>
  )
}

/** What is changed in a list is asked anew wherever it is shown. */
function useChanged(exchange: string): () => Promise<unknown> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['exchange', exchange] })
}

interface Put {
  readonly put: Code[]
  readonly remove: { readonly code: string; readonly from: string | null }[]
}

function EntryDialog({
  exchange,
  list,
  edited,
  close,
}: Pick<Props, 'exchange' | 'list'> & { readonly edited: Code | 'new'; readonly close: () => void }) {
  const t = useT()
  const dialog = useRef<HTMLDialogElement>(null)
  const changed = useChanged(exchange)
  const before = edited === 'new' ? null : edited
  useEffect(() => dialog.current?.showModal(), [])
  const { mutate, error, isPending } = useMutation({
    mutationFn: (body: Put) =>
      dataOf(
        api.PATCH('/v1/codes/{exchange}/{list}', { params: { path: { exchange, list: list.name } }, body }),
      ),
    onSuccess: async () => {
      await changed()
      close()
    },
  })
  const remove = before === null ? [] : [{ code: before.code, from: before.from }]
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const code = text('code')
    const put = {
      code,
      label: list.columns?.label === list.columns?.code ? code : text('label'),
      from: text('from') || null,
      until: text('until') || null,
    }
    mutate({ put: [put], remove })
  }
  const { columns } = list
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="entry-title" onClose={close}>
      <h2 id="entry-title">{t(before === null ? 'codes.add' : 'codes.editEntry')}</h2>
      <form className="form-wide" onSubmit={send}>
        <TextField id="code" label={t('codes.code')} defaultValue={before?.code ?? ''} required maxLength={200} />
        {columns?.label === columns?.code ? null : (
          <TextField
            id="label"
            label={t('codes.means')}
            defaultValue={before?.label ?? ''}
            required
            maxLength={1000}
          />
        )}
        {columns?.from === null ? null : (
          <TextField
            id="from"
            type="date"
            label={t('codes.from')}
            hint={t('codes.fromHint')}
            defaultValue={before?.from ?? ''}
          />
        )}
        {columns?.until === null ? null : (
          <TextField
            id="until"
            type="date"
            label={t('codes.until')}
            hint={t('codes.untilHint')}
            defaultValue={before?.until ?? ''}
          />
        )}
        {error === null ? null : <Failure problem={error} />}
        <div className="form-line">
          <Button type="submit" disabled={isPending}>
            {t('codes.save')}
          </Button>
          {before === null ? null : (
            <Button type="button" outline disabled={isPending} onClick={() => mutate({ put: [], remove })}>
              {t('codes.remove')}
            </Button>
          )}
          <Button type="button" unstyled onClick={() => dialog.current?.close()}>
            {t('decide.back')}
          </Button>
        </div>
      </form>
    </dialog>
  )
}

/** What was sent where a code of this list was expected. */
function Unmatched({ exchange, list }: { readonly exchange: string; readonly list: string }) {
  const t = useT()
  const { realm } = useRealm()
  const { data, error, refetch } = useQuery(unmatchedQuery(exchange, list, realm))
  return (
    <Section title={t('codes.unmatched')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={3} />
      ) : data.length === 0 ? (
        <p className="calm">{t('codes.allMatched')}</p>
      ) : (
        <table className="usa-table usa-table--borderless usa-table--stacked usa-table--compact table table--wide">
          <caption className="usa-sr-only">{t('codes.unmatched')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('findings.value')}</th>
              <th scope="col">{t('findings.field')}</th>
              <th scope="col" className="num">
                {t('codes.times')}
              </th>
              <th scope="col">{t('codes.sentBy')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map(({ value, field, count, partners }) => (
              <tr key={`${value} ${field}`}>
                <th scope="row" data-label={t('findings.value')}>
                  <code>{value}</code>
                </th>
                <td data-label={t('findings.field')}>{field}</td>
                <td className="num" data-label={t('codes.times')}>
                  <Count value={count} />
                </td>
                <td data-label={t('codes.sentBy')}>{partners.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

/** The whole list as others publish it. */
function Import({ exchange, list }: { readonly exchange: string; readonly list: string }) {
  const t = useT()
  const changed = useChanged(exchange)
  const [file, choose] = useState<File | null>(null)
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (table: File) => importTable(exchange, list, table),
    onSuccess: () => changed(),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (file !== null) mutate(file)
  }
  return (
    <Section title={t('codes.import')}>
      <p className="quiet">{t('codes.importAbout')}</p>
      <form className="form-line" onSubmit={send}>
        <div>
          <label className="usa-label" htmlFor="table">
            {t('codes.file')}
          </label>
          <input
            id="table"
            type="file"
            accept=".csv,text/csv"
            className="file-choice"
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
          />
        </div>
        <Button type="submit" disabled={file === null || isPending}>
          {t('codes.importNow')}
        </Button>
      </form>
      {error === null ? null : <Failure problem={error} />}
      {data === undefined ? null : (
        <p className="note" role="status">
          {t('codes.done', data)}
        </p>
      )}
    </Section>
  )
}

interface Done {
  readonly [name: string]: number
}

async function importTable(exchange: string, list: string, file: File): Promise<Done> {
  const response = await fetch(`/v1/codes/${exchange}/${encodeURIComponent(list)}`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv', 'x-requested-with': 'tributary' },
    body: file,
  })
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw problemOf(response.status, answer)
  return answer as Done
}

function History({ exchange, list }: { readonly exchange: string; readonly list: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(codeVersionsQuery(exchange, list))
  return (
    <Section title={t('codes.history')}>
      {error !== null ? (
        <Failure problem={error} again={refetch} />
      ) : data === undefined ? (
        <Skeleton lines={3} />
      ) : data.length === 0 ? (
        <p className="quiet">{t('codes.noHistory')}</p>
      ) : (
        <table className="usa-table usa-table--borderless usa-table--stacked usa-table--compact table table--wide">
          <caption className="usa-sr-only">{t('codes.history')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('codes.version')}</th>
              <th scope="col">{t('codes.when')}</th>
              <th scope="col">{t('codes.by')}</th>
              {(['values', 'added', 'changed', 'removed'] as const).map((name) => (
                <th key={name} scope="col" className="num">
                  {t(`codes.count.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map((one) => (
              <tr key={one.version}>
                <th scope="row" data-label={t('codes.version')}>
                  {one.version}
                </th>
                <td data-label={t('codes.when')}>
                  <Time at={one.importedAt} />
                </td>
                <td data-label={t('codes.by')}>{one.importedBy}</td>
                {(['values', 'added', 'changed', 'removed'] as const).map((name) => (
                  <td key={name} className="num" data-label={t(`codes.count.${name}`)}>
                    <Count value={one[name]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
