import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { rawTree } from '../../test/fixtures/definition.ts'
import { loadElectors } from '../../test/fixtures/electors.ts'
import { arbitraryExchange } from '../../test/fixtures/random-definition.ts'
import { createJudge } from '../judge/judge.ts'
import type { Definition } from './definition.ts'
import { overlay, withRules } from './overlay.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
let own: Definition

beforeAll(async () => {
  own = await loadElectors()
})

function problemsOf(content: string): string[] {
  const { definition, problems } = overlay(own, [{ partner: 'alder', content }], sha256)
  expect(definition === null).toBe(problems.length > 0)
  return problems.map(({ path, message, fix }) => `${path} | ${message} ${fix}`)
}

function laid(content: string, partner = 'alder'): Definition {
  const { definition, problems } = overlay(own, [{ partner, content }], sha256)
  if (definition === null) throw new Error(JSON.stringify(problems))
  return definition
}

describe('a rule set that says nothing', () => {
  test.each([
    ['{}'],
    ['types: {}'],
    ['types: { elector: {} }'],
    ['types: { elector: { fields: {}, filters: [] } }'],
    ['crosswalks: {}'],
    ['formats: {}'],
  ])('%s changes nothing', (content) => {
    expect(laid(content)).toEqual(own)
  })

  test('changes nothing in any exchange: neither its hash nor what becomes of a record', () =>
    fc.assert(
      fc.property(arbitraryExchange(), ({ definition }) => {
        const types = definition.types.map(({ name }) => `${name}: {}`).join(', ')
        const content = `types: { ${types} }`
        const { definition: result } = overlay(definition, [{ partner: 'p', content }], sha256)
        expect(result).toBe(definition)
      }),
      { numRuns: 30 },
    ))
})

test('a rule set that changes something gives another hash, the same one each time', () => {
  const content = 'types: { elector: { fields: { name.last: { transforms: [upper] } } } }'
  expect(laid(content).hash).not.toBe(own.hash)
  expect(laid(content).hash).toBe(laid(content).hash)
  expect(withRules(own, [{ partner: '*', version: 1 }], sha256).hash).not.toBe(own.hash)
})

test('a crosswalk of a partner never affects another partner', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('alder', 'birch', '*'),
      fc.dictionary(
        fc.constantFrom('DEM', 'REP', 'UNA', 'X', 'democratic'),
        fc.constantFrom('democratic', 'republican', 'other'),
        { minKeys: 1 },
      ),
      fc.constantFrom('DEM', 'REP', 'UNA', 'X', 'democratic', 'other'),
      (partner, map, sent) => {
        const definition = laid(JSON.stringify({ crosswalks: { party: { map } } }), partner)
        const record = rawTree({
          elector_id: 'E1',
          name: { first: 'A', last: 'B' },
          status: 'active',
          party: sent,
        })
        const judge = (of: Definition, who: string) =>
          // Under another definition the same record is judged again, so its raw hash differs.
          ({ ...createJudge(of).judge([record], { partner: who, today: '2026-03-02' })[0], rawHash: '' })
        if (partner !== '*') expect(judge(definition, 'cedar')).toEqual(judge(own, 'cedar'))
        const ours = Object.hasOwn(map, sent) ? map[sent] : undefined
        if (ours !== undefined)
          expect(
            JSON.parse(judge(definition, partner === '*' ? 'cedar' : partner)?.body ?? ''),
          ).toMatchObject({
            party: ours,
          })
      },
    ),
  ))

test('the rules of a partner are laid over those for all: its codes and changes go before', () => {
  const sets = [
    { partner: '*', content: 'crosswalks: { party: { map: { D: democratic, L: other } } }' },
    { partner: 'alder', content: 'crosswalks: { party: { map: { D: other } } }' },
  ]
  const { definition } = overlay(own, sets, sha256)
  expect(definition?.crosswalks.party?.map).toEqual({
    '*': { UNA: 'unaffiliated', D: 'democratic', L: 'other' },
    alder: { D: 'other' },
  })
})

