import type { Realm } from '../../store/model.ts'

export interface Place {
  readonly partner: string
  readonly exchange: string
  readonly realm: Realm
}

/**
 * What is offered to agents, as last seen in the database: an agent that asks for nothing but what is not there is
 * answered from memory, so that hundreds may ask every few seconds.
 */
export interface Offers {
  /** Those of the batches for which something is offered to the partner. */
  among<T extends Omit<Place, 'partner'>>(partner: string, batches: readonly T[]): readonly T[]
  /** Puts what the database holds now in place of what was known. */
  show(places: readonly Place[]): void
  /** Resolves when something may be offered to the partner that was not, or when the time or the signal ends. */
  changed(partner: string, ms: number, signal: AbortSignal): Promise<void>
}

export function createOffers(): Offers {
  let known: ReadonlySet<string> = new Set()
  const waiting = new Map<string, Set<() => void>>()
  return {
    among: (partner, batches) => batches.filter((batch) => known.has(keyOf({ ...batch, partner }))),
    show(places) {
      const fresh = places.filter((place) => !known.has(keyOf(place)))
      known = new Set(places.map(keyOf))
      for (const partner of new Set(fresh.map((place) => place.partner)))
        for (const wake of [...(waiting.get(partner) ?? [])]) wake()
    },
    changed: (partner, ms, signal) =>
      new Promise((resolve) => {
        const waiters = waiting.get(partner) ?? new Set()
        waiting.set(partner, waiters)
        const timer = setTimeout(wake, ms)
        signal.addEventListener('abort', wake)
        waiters.add(wake)
        if (signal.aborted) wake()
        function wake(): void {
          clearTimeout(timer)
          signal.removeEventListener('abort', wake)
          waiters.delete(wake)
          if (waiters.size === 0) waiting.delete(partner)
          resolve()
        }
      }),
  }
}

function keyOf({ partner, exchange, realm }: Place): string {
  return `${partner} ${exchange} ${realm}`
}
