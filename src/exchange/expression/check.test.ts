import { describe, expect, test } from 'vitest'
import { field } from '../../../test/fixtures/definition.ts'
import { checkExpression, readsOf, type Scope } from './check.ts'

const persons = field('persons', {
  type: 'group',
  many: true,
  itemsMax: 99,
  fields: [
    field('age', { type: 'integer' }),
    field('codes', { type: 'code', many: true, itemsMax: 24 }),
    field('actions', { type: 'group', many: true, itemsMax: 24, fields: [field('code', { type: 'code' })] }),
  ],
})
const crowd = field('crowd', {
  type: 'group',
  many: true,
  itemsMax: 2000,
  fields: [field('name'), field('marks', { many: true, itemsMax: 2000 })],
})
const scope: Scope = {
  fields: [
    field('ori'),
    field('count', { type: 'integer' }),
    field('k12', { type: 'boolean' }),
    persons,
    crowd,
  ],
  each: null,
  lists: ['race'],
  needs: 'record',
  at: [],
}
const inPersons: Scope = { ...scope, each: 'persons' }

describe('expressions that are part of the language', () => {
  test.each([
    'record.count == 1',
    '1 + record.count > 2',
    'record.count in [1, 2]',
    'has(record.ori)',
    "record.persons.exists(p, p.age > 3 && 'x' in p.codes)",
    'record.persons.filter(p, p.age > 3).size() == 1',
    "record.persons.map(p, p.codes[0]).exists(c, c == 'x')",
    "matchesRe(record.ori, '^CA')",
    "inList(record.ori, 'race')",
    "today <= string(yearOf(record.ori) + 1) + '-04-01'",
    'daysBetween(record.ori, today) > 3 ? record.k12 : !record.k12',
    'addDays(today, 30) > record.ori',
  ])('%s', (text) => {
    expect(checkExpression(text, scope)).toEqual({ ok: true })
  })

  test('a rule over a list sees its item, what encloses it, and the record', () => {
    const deep = { ...scope, each: 'persons.actions' }
    expect(checkExpression("it.code == 'a' && parent.age > 3 && record.k12", deep)).toEqual({ ok: true })
  })

  test('the condition of a field sees the group the field stands in', () => {
    expect(checkExpression('it.age > 3', { ...scope, at: ['persons'] })).toEqual({ ok: true })
  })

  test('a rule that needs the stored record may name it', () => {
    expect(checkExpression('current.count == record.count', { ...scope, needs: 'current' })).toEqual({
      ok: true,
    })
  })
})

describe('expressions that are refused, with the place', () => {
  test.each([
    ['record.nobody == 1', "There is no field 'nobody' here."],
    ['has(record.nobody)', "There is no field 'nobody' here."],
    ['current.count == 1', "There is no 'current' here."],
    ['parent.age == 1', "There is no 'parent' here."],
    ['record.ori', 'The expression must be true or false.'],
    ["record.count == '1'", 'no such overload: double == string.'],
    ["record.ori.matches('a')", 'matches() is not part of the language; use matchesRe(text, pattern).'],
    ["inList(record.ori, 'nothing')", "There is no code list 'nothing'."],
    ['matchesRe(record.ori, record.ori)', 'Write the pattern of matchesRe() as a text in quotes.'],
    ['record.persons.exists(it, true)', "'it' has a meaning already."],
    ['record.constructor == record.ori', "There is no field 'constructor' here."],
    ['record.__proto__ == record.ori', "There is no field '__proto__' here."],
    ["dyn(record.count) == 'x'", 'dyn() is not part of the language.'],
    ["timestamp('x') > timestamp('y')", 'timestamp() is not part of the language.'],
    ['cel.bind(x, 1, x == 1)', "There is no 'cel' here."],
  ])('%s', (text, message) => {
    const checked = checkExpression(text, scope)
    expect(checked).toMatchObject({ ok: false, message })
  })

  test('a pattern that is not RE2 (look-behind, open bracket) is refused', () => {
    expect(checkExpression("matchesRe(record.ori, '(a')", scope).ok).toBe(false)
    expect(checkExpression("matchesRe(record.ori, '(?<=a)b')", scope).ok).toBe(false)
  })

  test('the place of a mistake is told', () => {
    expect(checkExpression('true && (1 +', scope)).toMatchObject({ ok: false, offset: 12 })
  })

  test('a list that does not exist cannot be run over', () => {
    expect(checkExpression('true', { ...scope, each: 'people' }).ok).toBe(false)
  })
})

describe('expressions made to hurt', () => {
  test('more than two macros in each other are refused', () => {
    const deep = 'record.persons.exists(a, record.persons.exists(b, record.persons.exists(c, c.age == 1)))'
    expect(checkExpression(deep, scope).ok).toBe(false)
  })

  test('what long lists could make slow is refused by the largest counts', () => {
    const quadratic = 'record.crowd.all(a, record.crowd.exists(b, a.name == b.name))'
    expect(checkExpression(quadratic, scope)).toMatchObject({
      ok: false,
      message: expect.stringContaining('4000000'),
    })
    const eachTimesList = 'record.crowd.exists(a, a.name == it.name)'
    expect(checkExpression(eachTimesList, { ...scope, each: 'crowd' }).ok).toBe(false)
    expect(checkExpression('record.persons.exists(a, a.age == it.age)', inPersons).ok).toBe(true)
  })

  test('deep, long and broken texts end quickly with an answer', () => {
    for (const text of ['('.repeat(5000), '!'.repeat(3000), '[[[[', 'a'.repeat(100_000), '"', "r'", '\u0000'])
      expect(checkExpression(text, scope).ok).toBe(false)
  })
})

test('readsOf names the paths from the variables, with macros followed', () => {
  const text =
    "has(it.a) && record.b.exists(x, x.c == it.d && x.e.exists(y, y.f == today)) && size(parent.g.filter(z, z.h == '')) > 0"
  const reads = readsOf(text)
  expect([...reads.paths].sort()).toEqual([
    'it.a',
    'it.d',
    'parent.g',
    'parent.g.h',
    'record.b',
    'record.b.c',
    'record.b.e',
    'record.b.e.f',
  ])
  expect(reads).toMatchObject({ today: true, current: false })
  expect(readsOf("current.a == 'today'")).toMatchObject({ today: false, current: true })
})
