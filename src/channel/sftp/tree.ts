import type { FileRules } from '../../exchange/definition.ts'
import { foldersOf } from '../../exchange/file-name.ts'
import { may, type Who } from '../../identity/who.ts'

/** What a folder is for. */
export type FolderUse = 'input' | 'output' | 'archive'

/** A folder that an account sees. */
export interface Folder {
  /** From the top of the tree; '' is the top. */
  readonly path: string
  /** Null for one that only holds other folders. */
  readonly use: FolderUse | null
  /** May its files be changed: in an input folder put, renamed and removed, in an output folder removed? */
  readonly change: boolean
  /** Names of the folders in it. */
  readonly folders: ReadonlySet<string>
}

/** The folders that an account sees, by path. */
export type Tree = ReadonlyMap<string, Folder>

/** What the tree needs to know of an exchange. */
export interface ExchangeFiles {
  readonly exchange: string
  readonly files: FileRules
}

interface Growing extends Folder {
  use: FolderUse | null
  change: boolean
  readonly folders: Set<string>
}

/** The tree of an account: for each exchange granted to it and each of its realms, the folders of the exchange. */
export function treeOf(who: Who, exchanges: readonly ExchangeFiles[]): Tree {
  const tree = new Map<string, Growing>()
  folder('')
  for (const { exchange, files } of exchanges) {
    const submits = may(who, 'submit', exchange)
    if (!submits && !may(who, 'read', exchange)) continue
    for (const realm of who.realms) {
      const { input, output, archive } = foldersOf(files, realm)
      for (const path of input) use(path, 'input', submits)
      use(output, 'output', submits)
      use(archive, 'archive', false)
    }
  }
  return tree

  function use(path: string, what: FolderUse, change: boolean): void {
    const found = folder(path)
    found.use = what
    // Two exchanges may share a folder: what one allows is allowed.
    found.change ||= change
  }

  function folder(path: string): Growing {
    const known = tree.get(path)
    if (known !== undefined) return known
    const made: Growing = { path, use: null, change: false, folders: new Set() }
    tree.set(path, made)
    if (path !== '') {
      const slash = path.lastIndexOf('/')
      folder(slash < 0 ? '' : path.slice(0, slash)).folders.add(path.slice(slash + 1))
    }
    return made
  }
}

/** Where a path leads: a folder of the tree, or a name in one. */
export type Place =
  | { readonly kind: 'folder'; readonly folder: Folder }
  | { readonly kind: 'file'; readonly folder: Folder; readonly name: string; readonly path: string }

/** Null for a path that leads nowhere in this tree. */
export function placeOf(tree: Tree, names: readonly string[]): Place | null {
  const folder = tree.get(names.join('/'))
  if (folder !== undefined) return { kind: 'folder', folder }
  const name = names.at(-1)
  const above = tree.get(names.slice(0, -1).join('/'))
  if (name === undefined || above === undefined || above.use === null) return null
  // Hidden names are the node's; in an input folder they are unfinished uploads.
  if (name.startsWith('.') && above.use !== 'input') return null
  return { kind: 'file', folder: above, name, path: above.path === '' ? name : `${above.path}/${name}` }
}
