import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../store/disk.ts'
import { grouped } from '../../store/grouped.ts'
import {
  endedUploads,
  endMarker,
  markEnded,
  markIncomplete,
  unmarkIncomplete,
} from '../../store/incomplete-uploads.ts'
import type { Transfer } from '../../store/transfers.ts'
import type { SftpLog, WriteTransfer } from './ports.ts'

/** A file that is being written, from before it is opened until it is closed and safe. */
export interface Upload {
  readonly partner: string
  /** From the top of the partner's tree; null when the file was removed or replaced meanwhile. */
  path: string | null
  /** Resolves when its marker would survive a power cut. */
  readonly durable: () => Promise<void>
  /** Resolves when its marker can be read. */
  readonly written: Promise<void>
}

type Line = Omit<Transfer, 'at'>

interface Job {
  readonly upload: Upload
  /** For the transfer log. */
  readonly line: Line | null
}

export interface UploadsDeps {
  readonly treeOf: (partner: string) => string
  /** Never rejects. */
  readonly transfer: WriteTransfer
  readonly onUploaded: (partner: string) => void
  readonly log: SftpLog
  readonly now: () => number
}

const syncsAtOnce = 2
const finishingMax = 1000

/**
 * Which uploads are under way. A closed one is synced in the background, many together, then logged, then freed
 * for pick-up: its marker (`store/incomplete-uploads.ts`) goes last, so that a power cut between any two steps leaves
 * a file that is known to be incomplete, and a kill one that the next start makes safe.
 */
export class Uploads {
  readonly #deps: UploadsDeps
  readonly #writing = new Map<string, Map<string, Set<Upload>>>()
  readonly #locked = createLocks()
  readonly #finishGroup = grouped((jobs: readonly Job[]) => this.#finishAll(jobs))
  readonly #finishing = new Set<Promise<unknown>>()

  constructor(deps: UploadsDeps) {
    this.#deps = deps
  }

  /** Paths of a partner's tree that are being written or not yet safe. */
  openForWriting(partner: string): ReadonlySet<string> {
    return new Set(this.#writing.get(partner)?.keys())
  }

  /** Does something with a file while nobody can open it for writing; null when somebody has. */
  whileClosed<T>(partner: string, path: string, action: () => Promise<T>): Promise<T | null> {
    return this.#locked([keyOf(partner, path)], async () => (this.#isOpen(partner, path) ? null : action()))
  }

  /** To be called before the file is opened. `perform` opens it; when that fails nothing is left behind. */
  begin<T>(partner: string, path: string, perform: () => Promise<T>): Promise<{ upload: Upload; opened: T }> {
    return this.#locked([keyOf(partner, path)], async () => {
      const { durable, written, undo } = await markIncomplete(
        this.#deps.treeOf(partner),
        path,
        this.#deps.now(),
      )
      const upload: Upload = { partner, path, durable, written }
      this.#add(upload, path)
      try {
        return { upload, opened: await perform() }
      } catch (error) {
        this.#leave(upload)
        if (!this.#isOpen(partner, path)) await undo()
        throw error
      }
    })
  }

  /** The upload ended without being whole: it stays marked. */
  breakOff(upload: Upload): void {
    this.#leave(upload)
  }

