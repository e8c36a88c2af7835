import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Tx } from '../db/database.ts'
import { type Sql, sql } from '../db/sql.ts'
import { Fault } from '../fault/fault.ts'

/** Documents up to this size live in the database, so that a small delivery is one commit and no file. */
export const inlineBytesMax = 64 * 1024

/** A document that was received and hashed; `bytes` when small, else it lies in the folder under its hash. */
export interface Kept {
  readonly sha256: string
  readonly size: number
  readonly bytes: Uint8Array | null
}

/** The folder of large documents. Each is written and synced before any row names it. */
export interface DocumentFolder {
  /**
   * Takes bytes in. Throws fault TOO_LARGE past the limit, DISK_FULL when there is no room; nothing is left
   * behind then.
   */
  take(bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Kept>
  /**
   * Gives a file of the same disk its place under its hash, safely; the file itself stays where it is. Its hash was
   * checked.
   */
  adopt(path: string, sha256: string): Promise<void>
  pathOf(sha256: string): string
  /** A new empty file for what is needed for a while; whoever asked removes it. */
  scratch(): Promise<{ readonly path: string; readonly handle: FileHandle }>
}

export function createDocumentFolder(folder: string): DocumentFolder {
  return {
    take: (bytes, bytesMax) => take(folder, bytes, bytesMax),
    adopt: (path, sha256) => adopt(path, pathIn(folder, sha256)),
    pathOf: (sha256) => pathIn(folder, sha256),
    scratch: () => openSpool(folder, []),
  }
}

/**
 * Removes what a crash left half received. Nothing names these files: a document has its own name only when
 * it is whole.
 * @param before milliseconds since 1970; files written to since then are somebody's who still receives
 */
export async function sweepIncoming(folder: string, before: number): Promise<void> {
  const spool = join(folder, 'incoming')
  for (const name of await readdir(spool).catch((): string[] => [])) {
    const path = join(spool, name)
    const info = await stat(path).catch(() => null)
    if (info !== null && info.mtimeMs < before) await rm(path, { force: true })
  }
}

function pathIn(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256)
}

async function take(folder: string, bytes: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Kept> {
  const hash = createHash('sha256')
  const head: Uint8Array[] = []
  let size = 0
  let file: Spool | null = null
  try {
    for await (const chunk of bytes) {
      size += chunk.length
      if (size > bytesMax) throw new Fault('TOO_LARGE', { what: 'The document', limit: bytesMax })
      hash.update(chunk)
      if (file === null && size <= inlineBytesMax) {
        head.push(chunk)
        continue
      }
      file ??= await openSpool(folder, head)
      await file.handle.write(chunk)
    }
    const sha256 = hash.digest('hex')
    if (file === null) return { sha256, size, bytes: Buffer.concat(head) }
    await keepSpool(file, pathIn(folder, sha256))
    return { sha256, size, bytes: null }
  } catch (error) {
    if (file !== null) await discard(file)
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new Fault('DISK_FULL', {}, error)
    throw error
  }
}

interface Spool {
  readonly path: string
  readonly handle: FileHandle
}

async function openSpool(folder: string, head: readonly Uint8Array[]): Promise<Spool> {
  const spool = join(folder, 'incoming')
  await mkdir(spool, { recursive: true, mode: 0o700 })
  const path = join(spool, randomBytes(12).toString('hex'))
  const handle = await open(path, 'wx', 0o600)
  for (const chunk of head) await handle.write(chunk)
  return { path, handle }
}

/** Synced, named by its hash, and the name itself synced: after this a crash cannot lose it. */
async function keepSpool(spool: Spool, path: string): Promise<void> {
  await spool.handle.sync()
  await spool.handle.close()
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await rename(spool.path, path)
  await syncFolder(dirname(path))
  await syncFolder(dirname(dirname(path)))
}

async function adopt(from: string, path: string): Promise<void> {
  const handle = await open(from, 'r')
  await handle.sync().finally(() => handle.close())
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await link(from, path).catch((error: unknown) => {
    // The same bytes came before.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  await syncFolder(dirname(path))
  await syncFolder(dirname(dirname(path)))
}

async function discard(spool: Spool): Promise<void> {
  await spool.handle.close().catch(() => {})
  await rm(spool.path, { force: true })
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

/** Names documents in the database; the same bytes again change nothing. */
export async function putDocuments(tx: Tx, documents: readonly Kept[]): Promise<void> {
  await tx.rows(insertDocuments(documents))
}

/** The statement of `putDocuments`, for one that does more. */
export function insertDocuments(documents: readonly Kept[]): Sql {
  return sql`
    insert into document (sha256, size, bytes)
    select * from unnest(${documents.map((d) => d.sha256)}::text[], ${documents.map((d) => d.size)}::bigint[],
                         ${documents.map((d) => (d.bytes === null ? null : Buffer.from(d.bytes)))}::bytea[])
        on conflict (sha256) do nothing`
}

/** Which of these documents are there already. */
export async function knownDocuments(tx: Tx, sha256s: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ sha256: string }>(sql`
    select sha256 from document where sha256 = any (${[...new Set(sha256s)]}::text[])`)
  return new Set(rows.map(({ sha256 }) => sha256))
}

/** Where a document's bytes are; null when no such document is known. */
export async function findDocument(tx: Tx, sha256: string): Promise<Kept | null> {
  const [row] = await tx.rows<{ size: number; bytes: Uint8Array | null }>(sql`
    select size, bytes from document where sha256 = ${sha256}`)
  return row === undefined ? null : { sha256, size: row.size, bytes: row.bytes }
}

/** A document's bytes as a stream. */
export async function* readDocument(folder: DocumentFolder, kept: Kept): AsyncGenerator<Uint8Array> {
  if (kept.bytes !== null) yield kept.bytes
  else yield* createReadStream(folder.pathOf(kept.sha256), { highWaterMark: 256 * 1024 }) as Readable
}
