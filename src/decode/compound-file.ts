import { DecodeError } from './decode-error.ts'

const FREE = 0xfffffffa
const headerBytes = 512
const SIGNATURE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

/**
 * One stream of an OLE2 compound file (what a legacy .xls is packed in), found by any of these names; null
 * when there is none. Chains that loop or leave the file end with a DecodeError.
 */
export function readCompoundStream(bytes: Uint8Array, names: readonly string[]): Uint8Array | null {
  if (bytes.length < headerBytes || SIGNATURE.some((byte, index) => bytes[index] !== byte))
    throw broken('it is not an XLS workbook.')
  return new CompoundFile(bytes).stream(names)
}

class CompoundFile {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #sectorSize: number
  readonly #table: number[]

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const shift = this.#view.getUint16(30, true)
    if (shift !== 9 && shift !== 12) throw broken('its sectors have an impossible size.')
    this.#sectorSize = 1 << shift
    this.#table = this.#readTable()
  }

  stream(names: readonly string[]): Uint8Array | null {
    const directory = this.#chain(this.#view.getUint32(48, true))
    const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength)
    let root = 0
    for (let at = 0; at + 128 <= directory.length; at += 128) {
      const nameBytes = Math.min(64, view.getUint16(at + 64, true))
      const name = new TextDecoder('utf-16le').decode(directory.subarray(at, at + Math.max(0, nameBytes - 2)))
      const type = view.getUint8(at + 66)
      const start = view.getUint32(at + 116, true)
      const size = view.getUint32(at + 120, true)
      if (type === 5) root = start
      if (type !== 2 || !names.includes(name)) continue
      const small = size < this.#view.getUint32(56, true)
      return (small ? this.#smallChain(root, start) : this.#chain(start)).subarray(0, size)
    }
    return null
  }

  /** Sector number → the next one of its chain. */
  #readTable(): number[] {
    const table: number[] = []
    const perSector = this.#sectorSize / 4
    const add = (sector: number) => {
      const at = this.#offset(sector)
      for (let index = 0; index < perSector; index += 1)
        table.push(this.#view.getUint32(at + index * 4, true))
    }
    const sectors = Math.ceil(this.#bytes.length / this.#sectorSize)
    for (let index = 0; index < 109; index += 1) {
      const sector = this.#view.getUint32(76 + index * 4, true)
      if (sector < FREE) add(sector)
    }
    let list = this.#view.getUint32(68, true)
    for (let seen = 0; list < FREE; seen += 1) {
      if (seen > sectors) throw broken('its table of sectors runs in a circle.')
      const at = this.#offset(list)
      for (let index = 0; index < perSector - 1 && table.length < sectors + perSector; index += 1) {
        const sector = this.#view.getUint32(at + index * 4, true)
        if (sector < FREE) add(sector)
      }
      list = this.#view.getUint32(at + this.#sectorSize - 4, true)
    }
    return table
  }

  #offset(sector: number): number {
    const at = (sector + 1) * this.#sectorSize
    if (at + this.#sectorSize > this.#bytes.length)
      throw new DecodeError('FILE_TRUNCATED', 0, 'the workbook ends early.')
    return at
  }

  #chain(first: number): Uint8Array {
    const sectors: number[] = []
    for (let sector = first; sector < FREE; sector = this.#table[sector] ?? FREE) {
      if (sectors.length > this.#table.length) throw broken('its sectors run in a circle.')
      sectors.push(sector)
    }
    const whole = new Uint8Array(sectors.length * this.#sectorSize)
    for (const [index, sector] of sectors.entries()) {
      const start = (sector + 1) * this.#sectorSize
      // The last sector of a file may be cut short.
      if (start >= this.#bytes.length) throw new DecodeError('FILE_TRUNCATED', 0, 'the workbook ends early.')
      whole.set(this.#bytes.subarray(start, start + this.#sectorSize), index * this.#sectorSize)
    }
    return whole
  }

  /** Small streams lie in 64-byte pieces inside the root's stream, with a table of their own. */
  #smallChain(root: number, first: number): Uint8Array {
    const area = this.#chain(root)
    const raw = this.#chain(this.#view.getUint32(60, true))
    const table = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
    const count = raw.length / 4
    const pieces: number[] = []
    for (let piece = first; piece < FREE; ) {
      if (pieces.length > count || (piece + 1) * 64 > area.length)
        throw broken('its small sectors are broken.')
      pieces.push(piece)
      piece = piece < count ? table.getUint32(piece * 4, true) : FREE
    }
    const whole = new Uint8Array(pieces.length * 64)
    for (const [index, piece] of pieces.entries())
      whole.set(area.subarray(piece * 64, piece * 64 + 64), index * 64)
    return whole
  }
}

function broken(reason: string): DecodeError {
  return new DecodeError('FILE_MALFORMED', 0, `the workbook cannot be read: ${reason}`)
}
