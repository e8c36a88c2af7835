import { crc32 } from 'node:zlib'

/** A file in an archive. */
export interface Member {
  readonly name: string
  readonly bytes: Uint8Array
}

/** 1980-01-01, the first day that the format knows: the same files always make the same archive. */
const day = 0x0021
const version = 20
/** Small members are handed on together. */
const pieceBytes = 256 * 1024
const namesInUtf8 = 0x0800

/**
 * A ZIP archive (APPNOTE 4.3) whose members are stored, not packed: its bytes depend on nothing but theirs. Holds
 * fewer than 65,535 members and 4 GiB.
 */
export async function* storedZip(members: AsyncIterable<Member>): AsyncGenerator<Uint8Array> {
  const directory: Uint8Array[] = []
  let at = 0
  let pieces: Uint8Array[] = []
  let gathered = 0
  for await (const { name, bytes } of members) {
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(version, 0)
    common.writeUInt16LE(namesInUtf8, 2)
    common.writeUInt16LE(day, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    directory.push(entryOf(common, nameBytes, at))
    const header = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes])
    at += header.length + bytes.length
    pieces.push(header, bytes)
    gathered += header.length + bytes.length
    if (gathered < pieceBytes) continue
    yield Buffer.concat(pieces)
    pieces = []
    gathered = 0
  }
  yield Buffer.concat([...pieces, ...directory])
  const length = directory.reduce((sum, entry) => sum + entry.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(length, 12)
  end.writeUInt32LE(at, 16)
  yield end
}

function entryOf(common: Uint8Array, name: Uint8Array, at: number): Uint8Array {
  const madeBy = Buffer.alloc(2)
  madeBy.writeUInt16LE(version)
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(at, 10)
  return Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, common, rest, name])
}