describe('what is wrong is told with its path and what to do', () => {
  test.each([
    [
      'a type',
      'types: { elektor: {} }',
      "types.elektor | There is no record type 'elektor'. Did you mean 'elector'?",
    ],
    [
      'a field',
      'types: { elector: { fields: { name.lst: { transforms: [upper] } } } }',
      "types.elector.fields.name.lst | There is no field 'lst' here. Did you mean 'last'?",
    ],
    [
      'a group',
      'types: { elector: { fields: { name: { transforms: [upper] } } } }',
      "types.elector.fields.name | 'name' is a group of fields. Name one in it: name.first, name.middle, name.last, name.suffix.",
    ],
    [
      'a code',
      'crosswalks: { party: { map: { D: demokratic } } }',
      "crosswalks.party.map.D | 'demokratic' is no code of 'party'. Did you mean 'democratic'?",
    ],
    [
      'a new crosswalk without a list',
      'crosswalks: { fresh: { map: { D: x } } }',
      "crosswalks.fresh | The crosswalk 'fresh' is new and leads to no list. Add list, or name one of the definition: party.",
    ],
    [
      'a crosswalk of another list',
      'types: { elector: { fields: { status: { crosswalk: party } } } }',
      "types.elector.fields.status.crosswalk | The crosswalk 'party' leads to the list 'party', not to 'status'. Name the crosswalk of this list, or make one.",
    ],
    [
      'a crosswalk of a text',
      'types: { elector: { fields: { phone: { crosswalk: party } } } }',
      "types.elector.fields.phone.crosswalk | 'phone' has no code list. Use the transform map for values of other types.",
    ],
    [
      'a date pattern',
      'types: { elector: { fields: { birth_date: { transforms: [{ date: yy-mm }] } } } }',
      "types.elector.fields.birth_date.transforms[1].date | 'yy-mm' is no pattern of a date or time. Write one such as MM/dd/yyyy or HHmm.",
    ],
    [
      'a transform of two things',
      'types: { elector: { fields: { phone: { transforms: [{ cut: [1, 2], pad: 5 }] } } } }',
      'types.elector.fields.phone.transforms[1] | The transform does two things: cut, pad. Write one of date, replace, pattern, map, default, split, join, cut, pad.',
    ],
    [
      'a transform for another type',
      'types: { elector: { fields: { birth_year: { transforms: [{ date: yyyyMMdd }] } } } }',
      "types.elector.fields.birth_year.transforms | 'date' is for dates and times. Remove it, or change the type.",
    ],
    [
      'a filter',
      'types: { elector: { filters: [{ code: X, drop: "record.statu == \'a\'", message: M }] } }',
      "types.elector.filters[1].drop | There is no field 'statu' here. Look at 'drop' from: record.statu == 'a'",
    ],
    ['a key', 'typs: {}', "typs | There is no key 'typs' here. Did you mean 'types'?"],
    [
      'the formats',
      'formats: { csv: { items: "," } }',
      "formats.csv | 'items' and 'parts' are the same mark. Choose another for one of them.",
    ],
  ])('%s', (_, content, line) => {
    expect(problemsOf(content)).toEqual([line])
  })

  const layout = (text: string) => `types: { elector: { layouts: { theirs: ${text} } } }`
  test.each([
    [
      'a header that is not there',
      '{ of: rows, headers: [id, nm], columns: { id: elector_id, name: name.last } }',
      "There is no header 'name'.",
    ],
    [
      'an expression',
      '{ of: rows, columns: { id: elector_id }, fields: { phone: { cel: "raw(\'a\') + 1" } } }',
      'no such overload',
    ],
    [
      'an expression of a header that is not there',
      '{ of: rows, headers: [id], columns: { id: elector_id }, fields: { phone: { cel: "raw(\'area\')" } } }',
      "There is no header 'area'.",
    ],
    [
      'a record in an expression',
      '{ of: rows, columns: { id: elector_id }, fields: { phone: { cel: record.phone } } }',
      "There is no field 'phone'",
    ],
    ['a path', '{ of: tree, fields: { elector_id: "a[b" } }', 'is no path'],
    ['columns of a tree', '{ of: tree, columns: { a: elector_id } }', "'columns' says nothing of a tree."],
    ['no key', '{ of: rows, columns: { a: phone } }', "maps nothing to 'elector_id'"],
    ['a field twice', '{ of: rows, columns: { a: elector_id, b: elector_id } }', 'is mapped twice'],
    [
      'a field in a list',
      '{ of: tree, fields: { elector_id: a, identifiers.kind: b } }',
      "'identifiers.kind' stands in a list.",
    ],
    [
      'a group without fields',
      '{ of: tree, fields: { elector_id: a, name: b } }',
      "'name' is a group of fields.",
    ],
    [
      'fields of a single value',
      '{ of: tree, fields: { elector_id: { from: a, fields: { b: c } } } }',
      'is no group of fields',
    ],
    [
      'a source of two things',
      '{ of: tree, fields: { elector_id: { from: a, value: b } } }',
      'names two: from, value',
    ],
    ['a source of nothing', '{ of: tree, fields: { elector_id: { transforms: [trim] } } }', 'names no place'],
  ])('%s in a layout', (_, text, message) => {
    const problems = problemsOf(layout(text))
    expect(problems.join('\n')).toContain(message)
    expect(problems[0]).toMatch(/^types\.elector\.layouts\.theirs/)
  })
})

test('no text at all makes it throw', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .object({
            key: fc.constantFrom(
              'types',
              'elector',
              'fields',
              'layouts',
              'of',
              'columns',
              'crosswalks',
              'party',
              'map',
              'filters',
              'phone',
            ),
          })
          .map((value) => JSON.stringify(value)),
      ),
      (content) => {
        const { definition, problems } = overlay(own, [{ partner: 'alder', content }], sha256)
        expect(definition === null).toBe(problems.length > 0)
      },
    ),
  ))
