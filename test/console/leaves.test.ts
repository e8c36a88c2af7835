import { expect, test } from 'vitest'
import { differences, leavesOf } from '../../console/src/record/leaves.ts'
import type { Definition, Field } from '../../src/exchange/definition.ts'

const field = (no: number, name: string, more: Partial<Field> = {}) =>
  ({
    no,
    name,
    label: name.toUpperCase(),
    type: 'text',
    many: false,
    list: null,
    document: null,
    fields: [],
    ...more,
  }) as Field

const FIELDS = [
  field(1, 'day', { type: 'date' }),
  field(2, 'city', { type: 'code', list: 'city' }),
  field(3, 'bases', { type: 'code', many: true, list: 'city' }),
  field(4, 'urgent', { type: 'boolean' }),
  field(7, 'scan', { type: 'group', document: { types: ['gif'], bytesMax: 9 } }),
  field(5, 'persons', { type: 'group', many: true, fields: [field(6, 'age', { type: 'integer' })] }),
]
const LISTS = {
  city: { values: [{ code: 'A', label: 'Alder' }] },
} as unknown as Definition['lists']
const WORDS = { date: (iso: string) => `on ${iso}`, yes: 'yes', no: 'no' }
const leaves = (body: Record<string, unknown>) => leavesOf(FIELDS, body, LISTS, WORDS)

test('values are named in full and said as people read them', () => {
  const body = {
    day: '2026-03-01',
    city: 'A',
    bases: ['A', 'X'],
    urgent: false,
    persons: [{ age: 7 }, {}],
    scan: { sha256: 'x', type: 'gif', size: 8 },
  }
  expect(leaves(body).map(({ path, label, text }) => [path, label, text])).toEqual([
    ['day', 'DAY', 'on 2026-03-01'],
    ['city', 'CITY', 'A · Alder'],
    ['bases', 'BASES', 'A · Alder; X'],
    ['urgent', 'URGENT', 'no'],
    ['scan', 'SCAN', 'GIF, 8 B'],
    ['persons[1].age', 'PERSONS 1 › AGE', '7'],
  ])
})

test('what is empty says nothing', () => {
  expect(leaves({ day: '', city: null, bases: [], other: 'not a field' })).toEqual([])
})

test('differences are what was changed, taken away and added', () => {
  const before = leaves({ city: 'A', urgent: true, persons: [{ age: 7 }, { age: 8 }] })
  const after = leaves({ city: 'B', urgent: true, persons: [{ age: 7 }], day: '2026-03-01' })
  expect(differences(before, after)).toEqual([
    { path: 'city', label: 'CITY', before: 'A · Alder', after: 'B' },
    { path: 'persons[2].age', label: 'PERSONS 2 › AGE', before: '8', after: null },
    { path: 'day', label: 'DAY', before: null, after: 'on 2026-03-01' },
  ])
  expect(differences(before, before)).toEqual([])
})
