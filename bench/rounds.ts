/** One thing measured: a name and a function that does the work once and tells how long it took. */
export interface Contender {
  readonly name: string
  /** Seconds for one round. Preparation and cleaning up are not counted. */
  run(round: number): Promise<number>
}

export interface Timing {
  readonly name: string
  /** Seconds, in the order measured. */
  readonly seconds: readonly number[]
  readonly median: number
}

/**
 * Measures contenders in turn (A B C A B C …), so that whatever else the machine does falls on all of them,
 * and takes the median of each.
 */
export async function interleave(contenders: readonly Contender[], rounds: number): Promise<Timing[]> {
  const seconds = contenders.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [index, contender] of contenders.entries()) {
      const taken = await contender.run(round)
      seconds[index]?.push(taken)
      process.stderr.write(`  ${contender.name} ${round + 1}/${rounds}: ${taken.toFixed(2)} s\n`)
    }
  return contenders.map(({ name }, index) => ({
    name,
    seconds: seconds[index] ?? [],
    median: median(seconds[index] ?? []),
  }))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** Seconds that a piece of work takes by the monotonic clock. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - start) / 1e9
}
