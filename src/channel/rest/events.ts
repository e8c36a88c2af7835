import type { SubmissionView } from './ports.ts'

/** States after which nothing more happens to a submission. */
const CLOSED: ReadonlySet<string> = new Set(['completed', 'incomplete', 'refused', 'cancelled'])

/** A comment is sent this often while nothing happens, so that proxies keep the connection. */
const HEARTBEAT_MS = 15_000

/**
 * A submission's progress as the text of server-sent events: `progress` at each change, `closed` as the last
 * one. The data of both is the submission.
 */
export async function* eventStream(
  views: AsyncIterable<SubmissionView>,
  heartbeatMs: number = HEARTBEAT_MS,
): AsyncGenerator<string> {
  yield 'retry: 3000\n\n'
  const iterator = views[Symbol.asyncIterator]()
  let number = 0
  let next = iterator.next()
  try {
    for (;;) {
      const step = await beat(next, heartbeatMs)
      if (step === 'quiet') {
        yield ': still here\n\n'
        continue
      }
      if (step.done === true) return
      number += 1
      const name = CLOSED.has(step.value.state) ? 'closed' : 'progress'
      yield `id: ${number}\nevent: ${name}\ndata: ${JSON.stringify(step.value)}\n\n`
      if (name === 'closed') return
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
