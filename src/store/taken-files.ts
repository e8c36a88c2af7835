import { lstat, readdir, readFile, rename, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { asError, codeOf, makeFolder, syncFolders, treeFile, writeNew } from './disk.ts'
import type { TakenFile } from './file-tree.ts'

/** Folder of a tree that is the node's own: files taken, lists of them, and files being written. */
export const workFolder = '.work'
/** What is left there by a process that ended is removed when it is older than anything still going on. */
const staleMs = 3600 * 1000
const statsAtOnce = 64

/** A file to be taken: the rename to its new name is what only one process can do. */
export interface Take {
  readonly folder: string
  readonly name: string
  readonly file: string
  readonly now: number
}

/** Names and folders of files taken together, written and synced before the first of them is. */
interface Manifest {
  readonly files: readonly {
    readonly file: string
    readonly folder: string
    readonly name: string
    readonly takenAt: number
  }[]
}

/** What a tree's `.work` holds. */
export interface Taking {
  /** Takes files together; null for one that is not there any more, an Error for one that failed alone. */
  takeAll(takes: readonly Take[]): Promise<(TakenFile | null | Error)[]>
  /** All that was taken and not yet moved on. */
  taken(): Promise<TakenFile[]>
  /** A file has left `.work`; a list whose files all have is removed. */
  forget(file: string): Promise<void>
}

/** @param path top of the tree */
export function createTaking(path: string): Taking {
  /** The list that names a file, with its files that are still in `.work`. */
  const manifests = new Map<string, { readonly name: string; readonly left: Set<string> }>()
  const work = join(path, workFolder)

  return {
    async takeAll(takes) {
      await makeFolder(path, workFolder)
      const name = `batch-${takes[0]?.file}.json`
      await writeManifest(name, {
        files: takes.map(({ file, folder, name, now }) => ({ file, folder, name, takenAt: now })),
      })
      const answers = await Promise.all(takes.map((wanted) => takeOne(path, wanted).catch(asError)))
      const left = new Set(
        answers.flatMap((answer) => (answer === null || answer instanceof Error ? [] : [answer.file])),
      )
      for (const file of left) manifests.set(file, { name, left })
      if (left.size === 0) await unlink(join(work, name))
      await syncFolders(path, [workFolder, ...takes.map(({ folder }) => folder)])
      return answers
    },
    async taken() {
      const names = await readdir(work).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return []
        throw error
      })
      const there = new Set(names)
      const found: TakenFile[] = []
      for (const name of names) {
        if (name.startsWith('out-')) await removeStale(name)
        if (!name.startsWith('batch-')) continue
        const { files } = JSON.parse(await readFile(join(work, name), 'utf8')) as Manifest
        const left = files.filter(({ file }) => there.has(file))
        if (left.length === 0) await removeStale(name)
        const set = new Set(left.map(({ file }) => file))
        for (const file of set) manifests.set(file, { name, left: set })
        found.push(...(await sized(work, left)))
      }
      // The one that took them may have ended before it synced what it had renamed.
      if (found.length > 0) await syncFolders(path, [workFolder, ...found.map(({ folder }) => folder)])
      return found
    },
    async forget(file) {
      const manifest = manifests.get(file)
      if (manifest === undefined) return
      manifests.delete(file)
      manifest.left.delete(file)
      if (manifest.left.size === 0) await rm(join(work, manifest.name), { force: true })
    },
  }

  async function writeManifest(name: string, manifest: Manifest): Promise<void> {
    const text = Buffer.from(JSON.stringify(manifest))
    await writeNew(work, once(text), (written) => rename(written, join(work, name)))
    await syncFolders(path, [workFolder])
  }

  async function removeStale(name: string): Promise<void> {
    const info = await lstat(join(work, name)).catch(() => null)
    if (info !== null && info.mtimeMs < Date.now() - staleMs) await rm(join(work, name), { force: true })
  }
}

async function takeOne(path: string, { folder, name, file, now }: Take): Promise<TakenFile | null> {
  const source = join(path, folder, name)
  const target = join(path, workFolder, file)
  try {
    await rename(source, target)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  const info = await lstat(target)
  if (info.isFile()) return { ...treeFile(name, info), file, folder, takenAt: now }
  // A link or a folder that was put in the place of the file that was listed.
  await rename(target, source)
  return null
}

async function sized(work: string, files: Manifest['files']): Promise<TakenFile[]> {
  const found: TakenFile[] = []
  for (let index = 0; index < files.length; index += statsAtOnce) {
    const some = files.slice(index, index + statsAtOnce)
    const infos = await Promise.all(some.map(({ file }) => lstat(join(work, file)).catch(() => null)))
    for (const [offset, { name, ...rest }] of some.entries()) {
      const info = infos[offset]
      if (info) found.push({ ...treeFile(name, info), ...rest })
    }
  }
  return found
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
