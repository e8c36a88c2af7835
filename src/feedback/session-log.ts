import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { createGunzip, gzipSync } from 'node:zlib'
import type { Database, Scope } from '../db/database.ts'
import type { DocumentFolder } from '../store/documents.ts'
import { findDocument } from '../store/documents.ts'
import { findSegments, type Segment } from '../store/segments.ts'

/** Where session logs are read from. */
export interface LogSource {
  readonly db: Database
  readonly documents: DocumentFolder
  readonly scope: Scope
}

/** A log without lines is a gzip file too. */
const noLines = gzipSync('')

/** The session log's bytes: gzip members one after another, one log line a record. */
export async function* sessionLogBytes(
  source: LogSource,
  book: number,
  tracking: string,
  fromPosition = 0,
): AsyncGenerator<Uint8Array> {
  const segments = await source.db.transact(
    (tx) => findSegments(tx, book, tracking, fromPosition),
    source.scope,
  )
  if (segments.length === 0) yield noLines
  for (const segment of segments) yield* segmentBytes(source, segment)
}

/** The session log's lines, from the segment that holds a position on. */
export async function* sessionLogLines(
  source: LogSource,
  book: number,
  tracking: string,
  fromPosition = 0,
): AsyncGenerator<string> {
  const bytes = Readable.from(sessionLogBytes(source, book, tracking, fromPosition), { objectMode: false })
  const text = bytes.pipe(createGunzip())
  bytes.on('error', (error) => text.destroy(error))
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY }))
    if (line !== '') yield line
}

async function* segmentBytes(source: LogSource, segment: Segment): AsyncGenerator<Uint8Array> {
  if (segment.bytes !== null) {
    yield segment.bytes
    return
  }
  const kept = await source.db.transact((tx) => findDocument(tx, segment.sha256))
  if (kept?.bytes !== null && kept !== null) yield kept.bytes
  else yield* createReadStream(source.documents.pathOf(segment.sha256))
}
