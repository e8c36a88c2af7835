import { expect, test } from 'vitest'
import { patchOf } from './patch.ts'

test('a patch says what differs: new, changed and emptied values, lists as a whole', () => {
  const before = { key: 'A', name: { first: 'Ada', last: 'May' }, codes: ['1', '2'], note: 'x', age: 3 }
  const after = { key: 'A', name: { first: 'Ida', last: '' }, codes: ['2'], note: '', city: 'Elk', age: 3 }
  expect(patchOf(before, after)).toEqual({
    name: { first: 'Ida', last: null },
    codes: ['2'],
    note: null,
    city: 'Elk',
  })
  expect(patchOf(before, before)).toEqual({})
})
