import { lstat, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { BulkPorts, TreeEntry, TreePlace } from '../channel/rest/ports-bulk.ts'
import { nameProblem, readPath } from '../channel/sftp/path.ts'
import { type Folder, placeOf, treeOf } from '../channel/sftp/tree.ts'
import type { Database } from '../db/database.ts'
import type { Definition } from '../exchange/definition.ts'
import { Fault } from '../fault/fault.ts'
import { may, type Who } from '../identity/who.ts'
import type { Trees } from '../run/intake/deps.ts'
import { codeOf } from '../store/disk.ts'
import type { FileTree } from '../store/file-tree.ts'
import {
  type IncompleteUploads,
  incompleteUploads,
  markIncomplete,
  unmarkIncomplete,
} from '../store/incomplete-uploads.ts'
import { findPartner } from '../store/partners.ts'
import { putTransfers, type Transfer } from '../store/transfers.ts'
import { placeAfter, readPlace } from './paging.ts'
import { ownTreePath } from './trees.ts'

export interface TreePortDeps {
  readonly db: Database
  readonly definitions: { list(): readonly Definition[] }
  readonly trees: Pick<Trees, 'find'>
  /** Folder of the partners' own trees. */
  readonly treesFolder: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Something was put into an input folder. */
  readonly onUploaded: () => void
}

/** A file that is or may be in a folder of a tree. */
interface FilePlace {
  readonly folder: Folder
  readonly name: string
  /** From the top of the tree. */
  readonly path: string
}

type Tree = BulkPorts['tree']

/** Partners' own trees for the API: the same folders, names and log as at the file server. */
export function createTreePorts(deps: TreePortDeps): Tree {
  return {
    async list(place, query) {
      const { folder, root } = await folderAt(deps, place)
      return listFolder(folder, root, query)
    },
    get: (place) => getFile(deps, place),
    put: (place, bytes) => putFile(deps, place, bytes),
    async remove(place) {
      const found = await fileAt(deps, place)
      const { bytes } = await infoOf(deps, place, found)
      if (found.folder.use === 'archive')
        throw new Fault('NOT_ALLOWED', { reason: 'Originals leave the archive by its retention only.' })
      const started = performance.now()
      await (await filesOf(deps, place)).remove(found.folder.path, found.name)
      await unmarkIncomplete(ownTreePath(deps.treesFolder, place.partner), found.path)
      await log(deps, place, { action: 'remove', path: found.path, bytes, started, result: 'ok' })
    },
  }
}

/**
 * The folders that a caller sees: its own as at the file server; at the centre those of exchanges that it manages.
 */
function foldersFor(who: Who, definitions: readonly Definition[]) {
  if (!who.centre) return treeOf(who, definitions)
  const managed = definitions.filter(({ exchange }) => may(who, 'manage', exchange))
  const grants = managed.map(({ exchange }) => ({ exchange, grants: ['submit', 'read'] as const }))
  return treeOf({ ...who, grants }, managed)
}

/** Where a path leads. Throws NOT_FOUND for one that leads nowhere that the caller may see. */
async function placeAt(deps: TreePortDeps, { by, partner, path }: TreePlace) {
  if ((await deps.db.transact((tx) => findPartner(tx, partner))) === null)
    throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
  const names = readPath(Buffer.from(path))
  const found = names === null ? null : placeOf(foldersFor(by, deps.definitions.list()), names)
  if (found === null) throw missing(path)
  return found
}

async function folderAt(deps: TreePortDeps, place: TreePlace): Promise<{ folder: Folder; root: string }> {
  const found = await placeAt(deps, place)
  if (found.kind === 'file')
    throw new Fault('BAD_REQUEST', { reason: 'This is the path of a file, or of no folder that is there.' })
  const root = ownTreePath(deps.treesFolder, place.partner)
  await checkFolder(root, found.folder, place.path)
  return { folder: found.folder, root }
}

async function fileAt(deps: TreePortDeps, place: TreePlace): Promise<FilePlace> {
  const found = await placeAt(deps, place)
  if (found.kind === 'folder') throw new Fault('BAD_REQUEST', { reason: 'This is the path of a folder.' })
  if (found.name.startsWith('.')) throw missing(place.path)
  await checkFolder(ownTreePath(deps.treesFolder, place.partner), found.folder, place.path)
  return found
}

/** Throws NOT_FOUND for a folder that leads elsewhere by a link. One that is not there yet is no harm. */
async function checkFolder(root: string, folder: Folder, path: string): Promise<void> {
  try {
    if ((await realpath(join(root, folder.path))) !== join(await realpath(root), folder.path))
      throw missing(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

async function filesOf({ trees }: TreePortDeps, { partner }: TreePlace): Promise<FileTree> {
  const tree = await trees.find(partner, '')
  if (tree === null) throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
  return tree.files
}

async function infoOf(
  { treesFolder }: TreePortDeps,
  { partner, path: asked }: TreePlace,
  { name, path }: FilePlace,
): Promise<{ readonly bytes: number; readonly modifiedAt: string }> {
  const file = join(ownTreePath(treesFolder, partner), path)
  const info = nameProblem(name) === null ? await lstat(file).catch(nothing) : null
  if (!info?.isFile()) throw missing(asked)
  return { bytes: info.size, modifiedAt: info.mtime.toISOString() }
}

function nothing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null
  throw error
}

async function listFolder(
  folder: Folder,
  root: string,
  query: { readonly limit: number; readonly after: string | null },
): ReturnType<Tree['list']> {
  const after = readPlace(query.after, { kind: 'string', name: 'string' })
  const folders = [...folder.folders].sort().map((name) => ({ name, kind: 'folder' as const }))
  const files = (folder.use === null ? [] : await fileNames(join(root, folder.path))).map((name) => ({
    name,
    kind: 'file' as const,
  }))
  const all = [...folders, ...files]
  const start = after === null ? 0 : all.findIndex((entry) => isAfter(entry, after))
  const page = start < 0 ? [] : all.slice(start, start + query.limit)
  const last = page.at(-1)
  const isLast = last === undefined || last === all.at(-1)
  const incomplete = folder.use === 'input' ? await incompleteUploads(root) : { has: () => false }
  const items = await Promise.all(page.map((entry) => describe(entry, folder, root, incomplete)))
  return {
    items: items.filter((item) => item !== null),
    next: isLast ? null : placeAfter({ kind: last.kind, name: last.name }),
  }
}

interface Named {
  readonly name: string
  readonly kind: 'folder' | 'file'
}

function isAfter(entry: Named, after: { readonly name: string; readonly kind: string }): boolean {
  if (entry.kind === after.kind) return entry.name > after.name
  return entry.kind === 'file'
}

/** Names that partners see in a folder, sorted. */
async function fileNames(path: string): Promise<string[]> {
  const entries = (await readdir(path, { withFileTypes: true }).catch(nothing)) ?? []
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && nameProblem(entry.name) === null)
    .map(({ name }) => name)
    .sort()
}

async function describe(
  { name, kind }: Named,
  folder: Folder,
  root: string,
  incomplete: Pick<IncompleteUploads, 'has'>,
): Promise<TreeEntry | null> {
  if (kind === 'folder') return { name, kind, bytes: null, modifiedAt: null, incomplete: false }
  const info = await lstat(join(root, folder.path, name)).catch(nothing)
  if (info === null) return null
  const isOpen = incomplete.has(`${folder.path}/${name}`)
  return { name, kind, bytes: info.size, modifiedAt: info.mtime.toISOString(), incomplete: isOpen }
}

async function getFile(deps: TreePortDeps, place: TreePlace): ReturnType<Tree['get']> {
  const found = await fileAt(deps, place)
  const { bytes } = await infoOf(deps, place, found)
  const files = await filesOf(deps, place)
  const { folder, name, path } = found
  // Opened when it is read first: a client may be gone by then.
  async function* logged(): AsyncGenerator<Uint8Array> {
    const started = performance.now()
    let sent = 0
    try {
      const content = await files.get(folder.path, name)
      if (content === null) throw missing(place.path)
      for await (const chunk of content) {
        yield chunk
        sent += chunk.length
      }
    } finally {
      const result = sent === bytes ? 'ok' : 'incomplete'
      await log(deps, place, { action: 'download', path, bytes: sent, started, result })
    }
  }
  return {
    fileName: name,
    contentType: 'application/octet-stream',
    bytes,
    stream: Readable.from(logged(), { objectMode: false }),
  }
}

/**
 * Marked as incomplete from before it is in its folder until the log says who brought it: a node that is killed in
 * between leaves a file that is not taken for whole.
 */
async function putFile(
  deps: TreePortDeps,
  place: TreePlace,
  bytes: AsyncIterable<Uint8Array>,
): Promise<TreeEntry> {
  const found = await fileAt(deps, place)
  const { folder, name, path } = found
  if (folder.use !== 'input')
    throw new Fault('NOT_ALLOWED', { reason: 'Files can be put into input folders only.' })
  const problem = nameProblem(name)
  if (problem !== null) throw new Fault('BAD_REQUEST', { reason: `Choose another name: ${problem}.` })
  const files = await filesOf(deps, place)
  const root = ownTreePath(deps.treesFolder, place.partner)
  const started = performance.now()
  let marked: { readonly before: boolean } | null = null
  async function* wholeThenMarked(): AsyncGenerator<Uint8Array> {
    yield* bytes
    const mark = await markIncomplete(root, path, deps.now())
    marked = mark
    await mark.durable()
  }
  await files.prepare([folder.path])
  try {
    await files.put(folder.path, name, wholeThenMarked())
  } catch (error) {
    if (wasUnmarked(marked)) await unmarkIncomplete(root, path)
    throw error
  }
  const info = await infoOf(deps, place, found)
  await log(deps, place, { action: 'upload', path, bytes: info.bytes, started, result: 'ok' })
  await unmarkIncomplete(root, path)
  deps.onUploaded()
  return { name, kind: 'file', ...info, incomplete: false }
}

/** Did the mark come with this upload? */
function wasUnmarked(mark: { readonly before: boolean } | null): boolean {
  return mark !== null && !mark.before
}

async function log(
  { db, now }: TreePortDeps,
  { by, address, partner }: TreePlace,
  line: Pick<Transfer, 'action' | 'path' | 'bytes' | 'result'> & { readonly started: number },
): Promise<void> {
  const { started, path, ...rest } = line
  const { account, name: login } = by
  const ms = Math.round(performance.now() - started)
  const at = new Date(now()).toISOString()
  await db.transact((tx) =>
    putTransfers(tx, [{ at, partner, account, login, address, ...rest, path: `/${path}`, ms }]),
  )
}

function missing(path: string): Fault {
  return new Fault('NOT_FOUND', { what: `file or folder ${path.slice(0, 200)}` })
}
