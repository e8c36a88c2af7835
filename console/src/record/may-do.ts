import type { Operation, RecordType } from '../../../src/exchange/definition.ts'
import type { StoredRecord } from '../api/records-queries.ts'
import type { useSession } from '../app/session.tsx'

/** Does the lifecycle offer it for the record as it stands, to a person who is granted it? The node decides in the end. */
export function mayDo(
  session: Pick<ReturnType<typeof useSession>, 'me' | 'may'>,
  type: RecordType | undefined,
  record: StoredRecord,
  operation: Operation & ('close' | 'delete'),
): boolean {
  const rule = type?.lifecycle.operations[operation]
  if (rule === undefined || record.status === null || !rule.from.includes(record.status)) return false
  return (rule.grant === 'owner' || session.me.centre) && session.may(operation, record.exchange)
}
