/** Lets only so many go on at once; the others wait, first come first served. */
export interface Turns {
  /** Resolves when it is the caller's turn, with the function that ends it. */
  take(): Promise<() => void>
}

export function createTurns(atOnce: number): Turns {
  const waiting: (() => void)[] = []
  let free = atOnce
  const end = () => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
  return {
    async take() {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      return end
    },
  }
}
