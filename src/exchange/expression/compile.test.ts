import { Environment } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { field } from '../../../test/fixtures/definition.ts'
import { valuesOf } from '../values.ts'
import { compileExpression, createFrame } from './compile.ts'
import type { Scope } from './scope.ts'

const fields = [
  field('text'),
  field('other'),
  field('number', { type: 'integer' }),
  field('weight', { type: 'decimal' }),
  field('flag', { type: 'boolean' }),
  field('codes', { type: 'code', many: true }),
  field('weights', { type: 'decimal', many: true }),
  field('items', {
    type: 'group',
    many: true,
    itemsMax: 20,
    fields: [field('code', { type: 'code' }), field('age', { type: 'integer' })],
  }),
  field('inside', { type: 'group', fields: [field('name')] }),
]
const scope: Scope = { fields, each: null, lists: ['race'], needs: 'record', at: [] }
const lists = new Map([['race', (code: string, day: string) => code === '1' && day < '2025']])

function evaluate(text: string, body: Record<string, unknown>): boolean {
  const frame = createFrame()
  frame.record = valuesOf(body as never, fields)
  frame.it = frame.record
  frame.today = '2024-03-20'
  frame.effective = '2024-01-01'
  return compileExpression(text, scope, lists)(frame)
}

describe('absent values', () => {
  test.each([
    ["record.text == 'a'", false],
    ["record.text != 'a'", true],
    ['record.text == record.other', false],
    ["record.text in ['a']", false],
    ['record.number < 5', false],
    ['record.number >= 5', false],
    ['record.number + 1 > 0', false],
    ['record.flag', false],
    ['!record.flag', true],
    ['record.flag == false', false],
    ['has(record.text)', false],
    ['has(record.codes)', false],
    ['has(record.inside.name)', false],
    ['record.inside.name == record.text', false],
    ['size(record.codes) == 0', true],
    ["record.codes.all(c, c == 'a')", true],
    ["record.codes.exists(c, c == 'a')", false],
    ["'a' in record.codes", false],
    ["record.codes[0] == 'a'", false],
    ["record.text.startsWith('')", false],
    ["matchesRe(record.text, '.*')", false],
    ["inList(record.text, 'race')", false],
    ['daysBetween(record.text, today) > -1000000', false],
    ["record.text + 'a' == 'a'", false],
    ["(has(record.text) ? record.text : 'none') == 'none'", true],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text, {})).toBe(expected)
  })
})

describe('values', () => {
  test.each([
    ["record.text == 'a'", true],
    ["record.text.startsWith('a') && record.text.endsWith('a') && record.text.contains('a')", true],
    ['record.weight == 1.5 && record.weight > 1', true],
    ['record.weights.exists(w, w == 2.25)', true],
    ['2.25 in record.weights', true],
    ['record.number / 2 == 3.5', true],
    ['7 / 2 == 3', true],
    ['-7 % 4 == -3', true],
    ['7 / 0 == 7 / 0', false],
    ["record.codes == ['1', '2']", true],
    ["record.codes + ['3'] == ['1', '2', '3']", true],
    ['record.items.exists_one(i, i.age > 30)', true],
    ["record.items.map(i, i.age > 30, i.code) == ['b']", true],
    ['record.items.all(i, record.items.exists(j, j.code == i.code && j.age == i.age))', true],
    ['record.items[1].age == 40', true],
    ["inList('1', 'race') && !inList('2', 'race')", true],
    ["matchesRe(record.text, 'a')", true],
    ["daysBetween('2024-02-28', '2024-03-01') == 2", true],
    ["addDays('2024-02-28', 2) == '2024-03-01'", true],
    ["yearOf('2024-02-30') == 2024", false],
    ["string(int('12') + 1) == '13' && double('1.5') == 1.5 && size('né😀') == 3", true],
    ["today == '2024-03-20'", true],
    ['has(record.inside.name)', true],
  ])('%s is %s', (text, expected) => {
    const body = {
      text: 'a',
      number: 7,
      weight: '1.5',
      weights: ['1', '2.25'],
      codes: ['1', '2'],
      items: [
        { code: 'a', age: 3 },
        { code: 'b', age: 40 },
      ],
      inside: { name: 'n' },
    }
    expect(evaluate(text, body)).toBe(expected)
  })
})

/** Expressions on records that hold every field, where ours and CEL mean the same. */
const boolean = fc.letrec<{ bool: string; number: string; text: string; item: string }>((tie) => ({
  text: fc.constantFrom('record.text', 'record.other', "'a'", "'b'", "''", "record.text + 'a'"),
  number: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('record.number', '1.0', '2.5', '40.0', 'double(size(record.codes))'),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
  ),
  item: fc.constantFrom(
    "i.code == 'a'",
    'i.age > record.number',
    "i.code in ['a', 'b'] || i.age <= 3.0",
    'record.codes.exists(c, c == i.code)',
  ),
  bool: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('record.flag', 'true', "'1' in record.codes", 'has(record.text)'),
    fc
      .tuple(tie('number'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('number'))
      .map((p) => p.join(' ')),
    fc
      .tuple(tie('text'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('text'))
      .map((p) => p.join(' ')),
    fc
      .tuple(tie('text'), fc.constantFrom('startsWith', 'endsWith', 'contains'), tie('text'))
      .map(([a, f, b]) => `(${a}).${f}(${b})`),
    fc
      .tuple(fc.constantFrom('exists', 'all', 'exists_one'), tie('item'))
      .map(([m, p]) => `record.items.${m}(i, ${p})`),
    tie('item').map((p) => `size(record.items.filter(i, ${p})) == 1`),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('bool').map((b) => `!(${b})`),
    fc.tuple(tie('bool'), tie('bool'), tie('bool')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
})).bool

test('compiled expressions and cel-js agree on records without absent values', () => {
  const oracle = new Environment()
    .registerType('Record.items', { fields: { code: 'string', age: 'double' } })
    .registerType('Record', {
      fields: {
        text: 'string',
        other: 'string',
        number: 'double',
        flag: 'bool',
        codes: 'list<string>',
        items: 'list<Record.items>',
      },
    })
    .registerVariable('record', 'Record')
  const text = fc.constantFrom('', 'a', 'b', 'ab', '1')
  const body = fc.record({
    text,
    other: text,
    number: fc.integer({ min: -3, max: 50 }),
    flag: fc.boolean(),
    codes: fc.array(fc.constantFrom('1', 'a', 'b'), { maxLength: 3 }),
    items: fc.array(fc.record({ code: text, age: fc.integer({ min: 0, max: 5 }) }), { maxLength: 3 }),
  })
  fc.assert(
    fc.property(boolean, body, (expression, record) => {
      expect(evaluate(expression, record)).toBe(oracle.evaluate(expression, { record }))
    }),
    { numRuns: 1000 },
  )
})

test('an expression never throws, whatever stands where a value should', () => {
  const expressions = [
    "record.items.exists(i, i.code == 'a' && i.age > 3)",
    'record.number + record.weight > size(record.codes)',
    "record.text.contains(record.inside.name) || yearOf(record.text) > 3 || record.codes[0] == 'x'",
    "record.weights.map(w, w * 2.0)[3] == 1.0 || inList(record.text, 'race')",
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...expressions),
      fc.array(fc.jsonValue(), { maxLength: 9 }),
      (text, values) => {
        const frame = createFrame()
        frame.record = values
        frame.it = values
        expect(typeof compileExpression(text, scope, lists)(frame)).toBe('boolean')
      },
    ),
  )
})
