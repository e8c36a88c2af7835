import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Definition, RecordType } from '../../../../src/exchange/definition.ts'
import type { Version } from '../../api/records-queries.ts'
import { useT } from '../../app/text.tsx'
import { Time } from '../../app/time.tsx'
import { type Difference, differences, leavesOf } from '../../record/leaves.ts'
import { StatusTag } from '../../record/status-tag.tsx'
import { useWords } from '../../record/words.ts'

interface Props {
  readonly definition: Definition
  readonly type: RecordType
  readonly versions: readonly Version[]
}

/** What was done to the record, the latest first: who, when, by which submission, and what it changed. */
export function History({ definition, type, versions }: Props) {
  const words = useWords()
  const steps = useMemo(() => {
    const leaves = versions.map(({ body }) => leavesOf(type.fields, body, definition.lists, words))
    return versions
      .map((version, index) => ({
        version,
        before: versions[index - 1],
        // What a deletion takes away is the whole record; that it is gone says as much.
        changes:
          index === 0 || version.status === 'deleted'
            ? null
            : differences(leaves[index - 1] ?? [], leaves[index] ?? []),
      }))
      .toReversed()
  }, [versions, type, definition, words])
  return (
    <ol className="history">
      {steps.map(({ version, before, changes }) => (
        <li key={version.version} className="history__one">
          <Head type={type} version={version} moved={before?.status !== version.status} />
          {changes === null ? null : <Changes changes={changes} version={version.version} />}
        </li>
      ))}
    </ol>
  )
}

function Head({
  type,
  version,
  moved,
}: {
  readonly type: RecordType
  readonly version: Version
  /** It has another status than before. */
  readonly moved: boolean
}) {
  const t = useT()
  const { operation, status, submission, partner, account, byCentre, reason, at } = version
  return (
    <div className="history__head">
      <span className="history__what">
        {t('record.version', { version: version.version })} · {t(`record.did.${wordOf(operation)}`)}
        {moved ? <StatusTag status={status} label={type.lifecycle.labels[status]} /> : null}
      </span>
      <span className="history__about">
        <Time at={at} to="second" />
        {account === null && partner === null ? null : ` · ${account ?? partner}`}
        {account === null || partner === null
          ? null
          : byCentre
            ? ` (${t('record.forPartner', { partner })})`
            : ` (${partner})`}
        {' · '}
        <Link to="/submissions/$tracking" params={{ tracking: submission }}>
          <code>{submission}</code>
        </Link>
      </span>
      {reason === null ? null : <span className="history__reason">{reason}</span>}
    </div>
  )
}

const OPERATIONS = ['create', 'replace', 'merge', 'upsert', 'delete', 'close', 'rename', 'transfer'] as const

function wordOf(operation: string): (typeof OPERATIONS)[number] | 'other' {
  return OPERATIONS.find((one) => one === operation) ?? 'other'
}

function Changes({
  changes,
  version,
}: {
  readonly changes: readonly Difference[]
  readonly version: number
}) {
  const t = useT()
  if (changes.length === 0) return <p className="quiet">{t('record.noChange')}</p>
  return (
    <div className="table-scroll">
      <table className="usa-table usa-table--borderless usa-table--compact usa-table--stacked table changes">
        <caption className="usa-sr-only">{t('record.changes', { version })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('findings.field')}</th>
            <th scope="col">{t('record.before')}</th>
            <th scope="col">{t('record.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, label, before, after }) => (
            <tr key={path}>
              <th scope="row" data-label={t('findings.field')}>
                {label}
              </th>
              <td data-label={t('record.before')}>{before === null ? <Nothing /> : <del>{before}</del>}</td>
              <td data-label={t('record.after')}>{after === null ? <Nothing /> : <ins>{after}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Nothing() {
  const t = useT()
  return (
    <span className="quiet">
      <span aria-hidden="true">–</span>
      <span className="usa-sr-only">{t('findings.empty')}</span>
    </span>
  )
}
