import type { AttemptState, RunState } from '../../store/job-model.ts'

/** What happens to an attempt. */
export type AttemptEvent =
  /** An agent took it. */
  | 'take'
  | 'extract'
  | 'upload'
  /** Its file is here and durable. */
  | 'receive'
  /** The river took its submission up. */
  | 'process'
  | 'complete'
  /** The agent told that it failed. */
  | 'fail'
  /** Its file could not be processed. */
  | 'refuse'
  | 'time-out'
  | 'cancel'

type Steps = Readonly<Partial<Record<AttemptState, AttemptState>>>

const STEPS: Readonly<Record<AttemptEvent, Steps>> = {
  take: { offered: 'taken' },
  extract: { taken: 'extracting', extracting: 'extracting', uploading: 'extracting' },
  upload: { taken: 'uploading', extracting: 'uploading', uploading: 'uploading' },
  receive: { taken: 'received', extracting: 'received', uploading: 'received' },
  process: { received: 'processing', processing: 'processing' },
  complete: { received: 'done', processing: 'done' },
  fail: { taken: 'failed', extracting: 'failed', uploading: 'failed' },
  refuse: { received: 'failed', processing: 'failed' },
  'time-out': { offered: 'timed-out', taken: 'timed-out', extracting: 'timed-out', uploading: 'timed-out' },
  cancel: {
    offered: 'cancelled',
    taken: 'cancelled',
    extracting: 'cancelled',
    uploading: 'cancelled',
    received: 'cancelled',
    processing: 'cancelled',
  },
}

/** An agent that comes back late may go on where it was, as long as nobody has begun anew. */
const LATE: Readonly<Partial<Record<AttemptEvent, AttemptState>>> = {
  extract: 'extracting',
  upload: 'uploading',
  receive: 'received',
}

/**
 * The one place that says which state follows which.
 * @param newest no attempt for the same partner and exchange has begun since this one was taken
 * @returns null where the event cannot happen in that state
 */
export function nextState(state: AttemptState, event: AttemptEvent, newest: boolean): AttemptState | null {
  if (state === 'timed-out') return newest ? (LATE[event] ?? null) : null
  return STEPS[event][state] ?? null
}

/** Where a run is once its attempt has got somewhere. */
export interface AfterAttempt {
  readonly state: RunState
  /** Milliseconds since 1970; null unless the run waits for another attempt. */
  readonly retryAt: number | null
  /** The last attempt that its job allows was spent. */
  readonly spent: boolean
}

/**
 * What a run does when its attempt has reached a state.
 * @param run.attempts attempts begun so far, this one included
 * @param run.replaced a newer run of the job waits for the same partner: it takes this one's place
 * @param rule null when the job is no more
 */
export function runAfter(
  state: AttemptState,
  run: { readonly attempts: number; readonly replaced: boolean },
  rule: { readonly retryMinutes: number; readonly retryLimit: number } | null,
  at: number,
): AfterAttempt {
  if (state !== 'failed' && state !== 'timed-out') return { state, retryAt: null, spent: false }
  const spent = rule === null || run.attempts > rule.retryLimit
  if (spent || run.replaced) return { state, retryAt: null, spent }
  return { state: 'scheduled', retryAt: at + rule.retryMinutes * 60_000, spent: false }
}
