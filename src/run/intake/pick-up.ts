import { isFault } from '../../fault/fault.ts'
import { openIntakes } from '../../store/intakes.ts'
import type { IntakeDeps, PartnerTree, Trees } from './deps.ts'
import { createScanner, type Scanner } from './scan.ts'
import { type Care, letGo, newCare, renew, restAfter, tend } from './tend.ts'

export interface PickUp {
  /** Something was uploaded, or a submission closed: look now rather than at the next turn. */
  wake(): void
  /** Stops taking files; resolves when what is being done has come to its next safe point. */
  close(): Promise<void>
}

export interface PickUpOptions {
  readonly scanSeconds: number
  /** A file in a partner's own tree is taken when it has stood still for so long. */
  readonly quietMs: number
  readonly leaseSeconds: number
}

/** Trees looked after side by side: one on a slow mount must not keep the others waiting. */
const treesAtOnce = 4
/** What was just uploaded must stand still for a moment, and many wakes are one. */
const wakeMs = 200

/**
 * Looks at every tree again and again, takes the files that are complete, and takes their intakes through to the
 * end. Of the processes that share a tree one works on it at a time, as long as there is work; should two ever do
 * so, nothing happens twice: every step is bound to a rename, a key or a state that only one of them changes.
 */
export function startPickUp(deps: IntakeDeps, trees: Trees, options: PickUpOptions): PickUp {
  const cares = new Map<PartnerTree, Care>()
  const scanner = createScanner(options.quietMs)
  const { leaseSeconds } = options
  let closing = false
  let woken = false
  let wakeUp = () => {}
  const stopping = () => closing
  const looping = loop()
  const heart = setInterval(
    () => {
      for (const care of cares.values()) void renew(deps, care, leaseSeconds)
    },
    (leaseSeconds * 1000) / 3,
  )

  return {
    wake() {
      woken = true
      wakeUp()
    },
    async close() {
      closing = true
      wakeUp()
      await looping
      clearInterval(heart)
      for (const care of cares.values()) await letGo(deps, care)
    },
  }

  async function loop(): Promise<void> {
    while (!closing) {
      woken = false
      try {
        await lookAtAll(deps, trees, cares, { scanner, leaseSeconds, stopping })
      } catch (error) {
        if (!isFault(error, 'DATABASE_AWAY')) deps.log.error({ err: error }, 'pick-up.failed')
      }
      if (!woken) await pause(options.scanSeconds * 1000)
      if (woken) await pause(wakeMs)
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, closing ? 0 : ms)
      wakeUp = done
      function done(): void {
        clearTimeout(timer)
        wakeUp = () => {}
        resolve()
      }
    })
  }
}

interface Looking {
  readonly scanner: Scanner
  readonly leaseSeconds: number
  readonly stopping: () => boolean
}

/** One turn: every tree is looked at once, those that rest excepted. */
async function lookAtAll(
  deps: IntakeDeps,
  trees: Trees,
  cares: Map<PartnerTree, Care>,
  looking: Looking,
): Promise<void> {
  const open = await deps.db.transact((tx) => openIntakes(tx, null))
  const busy = new Set(open.map(({ partner, place }) => `${partner}/${place}`))
  // A partner that only calls has no tree before its first reports.
  for (const { partner, place } of open) if (place === '') await trees.find(partner, place)
  const all = await trees.list()
  for (const [tree, care] of cares)
    if (!all.includes(tree)) {
      await letGo(deps, care)
      cares.delete(tree)
    }
  const rest = all.values()
  await Promise.all(
    Array.from({ length: treesAtOnce }, async () => {
      for (const tree of rest) {
        if (looking.stopping()) return
        const care = cares.get(tree) ?? newCare()
        cares.set(tree, care)
        const hasIntakes = busy.has(`${tree.partner}/${tree.place}`)
        await lookAt(deps, trees, tree, care, { ...looking, busy: hasIntakes })
      }
    }),
  )
}

async function lookAt(
  deps: IntakeDeps,
  trees: Trees,
  tree: PartnerTree,
  care: Care,
  looking: Looking & { readonly busy: boolean },
): Promise<void> {
  if (care.rest.until > deps.now()) return
  try {
    await tend(deps, tree, care, looking)
    await trees.seen(tree, null)
    care.rest.troubles = 0
  } catch (error) {
    await letGo(deps, care)
    if (isFault(error, 'DATABASE_AWAY')) return
    restAfter(care.rest, deps.now())
    const { partner, place } = tree
    deps.log.error({ err: error, partner, place }, 'pick-up.tree-failed')
    await trees.seen(tree, error instanceof Error ? error.message : String(error)).catch(() => {})
  }
}
