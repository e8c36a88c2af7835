import type { Tx } from '../db/database.ts'
import { type Parcel, type ParcelDocument, worst } from '../exchange/parcel.ts'
import type { Verdict } from '../match/decide.ts'
import { inlineBytesMax, type Kept, knownDocuments, putDocuments } from '../store/documents.ts'
import type { RunDeps } from './deps.ts'

/**
 * Takes the documents of judged records in as far as that needs no transaction: a large one is written and synced
 * under its hash, before any row names it, and its bytes are let go. One that is known is let go altogether, so
 * that an unchanged image costs no write; so are those of records that are refused already.
 * Throws fault DISK_FULL.
 */
export async function takeDocuments(
  { db, documents }: Pick<RunDeps, 'db' | 'documents'>,
  parcels: readonly Parcel[],
): Promise<readonly Parcel[]> {
  const wanted = parcels.flatMap((parcel) => (isRefused(parcel) ? [] : (parcel.documents ?? [])))
  const known =
    wanted.length === 0
      ? new Set<string>()
      : await db.transact((tx) =>
          knownDocuments(
            tx,
            wanted.map(({ sha256 }) => sha256),
          ),
        )
  const taken = new Map<string, ParcelDocument>()
  for (const document of wanted)
    if (!known.has(document.sha256) && !taken.has(document.sha256))
      taken.set(document.sha256, await taking(documents, document))
  return parcels.map((parcel) => {
    if (parcel.documents === undefined || parcel.documents.length === 0) return parcel
    const own = isRefused(parcel) ? [] : parcel.documents.flatMap(({ sha256 }) => taken.get(sha256) ?? [])
    return { ...parcel, documents: own }
  })
}

async function taking(
  documents: RunDeps['documents'],
  { sha256, size, bytes }: ParcelDocument,
): Promise<ParcelDocument> {
  if (bytes === null || size <= inlineBytesMax) return { sha256, size, bytes }
  const kept = await documents.take(once(bytes), size)
  return { sha256: kept.sha256, size: kept.size, bytes: kept.bytes }
}

function isRefused(parcel: Parcel): boolean {
  return parcel.filtered || parcel.key === null || worst(parcel.findings) === 'fatal'
}

/** The records without their documents: a survey stores none. */
export function withoutDocuments(parcels: readonly Parcel[]): readonly Parcel[] {
  return parcels.map((parcel) =>
    parcel.documents === undefined || parcel.documents.length === 0 ? parcel : { ...parcel, documents: [] },
  )
}

/** Bytes of documents that the records still hold. */
export function documentBytes(parcels: readonly Parcel[]): number {
  let bytes = 0
  for (const { documents = [] } of parcels) for (const one of documents) bytes += one.bytes?.length ?? 0
  return bytes
}

/** Names the documents of what a chunk stores, in its transaction. */
export async function nameDocuments(tx: Tx, verdicts: readonly Verdict[]): Promise<void> {
  const named = new Map<string, Kept>()
  for (const { parcel, change } of verdicts)
    if (change !== null && change.kind !== 'delete')
      for (const { sha256, size, bytes } of parcel.documents ?? []) named.set(sha256, { sha256, size, bytes })
  if (named.size > 0) await putDocuments(tx, [...named.values()])
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
