import { useMemo, useState } from 'react'
import { useT } from '../../app/text.tsx'
import type { FoundHere } from '../../check/check.ts'
import { SentValue, Severity } from '../../components/finding.tsx'
import { Count } from '../../components/number.tsx'
import { Section } from '../../components/page.tsx'
import type { Check } from './use-check.ts'

/** What the check in the browser found, with row and column. Nothing has been sent yet. */
export function Checked({ check, fileName }: { readonly check: Check; readonly fileName: string }) {
  const t = useT()
  const { tally, findings, end } = check
  return (
    <Section title={t('check.title')}>
      {end === null ? (
        <div className="progress" role="status">
          <progress
            className="progress__bar"
            max={1}
            value={tally?.share ?? 0}
            aria-label={t('check.title')}
          />
          <span className="progress__text">{t('progress.records', { count: tally?.records ?? 0 })}</span>
        </div>
      ) : null}
      {end?.kind === 'later' ? <p className="note">{t('check.later')}</p> : null}
      {end?.kind === 'failed' ? <p className="note note--warn">{t('check.failed')}</p> : null}
      {end?.kind === 'unreadable' ? (
        <p className="note note--bad">{t('check.unreadable', { name: fileName })}</p>
      ) : null}
      {end?.kind === 'refused' ? (
        <p className="note note--bad">
          {end.line > 0 ? `${t('check.line', { line: end.line })}: ` : ''}
          {end.message} <code>{end.code}</code>
        </p>
      ) : null}
      {tally === null ? null : (
        <dl className="figures" aria-live="polite">
          <Figure label={t('submission.records')} value={tally.records} />
          <Figure label={t('check.rejected')} value={tally.rejected} warn />
          <Figure label={t('activity.withErrors')} value={tally.withErrors} warn />
          <Figure label={t('findings.title')} value={tally.findings} warn />
        </dl>
      )}
      {end?.kind === 'done' && tally?.findings === 0 ? <p className="calm">{t('check.clean')}</p> : null}
      {findings.length === 0 ? null : <Found findings={findings} all={tally?.findings ?? findings.length} />}
    </Section>
  )
}

function Figure({
  label,
  value,
  warn = false,
}: {
  readonly label: string
  readonly value: number
  readonly warn?: boolean
}) {
  return (
    <div className="figures__one">
      <dt>{label}</dt>
      <dd>
        <Count value={value} warn={warn} />
      </dd>
    </div>
  )
}

const PAGE = 25

function Found({ findings, all }: { readonly findings: readonly FoundHere[]; readonly all: number }) {
  const t = useT()
  const [code, setCode] = useState('')
  const [shown, setShown] = useState(PAGE)
  const codes = useMemo(() => countCodes(findings), [findings])
  const wanted = code === '' ? findings : findings.filter((one) => one.code === code)
  return (
    <>
      <div className="found__head">
        <label htmlFor="found-code">{t('check.only')}</label>
        <select
          id="found-code"
          className="usa-select"
          value={code}
          onChange={(event) => {
            setCode(event.target.value)
            setShown(PAGE)
          }}
        >
          <option value="">{t('filters.all')}</option>
          {codes.map(({ name, message, count }) => (
            <option key={name} value={name}>
              {`${name} · ${count} × ${message.slice(0, 60)}`}
            </option>
          ))}
        </select>
      </div>
      <table className="usa-table usa-table--borderless usa-table--compact usa-table--stacked table">
        <caption className="usa-sr-only">{t('findings.title')}</caption>
        <thead>
          <tr>
            <th scope="col" className="num">
              {t('check.row')}
            </th>
            <th scope="col">{t('check.column')}</th>
            <th scope="col">{t('check.found')}</th>
            <th scope="col">{t('findings.value')}</th>
            <th scope="col">{t('findings.key')}</th>
          </tr>
        </thead>
        <tbody>
          {wanted.slice(0, shown).map((one) => (
            <Row key={one.number} one={one} />
          ))}
        </tbody>
      </table>
      {wanted.length > shown ? (
        <button
          type="button"
          className="usa-button usa-button--outline"
          onClick={() => setShown(shown + 4 * PAGE)}
        >
          {t('check.more', { count: wanted.length - shown })}
        </button>
      ) : null}
      {all > findings.length ? <p className="quiet">{t('check.cut', { count: findings.length })}</p> : null}
    </>
  )
}

function Row({ one }: { readonly one: FoundHere }) {
  const t = useT()
  return (
    <tr>
      <td className="num" data-label={t('check.row')}>
        <Count value={one.line === 0 ? one.position : one.line} />
      </td>
      <td data-label={t('check.column')}>
        {one.column === null ? null : <span className="column-letter">{one.column}</span>} {one.field}
      </td>
      <td className="cell--whole">
        {one.message}{' '}
        <span className="codes__about">
          <Severity severity={one.severity} /> <code>{one.code}</code>
        </span>
      </td>
      <td data-label={t('findings.value')}>
        <SentValue value={one.value} />
      </td>
      <td data-label={t('findings.key')}>{one.key}</td>
    </tr>
  )
}

function countCodes(findings: readonly FoundHere[]) {
  const codes = new Map<string, { name: string; message: string; count: number }>()
  for (const { code, message } of findings) {
    const known = codes.get(code)
    if (known === undefined) codes.set(code, { name: code, message, count: 1 })
    else known.count += 1
  }
  return [...codes.values()].sort((a, b) => b.count - a.count)
}
