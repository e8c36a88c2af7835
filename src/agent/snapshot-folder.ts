import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openSnapshot } from './snapshot.ts'

/** Forgets what attempts that are no more have noted in snapshots. A damaged snapshot is left to the next attempt. */
export async function cleanSnapshots(folder: string, living: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.sqlite')) continue
    const snapshot = await openSnapshot(join(folder, name)).catch(() => null)
    if (snapshot === null) continue
    try {
      if (snapshot.pending !== '' && !living.includes(snapshot.pending)) snapshot.discard()
    } finally {
      snapshot.close()
    }
  }
}
