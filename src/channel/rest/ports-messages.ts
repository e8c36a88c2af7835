import type { Who } from '../../identity/who.ts'
import type { Cleared, Message, MessageHeader, MessageQuery, Queue } from '../../store/messages.ts'
import type { Realm } from '../../store/model.ts'
import type { WorkItem, WorkItemState } from '../../store/work-items.ts'
import type { Page } from './ports.ts'

export type { Cleared, Message, MessageHeader, WorkItem, WorkItemState }

/** A work item as it is shown. */
export interface WorkItemView extends WorkItem {
  /** Its last day is over, and it is not answered. */
  readonly overdue: boolean
}

/** What the centre asks a partner to settle. */
export interface AskRequest {
  readonly exchange: string
  readonly realm: Realm
  readonly partner: string
  readonly kind: string
  /** A record of the partner that it is about: its type and its key, as people write it; null: about none. */
  readonly record: { readonly type: string; readonly key: string } | null
  readonly title: string
  readonly body: Readonly<Record<string, unknown>>
  /** Business days; null: as the definition says. */
  readonly dueDays: number | null
}

/** Messages and work items; every call is already authorised. */
export interface MessagePorts {
  /** Oldest first. */
  list(query: MessageQuery): Promise<readonly MessageHeader[]>
  /** Null where there is none. */
  find(queue: Queue, number: number): Promise<Message | null>
  /** How many were cleared. */
  clear(who: Who, queue: Queue, exchanges: readonly string[] | null, which: Cleared): Promise<number>
  /** Throws NOT_FOUND for an unknown partner, type or record, BAD_REQUEST for a kind that the exchange has not. */
  ask(who: Who, request: AskRequest): Promise<WorkItemView>
  workItems(query: {
    readonly partners: readonly string[] | null
    readonly exchanges: readonly string[] | null
    readonly realm: Realm
    readonly state: WorkItemState | 'overdue' | null
    readonly kind: string | null
    readonly limit: number
    readonly after: string | null
  }): Promise<Page<WorkItemView>>
  /** Null where there is none. */
  workItem(item: string): Promise<WorkItemView | null>
  /** Throws NOT_FOUND, and NOT_ALLOWED_NOW for one that was answered otherwise or withdrawn. */
  settle(
    who: Who,
    item: string,
    state: 'confirmed' | 'refused' | 'withdrawn',
    reason: string | null,
  ): Promise<WorkItemView>
}
