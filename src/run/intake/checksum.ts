import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ByteSource } from '../../unpack/byte-source.ts'
import type { ChecksumKind } from './upload-names.ts'

/** Hex checksums of a file. */
export async function hashesOf(
  source: ByteSource,
  kinds: readonly ChecksumKind[],
): Promise<Readonly<Partial<Record<ChecksumKind, string>>>> {
  const hashes = [...new Set(kinds)].map((kind) => ({ kind, hash: createHash(kind) }))
  if ('bytes' in source) for (const { hash } of hashes) hash.update(source.bytes)
  else
    for await (const chunk of createReadStream(source.path, { highWaterMark: 256 * 1024 }))
      for (const { hash } of hashes) hash.update(chunk as Uint8Array)
  return Object.fromEntries(hashes.map(({ kind, hash }) => [kind, hash.digest('hex')]))
}

const digits = { sha256: 64, md5: 32 } as const
const textMax = 4096

/**
 * The checksum that a sidecar states, in small letters: the first word of its first line, as `sha256sum` and
 * `md5sum` write it (they put a backslash before one whose file name they escaped). Null when there is none.
 */
export function statedChecksum(bytes: Uint8Array, kind: ChecksumKind): string | null {
  const text = new TextDecoder().decode(bytes.subarray(0, textMax))
  const [word = ''] = text.trimStart().split(/\s/, 1)
  const hex = word.replace(/^\\/, '').toLowerCase()
  return hex.length === digits[kind] && /^[0-9a-f]+$/.test(hex) ? hex : null
}
