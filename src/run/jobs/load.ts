import type { Tx } from '../../db/database.ts'
import { countTasks } from '../../job/queue.ts'
import { countUnderWay } from '../../store/attempts.ts'

/** How much the node has to do, and from where on it counts as loaded. */
export interface Load {
  /** Submissions that wait or are processed. */
  readonly tasks: number
  /** Attempts from being taken to being processed. */
  readonly attempts: number
  readonly loaded: boolean
}

/** Both included: with as many, the node is loaded. */
export interface LoadLimits {
  readonly tasks: number
  readonly attempts: number
}

/** The load now. While the node is loaded, what partners started waits. */
export async function loadNow(tx: Tx, limits: LoadLimits): Promise<Load> {
  const tasks = await countTasks(tx)
  const attempts = await countUnderWay(tx)
  return { tasks, attempts, loaded: tasks >= limits.tasks || attempts >= limits.attempts }
}
