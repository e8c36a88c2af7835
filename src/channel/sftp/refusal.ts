import { codeOf } from '../../store/disk.ts'
import { STATUS, type Status } from './wire.ts'

/** A request that is answered with a status other than OK, and a text that a client may show. */
export class Refusal extends Error {
  readonly status: Status
  constructor(status: Status, text: string) {
    super(text)
    this.status = status
  }
}

export function denied(text = 'Permission denied'): Refusal {
  return new Refusal(STATUS.denied, text)
}

export function failed(text: string): Refusal {
  return new Refusal(STATUS.failure, text)
}

export function notFound(): Refusal {
  return new Refusal(STATUS.noSuchFile, 'No such file or directory')
}

const BY_CODE: Readonly<Record<string, () => Refusal>> = {
  ENOENT: notFound,
  ENOTDIR: notFound,
  EACCES: () => denied(),
  EPERM: () => denied(),
  ELOOP: () => denied(),
  EROFS: () => denied('The server cannot write at the moment'),
  EEXIST: () => failed('The file exists already'),
  EISDIR: () => failed('This is a folder'),
  ENAMETOOLONG: () => failed('The name is too long'),
  ENOSPC: () => failed('No space left on the server'),
  EDQUOT: () => failed('No space left on the server'),
  EFBIG: () => failed('The file is too large'),
  EMFILE: () => failed('Too many open files on the server; try again later'),
  ENFILE: () => failed('Too many open files on the server; try again later'),
}

/** What a client is told of an error; null for one that it cannot be told of and that has to be looked into. */
export function refusalOf(error: unknown): Refusal | null {
  return error instanceof Refusal ? error : (BY_CODE[codeOf(error)]?.() ?? null)
}
