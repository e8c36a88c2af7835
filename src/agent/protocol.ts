import type { Definition } from '../exchange/definition.ts'

/** A job as the node hands it out. */
export interface Job {
  /** Identity of the attempt, and of its delivery. */
  readonly attempt: string
  readonly job: string
  readonly exchange: string
  readonly realm: 'live' | 'test'
  readonly extract: 'full' | 'changes'
  /** Marker of the last attempt that was done; null before the first. */
  readonly since: string | null
  readonly definitionHash: string
  readonly leaseSeconds: number
  readonly arriveBy: string
  readonly attemptNumber: number
}

/** What the agent tells of itself with each question. */
export interface Greeting {
  readonly version: string
  readonly health: Health
  readonly batches: readonly { readonly exchange: string; readonly realm: 'live' | 'test' }[]
  readonly waitSeconds: number
}

export interface Health {
  readonly ok: boolean
  /** Of the disk that temporary files are on. */
  readonly freeBytes: number
  readonly sources: readonly { readonly name: string; readonly ok: boolean }[]
  /** Since when the agent runs. */
  readonly since: string
}

export interface Progress {
  readonly state: 'extracting' | 'uploading'
  readonly records: number
  readonly bytes: number
  readonly bytesOf: number | null
}

export interface Upload {
  readonly bytes: number
  readonly sha256: string
  readonly fileName: string
  readonly contentType: string
  readonly records: number
  readonly marker: string | null
}

export interface Failure {
  readonly code: string
  readonly message: string
  readonly log: string
  readonly records: number
  readonly at: string
}

export interface AttemptState {
  readonly state: string
  readonly reason: string | null
  readonly tracking: string | null
  readonly counts: Readonly<Record<string, number>> | null
  readonly retryAt: string | null
}

/** The node, as the agent sees it. Every call throws NodeError. */
export interface NodeCalls {
  /** A job, or null where there is none. */
  next(greeting: Greeting, signal: AbortSignal): Promise<Job | null>
  progress(attempt: string, progress: Progress): Promise<{ readonly leaseSeconds: number }>
  /** Where the upload stands. */
  announce(attempt: string, upload: Upload): Promise<number>
  /** Sends bytes from an offset on; where the upload stands after them. */
  send(
    attempt: string,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<number>
  complete(attempt: string): Promise<{ readonly tracking: string; readonly deletable: boolean }>
  state(attempt: string): Promise<AttemptState>
  fail(attempt: string, failure: Failure): Promise<void>
  definition(exchange: string): Promise<Definition>
  me(): Promise<{
    readonly partner: string
    /** Name of the account. */
    readonly name: string
    /** `*` stands for every exchange. */
    readonly grants: readonly { readonly exchange: string; readonly grants: readonly string[] }[]
  }>
  close(): void
}
