import { type Growing, refreshStatistics } from '../store/statistics.ts'
import type { RunDeps } from './deps.ts'

/**
 * Tells the planner how the tables have grown after so many records, and then each time there are sixteen times
 * as many. A plan that was made while they were empty walks all records of a book for each one that is looked up,
 * and is kept until there are statistics.
 * @returns to be called with how many more there are, outside any transaction
 */
export function createStatistics(
  deps: Pick<RunDeps, 'db' | 'log'>,
  growing: Growing,
  first: number,
): (more: number) => Promise<void> {
  let done = 0
  let next = first
  return async (more) => {
    done += more
    if (done < next) return
    next = done * 16
    // Without them the work is slow, not wrong.
    await deps.db
      .transact((tx) => refreshStatistics(tx, growing))
      .catch((error: unknown) => deps.log.warn({ err: error }, 'statistics.failed'))
  }
}
