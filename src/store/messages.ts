import type { Tx } from '../db/database.ts'
import { nothing, type Sql, sql } from '../db/sql.ts'
import type { MessageType, NewMessage } from '../match/messages.ts'
import { isoTime } from './iso-time.ts'
import type { Realm } from './model.ts'

/** Whose messages they are. */
export interface Queue {
  readonly partner: string
  readonly realm: Realm
}

/** A message without its body. Times are ISO texts in UTC. */
export interface MessageHeader {
  /** Counts up within a partner's messages of a realm. */
  readonly number: number
  readonly exchange: string
  readonly type: MessageType
  readonly recordType: string | null
  readonly recordId: string | null
  readonly key: string | null
  readonly workItem: string | null
  readonly title: string
  readonly createdAt: string
  readonly clearedAt: string | null
  readonly clearedBy: string | null
}

export interface Message extends MessageHeader {
  readonly body: Readonly<Record<string, unknown>>
}

/** A message to be put; one about a work item need not be about a record. */
export interface PutMessage extends Pick<NewMessage, 'type' | 'title' | 'body'> {
  readonly recordType: string | null
  readonly recordId: string | null
  readonly key: string | null
  readonly workItem?: string
}

/**
 * Puts messages to a partner, in order, in the transaction of what they tell of. The centre is not told of its own
 * records. Takes the queue's lock, so it comes after every lock of a book.
 */
export async function putMessages(
  tx: Tx,
  { partner, realm }: Queue,
  exchange: string,
  messages: readonly PutMessage[],
  at: string,
): Promise<void> {
  if (messages.length === 0) return
  const count = messages.length
  const each = <T>(pick: (message: PutMessage) => T) => messages.map(pick)
  await tx.rows(sql`
    with queue as (
      insert into message_queue (partner, realm, last)
      select partner, ${realm}, ${count}::bigint from partner where partner = ${partner} and not centre
          on conflict (partner, realm) do update set last = message_queue.last + ${count}::bigint
      returning last
    )
    insert into message (partner, realm, number, exchange, type, record_type, record_id, key, work_item, title, body,
                         created_at)
    select ${partner}, ${realm}, queue.last - ${count}::bigint + m.place, ${exchange}, m.type, m.record_type,
           m.record_id, m.key, m.work_item, m.title, m.body::jsonb, ${at}::timestamptz
      from queue, unnest(${each((m) => m.type)}::text[], ${each((m) => m.recordType)}::text[],
                         ${each((m) => m.recordId)}::uuid[], ${each((m) => m.key)}::text[],
                         ${each((m) => m.workItem ?? null)}::uuid[], ${each((m) => m.title)}::text[],
                         ${each((m) => JSON.stringify(m.body))}::text[]) with ordinality
                  as m (type, record_type, record_id, key, work_item, title, body, place)`)
}

export interface MessageQuery extends Queue {
  /** Only of these exchanges; null: of all. */
  readonly exchanges: readonly string[] | null
  readonly type: MessageType | null
  readonly cleared: boolean
  readonly after: number
  readonly limit: number
}

/** Messages without their bodies, oldest first: those that are not cleared, or those that are. */
export async function listMessages(tx: Tx, query: MessageQuery): Promise<MessageHeader[]> {
  const [one] = query.exchanges ?? []
  const exchanges =
    query.exchanges === null
      ? nothing
      : query.exchanges.length === 1 && one !== undefined
        ? sql`and exchange = ${one}`
        : sql`and exchange = any (${query.exchanges}::text[])`
  const rows = await tx.rows<MessageHeader>(sql`
    select ${HEADER} from message
     where partner = ${query.partner} and realm = ${query.realm} and number > ${query.after}::bigint
       and cleared_at is ${query.cleared ? sql`not null` : sql`null`} ${exchanges}
       ${query.type === null ? nothing : sql`and type = ${query.type}`}
     order by number limit ${query.limit}`)
  return rows.map(readable)
}

const HEADER: Sql = sql`number, exchange, type, record_type as "recordType", record_id as "recordId", key,
  work_item as "workItem", title, ${isoTime('created_at')} as "createdAt", ${isoTime('cleared_at')} as "clearedAt",
  cleared_by as "clearedBy"`

/** One message with its body, also when it is cleared; null where there is none. */
export async function findMessage(tx: Tx, queue: Queue, number: number): Promise<Message | null> {
  const [row] = await tx.rows<Message>(sql`
    select ${HEADER}, body from message
     where partner = ${queue.partner} and realm = ${queue.realm} and number = ${number}::bigint`)
  return row === undefined ? null : readable(row)
}

function readable<T extends MessageHeader>(row: T): T {
  return { ...row, key: row.key?.replaceAll('\u001f', '/') ?? null }
}

/** Which messages are cleared. */
export type Cleared = { readonly numbers: readonly number[] } | { readonly upTo: number }

/**
 * Clears messages that are not cleared; how many these were.
 * @param exchanges only of these; null: of all
 */
export async function clearMessages(
  tx: Tx,
  { partner, realm }: Queue,
  exchanges: readonly string[] | null,
  which: Cleared,
  by: { readonly account: string; readonly at: string },
): Promise<number> {
  const those =
    'upTo' in which
      ? sql`number <= ${which.upTo}::bigint`
      : sql`number = any (${[...which.numbers]}::bigint[])`
  const [row] = await tx.rows<{ count: number }>(sql`
    with cleared as (
      update message set cleared_at = ${by.at}::timestamptz, cleared_by = ${by.account}
       where partner = ${partner} and realm = ${realm} and cleared_at is null and ${those}
         and (${exchanges}::text[] is null or exchange = any (${exchanges}::text[]))
      returning 1
    )
    select count(*)::int as count from cleared`)
  return row?.count ?? 0
}

/** Clears the messages about a work item: it is settled. */
export async function clearOfWorkItem(
  tx: Tx,
  item: string,
  by: { readonly account: string; readonly at: string },
): Promise<void> {
  await tx.rows(sql`
    update message set cleared_at = ${by.at}::timestamptz, cleared_by = ${by.account}
     where work_item = ${item}::uuid and cleared_at is null`)
}
