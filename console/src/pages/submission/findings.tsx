import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Submission } from '../../api/client.ts'
import { findingSummaryQuery, findingsQuery } from '../../api/queries.ts'
import { useT } from '../../app/text.tsx'
import { SentValue, Severity } from '../../components/finding.tsx'
import { Count } from '../../components/number.tsx'
import { Failure, Skeleton } from '../../components/states.tsx'

/** What was found, by code, the most frequent first; each opens to show where. */
export function Findings({
  submission,
  closed,
}: {
  readonly submission: Submission
  readonly closed: boolean
}) {
  const t = useT()
  const { tracking } = submission
  const { data, error, refetch } = useQuery(findingSummaryQuery(tracking, closed))
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={6} />
  if (data.length === 0) return <p className="calm">{t(closed ? 'findings.none' : 'findings.noneYet')}</p>
  return (
    <ul className="codes">
      {data.map((one) => (
        <Code key={`${one.code} ${one.field}`} tracking={tracking} found={one} />
      ))}
    </ul>
  )
}

interface Found {
  readonly code: string
  readonly severity: 'fatal' | 'error' | 'warning' | 'info'
  readonly count: number
  readonly message: string
  readonly field: string
}

function Code({ tracking, found }: { readonly tracking: string; readonly found: Found }) {
  const t = useT()
  const [open, setOpen] = useState(false)
  return (
    <li className="codes__one">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="codes__head">
          <span className="codes__count">
            <Count value={found.count} />
            <span className="usa-sr-only"> {t('findings.times')}</span>
          </span>
          <span className="codes__text">
            <span className="codes__message">{found.message}</span>
            <span className="codes__about">
              <Severity severity={found.severity} />
              <code>{found.code}</code>
              {found.field === '' ? null : <span>{found.field}</span>}
            </span>
          </span>
        </summary>
        {open ? <Examples tracking={tracking} code={found.code} /> : null}
      </details>
    </li>
  )
}

/** The first of them: which records, where in them, and what was sent. */
function Examples({ tracking, code }: { readonly tracking: string; readonly code: string }) {
  const t = useT()
  const { data, error, refetch } = useQuery(findingsQuery(tracking, code))
  if (error !== null) return <Failure problem={error} again={refetch} />
  if (data === undefined) return <Skeleton lines={3} />
  return (
    <div className="codes__examples">
      <table className="usa-table usa-table--borderless usa-table--compact table">
        <caption className="usa-sr-only">{t('findings.examples', { code })}</caption>
        <thead>
          <tr>
            <th scope="col" className="num">
              {t('findings.position')}
            </th>
            <th scope="col">{t('findings.key')}</th>
            <th scope="col">{t('findings.field')}</th>
            <th scope="col">{t('findings.value')}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((one) => (
            <tr key={`${one.position} ${one.path}`}>
              <td className="num">
                <Count value={one.position} />
              </td>
              <td>{one.key?.replaceAll('\u001f', ' / ') ?? ''}</td>
              <td>
                {one.field}
                {one.item === null ? '' : ` ${t('findings.item', { number: one.item })}`}
              </td>
              <td>
                <SentValue value={one.value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.next === null ? null : <p className="quiet">{t('findings.more')}</p>}
    </div>
  )
}
