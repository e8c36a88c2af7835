import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readWritten } from './durable.ts'
import type { AttemptState, Health } from './protocol.ts'

/** How the agent stands, for people beside it. */
export interface AgentStatus {
  readonly version: string
  readonly pid: number
  /** ISO times. */
  readonly since: string
  readonly at: string
  readonly node: {
    readonly url: string
    readonly ok: boolean
    readonly lastAnswer: string | null
    readonly trouble: string | null
  }
  readonly health: Health
  readonly running: readonly RunningAttempt[]
  /** The last ones first. */
  readonly ended: readonly EndedAttempt[]
  readonly ending: boolean
  /** It was run for what there was to do, and does not stay. */
  readonly once: boolean
}

export interface RunningAttempt {
  readonly attempt: string
  readonly job: string
  readonly exchange: string
  readonly realm: string
  readonly extract: 'full' | 'changes'
  readonly doing:
    | 'extracting'
    | 'uploading'
    | 'waiting for the centre'
    | 'telling what failed'
    | 'waiting for the node'
  readonly since: string
  readonly records: number
  readonly bytes: number
  readonly bytesOf: number | null
}

export interface EndedAttempt {
  readonly attempt: string
  readonly job: string
  readonly exchange: string
  readonly at: string
  readonly result: string
  readonly reason: string | null
  readonly records: number
  readonly counts: AttemptState['counts']
}

const endedKept = 20
const writeMs = 1000

export interface StatusBoard {
  readonly now: AgentStatus
  change(change: Partial<AgentStatus>): void
  run(attempt: RunningAttempt): void
  end(attempt: EndedAttempt): void
  /** Forgets what runs without a word about its end (it goes on after a restart). */
  drop(attempt: string): void
  /** Writes it a last time. */
  close(): Promise<void>
}

function statusPath(state: string): string {
  return join(state, 'status.json')
}

/** What an agent last wrote; null where none has run. */
export function readStatus(state: string): Promise<AgentStatus | null> {
  return readWritten(statusPath(state))
}

/**
 * Keeps the status in memory and writes it each second when it has changed, and each ten seconds otherwise, so that
 * an old one tells that the agent hangs. Not synced: after a crash an old status harms nobody.
 */
export function openStatus(state: string, first: AgentStatus): StatusBoard {
  let now = first
  let changed = true
  let writtenAt = 0
  let writing: Promise<void> = Promise.resolve()
  const write = async () => {
    changed = false
    writtenAt = Date.now()
    now = { ...now, at: new Date().toISOString() }
    const path = statusPath(state)
    // A full disk must not end the agent; the next second may be better.
    await writeFile(`${path}.new`, JSON.stringify(now), { mode: 0o600 })
      .then(() => rename(`${path}.new`, path))
      .catch(() => {})
  }
  const timer = setInterval(() => {
    if (changed || Date.now() - writtenAt > 10 * writeMs) writing = writing.then(write)
  }, writeMs)
  const without = (attempt: string) => now.running.filter((one) => one.attempt !== attempt)
  const put = (change: Partial<AgentStatus>) => {
    now = { ...now, ...change }
    changed = true
  }
  return {
    get now() {
      return now
    },
    change: put,
    run: (attempt) => put({ running: [...without(attempt.attempt), attempt] }),
    end: (attempt) =>
      put({
        running: without(attempt.attempt),
        ended: [attempt, ...now.ended.filter((one) => one.attempt !== attempt.attempt)].slice(0, endedKept),
      }),
    drop: (attempt) => put({ running: without(attempt) }),
    async close() {
      clearInterval(timer)
      await writing
      await write()
    },
  }
}
