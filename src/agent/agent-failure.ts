import { SourceError } from '../source/source.ts'
import { NodeError } from './node-error.ts'

/** What can go wrong with an attempt on the agent's side, beside the failures of sources. */
export const AGENT_FAILURES = {
  BATCH_UNKNOWN: 'The agent is not configured for this exchange.',
  COLUMNS_WRONG: 'The view does not fit the definition of the exchange.',
  CHECK_STOPPED: 'Too many records have errors; nothing was sent.',
  DELETIONS_TOO_MANY: 'Too many records are gone; nothing was sent.',
  DISK_FULL: 'There is no room for the temporary file.',
  TEMP_FILE: 'The temporary file cannot be written or read.',
  SNAPSHOT_DAMAGED: 'The snapshot of what was sent before cannot be used.',
  UPLOAD_REFUSED: 'The node refused the upload.',
  AGENT_ENDED: 'The agent ended again and again while it extracted.',
  AGENT_DEFECT: 'A defect of the agent itself.',
} as const satisfies Record<string, string>

export type AgentFailureCode = keyof typeof AGENT_FAILURES

/** An attempt cannot go on. The detail holds names, codes and counts, never a value of a record. */
export class AgentFailure extends Error {
  readonly code: AgentFailureCode
  constructor(code: AgentFailureCode, detail: string, cause?: unknown) {
    super([AGENT_FAILURES[code], detail].filter((text) => text !== '').join(' '), { cause })
    this.name = 'AgentFailure'
    this.code = code
  }
}

const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL'])
const DISK: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOENT', 'EMFILE', 'EEXIST'])

/** Whatever was thrown while an attempt ran, as a code and a sentence without personal data. */
export function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AgentFailure || error instanceof SourceError)
    return { code: error.code, message: error.message }
  if (error instanceof NodeError)
    return { code: 'UPLOAD_REFUSED', message: `${AGENT_FAILURES.UPLOAD_REFUSED} ${error.message}` }
  const code = codeOf(error)
  if (NO_ROOM.has(code)) return { code: 'DISK_FULL', message: `${AGENT_FAILURES.DISK_FULL} (${code})` }
  if (DISK.has(code)) return { code: 'TEMP_FILE', message: `${AGENT_FAILURES.TEMP_FILE} (${code})` }
  if (code.startsWith('SQLITE_'))
    return { code: 'SNAPSHOT_DAMAGED', message: `${AGENT_FAILURES.SNAPSHOT_DAMAGED} (${code})` }
  // The text of an unknown error may quote what it stumbled over.
  const name = error instanceof Error ? error.name : typeof error
  return {
    code: 'AGENT_DEFECT',
    message: `${AGENT_FAILURES.AGENT_DEFECT} (${[name, code].filter((one) => one !== '').join(', ')})`,
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Where in the code it happened: file names and lines, not the messages before them. */
export function placesOf(error: unknown): readonly string[] {
  const places: string[] = []
  for (let at = error; at instanceof Error && places.length < 60; at = at.cause) {
    places.push(`${at.name}${codeOf(at) === '' ? '' : ` ${codeOf(at)}`}`)
    places.push(
      ...(at.stack ?? '')
        .split('\n')
        .filter((line) => /^\s+at .*(:\d+:\d+|<anonymous>)\)?$/.test(line))
        .slice(0, 12),
    )
  }
  return places
}
