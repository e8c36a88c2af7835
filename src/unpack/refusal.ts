import { DecodeError } from '../decode/decode-error.ts'

/** An archive that is not opened, and why. */
export function refused(reason: string): DecodeError {
  return new DecodeError('FILE_ARCHIVE_REFUSED', 0, reason)
}

export function damaged(detail: string): DecodeError {
  return refused(`the archive is damaged (${detail.slice(0, 120)}).`)
}

export function truncated(): DecodeError {
  return new DecodeError('FILE_TRUNCATED', 0, 'the archive is cut off; send it again.')
}
