import type { Tx } from '../../db/database.ts'
import { isFault } from '../../fault/fault.ts'
import { putAgents, tickClock } from '../../store/agents.ts'
import { extendAttempts, listOffers } from '../../store/attempts.ts'
import { mailAlerts } from './alert-mail.ts'
import type { JobDeps } from './deps.ts'
import type { LoadLimits } from './load.ts'
import { endLate, offerRuns } from './offer.ts'
import { planNext } from './plan.ts'

export interface PlannerDeps extends JobDeps {
  readonly limits: LoadLimits
  readonly publicUrl: string | null
  /** Mails were made. */
  readonly mailed: () => void
}

/** Looks after jobs: makes their runs, offers them, ends what is late, tells what went wrong. */
export interface Planner {
  /** Something changed: look now rather than at the next turn. */
  wake(): void
  close(): Promise<void>
}

const idleMs = 1000
const awayMs = 2000
/** Once in so long a time: the sign that a node looks after jobs, mails, and old pieces of uploads. */
const clockMs = 10_000
/** No node looked after jobs when the last sign is older. */
const downMs = 60_000
const sweepMs = 3600_000
/** What is left of an upload that nobody went on with. */
const keptUploadMs = 7 * 24 * 3600_000

export function startPlanner(deps: PlannerDeps): Planner {
  let closing = false
  let awake = false
  let wakeUp = () => {}
  const turn = createTurn(deps)
  const ended = loop()
  return {
    wake() {
      awake = true
      wakeUp()
    },
    async close() {
      closing = true
      wakeUp()
      await ended
      await writeGreetings(deps).catch(() => {})
    },
  }

  async function loop(): Promise<void> {
    while (!closing) {
      awake = false
      const restMs = await turn().catch((error: unknown) => {
        if (!isFault(error, 'DATABASE_AWAY')) deps.log.error({ err: error }, 'planner.failed')
        return awayMs
      })
      if (!awake && !closing) await pause(restMs)
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(wake, ms)
      wakeUp = wake
      function wake(): void {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/**
 * One look at everything: what it gives is how long to rest, in milliseconds. Each step is a transaction of its own
 * that can be done again, and by several nodes at once.
 */
export function createTurn(deps: PlannerDeps): () => Promise<number> {
  let tickedAt = 0
  let sweptAt = 0
  return async () => {
    const at = deps.now()
    const { db } = deps
    // Also when the clock went back.
    if (Math.abs(at - tickedAt) >= clockMs) {
      await db.transact((tx) => giveTimeBack(deps, tx, at, tickedAt === 0))
      if (await db.transact((tx) => mailAlerts(tx, deps.publicUrl, at))) deps.mailed()
      tickedAt = at
    }
    if (at - sweptAt >= sweepMs) {
      await deps.uploads.sweep(at - keptUploadMs)
      sweptAt = at
    }
    const more = [
      await db.transact((tx) => planNext(tx, at)),
      await endLate(db, at),
      await db.transact((tx) => offerRuns(tx, deps.limits, at)),
    ]
    deps.offers.show(await db.transact(listOffers))
    await writeGreetings(deps)
    return more.includes(true) ? 0 : idleMs
  }
}

/** While no node ran, no agent could tell or bring anything: that time is given back to them. */
async function giveTimeBack(deps: PlannerDeps, tx: Tx, at: number, begins: boolean): Promise<void> {
  const before = await tickClock(tx, at)
  const lostMs = before === null || at - before < downMs ? 0 : at - before
  // After a short stop, too, each agent has a whole lease to be heard in.
  if (lostMs > 0 || begins) await extendAttempts(tx, at, lostMs, deps.leaseMs)
}

async function writeGreetings({ db, greetings }: PlannerDeps): Promise<void> {
  const taken = greetings.take()
  if (taken.length === 0) return
  try {
    await db.transact((tx) => putAgents(tx, taken))
  } catch (error) {
    greetings.giveBack(taken)
    throw error
  }
}
