import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { constants, createReadStream, createWriteStream } from 'node:fs'
import { lstat, mkdir, open, opendir, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { codeOf } from './disk.ts'
import { incompleteUploads } from './incomplete-uploads.ts'
import { workFolder } from './taken-files.ts'

/** A file of a copy, with what tells that it is whole. */
export interface CopiedFile {
  /** From the top of all trees, joined by `/`. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
}

/** A copy of the partners' trees, made while they may change. Uploads that are under way are left out. */
export interface TreeCopy {
  /** Copies what is new or has changed, and drops what has gone; tells how many files that were. */
  round(): Promise<number>
  /**
   * Rounds until nothing changes. To be called while nobody takes or archives files: the copy is then what a node
   * that was killed leaves behind.
   */
  settle(): Promise<void>
  /** What the copy holds, in order of path. */
  files(): readonly CopiedFile[]
}

const roundsMax = 5
/** An upload that nothing was written to for so long has broken off, and may be resumed later. */
const underWayMs = 10_000

interface Seen extends CopiedFile {
  /** How the file looked before it was read. */
  readonly look: string
}

/** @param from folder of the trees, one for each partner; @param to folder of the copy */
export function createTreeCopy(from: string, to: string): TreeCopy {
  const seen = new Map<string, Seen>()
  let latest: readonly string[] = []

  return {
    round,
    async settle() {
      for (let rounds = 0; rounds < roundsMax; rounds += 1) if ((await round()) === 0) return
      // The markers of uploads were copied last: a file that still looks as it did before that was whole, or is marked.
      for (const path of latest) if (!isWork(path) && (await changed(path))) await drop(path)
    },
    files: () =>
      [...seen.values()].map(({ look: _, ...file }) => file).sort((a, b) => (a.path < b.path ? -1 : 1)),
  }

  async function round(): Promise<number> {
    const underWay = createUnderWay(from)
    const there = new Set<string>()
    const copied: string[] = []
    let changes = 0
    for await (const path of filesBelow(from, '')) {
      const info = await lookAt(join(from, path))
      if (info === null || (await underWay(path, info))) continue
      there.add(path)
      if (seen.get(path)?.look === lookOf(info)) continue
      changes += 1
      const file = await copyFile(join(from, path), join(to, path))
      if (file === null) continue
      seen.set(path, { ...file, path, look: lookOf(info) })
      copied.push(path)
    }
    for (const path of [...seen.keys()].filter((one) => !there.has(one))) {
      changes += 1
      await drop(path)
    }
    latest = copied
    return changes
  }

  async function changed(path: string): Promise<boolean> {
    const info = await lookAt(join(from, path))
    return info === null || lookOf(info) !== seen.get(path)?.look
  }

  async function drop(path: string): Promise<void> {
    seen.delete(path)
    await rm(join(to, path), { force: true })
  }
}

/** Tells which files are being sent now: those that are marked and were written to a moment ago. */
function createUnderWay(from: string): (path: string, info: BigIntStats) => Promise<boolean> {
  const marked = new Map<string, Promise<{ has(path: string): boolean }>>()
  return async (path, { mtimeMs }) => {
    const [partner = '', ...rest] = path.split('/')
    if (isWork(path) || Date.now() - Number(mtimeMs) > underWayMs) return false
    const uploads = marked.get(partner) ?? incompleteUploads(join(from, partner))
    marked.set(partner, uploads)
    return (await uploads).has(rest.join('/'))
  }
}

/** Is it one of the node's own files? */
function isWork(path: string): boolean {
  return path.split('/')[1] === workFolder
}

/** Files below a folder, as paths from it; those of `.work` last, as the markers of uploads are there. Follows no link. */
async function* filesBelow(top: string, folder: string): AsyncGenerator<string> {
  const entries = await opendir(join(top, folder)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
    throw error
  })
  if (entries === null) return
  const folders: string[] = []
  for await (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) folders.push(path)
    else if (entry.isFile()) yield path
  }
  const last = (path: string) => Number(path.endsWith(`/${workFolder}`))
  for (const path of folders.sort((a, b) => last(a) - last(b))) yield* filesBelow(top, path)
}

async function lookAt(path: string): Promise<BigIntStats | null> {
  const info = await lstat(path, { bigint: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
    throw error
  })
  return info?.isFile() ? info : null
}

function lookOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

/**
 * Copies a file with its time, and hashes what it copies; null when it is not there any more.
 * @returns what was copied, without its path
 */
export async function copyFile(from: string, to: string): Promise<Omit<CopiedFile, 'path'> | null> {
  const handle = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') return null
    throw error
  })
  if (handle === null) return null
  const info = await handle.stat()
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let bytes = 0
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  const source = createReadStream('', { fd: handle, highWaterMark: 256 * 1024 })
  await pipeline(source, count, createWriteStream(to, { mode: 0o600, flush: true }))
  await utimes(to, info.atime, info.mtime)
  return { bytes, sha256: hash.digest('hex'), modifiedAt: Math.trunc(info.mtimeMs) }
}
