import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, realpath, rename, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Who } from '../../identity/who.ts'
import { isThere } from '../../store/disk.ts'
import type { Transfer, TransferAction } from '../../store/transfers.ts'
import { fileAttributes, folderAttributes } from './attributes.ts'
import { createListing, type Listing } from './listing.ts'
import { OpenFile } from './open-file.ts'
import { nameProblem, readPath } from './path.ts'
import type { WriteTransfer } from './ports.ts'
import { denied, failed, notFound } from './refusal.ts'
import type { Space } from './space.ts'
import { type Folder, type Place, placeOf, type Tree } from './tree.ts'
import type { Uploads } from './uploads.ts'
import { type Attributes, OPEN } from './wire.ts'

/** A partner's tree on this machine, shared by its sessions. */
export interface Ground {
  readonly treePath: string
  readonly space: Space
}

export interface FilesDeps {
  readonly who: Who
  readonly address: string
  /** The folders that the account sees now. */
  readonly tree: () => Tree
  readonly ground: Ground
  readonly uploads: Uploads
  /** Never rejects. */
  readonly transfer: WriteTransfer
  readonly fileBytesMax: number
  readonly now: () => number
}

/** A file that was opened. */
interface Found {
  readonly handle: FileHandle
  readonly size: number
  /** Made just now. */
  readonly isNew: boolean
}

type FilePlace = Extract<Place, { kind: 'file' }>

const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants
const folderCheckMs = 1000

/** What one session may do with its partner's files. Paths come as the client sent them; a Refusal is thrown. */
export class Files {
  readonly #deps: FilesDeps
  readonly #startedAt: number
  readonly #checked = new Map<string, number>()

  constructor(deps: FilesDeps) {
    this.#deps = deps
    this.#startedAt = deps.now()
  }

  async openFile(path: Buffer, flags: number): Promise<OpenFile> {
    const place = this.#filePlace(path)
    const isUpload = (flags & (OPEN.write | OPEN.append | OPEN.create | OPEN.truncate)) !== 0
    await this.#checkFolder(place.folder)
    return isUpload ? this.#openUpload(place, flags) : this.#openDownload(place)
  }