  /** Renames a file, whole or still being written; `perform` does it. What it replaces is gone. */
  async rename(
    partner: string,
    from: string,
    to: string,
    line: Line,
    perform: () => Promise<void>,
  ): Promise<void> {
    await this.#settled(partner, from)
    const renamed = await this.#locked([keyOf(partner, from), keyOf(partner, to)].sort(), async () => {
      const tree = this.#deps.treeOf(partner)
      const mark = this.#isOpen(partner, from) ? markIncomplete : markEnded
      const { durable, written, undo } = await mark(tree, to, this.#deps.now())
      try {
        await written
        await perform()
      } catch (error) {
        if (!this.#isOpen(partner, to)) await undo()
        throw error
      }
      this.#forget(partner, to)
      if (mark === markEnded) await endMarker(tree, to)
      for (const upload of [...(this.#writing.get(partner)?.get(from) ?? [])]) {
        this.#leave(upload)
        upload.path = to
        this.#add(upload, to)
      }
      await unmarkIncomplete(tree, from)
      const upload: Upload = { partner, path: to, durable, written }
      this.#add(upload, to)
      return upload
    })
    await this.#makeSafe(renamed, line)
  }

  /** Removes a file; `perform` does it. */
  remove(partner: string, path: string, perform: () => Promise<void>): Promise<void> {
    return this.#locked([keyOf(partner, path)], async () => {
      await perform()
      this.#forget(partner, path)
      await unmarkIncomplete(this.#deps.treeOf(partner), path)
    })
  }

  /** Resolves when all that was closed is safe. */
  async close(): Promise<void> {
    while (this.#finishing.size > 0) await Promise.allSettled(this.#finishing)
  }

  /**
   * The upload was closed in order. Resolves when a node that is killed now would know it, and not only then when
   * very many are waiting to become safe.
   */
  async finish(upload: Upload, line: Line | null): Promise<void> {
    const { partner, path } = upload
    if (path !== null) {
      await upload.written
      await this.#locked([keyOf(partner, path)], async () => {
        const isOnly = upload.path === path && this.#writing.get(partner)?.get(path)?.size === 1
        if (isOnly) await endMarker(this.#deps.treeOf(partner), path)
      })
    }
    await this.#makeSafe(upload, line)
  }

  /** Makes safe what had ended when the node was killed; to be called before anything else. */
  async recover(partner: string): Promise<void> {
    const tree = this.#deps.treeOf(partner)
    for (const path of await endedUploads(tree)) {
      const done = Promise.resolve()
      const upload: Upload = { partner, path, durable: () => done, written: done }
      this.#add(upload, path)
      await this.#makeSafe(upload, null)
    }
  }

  async #makeSafe(upload: Upload, line: Line | null): Promise<void> {
    const done = this.#finishGroup({ upload, line })
      .catch(() => {})
      .finally(() => this.#finishing.delete(done))
    this.#finishing.add(done)
    if (this.#finishing.size > finishingMax) await done
  }

  /** Waits for files that are closed and not yet safe, so that they are not renamed away meanwhile. */
  async #settled(partner: string, path: string): Promise<void> {
    if (this.#isOpen(partner, path)) await Promise.allSettled(this.#finishing)
  }

  #isOpen(partner: string, path: string): boolean {
    return this.#writing.get(partner)?.has(path) ?? false
  }

  #add(upload: Upload, path: string): void {
    const paths = this.#writing.get(upload.partner) ?? new Map<string, Set<Upload>>()
    this.#writing.set(upload.partner, paths)
    paths.set(path, (paths.get(path) ?? new Set()).add(upload))
  }

  #leave(upload: Upload): void {
    const paths = this.#writing.get(upload.partner)
    const uploads = upload.path === null ? undefined : paths?.get(upload.path)
    if (paths === undefined || uploads === undefined || upload.path === null) return
    uploads.delete(upload)
    if (uploads.size === 0) paths.delete(upload.path)
    if (paths.size === 0) this.#writing.delete(upload.partner)
  }

  /** What was written to this path lies there no more. */
  #forget(partner: string, path: string): void {
    for (const upload of [...(this.#writing.get(partner)?.get(path) ?? [])]) {
      this.#leave(upload)
      upload.path = null
    }
  }

  async #finishAll(jobs: readonly Job[]) {
    const queue = [...jobs.entries()]
    const answers: (undefined | Error)[] = jobs.map(() => undefined)
    const sync = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [index, { upload }] = next
        await this.#syncFile(upload).catch((error: unknown) => {
          this.#deps.log.error({ partner: upload.partner, code: codeOf(error) }, 'sftp.upload.not-safe')
          answers[index] = error instanceof Error ? error : new Error(String(error))
        })
      }
    }
    await Promise.all(Array.from({ length: syncsAtOnce }, sync))
    const lines = jobs.flatMap(({ line }) => (line === null ? [] : [this.#deps.transfer(line)]))
    await Promise.all(lines)
    await Promise.all(jobs.map(({ upload }, index) => this.#free(upload, answers[index] === undefined)))
    for (const partner of new Set(jobs.map(({ upload }) => upload.partner))) this.#deps.onUploaded(partner)
    return answers
  }

  async #syncFile({ partner, path }: Upload): Promise<void> {
    if (path === null) return
    try {
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
      const handle = await open(join(this.#deps.treeOf(partner), path), flags)
      await handle.datasync().finally(() => handle.close())
    } catch (error) {
      // Taken away meanwhile.
      if (codeOf(error) !== 'ENOENT') throw error
    }
  }

  /** The file may be picked up, unless it is being written again. */
  async #free(upload: Upload, safe: boolean): Promise<void> {
    const { partner, path } = upload
    if (path === null) return
    await this.#locked([keyOf(partner, path)], async () => {
      this.#leave(upload)
      if (safe && upload.path === path && !this.#isOpen(partner, path))
        await unmarkIncomplete(this.#deps.treeOf(partner), path)
    })
  }
}

function keyOf(partner: string, path: string): string {
  return `${partner}/${path}`
}

/** Actions that name the same key run one after another. Keys must be given in sorted order. */
function createLocks() {
  const last = new Map<string, Promise<unknown>>()
  return async function locked<T>(keys: readonly string[], action: () => Promise<T>): Promise<T> {
    const before = keys.map((key) => last.get(key))
    const done = Promise.allSettled(before).then(action)
    for (const key of keys) last.set(key, done)
    try {
      return await done
    } finally {
      for (const key of keys) if (last.get(key) === done) last.delete(key)
    }
  }
}
