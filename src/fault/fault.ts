/**
 * The catalogue of what can go wrong with us or with the world around us (never with the sender's data:
 * that is a finding). Codes are permanent; `docs/operations/faults.md` lists each one.
 */
interface FaultSpec {
  /** Who has to act. */
  readonly blame: 'submitter' | 'operator' | 'partner'
  readonly retry: 'never' | 'later'
  /** HTTP status that a channel answers with. */
  readonly status: number
  readonly text: string
}

export const FAULTS = {
  BAD_REQUEST: { blame: 'submitter', retry: 'never', status: 400, text: '{reason}' },
  NOT_SIGNED_IN: { blame: 'submitter', retry: 'never', status: 401, text: '{reason}' },
  NOT_ALLOWED: { blame: 'submitter', retry: 'never', status: 403, text: '{reason}' },
  NOT_FOUND: { blame: 'submitter', retry: 'never', status: 404, text: 'There is no {what}.' },
  NOT_ALLOWED_NOW: { blame: 'submitter', retry: 'never', status: 409, text: '{reason}' },
  CONFLICT: { blame: 'submitter', retry: 'never', status: 409, text: '{reason}' },
  JOB_LOST: {
    blame: 'submitter',
    retry: 'never',
    status: 409,
    text: 'The attempt {attempt} is no longer yours: {reason}',
  },
  UPLOAD_HASH_WRONG: {
    blame: 'submitter',
    retry: 'later',
    status: 422,
    text: 'What arrived has the SHA-256 {found}, not {announced}. Nothing of it is kept; upload it again.',
  },
  PRECONDITION: { blame: 'submitter', retry: 'never', status: 412, text: '{reason}' },
  TOO_LARGE: {
    blame: 'submitter',
    retry: 'never',
    status: 413,
    text: '{what} is larger than {limit} bytes.',
  },
  UNSUPPORTED_MEDIA: { blame: 'submitter', retry: 'never', status: 415, text: '{reason}' },
  TOO_MANY: { blame: 'submitter', retry: 'later', status: 429, text: '{reason}' },
  LANE_BUSY: {
    blame: 'submitter',
    retry: 'later',
    status: 503,
    text: 'Another submission of {book} is being processed; nothing was stored. Send this one again later.',
  },
  DATABASE_AWAY: {
    blame: 'operator',
    retry: 'later',
    status: 503,
    text: 'The database does not answer: {reason}',
  },
  DISK_FULL: {
    blame: 'operator',
    retry: 'later',
    status: 507,
    text: 'There is no room to keep the document.',
  },
  LEASE_LOST: { blame: 'operator', retry: 'later', status: 503, text: 'Another process took over {what}.' },
  DECODER_DIED: {
    blame: 'submitter',
    retry: 'never',
    status: 422,
    text: 'The reader of the file stopped at record {position}: {reason}',
  },
  DEFINITION_WRONG: { blame: 'operator', retry: 'never', status: 500, text: '{reason}' },
  RULES_WRONG: {
    blame: 'operator',
    retry: 'later',
    status: 503,
    text: 'The rules of {names} no longer fit the exchange {exchange}: {reason}',
  },
  CONFIG_WRONG: { blame: 'operator', retry: 'never', status: 500, text: '{reason}' },
  FOLDER_IN_USE: {
    blame: 'operator',
    retry: 'never',
    status: 500,
    text: 'Another node (process {pid}) uses {folder}.',
  },
} as const satisfies Record<string, FaultSpec>

export type FaultCode = keyof typeof FAULTS
type Holes<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never
type Args<C extends FaultCode> = Readonly<Record<Holes<(typeof FAULTS)[C]['text']>, string | number>>

/** A failure of the software or of something it calls. Identity is `code`, never `instanceof` or the text. */
export class Fault<C extends FaultCode = FaultCode> extends Error {
  readonly code: C
  readonly args: Args<C>
  /** What of the request is to blame, as the checks of its shape name it (`body/cron`); null: the whole. */
  pointer: string | null = null
  constructor(code: C, args: Args<C>, cause?: unknown) {
    super(
      FAULTS[code].text.replace(/\{(\w+)\}/g, (_, hole: keyof Args<C>) => String(args[hole])),
      { cause },
    )
    this.name = 'Fault'
    this.code = code
    this.args = args
  }

  /** The same, blaming a part of the request: a form shows it beside that field. */
  blaming(pointer: string): this {
    this.pointer = pointer
    return this
  }
}

/** Is this thrown value a fault (with this code, when one is named)? */
export function isFault<C extends FaultCode>(error: unknown, code?: C): error is Fault<C> {
  return (
    error instanceof Error &&
    'code' in error &&
    'args' in error &&
    typeof error.code === 'string' &&
    error.code in FAULTS &&
    (code === undefined || error.code === code)
  )
}
