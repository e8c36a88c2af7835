/** Words of the SSH File Transfer Protocol, version 3 (draft-ietf-secsh-filexfer-02), and OpenSSH's additions. */
export const REQUEST = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  extended: 200,
} as const

const ANSWER = {
  version: 2,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 201,
} as const

export const STATUS = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  denied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const

export type Status = (typeof STATUS)[keyof typeof STATUS]

export const OPEN = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const

const ATTR = { size: 1, owner: 2, mode: 4, times: 8, extended: 0x8000_0000 } as const

/** Attributes that a client sets or the server tells; times are seconds since 1970. */
export interface Attributes {
  readonly size?: number
  readonly uid?: number
  readonly gid?: number
  readonly mode?: number
  readonly atime?: number
  readonly mtime?: number
}

/** A request that cannot be read: the connection is given up. */
export class BadFrame extends Error {}

/** Reads the values of a request one after another. Throws BadFrame past its end. */
export class Reader {
  #at = 0
  readonly #bytes: Buffer
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }
  byte(): number {
    return this.#bytes.readUInt8(this.#step(1))
  }
  uint32(): number {
    return this.#bytes.readUInt32BE(this.#step(4))
  }
  /** Past what a double holds exactly it is only near: no file is as large. */
  uint64(): number {
    return this.uint32() * 2 ** 32 + this.uint32()
  }
  string(): Buffer {
    const length = this.uint32()
    const start = this.#step(length)
    return this.#bytes.subarray(start, start + length)
  }
  attributes(): Attributes {
    const flags = this.uint32()
    const attributes = {
      ...(flags & ATTR.size ? { size: this.uint64() } : {}),
      ...(flags & ATTR.owner ? { uid: this.uint32(), gid: this.uint32() } : {}),
      ...(flags & ATTR.mode ? { mode: this.uint32() } : {}),
      ...(flags & ATTR.times ? { atime: this.uint32(), mtime: this.uint32() } : {}),
    }
    if (flags & ATTR.extended)
      for (let left = this.uint32(); left > 0; left -= 1) {
        this.string()
        this.string()
      }
    return attributes
  }
  #step(length: number): number {
    const start = this.#at
    if (start + length > this.#bytes.length) throw new BadFrame('a request is shorter than it says')
    this.#at += length
    return start
  }
}

/** A piece of an answer: text, number of 32 bits, or bytes as they are. */
type Piece = string | number | Buffer

/** One answer: its length, kind and values. Texts and `string` bytes carry their length. */
function answer(kind: number, pieces: readonly Piece[]): Buffer {
  const parts = pieces.map((piece) => {
    if (typeof piece !== 'number') return typeof piece === 'string' ? withLength(Buffer.from(piece)) : piece
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(piece >>> 0)
    return bytes
  })
  const head = Buffer.allocUnsafe(5)
  head.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 1))
  head.writeUInt8(kind, 4)
  return Buffer.concat([head, ...parts])
}

function withLength(bytes: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(4 + bytes.length)
  whole.writeUInt32BE(bytes.length)
  bytes.copy(whole, 4)
  return whole
}

export function versionAnswer(extensions: Readonly<Record<string, string>>): Buffer {
  return answer(ANSWER.version, [3, ...Object.entries(extensions).flat()])
}

const OK_HEAD = Buffer.from([0, 0, 0, 17, ANSWER.status])

export function statusAnswer(id: number, status: Status, text: string): Buffer {
  if (status !== STATUS.ok) return answer(ANSWER.status, [id, status, text, ''])
  // By far the most frequent one: no text and no language.
  const bytes = Buffer.alloc(21)
  OK_HEAD.copy(bytes)
  bytes.writeUInt32BE(id, 5)
  return bytes
}

export function handleAnswer(id: number, handle: Buffer): Buffer {
  return answer(ANSWER.handle, [id, withLength(handle)])
}

/** Bytes before the data in its answer; a file is read right behind them. */
export const dataHeadBytes = 13

/** Completes an answer whose data lie behind its head already. */
export function dataAnswer(id: number, room: Buffer, length: number): Buffer {
  room.writeUInt32BE(9 + length, 0)
  room.writeUInt8(ANSWER.data, 4)
  room.writeUInt32BE(id, 5)
  room.writeUInt32BE(length, 9)
  return room.subarray(0, dataHeadBytes + length)
}

export interface Entry {
  readonly name: string
  /** As `ls -l` shows it. */
  readonly line: string
  /** Null where only the name is asked for. */
  readonly attributes: Attributes | null
}

export function nameAnswer(id: number, entries: readonly Entry[]): Buffer {
  const pieces = entries.flatMap((entry) => [entry.name, entry.line, attributeBytes(entry.attributes)])
  return answer(ANSWER.name, [id, entries.length, ...pieces])
}

export function attributesAnswer(id: number, attributes: Attributes): Buffer {
  return answer(ANSWER.attrs, [id, attributeBytes(attributes)])
}

/** An answer of 64-bit numbers, as `statvfs@openssh.com` and `limits@openssh.com` are. */
export function numbersAnswer(id: number, numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(8 * numbers.length)
  for (const [index, number] of numbers.entries())
    bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.trunc(number))), 8 * index)
  return answer(ANSWER.extended, [id, bytes])
}

function attributeBytes(attributes: Attributes | null): Buffer {
  if (attributes === null) return Buffer.alloc(4)
  const { size = 0, uid = 0, gid = 0, mode = 0, atime = 0, mtime = 0 } = attributes
  const bytes = Buffer.allocUnsafe(32)
  bytes.writeUInt32BE(ATTR.size | ATTR.owner | ATTR.mode | ATTR.times, 0)
  bytes.writeUInt32BE(Math.floor(size / 2 ** 32), 4)
  bytes.writeUInt32BE(size >>> 0, 8)
  for (const [index, value] of [uid, gid, mode, atime, mtime].entries())
    bytes.writeUInt32BE(value >>> 0, 12 + 4 * index)
  return bytes
}
