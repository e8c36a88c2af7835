import type { Database } from '../db/database.ts'
import { candidatesMark, endShadows } from '../store/candidates.ts'
import type { LiveDefinitions } from './definitions.ts'

interface WatchDeps {
  readonly db: Database
  readonly definitions: Pick<LiveDefinitions, 'reload'>
  readonly log: Readonly<Record<'error' | 'info', (fields: object, event: string) => void>>
}

/** So late may a version that was activated for a time take effect, also one that another node activated. */
const everyMs = 5_000

/** Puts candidates in force when their time has come. */
export async function watchCandidates({
  db,
  definitions,
  log,
}: WatchDeps): Promise<{ close(): Promise<void> }> {
  let mark = await db.transact(async (tx) => {
    await endShadows(tx)
    return candidatesMark(tx)
  })
  let looking: Promise<void> = Promise.resolve()
  const look = async () => {
    const current = await db.transact(candidatesMark)
    if (current === mark) return
    // Told once: what does not load now does not load in five seconds either.
    mark = current
    await definitions.reload()
    log.info({ candidates: current }, 'definition.activated')
  }
  const timer = setInterval(() => {
    looking = looking.then(look).catch((error: unknown) => {
      log.error({ err: error }, 'definition.not-activated')
    })
  }, everyMs)
  timer.unref()
  return {
    async close() {
      clearInterval(timer)
      await looking
    },
  }
}
