import type { Database } from '../db/database.ts'
import { isFault } from '../fault/fault.ts'
import { claimTask, finishTask, renewLease, returnTask, type Task } from '../job/queue.ts'
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
  /** After this long without a heartbeat another process may take a task over. */
  readonly leaseSeconds: number
}

const idleMs = 1000
const awayMs = 2000

/**
 * Takes tasks from the queue and runs them, a few side by side (different books; one book never twice).
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
        const task = await deps.db.transact((tx) => claimTask(tx, ['submission'], leaseSeconds))
        if (task === null) await pause(idleMs)
        else await run(task)
      } catch (error) {
        if (!isFault(error, 'DATABASE_AWAY')) deps.log.error({ err: error }, 'worker.failed')
        await pause(awayMs)
      }
    }
  }

  async function run(task: Task): Promise<void> {
    const heart = beat(deps.db, task, leaseSeconds)
    try {
      await processSubmission(deps, task)
      await deps.db.transact((tx) => finishTask(tx, task))
    } catch (error) {
      if (isFault(error, 'LEASE_LOST')) return
      deps.log.error({ err: error, submission: task.subject, attempts: task.attempts }, 'submission.failed')
      const reason = error instanceof Error ? error.message : String(error)
      await deps.db.transact((tx) => returnTask(tx, task, reason))
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

function beat(db: Database, task: Task, leaseSeconds: number): { stop(): void } {
  const timer = setInterval(
    () => {
      // A heartbeat that fails is told by the next checkpoint, which finds the claim gone.
      void db.transact((tx) => renewLease(tx, task, leaseSeconds)).catch(() => {})
    },
    (leaseSeconds * 1000) / 3,
  )
  return { stop: () => clearInterval(timer) }
}
