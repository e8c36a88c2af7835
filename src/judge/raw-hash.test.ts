import { expect, test } from 'vitest'
import { codeList, exchangeOf, field, rawRows, rawTree, recordType } from '../../test/fixtures/definition.ts'
import { TODAY_BOUND } from '../exchange/dates.ts'
import type { Definition, Field, RecordType } from '../exchange/definition.ts'
import { createJudge } from './judge.ts'
import { createRawHashes } from './raw-hash.ts'

const id = field('id', { required: true, severity: 'fatal' })
const sent = { partner: 'p', today: '2026-03-20' }

function rawHashOf(fields: readonly Field[], change: Partial<RecordType> = {}): string | undefined {
  const type = recordType([id, ...fields], change)
  const of = { ...type, operation: { ...type.operation, fallback: 'upsert' as const } }
  return createJudge(exchangeOf(of)).judge([rawTree({ id: 'a' })], sent)[0]?.rawHash
}

test('a record without findings has a hash of what was sent, one with any has none', () => {
  expect(rawHashOf([])).toMatch(/^[0-9a-f]{64}$/)
  expect(rawHashOf([field('name', { required: true, severity: 'warning' })])).toBe('')
})

test('where the outcome hangs on the day of receipt no record is taken for judged', () => {
  const rule = { id: 'R1', code: 'R1', title: '', severity: 'warning', each: null, when: null } as const
  const more = { blames: ['id'], message: '', needs: 'record', only: null, source: '' } as const
  expect(rawHashOf([], { rules: [{ ...rule, ...more, check: "today < '2999-01-01'" }] })).toBe('')
  expect(rawHashOf([field('born', { type: 'date', max: TODAY_BOUND })])).not.toBe('')
  expect(rawHashOf([field('due', { type: 'date', min: TODAY_BOUND })])).toBe('')
  expect(rawHashOf([field('name', { when: "today == ''" })])).toBe('')
})

test('the same text under another header, partner or definition is another hash', () => {
  const one = exchangeOf(recordType([id]))
  const of = (definition: Definition, header: string, partner: string) =>
    createRawHashes(definition).of(rawRows([header], ['a']), { ...sent, partner })
  const hashes = [
    of(one, 'id', 'p'),
    of(one, 'name', 'p'),
    of(one, 'id', 'q'),
    of({ ...one, hash: 'another' }, 'id', 'p'),
  ]
  expect(new Set(hashes).size).toBe(4)
})

test('days differ where a code or a version of the definition begins or ends between them', () => {
  const list = codeList('colour', ['red'])
  const dated = { ...list, values: [{ code: 'red', label: '', from: '2026-03-10', until: '2026-03-20' }] }
  const { of } = createRawHashes(exchangeOf(recordType([id]), { lists: { colour: dated } }))
  const on = (today: string) => of(rawTree({ id: 'a' }), { partner: 'p', today })
  expect(on('2026-03-10')).toBe(on('2026-03-20'))
  expect(on('2026-03-09')).not.toBe(on('2026-03-10'))
  expect(on('2026-03-20')).not.toBe(on('2026-03-21'))
})
