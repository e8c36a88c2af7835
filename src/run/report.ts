import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzipSync, gzip as gzipWithCallback } from 'node:zlib'
import type { Tx } from '../db/database.ts'
import { worst } from '../exchange/parcel.ts'
import { appendLeaves, type Edge, leafHash } from '../identity/merkle.ts'
import type { Verdict } from '../match/decide.ts'
import { type DocumentFolder, inlineBytesMax, putDocuments } from '../store/documents.ts'
import { type Counts, NO_COUNTS } from '../store/model.ts'
import type { Segment } from '../store/segments.ts'

const gzip = promisify(gzipWithCallback)

/** Counts of these verdicts; they always balance: received is the sum of the outcomes. */
export function countVerdicts(verdicts: readonly Verdict[]): Counts {
  const counts: Record<keyof Counts, number> = { ...NO_COUNTS }
  for (const { outcome, findings } of verdicts) {
    counts.received += 1
    counts[outcome] += 1
    if (outcome !== 'rejected' && outcome !== 'filtered' && worst(findings) === 'error')
      counts.withErrors += 1
  }
  return counts
}

/** The lines of a chunk as one gzip member, and the tree's edge after them. */
export interface LogPiece {
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly edge: Edge
}

export async function logPiece(edge: Edge, lines: readonly string[]): Promise<LogPiece> {
  const text = `${lines.join('\n')}\n`
  // Level 1: a session log is written for every record and read for few.
  const bytes =
    text.length < 16_384 ? gzipSync(text, { level: 1, memLevel: 5 }) : await gzip(text, { level: 1 })
  return { bytes, sha256: hash('sha256', bytes, 'hex'), edge: appendLeaves(edge, lines.map(leafHash)) }
}

/** Makes a piece durable before the commit that names it: in the row when small, else as a document. */
export async function keepPiece(
  tx: Tx,
  documents: DocumentFolder,
  piece: LogPiece,
  place: Pick<Segment, 'book' | 'tracking' | 'segment' | 'firstPosition' | 'lastPosition'>,
): Promise<Segment> {
  const segment = { ...place, size: piece.bytes.length, sha256: piece.sha256 }
  if (piece.bytes.length <= inlineBytesMax) return { ...segment, bytes: piece.bytes }
  const kept = await documents.take(once(piece.bytes), Number.MAX_SAFE_INTEGER)
  await putDocuments(tx, [kept])
  return { ...segment, bytes: null }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
