import type { Tx } from '../db/database.ts'
import { nothing, type Sql, sql } from '../db/sql.ts'
import { isoTime } from './iso-time.ts'
import type { Realm } from './model.ts'

export const WORK_ITEM_STATES = ['open', 'confirmed', 'refused', 'withdrawn'] as const
export type WorkItemState = (typeof WORK_ITEM_STATES)[number]

/** Something a partner is asked to settle about a record. Times are ISO texts in UTC. */
export interface WorkItem {
  readonly item: string
  readonly partner: string
  readonly exchange: string
  readonly realm: Realm
  readonly kind: string
  readonly recordType: string | null
  readonly recordId: string | null
  readonly key: string | null
  readonly title: string
  readonly body: Readonly<Record<string, unknown>>
  /** Last day (ISO), by the clock of the exchange. */
  readonly dueOn: string
  readonly madeBy: string
  readonly madeAt: string
  readonly state: WorkItemState
  readonly reason: string | null
  readonly answeredBy: string | null
  readonly answeredAt: string | null
}

const COLUMNS: Sql = sql`item, partner, exchange, realm, kind, record_type as "recordType", record_id as "recordId",
  replace(key, chr(31), '/') as key, title, body, due_on as "dueOn", made_by as "madeBy",
  ${isoTime('made_at')} as "madeAt", state, reason, answered_by as "answeredBy",
  ${isoTime('answered_at')} as "answeredAt"`

export async function putWorkItem(
  tx: Tx,
  item: Omit<WorkItem, 'state' | 'reason' | 'answeredBy' | 'answeredAt'>,
): Promise<void> {
  await tx.rows(sql`
    insert into work_item (item, partner, exchange, realm, kind, record_type, record_id, key, title, body, due_on,
                           made_by, made_at)
    values (${item.item}::uuid, ${item.partner}, ${item.exchange}, ${item.realm}, ${item.kind}, ${item.recordType},
            ${item.recordId}::uuid, ${item.key}, ${item.title}, ${JSON.stringify(item.body)}::jsonb, ${item.dueOn},
            ${item.madeBy}, ${item.madeAt}::timestamptz)`)
}

export async function findWorkItem(tx: Tx, item: string): Promise<WorkItem | null> {
  const [row] = await tx.rows<WorkItem>(sql`select ${COLUMNS} from work_item where item = ${item}::uuid`)
  return row ?? null
}

export interface WorkItemQuery {
  readonly partners: readonly string[] | null
  readonly exchanges: readonly string[] | null
  readonly realm: Realm
  readonly state: WorkItemState | null
  readonly kind: string | null
  /** Only those that were due before this day and are open; null: all. */
  readonly overdueOn: string | null
  readonly after: string | null
  readonly limit: number
}

/** Work items in the order in which they were made. */
export async function listWorkItems(tx: Tx, query: WorkItemQuery): Promise<WorkItem[]> {
  return tx.rows<WorkItem>(sql`
    select ${COLUMNS} from work_item
     where realm = ${query.realm}
       ${query.partners === null ? nothing : sql`and partner = any (${query.partners}::text[])`}
       ${query.exchanges === null ? nothing : sql`and exchange = any (${query.exchanges}::text[])`}
       ${query.state === null ? nothing : sql`and state = ${query.state}`}
       ${query.kind === null ? nothing : sql`and kind = ${query.kind}`}
       ${query.overdueOn === null ? nothing : sql`and state = 'open' and due_on < ${query.overdueOn}`}
       ${query.after === null ? nothing : sql`and item > ${query.after}::uuid`}
     order by item limit ${query.limit}`)
}

/** Answers, or withdraws, an open work item; false when it is not open. */
export async function settleWorkItem(
  tx: Tx,
  item: string,
  answer: {
    readonly state: Exclude<WorkItemState, 'open'>
    readonly reason: string | null
    readonly by: string
    readonly at: string
  },
): Promise<boolean> {
  const rows = await tx.rows(sql`
    update work_item set state = ${answer.state}, reason = ${answer.reason}, answered_by = ${answer.by},
           answered_at = ${answer.at}::timestamptz
     where item = ${item}::uuid and state = 'open' returning 1`)
  return rows.length === 1
}
