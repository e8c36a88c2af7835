import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Submission } from '../../api/client.ts'
import { useSession } from '../../app/session.tsx'
import { useT } from '../../app/text.tsx'

interface Props {
  readonly submission: Submission
  readonly exchangeTitle: string
}

const CHANNELS = ['rest', 'sftp', 'drop', 'agent', 'sdcs'] as const

/** Who sent it, how, and what it has to do with others. */
export function Facts({ submission, exchangeTitle }: Props) {
  const t = useT()
  const { me } = useSession()
  const { corrects, correctedBy, repeats, partner } = submission
  const channel = CHANNELS.find((one) => one === submission.channel)
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('facts.tracking'), <code key="tracking">{submission.tracking}</code>],
    [t('submission.exchange'), exchangeTitle],
    [t('submission.partner'), partner === me.partner ? (me.partnerTitle ?? partner) : partner],
    [t('facts.channel'), channel === undefined ? submission.channel : t(`channel.${channel}`)],
    [t('facts.scope'), t(`facts.scope.${submission.scope}`)],
    ...(submission.format === null ? [] : ([[t('facts.format'), submission.format.toUpperCase()]] as const)),
    ...(repeats === null ? [] : ([[t('facts.repeats'), <To key="repeats" tracking={repeats} />]] as const)),
    ...(corrects.length === 0
      ? []
      : ([[t('facts.corrects'), <Those key="corrects" all={corrects} />]] as const)),
    ...(correctedBy.length === 0
      ? []
      : ([[t('facts.correctedBy'), <Those key="correctedBy" all={correctedBy} />]] as const)),
    [
      'SHA-256',
      <code key="hash" className="facts__hash">
        {submission.documentSha256}
      </code>,
    ],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} className="facts__one">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Those({ all }: { readonly all: Submission['corrects'] }) {
  const t = useT()
  return (
    <ul className="facts__list">
      {all.map(({ tracking = '', records = 0 }) => (
        <li key={tracking}>
          <To tracking={tracking} /> ({t('progress.records', { count: records })})
        </li>
      ))}
    </ul>
  )
}

function To({ tracking }: { readonly tracking: string }) {
  return (
    <Link to="/submissions/$tracking" params={{ tracking }}>
      <code>{tracking}</code>
    </Link>
  )
}
