import { createHash } from 'node:crypto'
import type { FileTree, TakenFile, TreeFile } from './file-tree.ts'
import { createS3Client, type S3Client, type S3Settings } from './s3-client.ts'
import {
  copyObject,
  deleteObject,
  deleteUnchanged,
  getObject,
  headObject,
  listObjects,
  putMarker,
  putObject,
  S3_SIZES,
  type S3Copy,
  type S3Head,
  type S3Sizes,
} from './s3-objects.ts'

/** Longest key that a server takes. */
const keyBytesMax = 1024
/** Requests at a time when many taken files are looked at. */
const requestsMax = 8

type Version = Pick<S3Head, 'etag' | 'modified' | 'version'>

interface Bucket {
  readonly name: string
  readonly client: S3Client
  readonly sizes: S3Sizes
  /** Where the tree begins, with a slash at its end unless it is empty. */
  readonly top: string
}

/**
 * A tree in a bucket of an S3-compatible server. A bucket cannot rename: a file is taken by a copy into `.work`
 * and a delete (decision 0011). Its id comes from the object's name and version, so that one that was copied
 * and not deleted is taken under the same id again. Of the id that the caller offers only the mark is kept that
 * follows its 36 characters.
 */
export function createS3Tree(settings: S3Settings, sizes: S3Sizes = S3_SIZES): FileTree {
  const client = createS3Client(settings)
  const prefix = trimmed(settings.prefix)
  const bucket: Bucket = { name: settings.bucket, client, sizes, top: prefix === '' ? '' : `${prefix}/` }

  return {
    async prepare(folders) {
      for (const folder of folders) await putMarker(client, keyOf(bucket, folder, ''))
    },
    list: (folder) => list(bucket, folder),
    take: (folder, name, file, now) => take(bucket, trimmed(folder), name, file, now),
    taken: () => taken(bucket),
    async *read(file) {
      const bytes = await getObject(client, workKey(bucket, file))
      if (bytes === null) throw new Error(`the taken file ${file} is not in the bucket ${bucket.name}`)
      yield* bytes
    },
    pathOf: () => null,
    archive: (file, folder, name) => archive(bucket, file, folder, name),
    put: (folder, name, bytes) => putObject(client, keyOf(bucket, folder, name), bytes, sizes),
    get: (folder, name) => getObject(client, keyOf(bucket, folder, name)),
    remove: (folder, name) => deleteObject(client, keyOf(bucket, folder, name)),
  }
}

function keyOf({ top }: Bucket, folder: string, name: string): string {
  return `${top}${trimmed(folder)}/${name}`
}

function workKey({ top }: Bucket, file: string): string {
  return `${top}.work/${file}`
}

async function* list(bucket: Bucket, folder: string): AsyncGenerator<TreeFile> {
  const prefix = keyOf(bucket, folder, '')
  for await (const { key, bytes, modifiedAt } of listObjects(bucket.client, prefix)) {
    const name = key.slice(prefix.length)
    if (name !== '' && !name.startsWith('.')) yield { name, bytes, modifiedAt }
  }
}

async function take(
  bucket: Bucket,
  folder: string,
  name: string,
  offered: string,
  now: number,
): Promise<TakenFile | null> {
  const { client } = bucket
  const from = keyOf(bucket, folder, name)
  const head = await headObject(client, from)
  if (head === null) return null
  const id = fileId(bucket.name, from, head)
  const before = await copiedBefore(bucket, id)
  const file = before?.file ?? `${id}${offered.slice(36)}`
  const note = before?.note ?? noteOfTaking(folder, name, head, now)
  const copy = { from, head, to: workKey(bucket, file), note }
  if (before === null && !(await copyUnchanged(bucket, copy))) return null
  await deleteTaken(bucket, from, head)
  return takenFile(file, note)
}

/**
 * Copies an object of which nobody knows whether it is replaced meanwhile. A server that refuses the condition although
 * the object is the same is asked without it, and the copy is kept only if the object was the same before and after.
 */
async function copyUnchanged(
  { client, sizes }: Bucket,
  copy: S3Copy & { readonly head: S3Head },
): Promise<boolean> {
  if (await copyObject(client, copy, sizes, true)) return true
  if (!(await isUnchanged(client, copy.from, copy.head))) return false
  if (!(await copyObject(client, copy, sizes, false))) return false
  if (await isUnchanged(client, copy.from, copy.head)) return true
  await deleteObject(client, copy.to)
  return false
}

