import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzipSync, gzip as gzipWithCallback } from 'node:zlib'
import type { Tx } from '../db/database.ts'
import { worst } from '../exchange/parcel.ts'
import { appendLeaves, type Edge, leafHash } from '../identity/merkle.ts'
import type { Verdict } from '../match/decide.ts'
import { type DocumentFolder, type Kept, putDocuments } from '../store/documents.ts'
import { type Counts, NO_COUNTS } from '../store/model.ts'
import type { Segment } from '../store/segments.ts'

const gzip = promisify(gzipWithCallback)

/** Counts of these verdicts; they always balance: received is the sum of the outcomes. */
export function countVerdicts(verdicts: readonly Verdict[]): Counts {
  const counts: Record<keyof Counts, number> = { ...NO_COUNTS }
  for (const { outcome, findings, parcel, effects } of verdicts) {
    for (const { kind } of effects) if (kind === 'cascade') counts.cascaded += 1
    counts.received += 1
    if (parcel.notes.length > 0) counts.translated += 1
    counts[outcome] += 1
    if (outcome !== 'rejected' && outcome !== 'filtered' && worst(findings) === 'error')
      counts.withErrors += 1
  }
  return counts
}

/** The lines of a chunk as one gzip member, and the tree's edge after them. */
export interface LogPiece {
  readonly kept: Kept
  readonly edge: Edge
}

/** So many lines are written and hashed before anything else gets a turn. */
const linesAtOnce = 200

/**
 * Writes the log of a chunk and makes it durable where it is too large for a row, all without the database: it
 * goes on while the chunk's records are being stored.
 */
export async function logPiece(
  documents: DocumentFolder,
  edge: Edge,
  lines: Iterable<string>,
): Promise<LogPiece> {
  const leaves: Buffer[] = []
  let text = ''
  for (const line of lines) {
    text += `${line}\n`
    leaves.push(leafHash(line))
    if (leaves.length % linesAtOnce === 0) await turn()
  }
  // Level 1: a session log is written for every record and read for few.
  const bytes =
    text.length < 16_384 ? gzipSync(text, { level: 1, memLevel: 5 }) : await gzip(text, { level: 1 })
  return {
    kept: await documents.take(once(bytes), Number.MAX_SAFE_INTEGER),
    edge: appendLeaves(edge, leaves),
  }
}

/** Names a piece in the transaction of its chunk; a small one is a row's own. */
export async function keepPiece(
  tx: Tx,
  { kept }: LogPiece,
  place: Pick<Segment, 'book' | 'tracking' | 'segment' | 'firstPosition' | 'lastPosition'>,
): Promise<Segment> {
  if (kept.bytes === null) await putDocuments(tx, [kept])
  return { ...place, size: kept.size, sha256: kept.sha256, bytes: kept.bytes }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
