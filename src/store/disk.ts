import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, mkdir, open, opendir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../fault/fault.ts'
import type { TreeFile } from './file-tree.ts'

const statsAtOnce = 64

/** The files of a folder, without folders, links and hidden names; none when there is no such folder. */
export async function* filesIn(folder: string): AsyncGenerator<TreeFile> {
  const entries = await opendir(folder, { bufferSize: 256 }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (entries === null) return
  let names: string[] = []
  for await (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue
    names.push(entry.name)
    if (names.length < statsAtOnce) continue
    yield* await filesOf(folder, names)
    names = []
  }
  yield* await filesOf(folder, names)
}

async function filesOf(folder: string, names: readonly string[]): Promise<TreeFile[]> {
  const infos = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => null)))
  return names.flatMap((name, index) => {
    const info = infos[index]
    return info?.isFile() ? [treeFile(name, info)] : []
  })
}

export function treeFile(name: string, info: Stats): TreeFile {
  return { name, bytes: info.size, modifiedAt: Math.trunc(info.mtimeMs) }
}

/** Makes a folder and those above it, but not the top of the tree. */
export async function makeFolder(top: string, folder: string): Promise<void> {
  const parts = folder.split('/')
  for (const [index] of parts.entries())
    await mkdir(join(top, ...parts.slice(0, index + 1)), { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
}

/** Makes the names in these folders of a tree durable. */
export async function syncFolders(top: string, folders: Iterable<string>): Promise<void> {
  await Promise.all([...new Set(folders)].map((folder) => syncFolder(join(top, folder))))
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  // Some mounted file systems cannot sync a folder; they promise nothing about names anyway.
  await handle
    ?.sync()
    .catch((error: unknown) => {
      if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'ENOTSUP') throw error
    })
    .finally(() => handle.close())
}

/**
 * Writes a file under a name of its own (`out-…`), synced, and hands it on; nothing is left of one that failed.
 * Throws fault DISK_FULL.
 */
export async function writeNew(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
  done: (written: string) => Promise<void>,
): Promise<void> {
  const written = join(folder, `out-${randomBytes(12).toString('hex')}`)
  try {
    const handle = await open(written, 'wx', 0o600)
    try {
      for await (const chunk of bytes) await handle.writeFile(chunk)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await done(written)
  } catch (error) {
    await rm(written, { force: true })
    if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') throw new Fault('DISK_FULL', {}, error)
    throw error
  }
}

export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    },
  )
}

/** Code of a system error, '' of any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
