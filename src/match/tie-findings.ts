import type { RecordType, Reference } from '../exchange/definition.ts'
import type { Finding, Link, Parcel } from '../exchange/parcel.ts'
import type { Book } from './decide.ts'
import type { Tie, Ties } from './ties.ts'

/** A record's references held against what is there. */
export interface TiedParcel {
  readonly ties: readonly Tie[]
  /** Of targets that are not there. */
  readonly findings: readonly Finding[]
}

/** Looks up what a record refers to, among the records that the chunk has left so far. A record may refer to itself. */
export function tie(parcel: Parcel, type: RecordType, own: Book, ties: Ties, ownBook: number): TiedParcel {
  const found: Tie[] = []
  const findings: Finding[] = []
  for (const link of parcel.links ?? []) {
    const reference = type.references?.find((one) => one.name === link.reference)
    if (reference === undefined) continue
    const book = ties.bookOf(reference)
    const itself = book === ownBook && reference.type === type.name && link.key === parcel.key
    const key = itself
      ? link.key
      : book === ownBook && reference.exchange === null
        ? (own.find(reference.type, link.key)?.key ?? null)
        : ties.foreignKey({ book, type: reference.type, key: link.key })
    const waiting = key === null && reference.onMissing === 'wait'
    const target = { book, type: reference.type, key: key ?? link.key }
    found.push({ reference, item: link.item, target, waiting })
    if (key === null && reference.onMissing !== 'accept') findings.push(missing(link, reference))
  }
  return { ties: found, findings }
}

function missing(link: Link, { code, message, onMissing }: Reference): Finding {
  return {
    code,
    severity: onMissing === 'reject' ? 'fatal' : 'error',
    path: link.path,
    field: link.field,
    item: link.inGroup ? link.item : null,
    message,
    value: link.key.replaceAll('\u001f', '/').slice(0, 200),
  }
}
