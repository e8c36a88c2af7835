import { realpath, stat } from 'node:fs/promises'
import type { Database } from '../db/database.ts'
import { Fault } from '../fault/fault.ts'
import type { FileTree } from './file-tree.ts'
import { createLocalTree } from './local-tree.ts'
import type { PlaceSettings } from './place-settings.ts'
import { notePlaceSeen, workingPlaces } from './places.ts'
import { createS3Tree } from './s3-tree.ts'

/**
 * The tree of files at a place. A folder must be there: one that is missing is a mount that is away.
 * Throws fault BAD_REQUEST for a folder that is missing, no folder, or where the node keeps its own files.
 */
export async function treeOf(settings: PlaceSettings, dataFolder: string): Promise<FileTree> {
  if (settings.kind === 's3') return createS3Tree(settings)
  await checkPlaceFolder(settings.path, dataFolder)
  return createLocalTree(settings.path, false)
}

/** Throws fault BAD_REQUEST, see `treeOf`. */
export async function checkPlaceFolder(path: string, dataFolder: string): Promise<void> {
  const there = await realpath(path).catch(() => null)
  if (there === null || !(await stat(there)).isDirectory())
    throw new Fault('BAD_REQUEST', { reason: `There is no folder ${path}.` })
  const own = await realpath(dataFolder)
  if (`${there}/`.startsWith(`${own}/`) || `${own}/`.startsWith(`${there}/`))
    throw new Fault('BAD_REQUEST', {
      reason: `The node keeps its own files in ${path}; take another folder.`,
    })
}

export interface PlaceTree {
  readonly place: string
  readonly partner: string
  readonly files: FileTree
  /** False: it was put out of use, and only what was taken before goes on. */
  readonly takes: boolean
}

/** The trees of the places in use, and of those of which files are still in work. */
export interface PlaceTrees {
  /** One that cannot be used is left out, and why is noted with it. The same tree is the same object. */
  list(): Promise<readonly PlaceTree[]>
  /** A place was looked at, or could not be. */
  seen(place: string, error: string | null): Promise<void>
}

/** How often it is written down that a place was looked at with success. */
const seenMs = 60_000

export function createPlaceTrees(db: Database, dataFolder: string, now: () => number = Date.now): PlaceTrees {
  const known = new Map<string, { readonly settings: string; readonly files: FileTree }>()
  const noted = new Map<string, { readonly error: string | null; readonly at: number }>()

  async function seen(place: string, error: string | null): Promise<void> {
    const last = noted.get(place)
    if (last !== undefined && last.error === error && now() - last.at < seenMs) return
    noted.set(place, { error, at: now() })
    await db.transact((tx) => notePlaceSeen(tx, place, error, now()))
  }

  async function filesOf(place: string, settings: PlaceSettings): Promise<FileTree> {
    const text = JSON.stringify(settings)
    const before = known.get(place)
    if (before?.settings === text) {
      if (settings.kind === 'folder') await checkPlaceFolder(settings.path, dataFolder)
      return before.files
    }
    const files = await treeOf(settings, dataFolder)
    known.set(place, { settings: text, files })
    return files
  }

  return {
    async list() {
      const trees: PlaceTree[] = []
      for (const { place, partner, settings, active } of await db.transact(workingPlaces))
        try {
          trees.push({ place, partner, takes: active, files: await filesOf(place, settings) })
        } catch (error) {
          await seen(place, error instanceof Error ? error.message : String(error))
        }
      return trees
    },
    seen,
  }
}
