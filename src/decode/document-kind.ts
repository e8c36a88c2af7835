import type { DocumentType } from '../exchange/definition.ts'

/** What bytes are, by what is in them. */
export interface KindFound {
  /** Null: none of the kinds. */
  readonly kind: DocumentType | null
  /** `cut`: it ends before its own structure does. `more`: something else follows its end. Null: it is whole. */
  readonly trouble: 'cut' | 'more' | null
}

/** Content types as they are sent. */
export const CONTENT_TYPES: Readonly<Record<DocumentType, string>> = {
  gif: 'image/gif',
  tiff: 'image/tiff',
  jpeg: 'image/jpeg',
  pdf: 'application/pdf',
}

/**
 * Tells the kind of a document from its bytes, and walks its structure from part to part: a file that was cut
 * off, or that hides another behind its end, is found without decoding a single pixel. Takes time linear in the
 * size and no memory.
 */
export function kindOf(bytes: Uint8Array): KindFound {
  const starts = (...text: readonly string[]) => text.some((one) => holdsAt(bytes, 0, one))
  if (starts('GIF87a', 'GIF89a')) return { kind: 'gif', trouble: troubleAfter(bytes, endOfGif(bytes)) }
  if (starts('\xff\xd8\xff')) return { kind: 'jpeg', trouble: troubleAfter(bytes, endOfJpeg(bytes)) }
  if (starts('%PDF-')) return { kind: 'pdf', trouble: troubleAfter(bytes, endOfPdf(bytes)) }
  if (starts('II*\0', 'MM\0*')) return { kind: 'tiff', trouble: isWholeTiff(bytes) ? null : 'cut' }
  return { kind: null, trouble: null }
}

/** Line ends and zeros that some programs put behind a document. */
const FILLING = new Set([0, 9, 10, 13, 26, 32])

function troubleAfter(bytes: Uint8Array, end: number): KindFound['trouble'] {
  if (end === -1) return 'cut'
  for (let at = end; at < bytes.length; at += 1) if (!FILLING.has(bytes[at] as number)) return 'more'
  return null
}

function holdsAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1)
    if (bytes[at + index] !== text.charCodeAt(index)) return false
  return true
}

/** Index after the trailer; -1 where the file ends before it. Blocks: GIF89a specification, appendix A. */
function endOfGif(bytes: Uint8Array): number {
  const byte = (at: number) => bytes[at] ?? -1
  const tableBytes = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1))
  if (bytes.length < 13) return -1
  let at = 13 + tableBytes(byte(10))
  while (at < bytes.length) {
    const block = byte(at)
    if (block === 0x3b) return at + 1
    if (block === 0x21) at = afterSubBlocks(bytes, at + 2)
    // The image's own header and colours, then a byte of code size before its data.
    else if (block === 0x2c) at = afterSubBlocks(bytes, at + 10 + tableBytes(byte(at + 9)) + 1)
    else return -1
    if (at === -1) return -1
  }
  return -1
}

function afterSubBlocks(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    const length = bytes[at]
    if (length === undefined) return -1
    at += 1 + length
    if (length === 0) return at
  }
}

/** Index after the EOI marker; -1 where the file ends before it. Markers: ITU-T T.81, annex B. */
function endOfJpeg(bytes: Uint8Array): number {
  let at = 2
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return -1
    const marker = bytes[at + 1] as number
    if (marker === 0xd9) return at + 2
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2
      continue
    }
    const length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0)
    if (length < 2) return -1
    at += 2 + length
    if (marker === 0xda) at = afterScan(bytes, at)
  }
  return -1
}

/** The next marker that is not part of a scan's data. */
function afterScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue
    const next = bytes[at + 1] as number
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return bytes.length
}

/** Index after the last `%%EOF`; -1 where there is none. ISO 32000-1, 7.5.5. */
function endOfPdf(bytes: Uint8Array): number {
  for (let at = bytes.length - 5; at >= 0; at -= 1) if (holdsAt(bytes, at, '%%EOF')) return at + 5
  return -1
}

/** Directories of a file, one for each page; more are no scan of a form. */
const tiffDirectoriesMax = 1000
/** Strips and tiles of all of them: directories that share one list must not make the walk longer than the file. */
const tiffPiecesMax = 1_000_000
/** Tags of where the pieces of an image are, and how long: strips, then tiles. TIFF 6.0, sections 8 and 15. */
const PIECES = [
  { at: 273, length: 279 },
  { at: 324, length: 325 },
] as const

/** Does every directory, and every strip and tile that it names, lie inside the file? */
function isWholeTiff(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = bytes[0] === 0x49
  if (bytes.length < 8) return false
  let at = view.getUint32(4, little)
  const seen = new Set<number>()
  const left = { pieces: tiffPiecesMax }
  while (at !== 0) {
    if (seen.has(at) || seen.size >= tiffDirectoriesMax || at < 8 || at + 2 > bytes.length) return false
    seen.add(at)
    const end = at + 2 + view.getUint16(at, little) * 12
    if (end + 4 > bytes.length) return false
    if (!holdsPieces(view, at + 2, end, little, left)) return false
    at = view.getUint32(end, little)
  }
  return seen.size > 0
}

function holdsPieces(
  view: DataView,
  from: number,
  end: number,
  little: boolean,
  left: { pieces: number },
): boolean {
  const numbers = new Map<number, readonly number[]>()
  for (let at = from; at < end; at += 12) {
    const tag = view.getUint16(at, little)
    if (!PIECES.some((piece) => piece.at === tag || piece.length === tag)) continue
    const found = tiffNumbers(view, at, little)
    left.pieces -= found?.length ?? 0
    if (found === null || left.pieces < 0) return false
    numbers.set(tag, found)
  }
  return PIECES.every((piece) => {
    const lengths = numbers.get(piece.length) ?? []
    const offsets = numbers.get(piece.at) ?? []
    return (
      offsets.length === lengths.length &&
      offsets.every((offset, index) => offset + (lengths[index] ?? 0) <= view.byteLength)
    )
  })
}

/** The numbers of a directory's entry, SHORT or LONG; null where they lie outside the file. */
function tiffNumbers(view: DataView, entry: number, little: boolean): readonly number[] | null {
  const size = view.getUint16(entry + 2, little) === 3 ? 2 : 4
  const count = view.getUint32(entry + 4, little)
  const start = count * size <= 4 ? entry + 8 : view.getUint32(entry + 8, little)
  if (start + count * size > view.byteLength) return null
  return Array.from({ length: count }, (_, index) =>
    size === 2 ? view.getUint16(start + index * 2, little) : view.getUint32(start + index * 4, little),
  )
}
