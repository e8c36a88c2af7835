import { constants, createReadStream } from 'node:fs'
import { link, lstat, mkdir, open, rename, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { asError, codeOf, filesIn, isThere, makeFolder, syncFolders, writeNew } from './disk.ts'
import type { FileTree } from './file-tree.ts'
import { grouped } from './grouped.ts'
import { createTaking, type Take, type Taking, workFolder } from './taken-files.ts'

const nameBytesMax = 255

interface Move {
  readonly file: string
  readonly folder: string
  readonly name: string
}

/**
 * A tree in a folder of this machine, or one that is mounted. A file is taken by renaming it into `.work`, which
 * only one process can do; files taken or archived at the same moment share their syncs.
 * @param path top of the tree
 * @param make false: the top must be there, as a mount that is away looks like a folder that is missing
 */
export function createLocalTree(path: string, make = true): FileTree {
  const taking = createTaking(path)
  const take = grouped((takes: readonly Take[]) => taking.takeAll(takes))
  const archive = grouped((moves: readonly Move[]) => archiveAll(path, taking, moves))

  return {
    async prepare(folders) {
      if (make) await mkdir(path, { recursive: true, mode: 0o700 })
      for (const folder of [workFolder, ...folders]) await makeFolder(path, folder)
    },
    list: (folder) => filesIn(join(path, folder)),
    take: (folder, name, file, now) => take({ folder, name, file, now }),
    taken: () => taking.taken(),
    async *read(file) {
      yield* await bytesOf(join(path, workFolder, file))
    },
    pathOf: (file) => join(path, workFolder, file),
    archive: (file, folder, name) => archive({ file, folder, name }),
    async put(folder, name, bytes) {
      await makeFolder(path, workFolder)
      await makeFolder(path, folder)
      await writeNew(join(path, workFolder), bytes, (written) => rename(written, join(path, folder, name)))
      await syncFolders(path, [folder])
    },
    get: (folder, name) =>
      bytesOf(join(path, folder, name)).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') return null
        throw error
      }),
    remove: (folder, name) => rm(join(path, folder, name), { force: true }),
  }
}

async function bytesOf(path: string): Promise<AsyncIterable<Uint8Array>> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  return createReadStream('', { fd: handle, highWaterMark: 256 * 1024 })
}

async function archiveAll(path: string, taking: Taking, moves: readonly Move[]): Promise<(string | Error)[]> {
  const folders = new Set(moves.map((move) => move.folder))
  for (const folder of folders) await makeFolder(path, folder)
  const answers = await Promise.all(moves.map((move) => archiveOne(path, move).catch(asError)))
  await syncFolders(path, [workFolder, ...folders])
  for (const [index, { file }] of moves.entries())
    if (!(answers[index] instanceof Error)) await taking.forget(file)
  return answers
}

/** File systems that have no hard links say so in one of these words. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** A link fails where the name is in use, so that nothing is overwritten; the second name is the file's alone. */
async function archiveOne(path: string, { file, folder, name }: Move): Promise<string> {
  const from = join(path, workFolder, file)
  const source = await lstat(from).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  const second = longName(file, name)
  if (source === null) return (await isThere(join(path, folder, second))) ? second : name
  for (const candidate of [name, second]) {
    const target = join(path, folder, candidate)
    try {
      await link(from, target)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') {
        const other = await lstat(target).catch(() => null)
        if (other?.ino !== source.ino || other.dev !== source.dev) continue
      } else if (NO_LINKS.has(codeOf(error))) {
        if (await isThere(target)) continue
        await rename(from, target)
        return candidate
      } else throw error
    }
    await unlink(from)
    return candidate
  }
  throw new Error(`both names of ${file} are in use in ${folder}`)
}

/** A name that is this file's alone, cut at the front where the file system could not hold it. */
function longName(file: string, name: string): string {
  const bytes = Buffer.from(name)
  const room = nameBytesMax - Buffer.byteLength(file) - 1
  if (bytes.length <= room) return `${file}_${name}`
  return `${file}_${bytes
    .subarray(bytes.length - room)
    .toString()
    .replace(/^\ufffd+/, '')}`
}
