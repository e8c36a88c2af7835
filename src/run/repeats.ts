import { rm } from 'node:fs/promises'
import type { Tx } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import type { Parcel } from '../exchange/parcel.ts'
import { knownEntry, type Repeat } from '../judge/known-records.ts'
import type { Live, Verdict } from '../match/decide.ts'
import { findRepeats, noteRawHashes, repeatableRecords, type StoredRepeat } from '../store/repeats.ts'
import { KEY_SEPARATOR } from '../validate/characters.ts'
import type { ChunkItem } from './chunk.ts'
import type { RunDeps } from './deps.ts'

/** So many records of a book are known at most; the others are judged. Each takes the judging process 35 bytes. */
const knownMax = 4_000_000
const pageSize = 20_000

/** A record changed between the making of the list of known ones and its turn: the file is judged from there. */
export class RepeatGone extends Error {
  constructor() {
    super('a known record is not as it was any more')
    this.name = 'RepeatGone'
  }
}

/** Writes the list of a book's records that need no second judging; null when there are none. */
export async function writeKnown(deps: RunDeps, book: number): Promise<string | null> {
  const { path, handle } = await deps.documents.scratch()
  let after: string | null = null
  let count = 0
  try {
    while (count < knownMax) {
      const page = await deps.db.transact((tx) => repeatableRecords(tx, book, { after, limit: pageSize }))
      if (page.length > 0) await handle.write(Buffer.concat(page.map(knownEntry)))
      count += page.length
      after = page.at(-1)?.recordId ?? null
      if (page.length < pageSize) break
    }
  } finally {
    await handle.close()
  }
  if (count > 0) return path
  await rm(path, { force: true })
  return null
}

/** Records of a chunk as they come in the file. */
export type Sent = Parcel | Repeat

export function isRepeat(sent: Sent): sent is Repeat {
  return 'recordId' in sent
}

/** Both in order of position. */
export function inOrder(parcels: readonly Parcel[], repeats: readonly Repeat[]): readonly Sent[] {
  if (repeats.length === 0) return parcels
  return [...parcels, ...repeats].sort((a, b) => a.position - b.position)
}

/**
 * The records of a chunk; a repeat has the parcel of the record which it repeats, without its body, and that record.
 * Throws RepeatGone.
 */
export async function recordsOf(
  tx: Tx,
  book: number,
  definition: Definition,
  sent: readonly Sent[],
): Promise<readonly Pick<ChunkItem, 'parcel' | 'repeated'>[]> {
  const repeats = sent.filter(isRepeat)
  const owners = ownersOf(definition)
  const rows = repeats.length === 0 ? [] : await findRepeats(tx, book, repeats, owners.fields)
  const stored = new Map(rows.map((row) => [row.record_id, row]))
  return sent.map((one) => {
    if (!isRepeat(one)) return { parcel: one }
    const row = stored.get(one.recordId)
    if (row === undefined) throw new RepeatGone()
    return { parcel: parcelOf(one, row, owners), repeated: liveOf(row) }
  })
}

/** Where each type's records hold the identifier of their owner. */
interface Owners {
  /** Type → its place in the key. */
  readonly places: ReadonlyMap<string, number>
  /** Type → its field, where it is not part of the key and must be read from the body. */
  readonly fields: Readonly<Record<string, string>>
}

function ownersOf({ types }: Definition): Owners {
  const places = new Map<string, number>()
  const fields: Record<string, string> = {}
  for (const { name, identity } of types) {
    if (identity.owner === null) continue
    const place = identity.key.indexOf(identity.owner.field)
    if (place >= 0) places.set(name, place)
    else fields[name] = identity.owner.field
  }
  return { places, fields }
}

function ownerOf({ type, key, owner_value }: StoredRepeat, { places }: Owners): string | null {
  const place = places.get(type)
  return place === undefined ? owner_value : (key.split(KEY_SEPARATOR)[place] ?? null)
}

function liveOf({ uuid, key, duplicate_key, status, version, content_hash }: StoredRepeat): Live {
  return {
    recordId: uuid,
    key,
    duplicateKey: duplicate_key,
    status,
    version,
    contentHash: content_hash,
    body: null,
    stored: true,
    faultyPaths: [],
  }
}

function parcelOf({ position, line, member, rawHash }: Repeat, row: StoredRepeat, owners: Owners): Parcel {
  return {
    position,
    line,
    member,
    type: row.type,
    operation: 'upsert',
    key: row.key,
    duplicateKeys: [row.duplicate_key],
    ownerValue: ownerOf(row, owners),
    quotedId: null,
    corrects: null,
    version: row.definition_version,
    // Whatever would read it changes something, and that is no repeat: see `refuseChanges`.
    body: '{}',
    rawHash,
    contentHash: row.content_hash,
    findings: [],
    notes: [],
    filtered: false,
    ...(row.set_key === null ? {} : { setKey: row.set_key }),
  }
}

/** What was not judged again may change nothing. Throws RepeatGone. */
export function refuseChanges(sent: readonly Sent[], verdicts: readonly Verdict[]): void {
  for (const [index, { change }] of verdicts.entries())
    if (change !== null && isRepeat(sent[index] as Sent)) throw new RepeatGone()
}

/** Notes what left its record as it is, so that it need not be judged when it comes again. */
export async function noteUnchanged(
  tx: Tx,
  book: number,
  sent: readonly Sent[],
  verdicts: readonly Verdict[],
): Promise<void> {
  const unchanged = verdicts.flatMap(({ outcome, change, findings, recordId, parcel }, index) => {
    const same = outcome === 'unchanged' && change === null && findings.length === 0
    // Sent under a key that it had before, it is not the record as it stands.
    if (!same || recordId === null || parcel.rawHash === '' || sent[index] !== parcel) return []
    return [{ recordId, rawHash: parcel.rawHash }]
  })
  await noteRawHashes(tx, book, unchanged)
}
