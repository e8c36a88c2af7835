import { expect, test } from 'vitest'
import { compileOutside } from '../../console/src/forms/applies.ts'
import { placeFindings } from '../../console/src/forms/findings.ts'
import { nearestCodes } from '../../console/src/forms/nearest.ts'
import {
  formSteps,
  newBody,
  newItem,
  pathOf,
  sentOf,
  stepsOf,
  type Tree,
  valueAt,
  withValue,
} from '../../console/src/forms/tree.ts'
import type { RecordType } from '../../src/exchange/definition.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'

/** What forms are made of, without a browser. */

const ripa = await loadExchange(new URL('../../exchanges/ripa', import.meta.url).pathname)
const stop = ripa.types[0] as RecordType
const code = (value: string, label: string, from: string | null = null, until: string | null = null) => ({
  code: value,
  label,
  from,
  until,
})
const COLOURS = [code('01', 'Light blue'), code('02', 'Dark blue'), code('GRN', 'Green'), code('RED', 'Red')]
const near = (sent: string, day = '') => nearestCodes(COLOURS, sent, day).map(({ code: found }) => found)

test('a slip in a code or in what it means finds the code that was meant', () => {
  expect(near('1')).toEqual(['01'])
  expect(near('grn')).toEqual(['GRN'])
  expect(near('GNR')).toEqual(['GRN'])
  expect(near('gren')[0]).toBe('GRN')
  expect(near('Gréen')).toEqual(['GRN'])
  expect(near('dark')).toEqual(['02'])
  expect(near('lihgt blue')[0]).toBe('01')
  expect(near('violet')).toEqual([])
  expect(near('  ')).toEqual([])
})

test('one number is not taken for another, nor a code that is not in force', () => {
  expect(nearestCodes([code('10', 'Ten'), code('11', 'Eleven')], '12')).toEqual([])
  const old = [code('RED', 'Red', null, '2023-12-31'), code('ROD', 'Rod')]
  expect(nearestCodes(old, 'red', '2024-01-01').map(({ code: found }) => found)).toEqual(['ROD'])
})

test('a value is put where its path says, and nothing else is touched', () => {
  const before: Tree = { a: '1', list: [{ b: 'x' }, { b: 'y' }] }
  expect(stepsOf('list[2].b')).toEqual(['list', 1, 'b'])
  expect(pathOf(['list', 1, 'b'])).toBe('list[2].b')
  expect(withValue(before, ['list', 1, 'b'], 'z')).toEqual({ a: '1', list: [{ b: 'x' }, { b: 'z' }] })
  expect(withValue(before, ['list', 0, 'b'], undefined)).toEqual({ a: '1', list: [{}, { b: 'y' }] })
  expect(before).toEqual({ a: '1', list: [{ b: 'x' }, { b: 'y' }] })
  expect(valueAt(before, ['list', 1, 'b'])).toBe('y')
  expect(valueAt(before, ['constructor'])).toBeUndefined()
})

test('what was left empty is not sent, and findings are shown where they belong all the same', () => {
  const tree: Tree = { a: ' ', list: [{}, { b: 'y', c: [] }] }
  expect(sentOf(tree)).toEqual({ list: [{ b: 'y' }] })
  expect(formSteps(tree, 'list[1].c')).toEqual(['list', 1, 'c'])
})

test('a blank record has one of each thing that it must have, numbered', () => {
  const body = newBody(stop.fields)
  expect(valueAt(body, ['persons', 0, 'pid'])).toBe('1')
  expect(valueAt(body, ['persons', 0, 'results'])).toEqual([{}])
  const persons = stop.fields.find(({ name }) => name === 'persons')
  expect(persons === undefined ? null : newItem(persons, [{ pid: '4' }]).pid).toBe('5')
})

test('fields apply as the definition says, by the values as they are typed', () => {
  const outside = compileOutside(ripa, stop)
  const at = { version: 'v2', today: '2024-03-01', effective: '2024-02-14' }
  const applies = (tree: Tree, path: string) => !outside(tree, at).includes(path)
  expect(applies({}, 'latitude')).toBe(false)
  expect(applies({ location_type: '1' }, 'latitude')).toBe(true)
  expect(applies({ location_type: '1' }, 'location')).toBe(false)
  const persons = [{}, { reason: '1', k12: true }]
  expect(applies({ persons }, 'persons[1].traffic_code')).toBe(false)
  expect(applies({ persons }, 'persons[2].traffic_code')).toBe(true)
})

test('a finding stands beside its field, one of a list of values beside the list', () => {
  const finding = { code: 'X', severity: 'error', field: '', item: 1, message: '', value: null } as const
  const tree: Tree = { persons: [{ race: ['1', 'zz'] }] }
  const [one, other] = placeFindings(tree, stop, [
    { ...finding, path: 'persons[1].race[2]' },
    { ...finding, path: '' },
  ])
  expect(one?.path).toBe('persons[1].race')
  expect(one?.label).toMatch(/ 1, /)
  expect(other?.path).toBe('')
})