  async openFolder(path: Buffer): Promise<Listing> {
    const place = this.#placeAt(path)
    if (place.kind === 'file') {
      await this.#infoOf(place)
      throw failed('This is not a folder')
    }
    const { folder } = place
    if (folder.use !== null) await this.#checkFolder(folder)
    const real = folder.use === null ? null : join(this.#deps.ground.treePath, folder.path)
    return createListing({ folder, path: real, owner: this.#deps.who.partner, now: this.#deps.now })
  }

  async stat(path: Buffer): Promise<Attributes> {
    const place = this.#placeAt(path)
    return place.kind === 'folder'
      ? folderAttributes(this.#startedAt)
      : fileAttributes(await this.#infoOf(place))
  }

  async statOpen(file: OpenFile): Promise<Attributes> {
    await file.idle()
    return fileAttributes(await file.handle.stat())
  }

  /** Times and size count; modes and owners are taken and forgotten, as clients send them unasked. */
  async setStat(path: Buffer, wanted: Attributes): Promise<void> {
    const place = this.#placeAt(path)
    if (place.kind === 'folder') {
      if (wanted.size !== undefined) throw failed('This is a folder')
      return
    }
    await this.#infoOf(place)
    if (wanted.size === undefined && wanted.mtime === undefined) return
    if (place.folder.use !== 'input' || !place.folder.change) throw denied()
    if (wanted.size !== undefined) {
      const file = await this.#openUpload(place, OPEN.write)
      try {
        await file.truncate(wanted.size)
      } finally {
        await this.close(file)
      }
    }
    if (wanted.mtime !== undefined)
      await utimes(this.#realPath(place), wanted.atime ?? wanted.mtime, wanted.mtime)
  }

  async remove(path: Buffer): Promise<void> {
    const place = this.#filePlace(path)
    const info = await this.#infoOf(place)
    if (place.folder.use === 'archive' || !place.folder.change) throw denied()
    const started = performance.now()
    await this.#deps.uploads.remove(this.#deps.who.partner, place.path, () => unlink(this.#realPath(place)))
    if (place.folder.use === 'input') {
      this.#deps.ground.space.shrink(info.size)
      this.#deps.ground.space.removeFile(place.folder.path)
    }
    void this.#deps.transfer(this.#line('remove', place.path, info.size, started, 'ok'))
  }

  /** @param replace put the file in place of one that has the new name, in one step */
  async rename(from: Buffer, to: Buffer, replace: boolean): Promise<void> {
    const [source, target] = [this.#filePlace(from), this.#filePlace(to)]
    const info = await this.#infoOf(source)
    for (const { folder } of [source, target])
      if (folder.use !== 'input' || !folder.change) throw denied('Files can be renamed in input folders only')
    this.#checkName(target.name)
    if (source.path === target.path) return
    await this.#checkFolder(target.folder)
    const started = performance.now()
    const done = this.#line('rename', target.path, info.size, started, `ok, was /${source.path}`)
    await this.#deps.uploads.rename(this.#deps.who.partner, source.path, target.path, done, async () => {
      const replaced = await lstat(this.#realPath(target)).catch(() => null)
      if (replaced !== null && (!replace || !replaced.isFile())) throw failed('The file exists already')
      await rename(this.#realPath(source), this.#realPath(target))
      if (replaced !== null) this.#deps.ground.space.shrink(replaced.size)
      if (replaced !== null || source.folder !== target.folder)
        this.#deps.ground.space.removeFile(source.folder.path)
    })
  }

  /** Folders are made by the node alone. One that is there already is answered as OpenSSH does. */
  async makeFolder(path: Buffer): Promise<never> {
    const names = readPath(path)
    const place = names === null ? null : placeOf(this.#deps.tree(), names)
    if (place?.kind === 'folder') throw failed('The folder exists already')
    throw denied('Folders cannot be made here')
  }

  async removeFolder(path: Buffer): Promise<never> {
    const place = this.#placeAt(path)
    if (place.kind === 'file') {
      await this.#infoOf(place)
      throw failed('This is not a folder')
    }
    throw denied('Folders cannot be removed here')
  }

  /** Ends an open file whose connection is gone: an upload stays marked as incomplete. */
  async abandon(file: OpenFile): Promise<void> {
    await file.idle()
    await file.handle.close()
    if (file.upload !== null) this.#deps.uploads.breakOff(file.upload)
    const [action, bytes] =
      file.upload === null
        ? (['download', file.work.bytesRead] as const)
        : (['upload', file.work.bytesWritten] as const)
    // Some clients (lftp) leave without closing the last file that they have fetched.
    const whole = file.upload === null && file.readToEnd
    const result = whole ? 'ok, the connection ended' : 'incomplete: the connection ended'
    void this.#deps.transfer({ ...this.#line(action, file.path, bytes, 0, result), ms: file.work.ms })
  }

  /** Ends an open file in order. Throws a Refusal for an upload that could not be written whole. */
  async close(file: OpenFile): Promise<void> {
    await file.idle()
    await file.handle.close()
    const { upload } = file
    if (upload === null) {
      const done = { ...this.#line('download', file.path, file.work.bytesRead, 0, 'ok'), ms: file.work.ms }
      void this.#deps.transfer(done)
      return
    }
    const problem = file.problem
    const result = problem === null ? 'ok' : `incomplete: ${problem}`
    const done = { ...this.#line('upload', file.path, file.work.bytesWritten, 0, result), ms: file.work.ms }
    if (problem === null)
      return this.#deps.uploads.finish(
        upload,
        upload.path === null ? null : { ...done, path: `/${upload.path}` },
      )
    this.#deps.uploads.breakOff(upload)
    void this.#deps.transfer(done)
    throw failed(`The upload is not complete: ${problem}`)
  }

  #placeAt(path: Buffer): Place {
    const names = readPath(path)
    const place = names === null ? null : placeOf(this.#deps.tree(), names)
    if (place === null) throw notFound()
    return place
  }

  #filePlace(path: Buffer): FilePlace {
    const names = readPath(path)
    if (names === null) throw notFound()
    const place = placeOf(this.#deps.tree(), names)
    if (place?.kind === 'file') return place
    if (place?.kind === 'folder') throw failed('This is a folder')
    throw notFound()
  }

  #realPath(place: FilePlace): string {
    return join(this.#deps.ground.treePath, place.path)
  }

  async #infoOf(place: FilePlace): Promise<Stats> {
    if (nameProblem(place.name) !== null) throw notFound()
    await this.#checkFolder(place.folder)
    const info = await lstat(this.#realPath(place))
    if (!info.isFile()) throw notFound()
    return info
  }

  #checkName(name: string): void {
    const problem = nameProblem(name)
    if (problem !== null) throw failed(`Choose another name: ${problem}`)
  }

  /** Makes a folder that is missing, and refuses one that leads elsewhere by a link. */
  async #checkFolder(folder: Folder): Promise<void> {
    const last = this.#checked.get(folder.path)
    if (last !== undefined && performance.now() - last < folderCheckMs) return
    const path = join(this.#deps.ground.treePath, folder.path)
    if (!(await isThere(path))) await mkdir(path, { recursive: true, mode: 0o700 })
    if ((await realpath(path)) !== join(await realpath(this.#deps.ground.treePath), folder.path))
      throw denied()
    this.#checked.set(folder.path, performance.now())
  }

  async #openDownload(place: FilePlace): Promise<OpenFile> {
    if (nameProblem(place.name) !== null) throw notFound()
    const handle = await open(this.#realPath(place), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const info = await this.#regular(handle)
    return this.#opened(place, { handle, size: info.size, isNew: false }, OPEN.read, null)
  }

  async #openUpload(place: FilePlace, flags: number): Promise<OpenFile> {
    if (place.folder.use !== 'input' || !place.folder.change)
      throw denied('Files can be put into input folders only')
    this.#checkName(place.name)
    const { ground, uploads, who } = this.#deps
    await ground.space.refresh()
    const { upload, opened } = await uploads.begin(who.partner, place.path, async () =>
      (flags & OPEN.create) === 0 ? this.#openExisting(place, flags) : this.#openAny(place, flags),
    )
    return this.#opened(place, opened, flags, upload)
  }

  /** Most uploads are of new files, so that is tried first. */
  async #openAny(place: FilePlace, flags: number): Promise<Found> {
    const { space } = this.#deps.ground
    try {
      await space.addFile(place.folder.path)
      try {
        return {
          handle: await open(this.#realPath(place), systemFlags(flags) | O_EXCL, 0o600),
          size: 0,
          isNew: true,
        }
      } catch (error) {
        space.removeFile(place.folder.path)
        throw error
      }
    } catch (error) {
      const isNew = !(await isThere(this.#realPath(place)))
      if (isNew || (flags & OPEN.exclusive) !== 0) throw error
      return this.#openExisting(place, flags)
    }
  }

  async #openExisting(place: FilePlace, flags: number): Promise<Found> {
    const before = await lstat(this.#realPath(place))
    if (!before.isFile()) throw denied()
    const handle = await open(this.#realPath(place), systemFlags(flags & ~OPEN.create))
    const { size } = await this.#regular(handle)
    this.#deps.ground.space.shrink(Math.max(0, before.size - size))
    return { handle, size, isNew: false }
  }

  async #regular(handle: FileHandle): Promise<Stats> {
    const info = await handle.stat()
    if (info.isFile()) return info
    await handle.close()
    throw denied()
  }

  #opened(place: FilePlace, found: Found, flags: number, upload: OpenFile['upload']): OpenFile {
    return new OpenFile({
      ...found,
      path: place.path,
      append: (flags & OPEN.append) !== 0,
      mayRead: (flags & OPEN.read) !== 0,
      mayWrite: upload !== null,
      upload,
      space: this.#deps.ground.space,
      bytesMax: this.#deps.fileBytesMax,
    })
  }

  #line(
    action: TransferAction,
    path: string,
    bytes: number,
    started: number,
    result: string,
  ): Omit<Transfer, 'at'> {
    const { account, name: login, partner } = this.#deps.who
    const ms = Math.round(performance.now() - started)
    return {
      partner,
      account,
      login,
      address: this.#deps.address,
      action,
      path: `/${path}`,
      bytes,
      ms,
      result,
    }
  }
}

function systemFlags(flags: number): number {
  const how = (flags & OPEN.read) !== 0 ? O_RDWR : O_WRONLY
  return (
    how |
    O_NOFOLLOW |
    O_NONBLOCK |
    ((flags & OPEN.append) !== 0 ? O_APPEND : 0) |
    ((flags & OPEN.create) !== 0 ? O_CREAT : 0) |
    ((flags & OPEN.exclusive) !== 0 ? O_EXCL : 0) |
    ((flags & OPEN.truncate) !== 0 ? O_TRUNC : 0)
  )
}
