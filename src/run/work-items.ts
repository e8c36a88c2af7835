import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { afterBusinessDays } from '../match/business-days.ts'
import { putMessages } from '../store/messages.ts'
import type { Realm } from '../store/model.ts'
import { newRecordId } from '../store/record-id.ts'
import { putWorkItem } from '../store/work-items.ts'
import { dateIn } from './deps.ts'

/** A work item for a partner, about a record or about none. */
export interface Ask {
  readonly partner: string
  readonly realm: Realm
  readonly kind: string
  readonly recordType: string | null
  readonly recordId: string | null
  /** Identity text. */
  readonly key: string | null
  readonly title: string
  readonly body: Readonly<Record<string, unknown>>
  /** Business days; null: as the definition says, else 5. */
  readonly dueDays: number | null
  /** Account that asks. */
  readonly by: string
}

const dueDaysOtherwise = 5

/** Puts a work item before a partner, with the message that tells of it; its id. */
export async function ask(tx: Tx, definition: Definition, asked: Ask, now: number): Promise<string> {
  const { partner, realm, kind, recordType, recordId, key, title } = asked
  const { exchange } = definition
  const days = asked.dueDays ?? definition.workItems?.[kind]?.dueDays ?? dueDaysOtherwise
  const item = newRecordId(now)
  const dueOn = afterBusinessDays(dateIn(definition.zone, now), days)
  const madeAt = new Date(now).toISOString()
  await putWorkItem(tx, { ...asked, exchange, item, dueOn, madeBy: asked.by, madeAt })
  const body = { kind, dueOn, ...asked.body }
  const message = { type: 'work-item', recordType, recordId, key, title, body, workItem: item } as const
  await putMessages(tx, { partner, realm }, exchange, [message], madeAt)
  return item
}
