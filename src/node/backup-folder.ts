import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { Fault } from '../fault/fault.ts'
import { codeOf } from '../store/disk.ts'
import type { SequenceValue } from '../store/whole-tables.ts'

/** What a backup holds; written last, so a folder without it is not a backup. */
export interface Manifest {
  readonly tributary: string
  readonly takenAt: string
  readonly migrations: readonly string[]
  readonly tables: readonly { readonly table: string; readonly rows: number }[]
  readonly sequences: readonly SequenceValue[]
  readonly documents: readonly string[]
  /** How many files of partners; null when they were left out. */
  readonly files: number | null
}

/** Told what was written or read, and how many of it. */
export type BackupProgress = (what: string, count: number) => void

export function manifestFile(folder: string): string {
  return join(folder, 'manifest.json')
}

export function rowsFile(folder: string, table: string): string {
  return join(folder, 'tables', `${table}.ndjson.gz`)
}

/** The list of the partners' files, with what tells that they are whole. */
export function listFile(folder: string): string {
  return join(folder, 'files.ndjson.gz')
}

export function treesIn(folder: string): string {
  return join(folder, 'files')
}

export function documentIn(folder: string, sha256: string): string {
  return join(folder, 'documents', sha256.slice(0, 2), sha256)
}

/** Throws fault CONFIG_WRONG when the folder is no whole backup. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(manifestFile(folder), 'utf8').catch(async () => {
    const found = await readdir(folder).catch(() => null)
    const reason =
      found === null
        ? `There is no folder ${folder}.`
        : `${folder} is not a whole backup: it has no manifest.json.`
    throw new Fault('CONFIG_WRONG', { reason })
  })
  return JSON.parse(text) as Manifest
}

/** Writes lines, given some at a time, into a packed file; tells how many. */
export async function writeLines(
  path: string,
  groups: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): Promise<number> {
  let count = 0
  async function* texts(): AsyncGenerator<string> {
    for await (const lines of groups) {
      count += lines.length
      if (lines.length > 0) yield `${lines.join('\n')}\n`
    }
  }
  const file = createWriteStream(path, { mode: 0o600, flush: true })
  await pipeline(Readable.from(texts()), createGzip({ level: 4 }), file)
  return count
}

/** The lines of a packed file. Throws fault CONFIG_WRONG when it is missing, cut or damaged. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  const unpacked = createGunzip()
  file.on('error', (error) => unpacked.destroy(error))
  try {
    let rest = ''
    for await (const text of file.pipe(unpacked).setEncoding('utf8')) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'ENOENT' && !code.startsWith('Z_')) throw error
    throw new Fault('CONFIG_WRONG', { reason: `The backup is not whole: ${path} cannot be read.` }, error)
  }
}
