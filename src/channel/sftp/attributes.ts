import type { Stats } from 'node:fs'
import type { Attributes, Entry } from './wire.ts'

const folderMode = 0o040_750
const fileMode = 0o100_640
/** One owner for everything: the numbers mean nothing on a client's machine. */
const ownerId = 1000
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const halfYearMs = 183 * 24 * 3600 * 1000

/** What clients are told of a file: no mode, owner or inode of this machine. */
export function fileAttributes(info: Stats): Attributes {
  return attributes(fileMode, info.size, info.atimeMs, info.mtimeMs)
}

/** @param at what a folder's times are said to be, in milliseconds since 1970 */
export function folderAttributes(at: number): Attributes {
  return attributes(folderMode, 4096, at, at)
}

/** An entry of a listing, with the line that `ls -l` shows. Times in it are UTC. */
export function listEntry(name: string, of: Attributes, owner: string, now: number): Entry {
  const { mode = 0, size = 0, mtime = 0 } = of
  const kind = mode === folderMode ? 'drwxr-x---' : '-rw-r-----'
  const short = owner.slice(0, 8).padEnd(8)
  const line = `${kind}    1 ${short} ${short} ${String(size).padStart(12)} ${shownTime(mtime * 1000, now)} ${name}`
  return { name, line, attributes: of }
}

function attributes(mode: number, size: number, atimeMs: number, mtimeMs: number): Attributes {
  const seconds = (ms: number) => Math.min(2 ** 32 - 1, Math.max(0, Math.floor(ms / 1000)))
  return { mode, size, uid: ownerId, gid: ownerId, atime: seconds(atimeMs), mtime: seconds(mtimeMs) }
}

function shownTime(ms: number, now: number): string {
  const time = new Date(ms)
  const two = (number: number) => String(number).padStart(2, '0')
  const day = `${MONTHS[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)}`
  return Math.abs(now - ms) < halfYearMs
    ? `${day} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`
    : `${day}  ${time.getUTCFullYear()}`
}
