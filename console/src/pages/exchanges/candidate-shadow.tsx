import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, dataOf } from '../../api/client.ts'
import type { Candidate } from '../../api/exchanges-queries.ts'
import { useRealm } from '../../app/realm.ts'
import { type T, useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { Button, TextField } from '../../components/controls.tsx'
import { Severity } from '../../components/finding.tsx'
import { Count } from '../../components/number.tsx'
import { Failure } from '../../components/states.tsx'

type Report = NonNullable<Candidate['shadow']>
type Fate = Report['result']['examples'][number]['before']

const LAST = 20
const COUNTS = [
  'received',
  'created',
  'updated',
  'unchanged',
  'deleted',
  'rejected',
  'filtered',
  'withErrors',
] as const

/** A run in shadow: what would become of past documents, by rule and by record. Nothing else happens. */
export function Shadow({ candidate }: { readonly candidate: Candidate }) {
  const t = useT()
  const { shadow } = candidate
  return (
    <>
      <Ask candidate={candidate} />
      {shadow === null ? null : shadow.state === 'running' ? (
        <div className="progress" role="status">
          <progress className="progress__bar" max={shadow.wanted} value={shadow.result.submissions} />
          <span className="progress__text">
            {t('shadow.progress', { done: shadow.result.submissions, wanted: shadow.wanted })}
          </span>
        </div>
      ) : (
        <Told report={shadow} />
      )}
    </>
  )
}

function Ask({ candidate }: { readonly candidate: Candidate }) {
  const t = useT()
  const queries = useQueryClient()
  const { realm } = useRealm()
  const [last, set] = useState(String(LAST))
  const { exchange, candidate: number } = candidate
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      dataOf(
        api.POST('/v1/exchanges/{exchange}/candidates/{candidate}/shadow', {
          params: { path: { exchange, candidate: number } },
          body: { last: Number(last), realm },
        }),
      ),
    onSuccess: (view) => queries.setQueryData(['exchange', exchange, 'candidates', number], view),
  })
  const send = (event: FormEvent) => {
    event.preventDefault()
    mutate()
  }
  return (
    <>
      <p className="lead quiet">{t('shadow.about')}</p>
      <form className="form-line" onSubmit={send}>
        <div>
          <TextField
            id="last"
            type="number"
            min={1}
            max={500}
            required
            label={t('shadow.last')}
            value={last}
            onChange={(event) => set(event.target.value)}
          />
        </div>
        <Button type="submit" outline disabled={isPending || candidate.shadow?.state === 'running'}>
          {t('shadow.run')}
        </Button>
      </form>
      {error === null ? null : <Failure problem={error} />}
    </>
  )
}

function Told({ report }: { readonly report: Report }) {
  const t = useT()
  const { state, failure, result, endedAt } = report
  if (state === 'failed') return <p className="note note--bad">{failure}</p>
  if (state === 'broken-off') return <p className="note note--warn">{t('shadow.brokenOff')}</p>
  if (result.submissions === 0) return <p className="note">{t('shadow.nothing')}</p>
  return (
    <>
      <p className={result.different === 0 ? 'calm' : 'note note--warn'} role="status">
        {t(result.different === 0 ? 'shadow.same' : 'shadow.different', {
          count: result.different,
          records: result.records,
          documents: result.submissions,
        })}{' '}
        {endedAt === null ? null : <Time at={endedAt} />}
      </p>
      <Sums result={result} />
      <Rules rules={result.rules} />
      <Examples examples={result.examples} />
      {result.unread.map(({ tracking, before, after }) => (
        <p key={tracking} className="note note--bad">
          <code>{tracking}</code> {t('shadow.unread', { before: before ?? '–', after: after ?? '–' })}
        </p>
      ))}
    </>
  )
}

function Sums({ result }: { readonly result: Report['result'] }) {
  const t = useT()
  const labels: Readonly<Record<(typeof COUNTS)[number], string>> = {
    received: t('shadow.received'),
    created: t('outcome.created'),
    updated: t('outcome.updated'),
    unchanged: t('outcome.unchanged'),
    deleted: t('outcome.deleted'),
    rejected: t('outcome.rejected'),
    filtered: t('outcome.filtered'),
    withErrors: t('activity.withErrors'),
  }
  return (
    <table className="usa-table usa-table--borderless usa-table--compact table sums">
      <caption className="sums__title">{t('shadow.sums')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('shadow.becomes')}</th>
          <th scope="col" className="num">
            {t('candidate.now')}
          </th>
          <th scope="col" className="num">
            {t('candidate.then')}
          </th>
        </tr>
      </thead>
      <tbody>
        {COUNTS.map((name) => (
          <tr key={name} className={result.before[name] === result.after[name] ? '' : 'sums__changed'}>
            <th scope="row">{labels[name]}</th>
            <td className="num">
              <Count value={result.before[name] ?? 0} />
            </td>
            <td className="num">
              <Count value={result.after[name] ?? 0} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Rules({ rules }: { readonly rules: Report['result']['rules'] }) {
  const t = useT()
  if (rules.length === 0) return null
  return (
    <table className="usa-table usa-table--borderless usa-table--stacked table table--wide">
      <caption className="sums__title">{t('shadow.rules')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('rules.rule')}</th>
          <th scope="col">{t('rules.sentence')}</th>
          <th scope="col" className="num">
            {t('candidate.now')}
          </th>
          <th scope="col" className="num">
            {t('candidate.then')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rules.map((one) => (
          <tr key={`${one.code} ${one.field} ${one.severity}`}>
            <th scope="row" data-label={t('rules.rule')}>
              <code className="table__main">{one.code}</code>
              <span className="table__under">{one.field}</span>
            </th>
            <td className="cell--whole">
              <Severity severity={one.severity} /> {one.message}
            </td>
            <td className="num" data-label={t('candidate.now')}>
              <Count value={one.before} />
            </td>
            <td className="num" data-label={t('candidate.then')}>
              <Count value={one.after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function fateText(fate: Fate, t: T): string {
  if (fate === null) return t('shadow.noRecord')
  return [t(`outcome.${fate.outcome}`), fate.codes.join(', ')].filter((part) => part !== '').join(': ')
}

function Examples({ examples }: { readonly examples: Report['result']['examples'] }) {
  const t = useT()
  if (examples.length === 0) return null
  return (
    <details className="more">
      <summary>{t('shadow.examples', { count: examples.length })}</summary>
      <table className="usa-table usa-table--borderless usa-table--stacked usa-table--compact table table--wide">
        <caption className="usa-sr-only">{t('shadow.examples', { count: examples.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('findings.key')}</th>
            <th scope="col">{t('shadow.document')}</th>
            <th scope="col">{t('candidate.now')}</th>
            <th scope="col">{t('candidate.then')}</th>
          </tr>
        </thead>
        <tbody>
          {examples.map((one) => (
            <tr key={`${one.tracking} ${one.position}`}>
              <th scope="row" data-label={t('findings.key')}>
                {one.key ?? ''}
                <span className="table__under">
                  {t('findings.position')} {one.position}
                </span>
              </th>
              <td data-label={t('shadow.document')}>
                <Link to="/submissions/$tracking" params={{ tracking: one.tracking }}>
                  <code>{one.tracking}</code>
                </Link>
              </td>
              <td data-label={t('candidate.now')}>{fateText(one.before, t)}</td>
              <td data-label={t('candidate.then')}>{fateText(one.after, t)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
