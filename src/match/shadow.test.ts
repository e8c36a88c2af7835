import { expect, test } from 'vitest'
import type { Finding, Outcome, Parcel } from '../exchange/parcel.ts'
import type { Verdict } from './decide.ts'
import { compareFates, emptyShadow, shadowResult } from './shadow.ts'

function verdict(position: number, outcome: Outcome, ...codes: readonly string[]): Verdict {
  const findings = codes.map(
    (code): Finding => ({
      code,
      severity: 'error',
      path: 'name',
      field: 'Name',
      item: null,
      message: `${code} is wrong.`,
      value: null,
    }),
  )
  const parcel = { position, type: 'visit', key: `a\u001f${position}` } as Parcel
  return { parcel, outcome, findings, recordId: null, status: null, version: null, change: null, effects: [] }
}

test('records are told of which another thing would become, and rules by how often they spoke', () => {
  const tally = emptyShadow()
  compareFates('T1', verdict(1, 'unchanged'), verdict(1, 'unchanged'), tally)
  compareFates('T1', verdict(2, 'updated', 'R1'), verdict(2, 'updated', 'R1', 'R2'), tally)
  compareFates('T1', verdict(3, 'updated'), verdict(3, 'rejected', 'R2'), tally)
  compareFates('T1', verdict(4, 'updated'), undefined, tally)
  const result = shadowResult(tally, 1)
  expect(result).toMatchObject({ submissions: 1, records: 4, different: 3 })
  expect(result.before).toMatchObject({ received: 4, updated: 3, unchanged: 1, rejected: 0, withErrors: 1 })
  expect(result.after).toMatchObject({ received: 3, updated: 1, unchanged: 1, rejected: 1, withErrors: 1 })
  expect(result.rules.map(({ code, before, after }) => [code, before, after])).toEqual([['R2', 0, 2]])
  expect(result.examples.map(({ key, before, after }) => [key, before?.outcome, after?.outcome])).toEqual([
    ['a/2', 'updated', 'updated'],
    ['a/3', 'updated', 'rejected'],
    ['a/4', 'updated', undefined],
  ])
})
