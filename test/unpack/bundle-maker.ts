import { ZipFile } from 'yazl'

/** A bundle as the node makes them: a ZIP archive with its members stored, in this order. */
export async function makeBundle(members: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, data] of Object.entries(members))
    zip.addBuffer(Buffer.from(data as Uint8Array), name, { compress: false })
  zip.end()
  const pieces: Uint8Array[] = []
  for await (const piece of zip.outputStream) pieces.push(piece as Uint8Array)
  return Buffer.concat(pieces)
}
