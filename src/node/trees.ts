import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PartnerTree, Trees } from '../run/intake/deps.ts'
import { codeOf } from '../store/disk.ts'
import { incompleteUploads } from '../store/incomplete-uploads.ts'
import { createLocalTree } from '../store/local-tree.ts'
import type { PlaceTrees } from '../store/place-trees.ts'

/** Top of a partner's own tree, in the folder of all of them. */
export function ownTreePath(folder: string, partner: string): string {
  return join(folder, partner)
}

/**
 * The trees of a node: each partner's own, which is there from the first time that somebody signs in to the file
 * server or something is to be put into it, and the places.
 */
export function createTrees(folder: string, places: PlaceTrees): Trees {
  const own = new Map<string, PartnerTree>()
  const away = new Map<string, PartnerTree>()

  return {
    async list() {
      const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return []
        throw error
      })
      for (const entry of entries) if (entry.isDirectory() && !entry.name.startsWith('.')) ownTree(entry.name)
      return [...own.values(), ...(await placeTrees())]
    },
    async find(partner, place) {
      if (place === '') {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        return ownTree(partner)
      }
      const trees = await placeTrees()
      return trees.find((tree) => tree.partner === partner && tree.place === place) ?? null
    },
    seen: async ({ place }, error) => {
      if (place !== '') await places.seen(place, error)
    },
  }

  function ownTree(partner: string): PartnerTree {
    const found = own.get(partner)
    if (found !== undefined) return found
    const path = ownTreePath(folder, partner)
    const files = createLocalTree(path)
    const tree = {
      partner,
      place: '',
      files,
      takes: true,
      uploads: { incomplete: () => incompleteUploads(path) },
    }
    own.set(partner, tree)
    return tree
  }

  async function placeTrees(): Promise<PartnerTree[]> {
    const trees: PartnerTree[] = []
    for (const row of await places.list()) {
      const { place } = row
      const before = away.get(place)
      const same = before?.files === row.files && before.takes === row.takes
      const tree = same ? before : { ...row, uploads: null }
      away.set(place, tree)
      trees.push(tree)
    }
    return trees
  }
}
