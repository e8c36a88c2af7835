import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipFileEntry {
  readonly name: string
  readonly data: string | Uint8Array
  /** What the directory says instead of the truth. */
  readonly says?: Partial<{
    size: number
    crc: number
    flags: number
    method: number
    madeBy: number
    attributes: number
    /** Index of the entry whose bytes this one claims. */
    sameAs: number
  }>
}

/** A ZIP archive made by hand, so that it may lie. */
export function makeZip(entries: readonly ZipFileEntry[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  const offsets: number[] = []
  let at = 0
  for (const { name, data, says = {} } of entries) {
    const bytes = Buffer.from(data as Uint8Array)
    const packed = deflateRawSync(bytes)
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE((says.flags ?? 0) | 0x800, 2)
    common.writeUInt16LE(says.method ?? 8, 4)
    common.writeUInt32LE(says.crc ?? crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(says.size ?? bytes.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, packed])
    offsets.push(says.sameAs === undefined ? at : (offsets[says.sameAs] as number))
    const madeBy = Buffer.alloc(2)
    madeBy.writeUInt16LE(says.madeBy ?? 20)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE((says.attributes ?? 0) >>> 0, 6)
    rest.writeUInt32LE(offsets.at(-1) as number, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, common, rest, nameBytes]))
    locals.push(local)
    at += local.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, index, end])
}
