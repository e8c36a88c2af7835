import { setTimeout as sleep } from 'node:timers/promises'
import { isNodeError, isPassing } from './node-error.ts'

/** How long to wait after a failure: it doubles, up to a limit, and half of it is chance. */
export function backoffMs(failures: number, maxSeconds: number, chance: number): number {
  const whole = Math.min(maxSeconds * 1000, 1000 * 2 ** Math.min(failures, 30))
  return whole / 2 + (whole / 2) * chance
}

/** A time with a fifth more or less of it, so that two hundred agents do not ask in the same instant. */
export function jitteredMs(seconds: number, chance: number): number {
  return seconds * 1000 * (0.8 + 0.4 * chance)
}

/** Waits, or throws as soon as the signal says so. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await sleep(ms, undefined, { signal })
}

export interface Patience {
  readonly maxSeconds: number
  readonly signal: AbortSignal
  /** Told of each failure that is waited out. */
  failed(error: Error): void
}

/** Asks the node until it answers, for days if need be. What it refuses for good is thrown. */
export async function patiently<T>(
  ask: () => Promise<T>,
  { maxSeconds, signal, failed }: Patience,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await ask()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Error) || !isPassing(error)) throw error
      failed(error)
      const wanted = isNodeError(error) ? (error.retryAfter ?? 0) * 1000 : 0
      await rest(
        Math.max(Math.min(wanted, maxSeconds * 1000), backoffMs(failures, maxSeconds, Math.random())),
        signal,
      )
    }
  }
}
