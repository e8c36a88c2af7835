/** What a file under OpenPGP may make of itself. Sizes in bytes. */
export interface SealLimits {
  /** What it unpacks to. */
  readonly bytesMax: number
  /** Unpacked bytes for each packed one, beyond the first `ratioFreeBytes`. */
  readonly ratioMax: number
  readonly ratioFreeBytes: number
  readonly recipientsMax: number
  readonly signaturesMax: number
}

/** Bytes and ratio as for archives (`UNPACK_LIMITS`); a file for a node has a handful of recipients. */
export const SEAL_LIMITS: SealLimits = {
  bytesMax: 16 * 2 ** 30,
  ratioMax: 200,
  ratioFreeBytes: 16 * 2 ** 20,
  recipientsMax: 64,
  signaturesMax: 8,
}

export type SealCode =
  | 'FILE_PGP_KEY_WRONG'
  | 'FILE_PGP_SIGNATURE_BAD'
  | 'FILE_PGP_UNSIGNED'
  | 'FILE_PGP_UNENCRYPTED'
  | 'FILE_PGP_BROKEN'
  | 'FILE_ARCHIVE_REFUSED'

/** A file that is not protected as it must be, or cannot be opened: the sender's trouble, in plain words. */
export class SealRefused extends Error {
  readonly code: SealCode
  readonly reason: string
  constructor(code: SealCode, reason: string) {
    super(reason)
    this.name = 'SealRefused'
    this.code = code
    this.reason = reason
  }
}

/** Keys that a file is opened with, armored, and what is asked of it. */
export interface SealKeys {
  /** Private keys that partners encrypt for. */
  readonly ours: readonly string[]
  /** Public keys that the partner signs with. */
  readonly theirs: readonly string[]
  readonly mustEncrypt: boolean
  readonly mustSign: boolean
}

const armorStart = /^(?:\xef\xbb\xbf)?\s*-----BEGIN PGP (?:MESSAGE|SIGNED MESSAGE)/

/** Does this begin as an ASCII-armored message? */
export function isArmored(head: Uint8Array): boolean {
  return armorStart.test(Buffer.from(head.subarray(0, 256)).toString('latin1'))
}

/** A text with its signature below it (`gpg --clearsign`): line ends and blanks are not safe in it. */
export function isClearSigned(head: Uint8Array): boolean {
  return isArmored(head) && Buffer.from(head.subarray(0, 256)).toString('latin1').includes('BEGIN PGP SIGNED')
}

/** Holds what a file turned out to be against what is asked of it; a plain file is neither encrypted nor signed. */
export function checkSeal(
  seal: { readonly encrypted: boolean; readonly signedBy: string | null },
  asked: { readonly mustEncrypt: boolean; readonly mustSign: boolean },
): void {
  if (asked.mustEncrypt && !seal.encrypted)
    throw new SealRefused('FILE_PGP_UNENCRYPTED', 'it is not encrypted, as it must be.')
  if (asked.mustSign && seal.signedBy === null)
    throw new SealRefused('FILE_PGP_UNSIGNED', 'it is not signed, as it must be.')
}
