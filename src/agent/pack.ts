import { PassThrough, type Writable } from 'node:stream'
import { createGzip } from 'node:zlib'
import yazl from 'yazl'
import { FRAME_BYTES } from './at-rest.ts'

/** One document, or one for each type of records. */
export type PackForm = 'gzip' | 'zip'

/** Text in, packed bytes out. */
export interface Pack {
  readonly output: AsyncIterable<Uint8Array>
  begin(member: string): void
  /** Null where there is room for more, else when there will be. */
  write(text: string): Promise<void> | null
  end(): void
  /** Ends the output where it stands. */
  destroy(): void
}

/** A nightly file is written once and read once: more compression costs more than it saves. */
const level = 4

export function createPack(form: PackForm): Pack {
  return form === 'gzip' ? gzipPack() : zipPack()
}

function gzipPack(): Pack {
  const gzip = createGzip({ level, chunkSize: FRAME_BYTES })
  gzip.on('error', () => {})
  return {
    output: gzip,
    begin: () => {},
    write: (text) => put(gzip, text),
    end: () => gzip.end(),
    destroy: () => gzip.destroy(),
  }
}

function zipPack(): Pack {
  const zip = new yazl.ZipFile()
  const output = new PassThrough()
  zip.outputStream.pipe(output)
  let member: PassThrough | null = null
  return {
    output,
    begin(name) {
      member?.end()
      member = new PassThrough()
      zip.addReadStream(member, name, { compressionLevel: level })
    },
    write(text) {
      if (member === null) throw new Error('an archive has members')
      return put(member, text)
    },
    end() {
      member?.end()
      zip.end()
    },
    destroy() {
      member?.destroy()
      output.destroy()
    },
  }
}

function put(stream: Writable, text: string): Promise<void> | null {
  if (stream.write(text)) return null
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done)
      stream.off('close', done)
      resolve()
    }
    // A stream that was destroyed will never have room: whoever waits sees why at the next piece.
    stream.on('drain', done)
    stream.on('close', done)
  })
}
