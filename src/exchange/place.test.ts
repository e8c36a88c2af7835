import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RawTree } from './parcel.ts'
import { parsePlace, rawReader, valuesAt } from './place.ts'

const tree: RawTree = {
  '@type': 'Voter',
  Name: { Last: 'Doe', Middle: ['A', 'B'] },
  Contact: [
    { Type: 'phone', Value: '1', Fax: true },
    { Type: 'phone', Value: '2' },
    { Type: 'email', Value: 'a@b' },
  ],
  'odd.name': { 'x y': 5 },
}

test.each([
  ['@type', ['Voter']],
  ['Name.Last', ['Doe']],
  ['Name.Middle', ['A', 'B']],
  ['Name.Middle[2]', ['B']],
  ['Name.Middle[-1]', ['B']],
  ['Contact[Type=phone].Value', ['1', '2']],
  ['Contact[Type=phone][1].Value', ['1']],
  ['Contact[Type=phone][Fax=true].Value', ['1']],
  ['Contact[Type!=phone].Value', ['a@b']],
  ["Contact[Type='phone'].Value", ['1', '2']],
  ["'odd.name'.x y", [5]],
  ['Name.constructor', []],
  ['Name.Last.Value', []],
  ['Nothing[1].here', []],
])('%s', (path, values) => {
  const place = parsePlace(path)
  expect(place).not.toBeNull()
  if (place !== null) expect(valuesAt(tree, place)).toEqual(values)
})

test.each([
  [''],
  ['a..b'],
  ['a.'],
  ['.a'],
  ['a[b'],
  ['a[b]'],
  ['a[0]'],
  ['a[b=]'],
  ['a]b'],
  ["'a"],
  ['a[b=c]d'],
])('%s is no path', (path) => {
  expect(parsePlace(path)).toBeNull()
})

test('a column is found by its header, whatever marks that holds', () => {
  const raw = rawReader()
  const shape = { kind: 'rows', header: ['a.b', 'c [d]', 'e'], rows: [['1', '2', "'=3"]] } as const
  expect(['a.b', 'c [d]', 'e', 'f'].map((name) => raw(shape)(name))).toEqual(['1', '2', '=3', ''])
})

test('no path and no tree make it throw', () =>
  fc.assert(
    fc.property(
      fc.stringMatching(/^[ab.[\]=!'12]{0,12}$/),
      fc.object({ key: fc.constantFrom('a', 'b') }),
      (path, any) => {
        const place = parsePlace(path)
        if (place !== null) expect(Array.isArray(valuesAt(any as RawTree, place))).toBe(true)
      },
    ),
  ))
