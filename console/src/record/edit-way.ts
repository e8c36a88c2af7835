import type { RecordType } from '../../../src/exchange/definition.ts'
import type { StoredRecord } from '../api/records-queries.ts'
import type { useSession } from '../app/session.tsx'

/** How a changed record is sent: the whole of it, by its number or by its key, or only what differs. */
export type EditWay = 'replace' | 'upsert' | 'merge'

const WAYS: readonly EditWay[] = ['replace', 'upsert', 'merge']

type Session = Pick<ReturnType<typeof useSession>, 'me' | 'may'>

/** How this person may change the record as it stands; null: not at all. The node decides in the end. */
export function editWay({ me, may }: Session, type: RecordType, record: StoredRecord): EditWay | null {
  const { status, exchange } = record
  if (status === null || !may('submit', exchange) || type.sync?.changed === 'reject') return null
  return (
    WAYS.find((way) => {
      const rule = type.lifecycle.operations[way]
      return rule?.from.includes(status) === true && (rule.grant === 'owner' || me.centre)
    }) ?? null
  )
}

/** May it be given another key by changing the fields that make it? */
export function mayRename({ me }: Pick<Session, 'me'>, type: RecordType, { status }: StoredRecord): boolean {
  const rule = type.lifecycle.operations.rename
  return status !== null && rule?.from.includes(status) === true && (rule.grant === 'owner' || me.centre)
}
