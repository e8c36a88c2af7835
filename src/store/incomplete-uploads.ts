import { hash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from './disk.ts'
import { grouped } from './grouped.ts'

/**
 * Uploads that have not ended in order. From before a file is opened for writing until it is closed and safely on
 * disk, a marker lies in `.work/incomplete/` of its tree. A connection that breaks off, a node that is killed
 * and a power cut leave it there; it goes when the upload is resumed and closed, or when the file is renamed or
 * removed. From when the sender ended the upload in order until it is safe, the marker has another ending, so that
 * a node that was killed meanwhile knows that it needs nothing more from the sender.
 */
const folder = join('.work', 'incomplete')
const BEGUN = '.json'
const ENDED = '.ended'

export interface IncompleteUpload {
  /** From the top of the tree: `PROD/INPUT/a.json`. */
  readonly path: string
  /** When it was last opened for writing, ISO. */
  readonly since: string
}

export interface IncompleteUploads {
  /** Is the file at this path (from the top of the tree) not known to be whole? */
  has(path: string): boolean
  /** Those whose path is known: after a crash a marker may not hold it, but `has` still finds it. */
  readonly list: readonly IncompleteUpload[]
}

/** Reads the markers of a tree. They count for the names that lie there after this call was made. */
export async function incompleteUploads(treePath: string): Promise<IncompleteUploads> {
  const names = await readdir(join(treePath, folder)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  const marked = new Set(names)
  const list: IncompleteUpload[] = []
  for (const name of names) {
    const upload = await readMarker(join(treePath, folder, name))
    if (upload !== null && name === `${markerOf(upload.path)}${BEGUN}`) list.push(upload)
  }
  const has = (path: string) =>
    marked.has(`${markerOf(path)}${BEGUN}`) || marked.has(`${markerOf(path)}${ENDED}`)
  return { has, list }
}

/** Paths of uploads that ended in order and were not safe yet when the node that took them was killed. */
export async function endedUploads(treePath: string): Promise<string[]> {
  const names = await readdir(join(treePath, folder)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  const marked = new Set(names)
  const paths: string[] = []
  for (const name of names.filter((one) => one.endsWith(ENDED))) {
    const upload = await readMarker(join(treePath, folder, name))
    // Begun once more since: the sender must end it again.
    if (upload !== null && !marked.has(`${markerOf(upload.path)}${BEGUN}`)) paths.push(upload.path)
  }
  return paths
}

/** A marker that was just made. */
export interface Marker {
  /** There was one already. */
  readonly before: boolean
  /** Resolves when it holds the path. */
  readonly written: Promise<void>
  /** Resolves when the marker also survives a power cut; those that are asked together wait together. */
  durable(): Promise<void>
  /** Takes it away again, unless it was there before. */
  undo(): Promise<void>
}

/** Marks an upload as incomplete. Resolves when the marker is there for everybody. */
export async function markIncomplete(treePath: string, path: string, now: number): Promise<Marker> {
  return makeMarker(join(treePath, folder, `${markerOf(path)}${BEGUN}`), path, now)
}

/** Marks a file that is about to be put here whole. */
export async function markEnded(treePath: string, path: string, now: number): Promise<Marker> {
  return makeMarker(join(treePath, folder, `${markerOf(path)}${ENDED}`), path, now)
}

/** The sender has ended the upload: what is left to do is ours. */
export async function endMarker(treePath: string, path: string): Promise<void> {
  const marker = join(treePath, folder, markerOf(path))
  await rename(`${marker}${BEGUN}`, `${marker}${ENDED}`).catch((error: unknown) => {
    // Its file was removed or renamed meanwhile.
    if (codeOf(error) !== 'ENOENT') throw error
  })
}

async function makeMarker(file: string, path: string, now: number): Promise<Marker> {
  const upload: IncompleteUpload = { path, since: new Date(now).toISOString() }
  const { handle, before } = await openMarker(file)
  // Its name alone says that the upload is incomplete; what it holds may follow.
  const written = handle.writeFile(JSON.stringify(upload)).finally(() => handle.close())
  // Nobody may be waiting when it fails.
  written.catch(() => {})
  return {
    before,
    written,
    durable: () => written.then(() => syncMarkers(dirname(file))),
    undo: () => (before ? Promise.resolve() : rm(file, { force: true })),
  }
}

async function openMarker(file: string): Promise<{ handle: FileHandle; before: boolean }> {
  try {
    return { handle: await open(file, 'wx', 0o600), before: false }
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return { handle: await open(file, 'w', 0o600), before: true }
    if (codeOf(error) !== 'ENOENT') throw error
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    return { handle: await open(file, 'w', 0o600), before: false }
  }
}

/** Takes the marker away; nothing happens when there is none. */
export async function unmarkIncomplete(treePath: string, path: string): Promise<void> {
  const marker = join(treePath, folder, markerOf(path))
  await Promise.all([BEGUN, ENDED].map((ending) => rm(`${marker}${ending}`, { force: true })))
}

const syncMarkers = grouped(async (folders: readonly string[]) => {
  for (const path of new Set(folders)) {
    const handle = await open(path, 'r')
    await handle.sync().finally(() => handle.close())
  }
  return folders.map(() => undefined)
})

function markerOf(path: string): string {
  return hash('sha256', path, 'hex')
}

async function readMarker(file: string): Promise<IncompleteUpload | null> {
  return parse(await readFile(file, 'utf8').catch(() => ''))
}

function parse(text: string): IncompleteUpload | null {
  try {
    const { path, since } = JSON.parse(text) as Partial<IncompleteUpload>
    return typeof path === 'string' && typeof since === 'string' ? { path, since } : null
  } catch {
    return null
  }
}
