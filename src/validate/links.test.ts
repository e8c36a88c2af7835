import { expect, test } from 'vitest'
import { field, recordType } from '../../test/fixtures/definition.ts'
import type { RecordType, Reference } from '../exchange/definition.ts'
import { valuesOf } from '../exchange/values.ts'
import { Judgement } from './judgement.ts'
import { compileLinks } from './links.ts'

const reference = (name: string, ...key: readonly string[]): Reference => ({
  name,
  exchange: null,
  type: 'place',
  key: key.map((path) => path.split('.')),
  onMissing: 'reject',
  onDelete: 'restrict',
  code: 'NO_TARGET',
  message: 'Not there.',
  inUse: { code: 'IN_USE', message: 'Needed.' },
})

const type: RecordType = recordType(
  [
    field('id'),
    field('county'),
    field('places', { many: true, path: ['Places'] }),
    field('home', { type: 'group', fields: [field('place')] }),
    field('trips', { type: 'group', many: true, fields: [field('day', { type: 'date' }), field('place')] }),
  ],
  {
    references: [
      reference('one', 'home.place'),
      reference('listed', 'places'),
      reference('trip', 'county', 'trips.place'),
    ],
  },
)

function linksOf(body: Parameters<typeof valuesOf>[0], judgement = new Judgement()) {
  const read = compileLinks(type)
  return read?.(valuesOf(body, type.fields), judgement)
}

test('a type without references has none to read', () => {
  expect(compileLinks(recordType([field('id')]))).toBe(null)
})

test('values of single fields, of lists, and of groups in lists refer, each with its place', () => {
  expect(
    linksOf({
      id: '1',
      county: 'C',
      places: ['P1', 'P2'],
      home: { place: 'P3' },
      trips: [{ day: '2026-01-01' }, { place: 'P4' }],
    }),
  ).toEqual([
    { reference: 'one', item: 0, key: 'P3', path: 'home.place', field: 'place', inGroup: false },
    { reference: 'listed', item: 1, key: 'P1', path: 'places[1]', field: 'Places', inGroup: false },
    { reference: 'listed', item: 2, key: 'P2', path: 'places[2]', field: 'Places', inGroup: false },
    { reference: 'trip', item: 2, key: 'C\u001fP4', path: 'trips[2].place', field: 'place', inGroup: true },
  ])
})

test('where a part of the key is absent, nothing is referred to', () => {
  expect(linksOf({ id: '1', trips: [{ place: 'P4' }], home: {} })).toEqual([])
})

test('a value that could not be read refers to nothing: it has a finding already', () => {
  const judgement = new Judgement()
  judgement.trail.enter('trips', 2)
  judgement.untype('place')
  judgement.trail.leave()
  const trips = [{ place: 'P1' }, { place: 'P2' }]
  expect(linksOf({ id: '1', county: 'C', trips }, judgement)?.map(({ item }) => item)).toEqual([1])
})
