import type { Definition } from '../../exchange/definition.ts'
import type { TreeFile } from '../../store/file-tree.ts'
import type { PartnerTree } from './deps.ts'
import type { InputFolder } from './input-folders.ts'
import { checksumName, isTemporary, pairPath } from './upload-names.ts'

/** A file that can be taken. */
export interface Found {
  readonly name: string
  readonly bytes: number
  /** It was left unfinished for longer than the exchange waits. */
  readonly incomplete: boolean
}

export interface Scanner {
  /**
   * The files of a folder that are complete, or were left incomplete too long, in order of name.
   * @param gathering asks for the paths that are being gathered: a checksum is taken with its file, or after it
   * @param now milliseconds since 1970
   */
  scan(
    tree: PartnerTree,
    input: InputFolder,
    gathering: () => Promise<ReadonlySet<string>>,
    now: number,
  ): Promise<Found[]>
  /** For how many milliseconds a file of a tree must stand still before it is taken. */
  stillMs(tree: PartnerTree, definition: Definition): number
}

/** A file as it was seen, and since when it has not changed. */
interface Seen {
  readonly bytes: number
  readonly modifiedAt: number
  readonly since: number
}

/**
 * Remembers how files looked, because a clock of another machine says nothing here: a file stands still when it
 * looks the same for so long by the clock of this one.
 * @param quietMs for how long in a partner's own tree, where it is known which files are open: clients look at a
 *   file, set its time or rename it right after they have sent it
 */
export function createScanner(quietMs: number): Scanner {
  const memory = new WeakMap<PartnerTree, Map<string, ReadonlyMap<string, Seen>>>()

  const scanner: Scanner = {
    async scan(tree, input, gathering, now) {
      const folders = memory.get(tree) ?? new Map<string, ReadonlyMap<string, Seen>>()
      memory.set(tree, folders)
      const before = folders.get(input.folder)
      const files: TreeFile[] = []
      for await (const file of tree.files.list(input.folder)) files.push(file)
      if (files.length === 0) {
        folders.delete(input.folder)
        return []
      }
      // Asked for after the files: one that is listed was marked before, if it is not whole.
      const incomplete = (await tree.uploads?.incomplete()) ?? { has: () => false }
      const seen = new Map<string, Seen>()
      for (const file of files) seen.set(file.name, seenNow(before?.get(file.name), file, now))
      folders.set(input.folder, seen)
      const stillMs = scanner.stillMs(tree, input.definition)
      return complete(input, files, { incomplete, seen, gathering, now, stillMs })
    },

    stillMs: (tree, { files }) => (tree.uploads === null ? files.stableSeconds * 1000 : quietMs),
  }
  return scanner
}

function seenNow(before: Seen | undefined, { bytes, modifiedAt }: TreeFile, now: number): Seen {
  const same = before !== undefined && before.bytes === bytes && before.modifiedAt === modifiedAt
  return same ? before : { bytes, modifiedAt, since: now }
}

interface View {
  readonly incomplete: { has(path: string): boolean }
  readonly seen: ReadonlyMap<string, Seen>
  readonly gathering: () => Promise<ReadonlySet<string>>
  readonly now: number
  readonly stillMs: number
}

async function complete(
  { folder, definition }: InputFolder,
  files: readonly TreeFile[],
  { incomplete, seen, gathering, now, stillMs }: View,
): Promise<Found[]> {
  const givenUpMs = definition.files.incompleteMinutes * 60_000
  const found: Found[] = []
  const paths = new Set<string>()
  const checksums: { found: Found; of: string; since: number }[] = []
  for (const { name, bytes } of files) {
    const path = `${folder}/${name}`
    const since = seen.get(name)?.since ?? now
    const unfinished = isTemporary(name) || incomplete.has(path)
    if (now - since < (unfinished ? givenUpMs : stillMs)) continue
    const one = { name, bytes, incomplete: unfinished }
    const checksum = checksumName(name)
    if (checksum === null || unfinished) {
      found.push(one)
      paths.add(pairPath(folder, name))
    } else checksums.push({ found: one, of: pairPath(folder, checksum.of), since })
  }
  const gathered = checksums.length === 0 ? new Set<string>() : await gathering()
  // A checksum waits for its file, but not for ever.
  const paired = checksums.filter(
    ({ of, since }) => paths.has(of) || gathered.has(of) || now - since >= givenUpMs,
  )
  return [...found, ...paired.map((checksum) => checksum.found)].sort((a, b) => (a.name < b.name ? -1 : 1))
}
