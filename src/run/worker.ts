import type { Database } from '../db/database.ts'
import { isFault } from '../fault/fault.ts'
import { claimJob, finishJob, type Job, renewLease, returnJob } from '../job/queue.ts'
import type { ProcessDeps } from './process.ts'
import { processSubmission } from './process.ts'

export interface Worker {
  /** Something was queued: look now rather than at the next turn. */
  wake(): void
  /** Stops taking work; resolves when what is being done has reached its next commit and stopped. */
  close(): Promise<void>
}

export interface WorkerOptions {
  /** Submissions processed side by side. */
  readonly lanes: number
  /** After this long without a heartbeat another process may take a job over. */
  readonly leaseSeconds: number
}

const idleMs = 1000
const awayMs = 2000

/**
 * Takes jobs from the queue and runs them, a few side by side (different books; one book never twice).
 */
export function startWorker(deps: ProcessDeps, { lanes, leaseSeconds }: WorkerOptions): Worker {
  let closing = false
  const wakers = new Set<() => void>()
  const loops = Array.from({ length: lanes }, () => loop())
  return {
    wake: () => {
      for (const waker of [...wakers]) waker()
    },
    async close() {
      closing = true
      for (const waker of [...wakers]) waker()
      await Promise.all(loops)
    },
  }

  async function loop(): Promise<void> {
    while (!closing) {
      try {
        const job = await deps.db.transact((tx) => claimJob(tx, ['submission'], leaseSeconds))
        if (job === null) await pause(idleMs)
        else await run(job)
      } catch (error) {
        if (!isFault(error, 'DATABASE_AWAY')) deps.log.error({ err: error }, 'worker.failed')
        await pause(awayMs)
      }
    }
  }

  async function run(job: Job): Promise<void> {
    const heart = beat(deps.db, job, leaseSeconds)
    try {
      await processSubmission(deps, job)
      await deps.db.transact((tx) => finishJob(tx, job))
    } catch (error) {
      if (isFault(error, 'LEASE_LOST')) return
      deps.log.error({ err: error, submission: job.subject, attempts: job.attempts }, 'submission.failed')
      const reason = error instanceof Error ? error.message : String(error)
      await deps.db.transact((tx) => returnJob(tx, job, reason))
    } finally {
      heart.stop()
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(wakeUp, ms)
      wakers.add(wakeUp)
      function wakeUp(): void {
        clearTimeout(timer)
        wakers.delete(wakeUp)
        resolve()
      }
    })
  }
}

function beat(db: Database, job: Job, leaseSeconds: number): { stop(): void } {
  const timer = setInterval(
    () => {
      // A heartbeat that fails is told by the next checkpoint, which finds the claim gone.
      void db.transact((tx) => renewLease(tx, job, leaseSeconds)).catch(() => {})
    },
    (leaseSeconds * 1000) / 3,
  )
  return { stop: () => clearInterval(timer) }
}
