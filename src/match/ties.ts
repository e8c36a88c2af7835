import type { RecordType, Reference } from '../exchange/definition.ts'
import type { Finding, Parcel } from '../exchange/parcel.ts'
import type { Live } from './decide.ts'

/** The address of a record that others may refer to. */
export interface Address {
  readonly book: number
  readonly type: string
  readonly key: string
}

/** One reference of a live record, as it stands. */
export interface Tie {
  readonly reference: Reference
  readonly item: number
  readonly target: Address
  /** The target is not there, and the record has an error for it. */
  readonly waiting: boolean
}

/** A live record that refers to others. */
export interface Holder {
  readonly book: number
  readonly exchange: string
  readonly type: RecordType
  readonly live: Live
  /** What its version is made of: for a new version, or a tombstone, of the same content. */
  readonly parcel: Parcel
  readonly findings: readonly Finding[]
  /** Those of its references that matter to the chunk. */
  readonly ties: readonly Tie[]
}

/** What a chunk has done to the references of records, to be written. */
export interface TieWrites {
  /** Records whose references are all new; none for a record that is gone. */
  readonly relinked: ReadonlyMap<string, { readonly holder: Holder; readonly gone: boolean }>
  /** Stored references whose target has come. */
  readonly settled: readonly { readonly holder: Holder; readonly tie: Tie }[]
  /** Keys that have changed: references that led to the one lead to the other. */
  readonly renamed: readonly { readonly type: string; readonly from: string; readonly to: string }[]
}

/** The references that a chunk must know of, kept current while it is decided record by record. */
export interface Ties {
  /** Book of the records that a reference leads to. */
  bookOf(reference: Reference): number
  /** The present key of a record of another book; null: it is not there. */
  foreignKey(address: Address): string | null
  /** Live records that refer to this one. */
  holdersOf(target: Address): readonly Holder[]
  /** A record has these references from now on. */
  relink(holder: Holder): void
  /** A record is gone. */
  drop(holder: Holder): void
  /** The record's error for this reference is gone. */
  settle(before: Holder, tie: Tie, after: Holder): void
  rename(type: string, from: string, to: string): void
  writes(): TieWrites
}

export interface TieSource {
  /** The book that the chunk is written to. */
  readonly book: number
  readonly bookOf: (reference: Reference) => number
  /** Address of each record of other books that is there, with its present key. */
  readonly foreign: ReadonlyMap<string, string>
  /** Stored records that refer to what the chunk may create or delete. */
  readonly holders: readonly Holder[]
}

export function addressText({ book, type, key }: Address): string {
  return `${book}\u001e${type}\u001e${key}`
}

export function createTies({ book, bookOf, foreign, holders: stored }: TieSource): Ties {
  const holders = new Map<string, Holder>()
  const byTarget = new Map<string, Set<string>>()
  const relinked = new Map<string, { holder: Holder; gone: boolean }>()
  const settled: { holder: Holder; tie: Tie }[] = []
  const renamed: { type: string; from: string; to: string }[] = []
  for (const holder of stored) add(holder)
  return {
    bookOf,
    foreignKey: (address) => foreign.get(addressText(address)) ?? null,
    holdersOf: (target) =>
      [...(byTarget.get(addressText(target)) ?? [])].flatMap((id) => holders.get(id) ?? []),
    relink(holder) {
      forget(holder.live.recordId)
      add(holder)
      relinked.set(holder.live.recordId, { holder, gone: false })
    },
    drop(holder) {
      forget(holder.live.recordId)
      relinked.set(holder.live.recordId, { holder: { ...holder, ties: [] }, gone: true })
    },
    settle(before, tie, after) {
      const ties = before.ties.map((one) => (one === tie ? { ...tie, waiting: false } : one))
      const now = { ...after, ties }
      forget(before.live.recordId)
      add(now)
      if (relinked.has(before.live.recordId)) relinked.set(before.live.recordId, { holder: now, gone: false })
      else settled.push({ holder: now, tie })
    },
    rename(type, from, to) {
      const old = addressText({ book, type, key: from })
      for (const id of [...(byTarget.get(old) ?? [])]) {
        const holder = holders.get(id)
        if (holder === undefined) continue
        const ties = holder.ties.map((tie) =>
          addressText(tie.target) === old ? { ...tie, target: { ...tie.target, key: to } } : tie,
        )
        forget(id)
        add({ ...holder, ties })
        if (relinked.has(id)) relinked.set(id, { holder: { ...holder, ties }, gone: false })
      }
      renamed.push({ type, from, to })
    },
    writes: () => ({ relinked, settled, renamed }),
  }

  function add(holder: Holder): void {
    const id = holder.live.recordId
    holders.set(id, holder)
    for (const { target } of holder.ties) {
      const place = addressText(target)
      const known = byTarget.get(place)
      if (known === undefined) byTarget.set(place, new Set([id]))
      else known.add(id)
    }
  }

  function forget(id: string): void {
    for (const { target } of holders.get(id)?.ties ?? []) byTarget.get(addressText(target))?.delete(id)
    holders.delete(id)
  }
}
