import { gunzipSync } from 'node:zlib'
import type { Tx } from '../db/database.ts'
import type { StatusName } from '../exchange/definition.ts'
import type { Finding, Note, Outcome } from '../exchange/parcel.ts'
import { findSegments } from './segments.ts'

/** What a session log says of one record. */
export interface StoredLine {
  readonly position: number
  readonly line?: number
  readonly member?: string
  readonly type: string
  readonly key: string | null
  readonly operation: string
  readonly outcome: Outcome
  readonly recordId: string | null
  readonly status: StatusName | null
  readonly version: number | null
  /** What rules changed in it. */
  readonly notes?: readonly Note[]
  readonly findings?: readonly Finding[]
}

/** The first line of a single-record submission (records that were deleted with it have lines of their own); null for a submission of another kind. */
export async function findLine(tx: Tx, book: number, tracking: string): Promise<StoredLine | null> {
  const segments = await findSegments(tx, book, tracking)
  const bytes = segments.length === 1 ? segments[0]?.bytes : undefined
  if (bytes === undefined || bytes === null) return null
  const lines = gunzipSync(bytes).toString().trimEnd().split('\n')
  const others = lines.slice(1).every((line) => line.startsWith('{"cascaded"'))
  return others ? (JSON.parse(lines[0] ?? '') as StoredLine) : null
}
