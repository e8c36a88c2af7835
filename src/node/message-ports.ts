import type { AskRequest, MessagePorts, WorkItemView } from '../channel/rest/ports-messages.ts'
import { Fault } from '../fault/fault.ts'
import type { Who } from '../identity/who.ts'
import { dateIn, type RunDeps } from '../run/deps.ts'
import { ask } from '../run/work-items.ts'
import { findBooks } from '../store/books.ts'
import { clearMessages, clearOfWorkItem, findMessage, listMessages } from '../store/messages.ts'
import { findPartner } from '../store/partners.ts'
import { searchRecords } from '../store/records-read.ts'
import { findWorkItem, listWorkItems, settleWorkItem, type WorkItem } from '../store/work-items.ts'
import { placeAfter, readPlace } from './paging.ts'

type Deps = Pick<RunDeps, 'db' | 'definitions' | 'now'>

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What the REST channel may ask about messages and work items. */
export function createMessagePorts(deps: Deps): MessagePorts {
  const { db, now } = deps
  return {
    list: (query) => db.transact((tx) => listMessages(tx, query)),
    find: (queue, number) => db.transact((tx) => findMessage(tx, queue, number)),
    clear: (who, queue, exchanges, which) =>
      db.transact((tx) =>
        clearMessages(tx, queue, exchanges, which, { account: who.account, at: isoNow(now) }),
      ),
    ask: (who, request) => askOf(deps, who, request),
    async workItems({ state, after, limit, ...query }) {
      const place = readPlace(after, { item: 'string' })
      const overdueOn = state === 'overdue' ? dateIn('UTC', now()) : null
      const rows = await db.transact((tx) =>
        listWorkItems(tx, {
          ...query,
          state: state === 'overdue' ? 'open' : state,
          overdueOn,
          after: place?.item ?? null,
          limit: limit + 1,
        }),
      )
      const items = rows.slice(0, limit).map((row) => viewOf(deps, row))
      const last = items.at(-1)
      return {
        items,
        next: rows.length > limit && last !== undefined ? placeAfter({ item: last.item }) : null,
      }
    },
    async workItem(item) {
      if (!uuid.test(item)) return null
      const found = await db.transact((tx) => findWorkItem(tx, item))
      return found === null ? null : viewOf(deps, found)
    },
    settle: (who, item, state, reason) => settle(deps, who, item, state, reason),
  }
}

function isoNow(now: () => number): string {
  return new Date(now()).toISOString()
}

function viewOf({ definitions, now }: Deps, item: WorkItem): WorkItemView {
  const zone = definitions.list().find((one) => one.exchange === item.exchange)?.zone ?? 'UTC'
  return { ...item, overdue: item.state === 'open' && item.dueOn < dateIn(zone, now()) }
}

async function askOf(deps: Deps, who: Who, request: AskRequest): Promise<WorkItemView> {
  const { exchange, realm, partner, kind, record } = request
  const definition = deps.definitions.get(exchange)
  const kinds = definition.workItems
  if (kinds !== undefined && !Object.hasOwn(kinds, kind))
    throw new Fault('BAD_REQUEST', {
      reason: `${exchange} has no work items of the kind '${kind}'; it has ${Object.keys(kinds).join(', ')}.`,
    })
  if (record !== null && !definition.types.some(({ name }) => name === record.type))
    throw new Fault('NOT_FOUND', { what: `record type ${record.type} in ${exchange}` })
  const item = await deps.db.transact(async (tx) => {
    if ((await findPartner(tx, partner)) === null)
      throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
    const key = record?.key.replaceAll('/', '\u001f') ?? null
    const owners = definition.owner === 'partner' ? [partner] : null
    const books = await findBooks(tx, { owners, exchange, realm })
    const [found] =
      record === null
        ? []
        : await searchRecords(tx, {
            books: books.map(({ book }) => book),
            type: record.type,
            key,
            status: null,
            where: [],
            changedSince: null,
            limit: 1,
            after: null,
          })
    if (record !== null && found === undefined)
      throw new Fault('NOT_FOUND', { what: `${record.type} ${record.key} of ${partner}` })
    return ask(
      tx,
      definition,
      {
        ...request,
        recordType: record?.type ?? null,
        recordId: found?.recordId ?? null,
        key,
        by: who.account,
      },
      deps.now(),
    )
  })
  return must(deps, item)
}

async function settle(
  deps: Deps,
  who: Who,
  item: string,
  state: 'confirmed' | 'refused' | 'withdrawn',
  reason: string | null,
): Promise<WorkItemView> {
  const before = await must(deps, item)
  const by = { account: who.account, at: isoNow(deps.now) }
  const done = await deps.db.transact(async (tx) => {
    const settled = await settleWorkItem(tx, item, { state, reason, by: by.account, at: by.at })
    if (settled) await clearOfWorkItem(tx, item, by)
    return settled
  })
  const after = done ? await must(deps, item) : before
  // The same answer again is no mistake: the first may have been lost on its way.
  if (!done && (after.state !== state || after.reason !== reason))
    throw new Fault('NOT_ALLOWED_NOW', { reason: `The work item is ${after.state}.` })
  return after
}

async function must(deps: Deps, item: string): Promise<WorkItemView> {
  const found = uuid.test(item) ? await deps.db.transact((tx) => findWorkItem(tx, item)) : null
  if (found === null) throw new Fault('NOT_FOUND', { what: `work item ${item}` })
  return viewOf(deps, found)
}
