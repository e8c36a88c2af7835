import type { Tx } from '../db/database.ts'
import type { Definition, RecordType } from '../exchange/definition.ts'
import type { Body } from '../exchange/parcel.ts'
import type { Live } from '../match/decide.ts'
import { type ForeignChange, messageOf, type NewMessage } from '../match/messages.ts'
import type { AbsentRow } from '../store/absent.ts'
import { booksByNumber } from '../store/books.ts'
import { putMessages } from '../store/messages.ts'
import type { Realm, Submission } from '../store/model.ts'
import { withBodies } from '../store/records.ts'
import type { Unnumbered } from './apply.ts'
import type { ChunkContext, ChunkItem } from './chunk.ts'
import { ask } from './work-items.ts'

/** Messages for the owner of a book about what others did in it. */
export interface Told {
  readonly exchange: string
  readonly realm: Realm
  readonly owner: string
  readonly messages: readonly NewMessage[]
}

/**
 * What a chunk changes in books of partners who did not ask for it: by the centre, or as a consequence of a change in
 * a book of somebody else. Called before anything is written: the former contents are looked at.
 */
export async function foreignChanges(
  tx: Tx,
  context: ChunkContext,
  items: readonly ChunkItem[],
  own: readonly Unnumbered[],
  others: ReadonlyMap<number, readonly Unnumbered[]>,
): Promise<readonly Told[]> {
  const { definition, book, realm, owner } = context
  const byCentre = new Set(items.flatMap((item) => (item.byCentre ? [item.tracking] : [])))
  const reasons = new Map(items.map(({ tracking, reason }) => [tracking, reason ?? null]))
  const told: Told[] = []
  if (byCentre.size > 0 && definition.owner === 'partner') {
    const changes = own.filter(({ tracking }) => byCentre.has(tracking))
    const messages = await messagesOf(tx, definition, book, changes, reasons)
    told.push({ exchange: definition.exchange, realm, owner, messages })
  }
  if (others.size === 0) return told
  for (const row of await booksByNumber(tx, [...others.keys()])) {
    const changes = (others.get(row.book) ?? []).filter(
      ({ tracking }) => byCentre.has(tracking) || row.owner !== context.partner,
    )
    const theirs = context.all.find((one) => one.exchange === row.exchange)
    if (theirs === undefined || theirs.owner !== 'partner') continue
    told.push({ ...row, messages: await messagesOf(tx, theirs, row.book, changes, reasons) })
  }
  return told
}

/** Puts the messages, last of all in the transaction: their numbers are locked until its end. */
export async function tellOwners(tx: Tx, told: readonly Told[], now: number): Promise<void> {
  const at = new Date(now).toISOString()
  // In order of the queues, so that two transactions never wait for each other.
  for (const { owner: partner, realm, exchange, messages } of told.toSorted((a, b) =>
    a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : 0,
  ))
    await putMessages(tx, { partner, realm }, exchange, messages, at)
}

/** Tells a partner what a full file of the centre left out of the partner's book. */
export async function tellRemoved(
  tx: Tx,
  submission: Submission,
  definition: Definition,
  removed: readonly AbsentRow[],
  now: number,
): Promise<void> {
  if (!submission.byCentre || definition.owner !== 'partner') return
  const types = new Map(definition.types.map((type) => [type.name, type]))
  const messages = removed.flatMap((row) => {
    const type = types.get(row.type)
    return type === undefined ? [] : [messageOf(removal(type, row, submission.tracking))]
  })
  await tellOwners(tx, [{ ...submission, messages }], now)
}

function removal(type: RecordType, row: AbsentRow, tracking: string): ForeignChange {
  return {
    type,
    kind: 'delete',
    cause: 'remove',
    recordId: row.record_id,
    key: row.key,
    formerKey: null,
    version: row.version + 1,
    statusBefore: null,
    status: 'deleted',
    before: null,
    after: null,
    submission: tracking,
    reason: null,
  }
}

