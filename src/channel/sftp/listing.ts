import type { Dir } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../store/disk.ts'
import { fileAttributes, folderAttributes, listEntry } from './attributes.ts'
import { nameProblem } from './path.ts'
import type { Folder } from './tree.ts'
import type { Entry } from './wire.ts'

/** Entries in one answer; OpenSSH sends as many. */
const entriesMax = 100

export interface ListingSource {
  readonly folder: Folder
  /** On this machine; null for a folder that only holds others. */
  readonly path: string | null
  readonly owner: string
  readonly now: () => number
}

/**
 * An open folder. Entries are read as they are asked for, a batch ahead: neither the size of the folder nor a
 * client that never asks on costs more than two batches.
 */
export function createListing({ folder, path, owner, now }: ListingSource) {
  let first = true
  let dir: Promise<Dir | null> | null = null
  let ahead: Promise<Entry[]> | null = null
  let closed = false

  return {
    kind: 'folder' as const,
    folder,
    /** The next entries; none at the end. */
    async next(): Promise<readonly Entry[]> {
      if (first) {
        first = false
        return ['.', '..', ...folder.folders].map((name) =>
          listEntry(name, folderAttributes(now()), owner, now()),
        )
      }
      const entries = await (ahead ?? read())
      ahead = entries.length === 0 || closed ? null : read()
      ahead?.catch(() => {})
      return entries
    },
    async close(): Promise<void> {
      closed = true
      await ahead?.catch(() => {})
      await (await dir)?.close().catch(() => {})
    },
  }

  async function read(): Promise<Entry[]> {
    dir ??= openFolder(path)
    const entries = await dir
    while (entries !== null) {
      const names: string[] = []
      while (names.length < entriesMax) {
        const entry = await entries.read()
        if (entry === null) break
        if (entry.isFile() && isShown(entry.name)) names.push(entry.name)
      }
      if (names.length === 0) return []
      const shown = (await Promise.all(names.map(describe))).flat()
      // All of them may have gone meanwhile; an empty answer would say that this is the end.
      if (shown.length > 0) return shown
    }
    return []
  }

  function isShown(name: string): boolean {
    return (!name.startsWith('.') || folder.use === 'input') && nameProblem(name) === null
  }

  async function describe(name: string): Promise<Entry[]> {
    const info = await lstat(join(path ?? '', name)).catch(() => null)
    return info?.isFile() ? [listEntry(name, fileAttributes(info), owner, now())] : []
  }
}

export type Listing = ReturnType<typeof createListing>

async function openFolder(path: string | null): Promise<Dir | null> {
  if (path === null) return null
  return opendir(path, { bufferSize: 512 }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
}
