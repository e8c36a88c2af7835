import type { DecodeCode } from '../exchange/parcel.ts'

/**
 * A document that cannot be read on from here: the sender's trouble, told with its place. Records found
 * before it stand. Callers know it by `name` and `code`, which survive a process boundary.
 */
export class DecodeError extends Error {
  readonly code: DecodeCode
  /** 1-based line or sheet row; 0 where the format has none or the whole document is meant. */
  readonly line: number
  /** One sentence for the person who made the file. */
  readonly reason: string
  constructor(code: DecodeCode, line: number, reason: string) {
    super(line > 0 ? `Line ${line}: ${reason}` : reason)
    this.name = 'DecodeError'
    this.code = code
    this.line = line
    this.reason = reason
  }
}

/** Is this thrown value a decoder's refusal (with this code, when one is named)? */
export function isDecodeError(error: unknown, code?: DecodeCode): error is DecodeError {
  return error instanceof DecodeError && (code === undefined || error.code === code)
}
