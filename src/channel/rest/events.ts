import type { SubmissionView } from './ports.ts'

/** States after which nothing more happens to a submission. */
const CLOSED: ReadonlySet<string> = new Set(['completed', 'incomplete', 'refused', 'cancelled'])

/** A comment is sent this often while nothing happens, so that proxies keep the connection. */
const HEARTBEAT_MS = 15_000

/** How an item is told. */
export interface EventLabel {
  /** What a client that comes back names as the last it saw. */
  readonly id: number
  readonly event: string
  /** Nothing comes after it. */
  readonly last: boolean
}

/**
 * A submission's progress as the text of server-sent events: `progress` at each change, `closed` as the last
 * one. The data of both is the submission.
 */
export function eventStream(
  views: AsyncIterable<SubmissionView>,
  heartbeatMs: number = HEARTBEAT_MS,
): AsyncGenerator<string> {
  let number = 0
  return itemStream(
    views,
    ({ state }) => {
      number += 1
      const last = CLOSED.has(state)
      return { id: number, event: last ? 'closed' : 'progress', last }
    },
    heartbeatMs,
  )
}

/** Items as the text of server-sent events, each when it comes. */
export async function* itemStream<T>(
  items: AsyncIterable<T>,
  label: (item: T) => EventLabel,
  heartbeatMs: number = HEARTBEAT_MS,
): AsyncGenerator<string> {
  yield 'retry: 3000\n\n'
  const iterator = items[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    for (;;) {
      const step = await beat(next, heartbeatMs)
      if (step === 'quiet') {
        yield ': still here\n\n'
        continue
      }
      if (step.done === true) return
      const { id, event, last } = label(step.value)
      yield `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(step.value)}\n\n`
      if (last) return
      next = iterator.next()
    }
  } finally {
    // Not awaited: a source that still waits for its next change would hold up the end of the answer.
    next.catch(() => undefined)
    iterator.return?.().catch(() => undefined)
  }
}

async function beat<T>(next: Promise<T>, ms: number): Promise<T | 'quiet'> {
  let timer: NodeJS.Timeout | undefined
  const quiet = new Promise<'quiet'>((resolve) => {
    timer = setTimeout(() => resolve('quiet'), ms)
  })
  try {
    return await Promise.race([next, quiet])
  } finally {
    clearTimeout(timer)
  }
}
