import { readExchangeFolder } from '../../src/node/exchange-folder.ts'
import { storedZip } from '../../src/run/intake/stored-zip.ts'

/** The folder of an exchange that comes with Tributary as a ZIP archive, with one of its files put differently. */
export async function definitionArchive(
  exchange: string,
  file: string,
  put: (text: string) => string,
): Promise<Buffer> {
  const folder = new URL(`../../exchanges/${exchange}`, import.meta.url).pathname
  const files = await readExchangeFolder(folder)
  async function* members() {
    for (const [path, text] of files)
      yield { name: `${exchange}/${path}`, bytes: Buffer.from(path === file ? put(text) : text) }
  }
  const pieces: Uint8Array[] = []
  for await (const piece of storedZip(members())) pieces.push(piece)
  return Buffer.concat(pieces)
}