async function messagesOf(
  tx: Tx,
  definition: Definition,
  book: number,
  changes: readonly Unnumbered[],
  reasons: ReadonlyMap<string, string | null>,
): Promise<readonly NewMessage[]> {
  if (changes.length === 0) return []
  const former = await formerBodies(tx, book, changes)
  const types = new Map(definition.types.map((type) => [type.name, type]))
  return changes.flatMap((one) => {
    const type = types.get(one.change.type)
    return type === undefined
      ? []
      : [messageOf({ ...seen(one, type, former), reason: reasons.get(one.tracking) ?? null })]
  })
}

/** Former contents of changed records as JSON text, by id; those made in the same chunk have theirs with them. */
async function formerBodies(
  tx: Tx,
  book: number,
  changes: readonly Unnumbered[],
): Promise<ReadonlyMap<string, string | null>> {
  const wanted = new Map<string, Live>()
  for (const { change, by } of changes) {
    const { before, kind, recordId } = change
    if (kind === 'update' && by === null && before?.stored && before.body === null)
      wanted.set(recordId, before)
  }
  const found = await withBodies(tx, book, [...wanted.values()])
  return new Map(found.map((live) => [live.recordId, live.body]))
}

function seen(
  { change, tracking, by }: Unnumbered,
  type: RecordType,
  former: ReadonlyMap<string, string | null>,
): Omit<ForeignChange, 'reason'> {
  const { kind, recordId, key, version, status, before, parcel } = change
  const body = before?.body ?? (before?.stored === true ? former.get(recordId) : null) ?? null
  return {
    type,
    kind,
    cause: by ?? 'sent',
    recordId,
    key,
    formerKey: change.formerKey ?? null,
    version,
    statusBefore: before?.status ?? null,
    status,
    before: body === null ? null : (JSON.parse(body) as Body),
    after: kind === 'update' ? (JSON.parse(parcel.body) as Body) : null,
    submission: tracking,
  }
}

/** A record that was given to another owner. */
export interface Handed {
  readonly exchange: string
  readonly type: string
  readonly recordId: string
  /** Identity text. */
  readonly key: string
  /** Tracking numbers of the submissions that say so, in the book it left and in the one it came to. */
  readonly left: string
  readonly came: string
}

/**
 * Tells both owners of a transfer; the one that lost the record itself (not what went with it) is asked to confirm it,
 * where the exchange has such work items.
 * @param handed the record first, then what went with it
 */
export async function tellTransfer(
  tx: Tx,
  definitions: readonly Definition[],
  { realm, from, to, reason, by }: TransferOf,
  handed: readonly Handed[],
  now: number,
): Promise<void> {
  const sides = [
    { owner: from, words: `was transferred to ${to}`, tracking: (one: Handed) => one.left },
    { owner: to, words: `was transferred from ${from}`, tracking: (one: Handed) => one.came },
  ]
  const told = sides.flatMap(({ owner, words, tracking }) =>
    [...new Set(handed.map(({ exchange }) => exchange))].map((exchange): Told => {
      const types = definitions.find((one) => one.exchange === exchange)?.types ?? []
      const messages = handed
        .filter((one) => one.exchange === exchange)
        .map((one): NewMessage => {
          const title = types.find(({ name }) => name === one.type)?.title ?? one.type
          return {
            type: 'transfer',
            recordType: one.type,
            recordId: one.recordId,
            key: one.key,
            title: `${title} ${one.key.replaceAll('\u001f', '/')} ${words}.`,
            body: { from, to, reason, submission: tracking(one) },
          }
        })
      return { exchange, realm, owner, messages }
    }),
  )
  await tellOwners(tx, told, now)
  const [first] = handed
  const definition = definitions.find((one) => one.exchange === first?.exchange)
  if (first === undefined || definition === undefined) return
  if (definition.workItems !== undefined && definition.workItems.transfer === undefined) return
  await ask(
    tx,
    definition,
    {
      partner: from,
      realm,
      kind: 'transfer',
      recordType: first.type,
      recordId: first.recordId,
      key: first.key,
      title: `Confirm that ${first.key.replaceAll('\u001f', '/')} belongs to ${to}.`,
      body: { from, to, reason },
      dueDays: null,
      by,
    },
    now,
  )
}

interface TransferOf {
  readonly realm: Realm
  readonly from: string
  readonly to: string
  readonly reason: string
  /** Account that made it. */
  readonly by: string
}
