import { expect, test } from 'vitest'
import { exchangeOf, field, rawTree, recordType } from '../../test/fixtures/definition.ts'
import type { RawRecord } from '../exchange/parcel.ts'
import { createJudge } from './judge.ts'

const judge = createJudge(exchangeOf(recordType([field('id', { required: true, severity: 'fatal' })])))
const context = { partner: 'p', today: '2024-03-20' }

test('records come back in order, each with its hashes; what could not be read has no key', () => {
  const shape = { kind: 'broken', code: 'RECORD_MALFORMED', reason: 'a comma is missing.' } as const
  const raw: RawRecord[] = [
    rawTree({ id: 'a' }),
    { ...rawTree({}), position: 2, shape },
    rawTree({ id: 'a', x: '' }),
  ]
  const [first, broken, again] = judge.judge(raw, context)
  expect(first).toMatchObject({ position: 1, key: 'a', body: '{"id":"a"}', findings: [] })
  expect(broken).toMatchObject({ position: 2, key: null, body: '{}', findings: [{ severity: 'fatal' }] })
  expect(first?.contentHash).toMatch(/^[0-9a-f]{64}$/)
  expect(again?.contentHash).toBe(first?.contentHash)
})

test('judging a record again gives the same parcel: nothing of one record reaches the next', () => {
  const bad = rawTree({ id: '\u0000', y: 'x' })
  const [alone] = judge.judge([rawTree({ id: 'b' })], context)
  expect(judge.judge([bad, rawTree({ id: 'b' }), bad], context)[1]).toEqual(alone)
})
