import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ATTEMPT_STATES, type AttemptState } from '../../store/job-model.ts'
import { type AttemptEvent, nextState, runAfter } from './machine.ts'

const EVENTS: readonly AttemptEvent[] = [
  'take',
  'extract',
  'upload',
  'receive',
  'process',
  'complete',
  'fail',
  'refuse',
  'time-out',
  'cancel',
]
const OVER: ReadonlySet<AttemptState> = new Set(['done', 'failed', 'cancelled'])
const events = fc.array(fc.record({ event: fc.constantFrom(...EVENTS), newest: fc.boolean() }), {
  maxLength: 40,
})

/** Every state that an attempt passes, from being offered on. */
function walk(steps: readonly { event: AttemptEvent; newest: boolean }[]): AttemptState[] {
  const states: AttemptState[] = ['offered']
  for (const { event, newest } of steps) {
    const next = nextState(states.at(-1) ?? 'offered', event, newest)
    if (next !== null) states.push(next)
  }
  return states
}

test('whatever happens, an attempt that is over stays as it is', () =>
  fc.assert(
    fc.property(events, (steps) => {
      const states = walk(steps)
      const end = states.findIndex((state) => OVER.has(state))
      expect(end === -1 || end === states.length - 1).toBe(true)
    }),
  ))

test('whatever happens, an attempt is done only after its file was here', () =>
  fc.assert(
    fc.property(events, (steps) => {
      const states = walk(steps)
      if (states.at(-1) === 'done') expect(states).toContain('received')
    }),
  ))

test('an attempt that timed out goes on only while nobody has begun anew', () => {
  for (const event of EVENTS) {
    expect(nextState('timed-out', event, false)).toBeNull()
    const late = nextState('timed-out', event, true)
    expect(late).toBe(
      event === 'extract'
        ? 'extracting'
        : event === 'upload'
          ? 'uploading'
          : event === 'receive'
            ? 'received'
            : null,
    )
  }
})

test('every state but the first is reached, and every event leads somewhere', () => {
  const reached = new Set<AttemptState>()
  for (const event of EVENTS) {
    const targets = ATTEMPT_STATES.map((state) => nextState(state, event, true)).filter(
      (state) => state !== null,
    )
    expect(targets.length, event).toBeGreaterThan(0)
    for (const state of targets) reached.add(state)
  }
  expect([...reached].sort()).toEqual(ATTEMPT_STATES.filter((state) => state !== 'offered').sort())
})

test('a run is retried until its limit is reached, unless another takes its place', () => {
  const rule = { retryMinutes: 20, retryLimit: 2 }
  const at = 1_000_000
  const after = (attempts: number, replaced = false) => runAfter('failed', { attempts, replaced }, rule, at)
  expect(after(1)).toEqual({ state: 'scheduled', retryAt: at + 20 * 60_000, spent: false })
  expect(after(2).state).toBe('scheduled')
  expect(after(3)).toEqual({ state: 'failed', retryAt: null, spent: true })
  expect(after(1, true)).toEqual({ state: 'failed', retryAt: null, spent: false })
  expect(runAfter('timed-out', { attempts: 1, replaced: false }, null, at).state).toBe('timed-out')
  for (const state of ATTEMPT_STATES.filter((one) => one !== 'failed' && one !== 'timed-out'))
    expect(runAfter(state, { attempts: 1, replaced: false }, rule, at)).toEqual({
      state,
      retryAt: null,
      spent: false,
    })
})
