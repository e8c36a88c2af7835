import { createWriteStream, readFileSync } from 'node:fs'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { IntakeFile } from '../../store/intake-files.ts'
import { type ByteSource, headOf } from '../../unpack/byte-source.ts'
import { isSealed } from '../../unpack/pgp.ts'
import type { SealKeys } from '../../unpack/seal-refusal.ts'
import type { IntakeDeps, PartnerTree } from './deps.ts'

/** Files up to this size are put together with others, and held in memory while they are looked at. */
export const smallBytesMax = 4 * 2 ** 20

/** Files up to this size are read at once. */
const tinyBytesMax = 64 * 1024
const sealBytes = 256

/** A taken file's bytes as they were sent: in hand when small, else in a file; one of a bucket is fetched first. */
export async function contentOf(
  deps: Pick<IntakeDeps, 'spool'>,
  tree: PartnerTree,
  file: IntakeFile,
): Promise<ByteSource> {
  const path = tree.files.pathOf(file.file)
  // A tenth of what it costs through the thread pool, and there are thousands; a mount might keep everybody waiting.
  if (path !== null && tree.uploads !== null && file.bytes <= tinyBytesMax)
    return { bytes: readFileSync(path) }
  if (file.bytes <= smallBytesMax) {
    if (path !== null) return { bytes: await readFile(path) }
    const chunks: Uint8Array[] = []
    for await (const chunk of tree.files.read(file.file)) chunks.push(chunk)
    return { bytes: Buffer.concat(chunks) }
  }
  if (path !== null) return { path }
  const fetched = join(deps.spool, `${file.file}.fetched`)
  if ((await stat(fetched).catch(() => null))?.size !== file.bytes) {
    await mkdir(deps.spool, { recursive: true, mode: 0o700 })
    await pipeline(tree.files.read(file.file), createWriteStream(fetched, { mode: 0o600 }))
  }
  return { path: fetched }
}

/**
 * What is in a file under OpenPGP; any other file is what it is. Kept open from the check until it is submitted,
 * and opened again by a process that comes to it later: the content is the same then.
 * Throws SealRefused.
 * @returns null for a file that is not under OpenPGP
 */
export async function openedContent(
  deps: Pick<IntakeDeps, 'spool' | 'opener'>,
  keys: SealKeys,
  file: IntakeFile,
  content: ByteSource,
): Promise<ByteSource | null> {
  if (!isSealed(await headOf(content, sealBytes))) return null
  const target = join(deps.spool, `${file.file}.opened`)
  if ((await stat(target).catch(() => null)) === null) {
    await mkdir(deps.spool, { recursive: true, mode: 0o700 })
    // Keys must be in force when the file was taken: the same answer, whenever it is opened.
    await deps.opener.open(content, keys, target, Date.parse(file.takenAt))
  }
  const { size } = await stat(target)
  return size <= smallBytesMax ? { bytes: await readFile(target) } : { path: target }
}

/** Nothing more of this file is needed from the spool. */
export async function dropSpooled(
  deps: Pick<IntakeDeps, 'spool'>,
  { file, bytes, contentBytes }: Pick<IntakeFile, 'file' | 'bytes' | 'contentBytes'>,
): Promise<void> {
  if (contentBytes !== null) await rm(join(deps.spool, `${file}.opened`), { force: true })
  if (bytes > smallBytesMax) await rm(join(deps.spool, `${file}.fetched`), { force: true })
}
