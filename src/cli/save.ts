import { createWriteStream } from 'node:fs'
import { access, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from './client.ts'
import { CommandError } from './exits.ts'
import { createProgress } from './progress.ts'

/**
 * Downloads to a file that is there in full or not at all. Returns its path.
 * @param target true: the name that the node suggests, in this folder, where it must be free
 * @param quiet no progress is shown
 */
export async function save(
  client: Client,
  path: string,
  target: string | true,
  quiet = true,
): Promise<string> {
  const { fileName, bytesTotal, bytes } = await client.download(path)
  const file = target === true ? fileName : target
  if (target === true && (await exists(file)))
    throw new CommandError('refused', `${file} exists already.`, 'Name another file, or remove it.')
  const part = `${file}.${process.pid}.part`
  const progress = createProgress(`Fetching ${file}`, 'bytes')
  async function* counted(): AsyncGenerator<Uint8Array> {
    let done = 0
    for await (const chunk of bytes) {
      yield chunk
      done += chunk.length
      if (!quiet) progress.update(done, bytesTotal)
    }
  }
  try {
    await pipeline(Readable.from(counted(), { objectMode: false }), createWriteStream(part, { flags: 'wx' }))
    await rename(part, file)
  } finally {
    progress.end()
    await rm(part, { force: true })
  }
  return file
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
