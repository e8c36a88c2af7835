import { expect, test } from 'vitest'
import { exchangeOf, field, recordType } from '../../test/fixtures/definition.ts'
import type { Body } from '../exchange/parcel.ts'
import { judgeAgainst } from './against.ts'

const fields = [
  field('id', { no: 1 }),
  field('place', { no: 2, locked: true, severity: 'warning' }),
  field('status', { no: 3 }),
  field('persons', {
    no: 4,
    type: 'group',
    many: true,
    itemKey: 'pid',
    fields: [
      field('pid', { no: 5, type: 'integer' }),
      field('age', { no: 6, type: 'integer', locked: true, codes: { locked: 'R16' }, path: ['Perc', 'Age'] }),
      field('race', { no: 7, many: true, locked: true }),
      field('free', { no: 8 }),
    ],
  }),
]
const type = recordType(fields, {
  rules: [
    {
      id: 'BACK',
      code: 'BACK',
      title: '',
      severity: 'error',
      each: null,
      check: "record.status == current.status || current.status != 'closed'",
      when: null,
      blames: ['status'],
      message: 'A closed one stays {record.status}.',
      needs: 'current',
      only: null,
      source: '',
    },
  ],
})
const definition = exchangeOf(type)
const against = (candidate: Body, current: Body) =>
  judgeAgainst(definition, type, candidate, current, '2024-03-20').map(
    (finding) => `${finding.code} ${finding.severity} ${finding.path} ${finding.field} ${finding.item}`,
  )

test('a locked value may not be changed or left out; it may be given where there was none', () => {
  expect(against({ place: 'a' }, { place: 'a' })).toEqual([])
  expect(against({ place: 'b' }, { place: 'a' })).toEqual(['F002K fatal place place null'])
  expect(against({}, { place: 'a' })).toEqual(['F002K fatal place place null'])
  expect(against({ place: 'a' }, {})).toEqual([])
})

test('items are compared with the item of the same key, whatever their order', () => {
  const current = {
    persons: [
      { pid: 1, age: 30, race: ['1', '2'] },
      { pid: 2, age: 40 },
    ],
  }
  expect(
    against(
      {
        persons: [
          { pid: 2, age: 40 },
          { pid: 1, age: 30, race: ['1', '2'], free: 'x' },
        ],
      },
      current,
    ),
  ).toEqual([])
  expect(
    against(
      {
        persons: [
          { pid: 2, age: 41 },
          { pid: 1, age: 30, race: ['1'] },
        ],
      },
      current,
    ),
  ).toEqual(['F007K fatal persons[2].race race 2', 'R16 fatal persons[1].age Age 1'])
  expect(
    against(
      {
        persons: [
          { pid: 1, age: 30, race: ['1', '2'] },
          { pid: 3, age: 1 },
        ],
      },
      current,
    ),
  ).toEqual(['F004K fatal persons persons null'])
})

test('rules that need the stored record are run against it', () => {
  expect(against({ status: 'open' }, { status: 'closed' })).toEqual(['BACK error status status null'])
  expect(against({ status: 'open' }, { status: 'open' })).toEqual([])
})
