import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunDeps } from '../run/deps.ts'
import type { IntakeDeps, Trees } from '../run/intake/deps.ts'
import { type PickUp, startPickUp } from '../run/intake/pick-up.ts'
import { createPlaceTrees } from '../store/place-trees.ts'
import { createSealOpener } from '../unpack/pgp.ts'
import type { Config } from './config.ts'
import { createTrees } from './trees.ts'

/** Clients look at a file, set its time or rename it right after they have sent it. */
const quietMs = 2000
/** What a process that ended left in the spool is removed when it is older than anything still going on. */
const staleMs = 24 * 3600 * 1000

/** Folder of the partners' own trees. */
export function treesFolder(config: Config): string {
  return join(config.dataFolder, 'files')
}

export interface OpenPickUp extends PickUp {
  readonly trees: Trees
  /** When all trees were last looked at, milliseconds since 1970; null when they were not yet. */
  lastScanAt(): number | null
}

/** Starts the picking up of files from the trees of a node. */
export async function openPickUp(
  config: Config,
  deps: RunDeps & Pick<IntakeDeps, 'sign' | 'queued'>,
): Promise<OpenPickUp> {
  const places = createPlaceTrees(deps.db, config.dataFolder, deps.now)
  const trees = createTrees(treesFolder(config), places)
  const spools = join(config.dataFolder, 'spool')
  await sweepSpools(spools, deps.now() - staleMs)
  const spool = join(spools, randomBytes(8).toString('hex'))
  const opener = createSealOpener()
  const { scanSeconds, leaseSeconds, documentBytesMax } = config
  let lastScanAt: number | null = null
  const watched: Trees = {
    ...trees,
    async list() {
      const all = await trees.list()
      lastScanAt = deps.now()
      return all
    },
  }
  const pickUp = startPickUp({ ...deps, opener, spool, documentBytesMax }, watched, {
    scanSeconds,
    quietMs,
    leaseSeconds,
  })
  return {
    trees,
    lastScanAt: () => lastScanAt,
    wake: () => pickUp.wake(),
    async close() {
      await pickUp.close()
      await opener.close()
      await rm(spool, { recursive: true, force: true })
    },
  }
}

async function sweepSpools(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const path = join(folder, name)
    const info = await stat(path).catch(() => null)
    if (info !== null && info.mtimeMs < before) await rm(path, { recursive: true, force: true })
  }
}
