import { type Parcel, worst } from '../exchange/parcel.ts'
import { linkPath } from '../exchange/references.ts'
import type { Book, Change, Live } from './decide.ts'
import { type Address, addressText, type Holder, type Tie, type Ties } from './ties.ts'

/** What a record's change does to another record that refers to it, perhaps in another book. */
export interface Effect {
  /** `cascade`: deleted with it; `settle`: its error for a missing target is gone. */
  readonly kind: 'cascade' | 'settle'
  readonly book: number
  readonly exchange: string
  readonly change: Change
}

/** What deleting a record would do to those that refer to it. */
export interface Fall {
  /** Would be deleted too. */
  readonly falling: readonly Holder[]
  /** One that forbids it, or null. */
  readonly restricting: { readonly holder: Holder; readonly tie: Tie } | null
}

/** Follows references from a record that is to be deleted. What falls with it forbids nothing. */
export function fallOf(ties: Ties, target: Address, recordId: string): Fall {
  const falling = new Map<string, Holder>()
  const forbidding: { holder: Holder; tie: Tie }[] = []
  const next: Address[] = [target]
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    for (const holder of ties.holdersOf(at)) {
      const id = holder.live.recordId
      for (const tie of holder.ties) {
        if (addressText(tie.target) !== addressText(at) || id === recordId) continue
        if (tie.reference.onDelete === 'restrict') forbidding.push({ holder, tie })
        if (tie.reference.onDelete !== 'cascade' || falling.has(id)) continue
        falling.set(id, holder)
        next.push({ book: holder.book, type: holder.type.name, key: holder.live.key })
      }
    }
  }
  const restricting = forbidding.find(({ holder }) => !falling.has(holder.live.recordId)) ?? null
  return { falling: [...falling.values()], restricting }
}

/** Deletes what falls with a record. */
export function cascade(
  falling: readonly Holder[],
  ties: Ties,
  book: Book,
  ownBook: number,
  cause: Pick<Parcel, 'position'>,
): readonly Effect[] {
  return falling.map((holder) => {
    const { live, type } = holder
    if (holder.book === ownBook) book.remove(type.name, live)
    ties.drop(holder)
    const { recordId, key, duplicateKey } = live
    const change: Change = {
      kind: 'delete',
      recordId,
      type: type.name,
      key,
      duplicateKey,
      status: 'deleted',
      version: live.version + 1,
      parcel: {
        ...holder.parcel,
        operation: 'delete',
        position: cause.position,
        contentHash: live.contentHash,
        findings: [],
      },
      before: live,
    }
    return { kind: 'cascade', book: holder.book, exchange: holder.exchange, change }
  })
}

/** A record is there from now on: those that wait for it get a new version without their error for it. */
export function settle(ties: Ties, target: Address, book: Book, ownBook: number): readonly Effect[] {
  const effects: Effect[] = []
  for (const waiting of ties.holdersOf(target)) {
    let holder = waiting
    for (const tie of waiting.ties) {
      if (!tie.waiting || addressText(tie.target) !== addressText(target)) continue
      const { effect, after } = settleOne(holder, tie)
      if (holder.book === ownBook) {
        book.remove(holder.type.name, holder.live)
        book.put(holder.type.name, after.live)
      }
      ties.settle(holder, tie, after)
      effects.push(effect)
      holder = { ...after, ties: holder.ties.map((one) => (one === tie ? { ...tie, waiting: false } : one)) }
    }
  }
  return effects
}

function settleOne(before: Holder, tie: Tie): { readonly effect: Effect; readonly after: Holder } {
  const path = linkPath(before.type.fields, tie.reference, tie.item)
  const findings = before.findings.filter(
    (finding) => finding.code !== tie.reference.code || finding.path !== path,
  )
  const live: Live = {
    ...before.live,
    version: before.live.version + 1,
    status:
      before.live.status === 'closed'
        ? 'closed'
        : worst(findings) === 'error'
          ? 'submitted-with-errors'
          : 'submitted',
    body: before.parcel.body,
    stored: false,
    faultyPaths: findings.map((finding) => finding.path),
  }
  const parcel = { ...before.parcel, findings }
  const { recordId, key, duplicateKey, status, version } = live
  const change: Change = {
    kind: 'update',
    recordId,
    type: before.type.name,
    key,
    duplicateKey,
    status,
    version,
    parcel,
    before: before.live,
  }
  return {
    effect: { kind: 'settle', book: before.book, exchange: before.exchange, change },
    after: { ...before, live, parcel, findings },
  }
}
