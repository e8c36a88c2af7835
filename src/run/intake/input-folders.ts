import type { Definition } from '../../exchange/definition.ts'
import { type Folders, foldersOf } from '../../exchange/file-name.ts'
import type { Realm } from '../../store/model.ts'

/** A folder that files of one exchange and realm are picked up from. */
export interface InputFolder {
  readonly folder: string
  readonly definition: Definition
  readonly realm: Realm
  readonly folders: Folders
}

const REALMS: readonly Realm[] = ['live', 'test']

/** All input folders of a tree, by path. Where two exchanges name one folder it is the first one's. */
export function inputFolders(definitions: readonly Definition[]): ReadonlyMap<string, InputFolder> {
  const found = new Map<string, InputFolder>()
  for (const definition of definitions)
    for (const realm of REALMS) {
      const folders = foldersOf(definition.files, realm)
      for (const folder of folders.input)
        if (!found.has(folder)) found.set(folder, { folder, definition, realm, folders })
    }
  return found
}

/** Every folder that a tree must have. */
export function allFolders(definitions: readonly Definition[]): string[] {
  const all = definitions.flatMap(({ files }) =>
    REALMS.flatMap((realm) => {
      const { input, output, archive } = foldersOf(files, realm)
      return [...input, output, archive]
    }),
  )
  return [...new Set(all)]
}
