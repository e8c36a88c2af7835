import { isLost } from './node-error.ts'
import type { NodeCalls, Progress } from './protocol.ts'

/** Keeps an attempt ours while it runs, and tells the node how far it is. */
export interface Lease {
  /** Ends everything when the attempt is no longer ours, or the agent is told to end. */
  readonly signal: AbortSignal
  /** The node said that the attempt is no longer ours. */
  readonly lost: boolean
  moved(progress: Progress): void
  end(): void
}

/** A node that is away does not end an attempt: the upload will show whether it is still wanted. */
export function keepLease(
  calls: Pick<NodeCalls, 'progress'>,
  attempt: string,
  leaseSeconds: number,
  signal: AbortSignal,
): Lease {
  const own = new AbortController()
  const everyMs = Math.max(1000, Math.min(5000, (leaseSeconds * 1000) / 3))
  let last: Progress | null = null
  let lost = false
  let busy = false
  const tell = async () => {
    if (busy || last === null) return
    busy = true
    try {
      await calls.progress(attempt, last)
    } catch (error) {
      if (isLost(error)) {
        lost = true
        own.abort(error)
      }
    } finally {
      busy = false
    }
  }
  const timer = setInterval(tell, everyMs)
  return {
    signal: AbortSignal.any([signal, own.signal]),
    get lost() {
      return lost
    },
    moved(progress) {
      const begins = last?.state !== progress.state
      last = progress
      // A new state is told at once, how far it is from time to time.
      if (begins) void tell()
    },
    end: () => clearInterval(timer),
  }
}