async function isUnchanged(client: S3Client, key: string, before: Version): Promise<boolean> {
  const head = await headObject(client, key)
  if (head === null) return false
  return head.etag === before.etag && head.modified === before.modified && head.version === before.version
}

/** The copy that was made of this object before a crash. */
async function copiedBefore(
  bucket: Bucket,
  id: string,
): Promise<{ file: string; note: S3Head['note'] } | null> {
  for await (const { key } of listObjects(bucket.client, workKey(bucket, id))) {
    const head = await headObject(bucket.client, key)
    if (head !== null) return { file: key.slice(workKey(bucket, '').length), note: head.note }
  }
  return null
}

/** Deletes what was copied, unless another file was put in its place meanwhile. */
async function deleteTaken({ client }: Bucket, key: string, copied: Version): Promise<void> {
  if (!(await isUnchanged(client, key, copied))) return
  if (await deleteUnchanged(client, key, copied.etag)) return
  if (await isUnchanged(client, key, copied)) await deleteObject(client, key)
}

async function taken(bucket: Bucket): Promise<TakenFile[]> {
  const found: TakenFile[] = []
  const waiting: Promise<void>[] = []
  const work = workKey(bucket, '')
  for await (const { key } of listObjects(bucket.client, work)) {
    waiting.push(settle(bucket, key.slice(work.length), found))
    if (waiting.length === requestsMax) await Promise.all(waiting.splice(0))
  }
  await Promise.all(waiting)
  return found.sort((a, b) => (a.file < b.file ? -1 : 1))
}

/** Sets a half-taken file right: its original is deleted if it is still there. */
async function settle(bucket: Bucket, file: string, found: TakenFile[]): Promise<void> {
  const head = file === '' ? null : await headObject(bucket.client, workKey(bucket, file))
  if (head === null || head.note.name === undefined) return
  const { folder = '', name, etag = '', modified = '', version = '' } = head.note
  await deleteTaken(bucket, keyOf(bucket, folder, name), { etag, modified, version })
  found.push(takenFile(file, head.note))
}

async function archive(bucket: Bucket, file: string, folder: string, name: string): Promise<string> {
  const { client, sizes } = bucket
  const from = workKey(bucket, file)
  const head = await headObject(client, from)
  const room = keyBytesMax - Buffer.byteLength(keyOf(bucket, folder, ''))
  for (const candidate of [shortened(name, room), shortened(`${file}_${name}`, room)]) {
    const to = keyOf(bucket, folder, candidate)
    const there = await headObject(client, to)
    const copied = there !== null && there.note.file === file
    if (!copied && (there !== null || head === null)) continue
    const copy = { from, head: head ?? noHead, to, note: { file } }
    if (!copied && !(await copyObject(client, copy, sizes, false)))
      throw new Error(`the taken file ${file} is gone from the bucket ${bucket.name}`)
    await deleteObject(client, from)
    return candidate
  }
  // Archived before, and removed from the archive since.
  if (head === null) return name
  throw new Error(`both names of ${file} are in use in ${folder}`)
}

const noHead = { bytes: 0, etag: '' }

function trimmed(folder: string): string {
  return folder.replaceAll(/^\/+|\/+$/g, '')
}

function noteOfTaking(folder: string, name: string, head: S3Head, now: number): Record<string, string> {
  const { etag, modified, version, bytes } = head
  return { folder, name, etag, modified, version, bytes: String(bytes), takenAt: String(now) }
}

function takenFile(file: string, note: Readonly<Record<string, string>>): TakenFile {
  const { folder = '', name = '', bytes = '0', modified = '', takenAt = '0' } = note
  return {
    file,
    folder,
    name,
    bytes: Number(bytes),
    modifiedAt: Date.parse(modified),
    takenAt: Number(takenAt),
  }
}

/** Identity of an upload, in the form of a UUID: the same for as long as the object is, and in order of time. */
function fileId(bucket: string, key: string, { etag, modified, version }: S3Head): string {
  const time = Math.max(0, Date.parse(modified) || 0)
    .toString(16)
    .padStart(12, '0')
  const digest = createHash('sha256').update([bucket, key, etag, modified, version].join('\0')).digest('hex')
  const hex = `${time}7${digest.slice(0, 3)}8${digest.slice(3, 18)}`
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Cuts a name at its front, so that its type is kept. */
function shortened(name: string, room: number): string {
  const bytes = Buffer.from(name)
  if (bytes.length <= room) return name
  return bytes
    .subarray(bytes.length - room)
    .toString()
    .replace(/^\ufffd+/, '')
}
