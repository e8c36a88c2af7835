import { setTimeout as sleep } from 'node:timers/promises'
import { type Row, SourceError, type SourceLimits } from './source.ts'

/** Clock and rest, so that tests need no waiting. */
export interface Pace {
  nowMs(): number
  rest(ms: number, signal: AbortSignal | undefined): Promise<void>
}

const realPace: Pace = {
  nowMs: () => performance.now(),
  rest: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
}

/**
 * Rows no faster than the limits say: after each batch a rest, long enough for the rows per second. The database
 * notices no more than that it is asked less often.
 */
export async function* paced(
  batches: AsyncIterable<readonly Row[]>,
  { rowsPerSecond, pauseMs }: Pick<SourceLimits, 'rowsPerSecond' | 'pauseMs'>,
  signal?: AbortSignal,
  pace: Pace = realPace,
): AsyncGenerator<readonly Row[]> {
  let begun = pace.nowMs()
  for await (const rows of batches) {
    yield rows
    const due = rowsPerSecond === 0 ? 0 : (rows.length / rowsPerSecond) * 1000
    const wait = Math.max(pauseMs, due - (pace.nowMs() - begun))
    if (wait > 0) await pace.rest(wait, signal)
    signal?.throwIfAborted()
    begun = pace.nowMs()
  }
}

/**
 * Waits for a database no longer than it may take.
 * @param giveUp ends what was asked, so that the database does not go on for nobody
 */
export async function within<T>(seconds: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SourceError('SOURCE_TIMEOUT', '', `It said nothing for ${seconds} s.`))
      giveUp()
    }, seconds * 1000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    // The loser of the race must not end the process.
    work.catch(() => {})
  }
}

/** A stream that pushes, made one that is pulled: the pushing side is told to stop while nobody pulls. */
export class RowQueue {
  readonly #batchRows: number
  readonly #pause: () => void
  readonly #resume: () => void
  #rows: Row[] = []
  #ended = false
  #error: unknown = null
  #wake: (() => void) | null = null

  constructor(batchRows: number, flow: { pause(): void; resume(): void }) {
    this.#batchRows = batchRows
    this.#pause = () => flow.pause()
    this.#resume = () => flow.resume()
  }

  push(row: Row): void {
    this.#rows.push(row)
    if (this.#rows.length < this.#batchRows) return
    this.#pause()
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  fail(error: unknown): void {
    this.#error ??= error
    this.end()
  }

  /** The next rows; null at the end. */
  async pull(): Promise<readonly Row[] | null> {
    while (this.#rows.length < this.#batchRows && !this.#ended) {
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#resume()
      await more
      this.#wake = null
    }
    if (this.#error !== null) throw this.#error
    const rows = this.#rows.splice(0, this.#batchRows)
    return rows.length === 0 ? null : rows
  }
}
