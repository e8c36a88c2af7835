import { expect, test } from 'vitest'
import { exchangeOf, field, recordType } from '../../test/fixtures/definition.ts'
import { compileTypeOfName, memberStem } from './record-types.ts'

const type = (name: string, member: string) =>
  recordType([field('id')], { name, forms: { element: name, property: name, sheet: name, member } })
const types = [type('district', 'district*'), type('precinct', 'precinct*'), type('map', '*precinct_map*')]
const typeOf = compileTypeOfName({ ...exchangeOf(types[0]!), types })

test('a file is of the type whose pattern fits its name best, whatever its folder, extension and capitals', () => {
  const names = {
    'districts.csv': 'district',
    'in/District-2024.CSV': 'district',
    'precinct.csv.gz': 'precinct',
    'precinct_mapping.xlsx': 'map',
    '2024_precinct_map.json.zip': 'map',
    'a-precinct.csv': null,
    'districts.csv/other.csv': null,
    '': null,
  }
  for (const [name, found] of Object.entries(names)) expect([name, typeOf(name)]).toEqual([name, found])
})

test('with one type no name tells anything', () => {
  expect(compileTypeOfName(exchangeOf(types[0]!))('district.csv')).toBe(null)
})

test('a pattern gives the name of a file that fits it', () => {
  for (const one of types) expect(typeOf(`${memberStem(one)}.csv`)).toBe(one.name)
  expect(memberStem(type('all', '*'))).toBe('all')
})

test('text between the marks stands in its order, and marks do not share characters', () => {
  const odd = [type('x', 'ab*ba'), type('y', 'c*d*e')]
  const of = compileTypeOfName({ ...exchangeOf(odd[0]!), types: odd })
  expect(['aba', 'abba', 'ab-ba', 'ced', 'cde', 'c1d2e'].map((name) => of(`${name}.csv`))).toEqual([
    null,
    'x',
    'x',
    null,
    'y',
    'y',
  ])
})
