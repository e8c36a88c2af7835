import { FAULTS, isFault } from '../fault/fault.ts'

/** What the exit code of a command tells the program that called it. Permanent, as scripts rely on it. */
export const EXITS = {
  ok: { code: 0, about: 'Done, and nothing to complain about.' },
  findings: { code: 1, about: 'Done, but there are findings, rejected records or a failed verification.' },
  usage: { code: 2, about: 'The command line, a setting or a definition is wrong; nothing was done.' },
  missing: { code: 3, about: 'There is no such file, exchange, submission or account.' },
  refused: { code: 4, about: 'Not signed in, not allowed, or in conflict with what is stored.' },
  unreachable: { code: 5, about: 'The node or its database does not answer; try again later.' },
  internal: { code: 6, about: 'A defect of Tributary itself; please report it.' },
} as const

export type Exit = keyof typeof EXITS

/** A command cannot go on: what happened in one sentence, and what to do about it. */
export class CommandError extends Error {
  readonly exit: Exit
  readonly hint: string | null
  /** Stable word for programs; a fault's code, or the name of the exit. */
  readonly code: string
  constructor(exit: Exit, message: string, hint: string | null = null, code: string = exit) {
    super(message)
    this.name = 'CommandError'
    this.exit = exit
    this.hint = hint
    this.code = code
  }
}

/** Whatever was thrown, as something to tell: never a stack. */
export function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  if (isFault(error)) {
    const exit = exitOfStatus(FAULTS[error.code].status, FAULTS[error.code].blame === 'operator')
    return new CommandError(exit, error.message, null, error.code)
  }
  if (!(error instanceof Error)) return new CommandError('internal', String(error))
  const code = 'code' in error ? error.code : undefined
  const path = 'path' in error ? String(error.path) : ''
  if (code === 'ENOENT') return new CommandError('missing', `There is no file ${path}.`)
  if (code === 'EISDIR') return new CommandError('usage', 'A file is needed, not a folder.')
  if (code === 'EACCES' || code === 'EPERM')
    return new CommandError('refused', `${path || 'The file'} may not be read or written by this user.`)
  if (code === 'EEXIST') return new CommandError('refused', `${path} exists already.`)
  return new CommandError('internal', error.message, 'DEBUG=tributary shows where it happened.')
}

/** The exit that fits an HTTP status of the node. */
export function exitOfStatus(status: number, operatorMustAct = false): Exit {
  if (status === 404) return 'missing'
  if (status === 429 || status === 503 || status === 507) return 'unreachable'
  if (operatorMustAct || status === 400) return 'usage'
  return status >= 500 ? 'internal' : 'refused'
}
