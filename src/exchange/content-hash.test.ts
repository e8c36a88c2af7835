import fc from 'fast-check'
import { expect, test } from 'vitest'
import { field, recordType } from '../../test/fixtures/definition.ts'
import { compileContentHash, compileWriter, type Written } from './content-hash.ts'
import type { Body } from './parcel.ts'
import { valuesOf } from './values.ts'

const text = (no: number, name: string) => field(name, { no })
const persons = field('persons', {
  no: 3,
  type: 'group',
  many: true,
  fields: [text(4, 'name'), field('codes', { no: 5, many: true })],
})
const type = recordType([text(1, 'id'), text(2, 'place'), persons])
const same = (content: string) => content
const hash = compileContentHash(type, same)

test('the canonical text gives each present field its number and length', () => {
  const body = { id: 'a', persons: [{ name: 'né', codes: ['1', '22'] }] }
  expect(hash(body)).toBe('1=s1:a3=[1:{4=s2:né5=[2:s1:1s2:22]}]')
})

test('a new optional field, a new name and another order of names change nothing', () => {
  const body = { id: 'a', place: 'b' }
  const grown = recordType([text(9, 'fresh'), ...type.fields])
  const renamed = recordType([text(1, 'id'), text(2, 'town'), persons])
  expect(compileContentHash(grown, same)(body)).toBe(hash(body))
  expect(compileContentHash(renamed, same)({ id: 'a', town: 'b' })).toBe(hash(body))
  expect(hash({ place: 'b', id: 'a' })).toBe(hash(body))
})

test('text counts in Unicode form NFC', () => {
  expect(hash({ id: 'e\u0301' })).toBe(hash({ id: '\u00e9' }))
})

test('a number and its text are not the same content', () => {
  expect(hash({ id: 1 })).not.toBe(hash({ id: '1' }))
})

const anyText = fc.string({ unit: 'binary', maxLength: 8 })
const anyBody: fc.Arbitrary<Body> = fc.record(
  {
    id: fc.oneof(anyText, fc.integer(), fc.boolean()),
    place: anyText,
    persons: fc.array(
      fc.record({ name: anyText, codes: fc.array(anyText, { maxLength: 3 }) }, { requiredKeys: [] }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
)

test('different contents have different texts, whatever they hold', () => {
  const normal = (body: Body) =>
    JSON.stringify(body, ['id', 'place', 'persons', 'name', 'codes']).normalize('NFC')
  fc.assert(
    fc.property(anyBody, anyBody, (left, right) => {
      expect(hash(left) === hash(right)).toBe(normal(left) === normal(right))
    }),
  )
})

test('the written JSON is what JSON.stringify writes', () => {
  const write = compileWriter(type.fields)
  fc.assert(
    fc.property(anyBody, (body) => {
      const out: Written = { json: '', content: '', odd: false }
      write(valuesOf(body, type.fields), out)
      expect(out.json).toBe(JSON.stringify(body, ['id', 'place', 'persons', 'name', 'codes']))
      if (/[\0\p{Surrogate}]/u.test(textsOf(body))) expect(out.odd).toBe(true)
    }),
  )
})

/** All texts of a body, apart so that halves of pairs do not meet. */
function textsOf(value: unknown): string {
  if (typeof value === 'string') return `${value}.`
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsOf).join('') : ''
}
