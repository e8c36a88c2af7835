/** What an archive may make of itself. Sizes in bytes. */
export interface UnpackLimits {
  /** Entries of an archive, directories included. */
  readonly entriesMax: number
  /** Entries of a workbook, which is an archive with a part for each sheet, picture and comment. */
  readonly workbookEntriesMax: number
  /** All that an archive unpacks to. */
  readonly unpackedBytesMax: number
  /** All that a workbook unpacks to. */
  readonly workbookUnpackedBytesMax: number
  /** A workbook's own size: it is read whole. */
  readonly workbookBytesMax: number
  /** Unpacked bytes for each packed one, beyond the first `ratioFreeBytes`. */
  readonly ratioMax: number
  readonly ratioFreeBytes: number
}

/**
 * Honest tables pack 5:1 to 30:1, near-identical rows past 100:1, and DEFLATE cannot do better than 1032:1;
 * what unpacks to less than `ratioFreeBytes` harms nobody at any ratio.
 */
export const UNPACK_LIMITS: UnpackLimits = {
  entriesMax: 1_000,
  workbookEntriesMax: 5_000,
  unpackedBytesMax: 16 * 2 ** 30,
  workbookUnpackedBytesMax: 2 ** 30,
  workbookBytesMax: 128 * 2 ** 20,
  ratioMax: 200,
  ratioFreeBytes: 16 * 2 ** 20,
}

/** In a bundle no file is large, and one that needs much memory must not end the reading of all the others. */
export const BUNDLE_LIMITS: UnpackLimits = {
  ...UNPACK_LIMITS,
  workbookUnpackedBytesMax: 128 * 2 ** 20,
  workbookBytesMax: 16 * 2 ** 20,
}
