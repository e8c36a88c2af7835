import type { Submission, SubmissionState } from '../store/model.ts'

/**
 * What a receipt states: the bytes received, what became of every record in numbers, and the root of the
 * Merkle tree over the session log's lines, so that one record's fate can be proven later.
 */
export interface ReceiptClaims {
  readonly kind: 'receipt'
  readonly tracking: string
  readonly exchange: string
  readonly realm: string
  readonly partner: string
  readonly channel: string
  readonly document: { readonly sha256: string; readonly bytes: number; readonly fileName: string }
  readonly receivedAt: string
  readonly state: SubmissionState
  readonly reason: string | null
  readonly dryRun: boolean
  readonly definition: string
  readonly counts: Submission['counts']
  readonly log: { readonly lines: number; readonly root: string }
}

/** Given when a document is safely held and nothing more is known yet. */
export interface AcknowledgementClaims
  extends Pick<
    ReceiptClaims,
    'tracking' | 'exchange' | 'realm' | 'partner' | 'channel' | 'document' | 'receivedAt'
  > {
  readonly kind: 'acknowledgement'
}

/** Claims of the receipt that closes a submission in this state. */
export function receiptClaims(
  submission: Submission,
  root: string,
  state: SubmissionState,
  reason: string | null,
): ReceiptClaims {
  const { counts } = submission
  return {
    ...acknowledgementClaims(submission),
    kind: 'receipt',
    state,
    reason,
    dryRun: submission.dryRun,
    definition: submission.definitionHash,
    counts,
    log: { lines: counts.received + counts.removed + counts.cascaded, root },
  }
}

export function acknowledgementClaims(submission: Submission): AcknowledgementClaims {
  const { tracking, exchange, realm, partner, channel, document, documentBytes, fileName, receivedAt } =
    submission
  return {
    kind: 'acknowledgement',
    tracking,
    exchange,
    realm,
    partner,
    channel,
    document: { sha256: document, bytes: documentBytes, fileName },
    receivedAt,
  }
}
