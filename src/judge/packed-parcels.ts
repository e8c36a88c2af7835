import type { Operation } from '../exchange/definition.ts'
import type { Finding, Link, Note, Parcel, ParcelDocument } from '../exchange/parcel.ts'

/** What many parcels of a batch have in common. */
interface Head {
  readonly member: string
  readonly type: string
  readonly operation: Operation
  readonly version: string
}

/**
 * Parcels by columns, for the way between two processes: as objects each would carry the names of its
 * members, and the long texts would be copied one by one. Measured at a third of the time of objects.
 */
export interface PackedParcels {
  readonly heads: readonly Head[]
  /** Number of each parcel's head. */
  readonly head: readonly number[]
  readonly position: readonly number[]
  readonly line: readonly number[]
  readonly key: readonly (string | null)[]
  readonly duplicateKeys: readonly (readonly (string | null)[])[]
  readonly ownerValue: readonly (string | null)[]
  readonly quotedId: readonly (string | null)[]
  /** One line for each parcel: a body holds no line break. */
  readonly bodies: string
  readonly rawHashes: string
  readonly contentHashes: string
  /** Few parcels have these: number of the parcel, then what it has. */
  readonly findings: readonly (readonly [number, readonly Finding[]])[]
  readonly notes: readonly (readonly [number, readonly Note[]])[]
  readonly corrects: readonly (readonly [number, string])[]
  readonly documents: readonly (readonly [number, readonly ParcelDocument[]])[]
  readonly filtered: readonly number[]
  /** One for each parcel of a batch that has any; types without references have none. */
  readonly links?: readonly (readonly Link[] | undefined)[]
  readonly setKeys?: readonly (string | null | undefined)[]
  readonly formerKeys?: readonly (string | null | undefined)[]
}

export function packParcels(parcels: readonly Parcel[]): PackedParcels {
  const { heads, head } = headsOf(parcels)
  const findings: [number, readonly Finding[]][] = []
  const notes: [number, readonly Note[]][] = []
  const corrects: [number, string][] = []
  const documents: [number, readonly ParcelDocument[]][] = []
  const filtered: number[] = []
  for (const [index, parcel] of parcels.entries()) {
    if (parcel.findings.length > 0) findings.push([index, parcel.findings])
    if (parcel.notes.length > 0) notes.push([index, parcel.notes])
    if (parcel.corrects !== null) corrects.push([index, parcel.corrects])
    if (parcel.documents !== undefined && parcel.documents.length > 0)
      documents.push([index, parcel.documents])
    if (parcel.filtered) filtered.push(index)
  }
  return {
    heads,
    head,
    position: parcels.map((parcel) => parcel.position),
    line: parcels.map((parcel) => parcel.line),
    key: parcels.map((parcel) => parcel.key),
    duplicateKeys: parcels.map((parcel) => parcel.duplicateKeys),
    ownerValue: parcels.map((parcel) => parcel.ownerValue),
    quotedId: parcels.map((parcel) => parcel.quotedId),
    bodies: parcels.map((parcel) => parcel.body).join('\n'),
    rawHashes: parcels.map((parcel) => parcel.rawHash).join('\n'),
    contentHashes: parcels.map((parcel) => parcel.contentHash).join('\n'),
    findings,
    notes,
    corrects,
    documents,
    filtered,
    ...tiesOf(parcels),
  }
}

function tiesOf(parcels: readonly Parcel[]): Pick<PackedParcels, 'links' | 'setKeys' | 'formerKeys'> {
  return {
    ...(parcels.some(({ links }) => links !== undefined) ? { links: parcels.map(({ links }) => links) } : {}),
    ...(parcels.some(({ setKey }) => setKey !== undefined)
      ? { setKeys: parcels.map(({ setKey }) => setKey) }
      : {}),
    ...(parcels.some(({ formerKey }) => formerKey !== undefined)
      ? { formerKeys: parcels.map(({ formerKey }) => formerKey) }
      : {}),
  }
}

function headsOf(parcels: readonly Parcel[]): { heads: Head[]; head: number[] } {
  const heads: Head[] = []
  const head: number[] = []
  for (const { member, type, operation, version } of parcels) {
    let number = heads.findIndex(
      (one) =>
        one.operation === operation && one.type === type && one.version === version && one.member === member,
    )
    if (number === -1) number = heads.push({ member, type, operation, version }) - 1
    head.push(number)
  }
  return { heads, head }
}

const none: readonly never[] = []

export function unpackParcels(packed: PackedParcels): Parcel[] {
  const bodies = packed.bodies.split('\n')
  const rawHashes = packed.rawHashes.split('\n')
  const contentHashes = packed.contentHashes.split('\n')
  const findings = new Map(packed.findings)
  const notes = new Map(packed.notes)
  const corrects = new Map(packed.corrects)
  const documents = new Map(packed.documents)
  const filtered = new Set(packed.filtered)
  return packed.head.map((head, index): Parcel => {
    const { member, type, operation, version } = packed.heads[head] as Head
    return {
      position: packed.position[index] as number,
      line: packed.line[index] as number,
      member,
      type,
      operation,
      key: packed.key[index] as string | null,
      duplicateKeys: packed.duplicateKeys[index] as readonly (string | null)[],
      ownerValue: packed.ownerValue[index] as string | null,
      quotedId: packed.quotedId[index] as string | null,
      corrects: corrects.get(index) ?? null,
      version,
      body: bodies[index] as string,
      rawHash: rawHashes[index] as string,
      contentHash: contentHashes[index] as string,
      findings: findings.get(index) ?? none,
      notes: notes.get(index) ?? none,
      documents: documents.get(index) ?? none,
      filtered: filtered.has(index),
      ...unpackedTies(packed, index),
    }
  })
}

/** What crossed as null, or as a hole of a list, is absent again. */
function unpackedTies(
  { links, setKeys, formerKeys }: PackedParcels,
  index: number,
): Pick<Parcel, 'links' | 'setKey' | 'formerKey'> {
  if (links === undefined && setKeys === undefined && formerKeys === undefined) return NO_TIES
  const own = links?.[index]
  const setKey = setKeys?.[index]
  const formerKey = formerKeys?.[index]
  return {
    ...(own === undefined ? {} : { links: own }),
    ...(setKey === undefined ? {} : { setKey }),
    ...(formerKey === undefined ? {} : { formerKey }),
  }
}

const NO_TIES = {}

/** About how many bytes the parcels take on their way. */
export function packedBytes(packed: PackedParcels): number {
  let bytes = packed.bodies.length + packed.rawHashes.length + packed.contentHashes.length
  for (const [, own] of packed.documents) for (const { size } of own) bytes += size
  // A finding with its message and value; far from exact, but of the right size.
  for (const [, findings] of packed.findings) bytes += findings.length * 300
  return bytes
}
