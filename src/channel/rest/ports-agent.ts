import type { Definition } from '../../exchange/definition.ts'
import type { Who } from '../../identity/who.ts'
import type { AgentHealth } from '../../store/agents.ts'
import type { Announced, AttemptState, Extract } from '../../store/job-model.ts'
import type { Counts, Realm } from '../../store/model.ts'

/** An agent that is signed in, and where it calls from. */
export interface AgentCaller {
  readonly who: Who
  readonly address: string
}

/** What an agent tells of itself when it asks for work. */
export interface AgentQuestion {
  readonly version: string
  readonly health: AgentHealth
  /** What it could do now, and may. */
  readonly batches: readonly { readonly exchange: string; readonly realm: Realm }[]
  readonly waitSeconds: number
}

/** Work, handed out. */
export interface AgentJob {
  readonly attempt: string
  readonly job: string
  readonly exchange: string
  readonly realm: Realm
  readonly extract: Extract
  /** Marker of the last attempt that was done; null before the first, and for a full extract. */
  readonly since: string | null
  readonly definitionHash: string
  readonly leaseSeconds: number
  readonly arriveBy: string
  readonly attemptNumber: number
}

export interface AgentProgress {
  readonly state: 'extracting' | 'uploading'
  readonly records: number
  readonly bytes: number
  readonly bytesOf: number | null
}

export interface AgentFailure {
  readonly code: string
  readonly message: string
  readonly log: string
  readonly records: number
  readonly at: string
}

export interface AgentResult {
  readonly state: AttemptState
  readonly reason: string | null
  readonly tracking: string | null
  readonly counts: Counts | null
  readonly retryAt: string | null
}

/**
 * What agents may ask to be done. Each call throws NOT_FOUND for an attempt that this agent did not take, and those
 * that work on one JOB_LOST where it is over.
 */
export interface AgentPorts {
  /** Null: nothing to do. Waits as long as was asked for, or until the signal ends it. */
  next(caller: AgentCaller, question: AgentQuestion, signal: AbortSignal): Promise<AgentJob | null>
  progress(caller: AgentCaller, attempt: string, progress: AgentProgress): Promise<{ leaseSeconds: number }>
  /** How much of the upload is here. Throws TOO_LARGE. */
  begin(caller: AgentCaller, attempt: string, upload: Announced): Promise<number>
  /** How much is here then; `differs` when it stood elsewhere, and nothing was taken. Throws TOO_LARGE, DISK_FULL. */
  append(
    caller: AgentCaller,
    attempt: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly offset: number; readonly differs: boolean }>
  /** The tracking number. Throws UPLOAD_HASH_WRONG, BAD_REQUEST. */
  complete(caller: AgentCaller, attempt: string): Promise<string>
  fail(caller: AgentCaller, attempt: string, failure: AgentFailure): Promise<void>
  result(caller: AgentCaller, attempt: string): Promise<AgentResult>
  /** The definition that judges what the partner sends now. */
  definition(exchange: string, partner: string): Promise<Definition>
}
