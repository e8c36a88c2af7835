import { DecodeError } from '../decode/decode-error.ts'
import { CODE_FILE_CHARS_MAX } from '../exchange/codes.ts'
import { Fault } from '../fault/fault.ts'
import { UNPACK_LIMITS } from '../unpack/limits.ts'
import { type CheckedZip, openZip } from '../unpack/zip.ts'

/** Of all files together, unpacked. */
const bytesMax = 128 * 2 ** 20

/** What a definition is made of; samples, cases and rules may lie beside it and are passed over. */
const PARTS = /^(?:exchange\.yaml|types\/[^/]+\.ya?ml|codes\/[^/]+\.csv|mail\/[^/]+\.liquid)$/

/**
 * The files of a definition's folder in a ZIP archive, by path from the folder, wherever in the archive it stands.
 * Throws BAD_REQUEST for what is no archive, or holds no exchange.yaml or several.
 */
export async function readCandidateArchive(bytes: Uint8Array): Promise<Readonly<Record<string, string>>> {
  const zip = await openZip({ bytes }, { ...UNPACK_LIMITS, unpackedBytesMax: bytesMax }).catch(refuse)
  try {
    const names = zip.entries.map(({ fileName }) => fileName)
    const heads = names.filter((name) => /(?:^|\/)exchange\.yaml$/.test(name))
    const [head, second] = heads
    if (head === undefined || second !== undefined)
      throw new Fault('BAD_REQUEST', {
        reason:
          head === undefined
            ? 'There is no exchange.yaml in the archive.'
            : 'The archive holds several definitions; send one.',
      })
    const folder = head.slice(0, -'exchange.yaml'.length)
    const files: Record<string, string> = {}
    for (const entry of zip.entries) {
      const path = entry.fileName.startsWith(folder) ? entry.fileName.slice(folder.length) : ''
      if (PARTS.test(path)) files[path] = await textOf(zip, entry, path)
    }
    return files
  } catch (error) {
    return refuse(error)
  } finally {
    zip.close()
  }
}

async function textOf(zip: CheckedZip, entry: CheckedZip['entries'][number], path: string): Promise<string> {
  if (entry.uncompressedSize > CODE_FILE_CHARS_MAX * 4)
    throw new Fault('BAD_REQUEST', { reason: `${path} is too large.` })
  const chunks: Uint8Array[] = []
  for await (const chunk of zip.read(entry)) chunks.push(chunk)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new Fault('BAD_REQUEST', { reason: `${path} is not UTF-8 text.` })
  }
}

function refuse(error: unknown): never {
  if (error instanceof DecodeError)
    throw new Fault('BAD_REQUEST', { reason: `The archive cannot be read: ${error.message}` }, error)
  throw error
}
