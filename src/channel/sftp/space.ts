import { opendir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, filesIn } from '../../store/disk.ts'
import { failed } from './refusal.ts'

const usageMs = 30_000
const diskMs = 1000
const countMs = 5000

/** How full a partner's tree and the disk are. */
export interface Room {
  readonly totalBytes: number
  readonly freeBytes: number
  readonly blockBytes: number
  readonly files: number
  readonly freeFiles: number
}

export interface SpaceLimits {
  /** 0: no limit. */
  readonly quotaBytes: number
  readonly freeBytesMin: number
  readonly folderFilesMax: number
}

/**
 * What a partner may still upload: its quota counts the files in its input folders and those taken from there that
 * are still being worked on. All sessions of a partner share one; it is measured now and then, and kept in between.
 * @param inputs input folders of the partner, from the top of its tree
 */
export function createSpace(treePath: string, inputs: () => readonly string[], limits: SpaceLimits) {
  let used = 0
  let measuredAt = Number.NEGATIVE_INFINITY
  let measuring: Promise<void> | null = null
  let disk = { at: Number.NEGATIVE_INFINITY, room: Number.POSITIVE_INFINITY }
  let asking: Promise<unknown> | null = null
  const counts = new Map<string, { at: number; files: number }>()

  return {
    /** Brings the numbers up to date when they are old. To be called before a file is opened for writing. */
    async refresh(): Promise<void> {
      if (limits.quotaBytes > 0 && performance.now() - measuredAt > usageMs) await measure()
      await askDisk()
    },
    /** Takes so many bytes into account. Throws a Refusal when there is no room for them. */
    grow(bytes: number): void {
      if (bytes <= 0) return
      if (performance.now() - disk.at > diskMs) void askDisk().catch(() => {})
      if (limits.quotaBytes > 0 && used + bytes > limits.quotaBytes)
        throw failed(`Quota exceeded: your folders may hold ${limits.quotaBytes} bytes`)
      if (disk.room < bytes) throw failed('No space left on the server')
      used += bytes
      disk.room -= bytes
    },
    shrink(bytes: number): void {
      used = Math.max(0, used - bytes)
    },
    /** Counts a new file in a folder. Throws a Refusal when there are too many. */
    async addFile(folder: string): Promise<void> {
      let count = counts.get(folder)
      if (count === undefined || performance.now() - count.at > countMs) {
        count = {
          at: performance.now(),
          files: await countFiles(join(treePath, folder), limits.folderFilesMax),
        }
        counts.set(folder, count)
      }
      if (count.files >= limits.folderFilesMax)
        throw failed(`A folder may hold ${limits.folderFilesMax} files; wait until some were picked up`)
      count.files += 1
    },
    removeFile(folder: string): void {
      const count = counts.get(folder)
      if (count !== undefined) count.files = Math.max(0, count.files - 1)
    },
    async room(): Promise<Room> {
      if (limits.quotaBytes > 0 && performance.now() - measuredAt > usageMs) await measure()
      const { bsize, blocks, bavail, files, ffree } = await statfs(treePath)
      const free = Math.max(0, bavail * bsize - limits.freeBytesMin)
      const own = limits.quotaBytes > 0
      return {
        totalBytes: own ? Math.min(limits.quotaBytes, blocks * bsize) : blocks * bsize,
        freeBytes: own ? Math.max(0, Math.min(limits.quotaBytes - used, free)) : free,
        blockBytes: bsize,
        files,
        freeFiles: ffree,
      }
    },
  }

  function measure(): Promise<void> {
    measuring ??= (async () => {
      let bytes = 0
      for (const folder of ['.work', ...inputs()])
        for await (const file of filesIn(join(treePath, folder))) bytes += file.bytes
      used = bytes
      measuredAt = performance.now()
    })().finally(() => {
      measuring = null
    })
    return measuring
  }

  function askDisk(): Promise<unknown> {
    if (performance.now() - disk.at <= diskMs) return Promise.resolve()
    asking ??= statfs(treePath)
      .then(({ bavail, bsize }) => {
        disk = { at: performance.now(), room: bavail * bsize - limits.freeBytesMin }
      })
      .finally(() => {
        asking = null
      })
    return asking
  }
}

export type Space = ReturnType<typeof createSpace>

async function countFiles(folder: string, max: number): Promise<number> {
  const entries = await opendir(folder, { bufferSize: 1024 }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  let files = 0
  if (entries !== null)
    for await (const entry of entries) {
      if (entry.isFile()) files += 1
      if (files >= max) break
    }
  return files
}
