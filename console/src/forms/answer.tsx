import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Schemas } from '../api/client.ts'
import { useT } from '../app/text.tsx'
import { Severity } from '../components/finding.tsx'
import { Section } from '../components/page.tsx'

/** What the node answered to a record that was sent. */
export function Answer({
  result,
  children,
}: {
  readonly result: Schemas['RecordResult']
  readonly children: ReactNode
}) {
  const t = useT()
  const { key, outcome, status, statusLabel, findings, tracking } = result
  const clean = status !== 'submitted-with-errors'
  return (
    <Section title={t('answer.title')}>
      <p className={clean ? 'calm' : 'note note--warn'} role="status">
        <strong>{key ?? ''}</strong> {t(`outcome.${outcome}`)}
        {statusLabel === null ? '' : ` · ${statusLabel}`}
      </p>
      {findings.length === 0 ? null : (
        <ul className="summary__list">
          {findings.map(({ code, path, severity, message }) => (
            <li key={`${code} ${path}`}>
              <Severity severity={severity} /> {message} <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
      <p>
        {t('facts.tracking')}:{' '}
        <Link to="/submissions/$tracking" params={{ tracking }}>
          {tracking}
        </Link>
      </p>
      <div className="decide__actions">{children}</div>
    </Section>
  )
}
