import { BadFrame, REQUEST } from './wire.ts'

/** One request as it came. */
export type Frame =
  | { readonly kind: 'request'; readonly bytes: Buffer }
  /** A write, its data in pieces as they came: they go to the file without being copied. */
  | {
      readonly kind: 'write'
      readonly head: Buffer
      readonly data: readonly Buffer[]
      readonly length: number
    }

/** Longest request, as OpenSSH has it. */
export const frameBytesMax = 256 * 1024
const piecesMax = 256
/** Kind, id, handle of four bytes, offset, length of the data. */
const writeHeadBytes = 1 + 4 + (4 + 4) + 8 + 4

/** Cuts the bytes of a channel into requests; how they were cut into pieces on their way does not matter. */
export function createFrames() {
  let pieces: Buffer[] = []
  let waiting = 0

  return {
    push(piece: Buffer): void {
      if (piece.length === 0) return
      pieces.push(piece)
      waiting += piece.length
      // Each piece costs memory of its own: a sender of single bytes must not make it many times what it sent.
      if (pieces.length > piecesMax) pieces = [Buffer.concat(pieces)]
    },
    /** Bytes that are held. */
    waiting: () => waiting,
    /** The next whole request, or null. Throws BadFrame for one that is too long or empty. */
    next(): Frame | null {
      if (waiting < 4) return null
      const length = peek(4).readUInt32BE()
      if (length === 0 || length > frameBytesMax) throw new BadFrame(`a request of ${length} bytes`)
      if (waiting < 4 + length) return null
      takeWhole(4)
      if (length < writeHeadBytes || peek(1)[0] !== REQUEST.write)
        return { kind: 'request', bytes: takeWhole(length) }
      const head = takeWhole(writeHeadBytes)
      const data = takePieces(length - writeHeadBytes)
      return { kind: 'write', head, data, length: length - writeHeadBytes }
    },
  }

  function peek(length: number): Buffer {
    const [first] = pieces
    if (first !== undefined && first.length >= length) return first
    return Buffer.concat(pieces.slice(0, length + 1))
  }

  function takeWhole(length: number): Buffer {
    const taken = takePieces(length)
    const [only] = taken
    return taken.length === 1 && only !== undefined ? only : Buffer.concat(taken)
  }

  function takePieces(length: number): Buffer[] {
    const taken: Buffer[] = []
    let left = length
    let used = 0
    while (left > 0) {
      const piece = pieces[used]
      if (piece === undefined) throw new Error('more was taken than there is')
      if (piece.length <= left) {
        taken.push(piece)
        used += 1
      } else {
        taken.push(piece.subarray(0, left))
        pieces[used] = piece.subarray(left)
      }
      left -= Math.min(left, piece.length)
    }
    pieces = used === 0 ? pieces : pieces.slice(used)
    waiting -= length
    return taken
  }
}
