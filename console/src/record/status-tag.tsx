import type { Status } from '../app/search-records.ts'
import { useT } from '../app/text.tsx'

const TONES: Readonly<Record<Status | 'deleted', string>> = {
  submitted: 'good',
  'submitted-with-errors': 'bad',
  closed: 'wait',
  deleted: 'wait',
}

/** Where a record stands, in the words of its exchange, or else in ours. */
export function StatusTag({
  status,
  label,
}: {
  readonly status: Status | 'deleted'
  readonly label?: string
}) {
  const t = useT()
  return <span className={`state state--${TONES[status]}`}>{label ?? t(`record.status.${status}`)}</span>
}
