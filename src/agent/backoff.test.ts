import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, jitteredMs, patiently } from './backoff.ts'
import { isLost, isPassing, NodeError } from './node-error.ts'

test('waiting doubles up to its limit and is never less than half of it', () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.integer({ min: 1, max: 86_400 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, max, chance) => {
        const whole = Math.min(max * 1000, 1000 * 2 ** Math.min(failures, 30))
        const wait = backoffMs(failures, max, chance)
        expect(wait).toBeGreaterThanOrEqual(whole / 2)
        expect(wait).toBeLessThanOrEqual(whole)
      },
    ),
  )
  expect(jitteredMs(15, 0)).toBe(12_000)
  expect(jitteredMs(15, 1)).toBeCloseTo(18_000)
})

test('what passes is waited out, what the node refuses for good is not', async () => {
  const signal = new AbortController().signal
  let asked = 0
  const told: string[] = []
  const patience = { maxSeconds: 0.01, signal, failed: (error: Error) => told.push(error.message) }
  const answer = await patiently(async () => {
    asked += 1
    if (asked === 1) throw new NodeError('NODE_AWAY', 0, 'away')
    if (asked === 2) throw new NodeError('HTTP_404', 404, 'a proxy')
    if (asked === 3) throw new NodeError('TOO_MANY', 429, 'slowly', 1)
    return 'here'
  }, patience)
  expect([answer, told]).toEqual(['here', ['away', 'a proxy', 'slowly']])
  const refused = new NodeError('BAD_REQUEST', 400, 'no')
  await expect(patiently(() => Promise.reject(refused), patience)).rejects.toBe(refused)
})

test('which answers are final', () => {
  expect(isLost(new NodeError('JOB_LOST', 409, ''))).toBe(true)
  expect(isLost(new NodeError('NOT_FOUND', 404, ''))).toBe(true)
  expect(isLost(new NodeError('HTTP_404', 404, ''))).toBe(false)
  expect(isPassing(new NodeError('NOT_ALLOWED', 403, ''))).toBe(true)
  expect(isPassing(new NodeError('UPLOAD_HASH_WRONG', 422, ''))).toBe(false)
  expect(isPassing(new Error('a defect'))).toBe(false)
})
