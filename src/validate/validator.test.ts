import { describe, expect, test } from 'vitest'
import { codeList, exchangeOf, field, rawRows, rawTree, recordType } from '../../test/fixtures/definition.ts'
import { dayNumber, TODAY_BOUND } from '../exchange/dates.ts'
import type { Definition, Rule } from '../exchange/definition.ts'
import type { RawRecord, RawTree } from '../exchange/parcel.ts'
import { compileTranslator } from '../translate/translator.ts'
import { compileValidator, type ValidateContext } from './validator.ts'

function rule(id: string, check: string, change: Partial<Rule> = {}): Rule {
  return {
    id,
    code: id,
    title: id,
    severity: 'error',
    each: null,
    check,
    when: null,
    blames: [],
    message: `${id} failed`,
    needs: 'record',
    only: null,
    source: '',
    ...change,
  }
}

const persons = field('persons', {
  no: 10,
  type: 'group',
  many: true,
  itemsMin: 1,
  itemsMax: 3,
  itemKey: 'pid',
  distinct: true,
  required: true,
  path: ['ListPerson', 'Person'],
  fields: [
    field('pid', { no: 11, type: 'integer', required: true, path: ['PID'] }),
    field('gender', {
      no: 12,
      type: 'code',
      list: 'gender',
      path: ['Perc', 'Gend'],
      required: true,
      when: "it.other != '5'",
      otherwise: 'allow',
    }),
    field('other', { no: 13, path: ['Perc', 'Other'] }),
    field('age', { no: 14, type: 'integer', min: 1, max: 120, path: ['Age'] }),
    field('race', {
      no: 15,
      type: 'code',
      list: 'race',
      many: true,
      itemsMin: 1,
      itemsMax: 3,
      distinct: true,
      alone: ['8'],
      path: ['ListRace', 'Race'],
    }),
    field('student', { no: 16, type: 'boolean', required: true, when: 'record.k12 == true', path: ['Stud'] }),
    field('actions', {
      no: 17,
      type: 'group',
      many: true,
      itemsMax: 5,
      path: ['ListAct', 'Act'],
      fields: [
        field('code', { no: 18, path: ['Code'] }),
        field('consent', {
          no: 19,
          path: ['Con'],
          required: true,
          when: "it.code == '2' && parent.age > 17",
        }),
      ],
    }),
  ],
})

const type = recordType(
  [
    field('id', {
      no: 1,
      required: true,
      severity: 'fatal',
      lengthMin: 1,
      lengthMax: 5,
      pattern: '[A-Z]+',
      path: ['ID'],
      codes: { pattern: 'DV1' },
    }),
    field('day', {
      no: 2,
      type: 'date',
      severity: 'fatal',
      min: dayNumber('2018-07-01'),
      max: TODAY_BOUND,
      path: ['SDate'],
    }),
    field('time', { no: 3, type: 'time', path: ['STime'] }),
    field('latitude', { no: 4, type: 'decimal', min: -90, max: 90, scale: 3, path: ['Lat'] }),
    field('k12', { no: 5, type: 'boolean', path: ['K12'] }),
    field('old', { no: 6, only: ['v1'], path: ['Old'] }),
    field('note', {
      no: 7,
      path: ['Note'],
      messages: { required: 'Say something.' },
      required: true,
      when: 'record.k12 == true',
    }),
    persons,
  ],
  {
    identity: {
      ...recordType([]).identity,
      key: ['id', 'day'],
      duplicates: [{ fields: ['day', 'time'], code: 'DV4', message: '' }],
      owner: { field: 'id', scheme: 'x', code: 'W', message: '' },
    },
    effective: 'day',
    rules: [
      rule('R1', "it.race.exists(r, r == '1')", {
        each: 'persons',
        when: "it.gender == '1'",
        blames: ['race'],
        message: 'Gender {gender} of {record.id} goes with race 1, not {race}.',
      }),
      rule('R2', 'record.persons.all(p, p.age != 99)', { blames: ['persons'] }),
      rule('R3', 'it.code != parent.other', { each: 'persons.actions', blames: ['code'], only: ['v2'] }),
      rule('R4', 'current.id == record.id', { needs: 'current' }),
      rule('R5', "inList(it.other, 'dated')", {
        each: 'persons',
        when: "it.other in ['A', 'B']",
        blames: ['other'],
      }),
    ],
  },
)
const definition: Definition = exchangeOf(type, {
  versions: [
    { name: 'v1', from: '2018-01-01', until: '2023-12-31' },
    { name: 'v2', from: '2024-01-01', until: null },
  ],
  lists: {
    gender: { ...codeList('gender', ['1', '2', '3']), title: 'Gender' },
    race: codeList('race', ['1', '2', '7', '8']),
    dated: {
      ...codeList('dated', []),
      values: [
        { code: 'A', label: '', from: '2024-01-01', until: null },
        { code: 'B', label: '', from: null, until: '2023-12-31' },
      ],
    },
  },
})
const translator = compileTranslator(definition)
const validator = compileValidator(definition)
const sha256 = (text: string) => text

function judge(raw: RawRecord, context: Partial<ValidateContext> = {}) {
  const today = '2024-03-20'
  return validator.validate(translator.translate(raw, { partner: 'p', today }), { today, sha256, ...context })
}

const person = { PID: '1', Perc: { Gend: '2' } }
const good = { ID: 'ABC', SDate: '02/14/2024', ListPerson: { Person: [person] } }
const withPerson = (change: RawTree) => ({ ...good, ListPerson: { Person: [{ ...person, ...change }] } })
const found = (tree: RawTree, context: Partial<ValidateContext> = {}) =>
  judge(rawTree(tree), context).findings.map((finding) => `${finding.code} ${finding.path}`)
const message = (tree: RawTree) => judge(rawTree(tree)).findings.map((finding) => finding.message)
const bodyOf = (tree: RawTree) => JSON.parse(judge(rawTree(tree)).body)

describe('canonical values', () => {
  test('a good record has no findings and a typed body in the order of the definition', () => {
    const parcel = judge(rawTree({ ...good, STime: '14:05', Lat: '36.7780', K12: 'N' }))
    expect(parcel.findings).toEqual([])
    expect(parcel.body).toBe(
      '{"id":"ABC","day":"2024-02-14","time":"14:05:00","latitude":"36.778","k12":false,"persons":[{"pid":1,"gender":"2"}]}',
    )
    expect(parcel).toMatchObject({
      key: 'ABC\u001f2024-02-14',
      duplicateKeys: ['2024-02-14\u001f14:05:00'],
      ownerValue: 'ABC',
      version: 'v2',
      operation: 'create',
      filtered: false,
    })
  })

  test('numbers and booleans of JSON are as good as their text', () => {
    expect(
      judge(rawTree({ ...withPerson({ PID: 1, Stud: true }), Lat: 36.778, K12: true, Note: 5 })).body,
    ).toBe(
      '{"id":"ABC","day":"2024-02-14","latitude":"36.778","k12":true,"note":"5","persons":[{"pid":1,"gender":"2","student":true}]}',
    )
  })

  test('what cannot be typed stays as it was sent, structured values as JSON text', () => {
    const tree = {
      ...good,
      STime: '25:00',
      Lat: { deg: 3 },
      K12: 'maybe',
      ListPerson: { Person: [person, 'somebody'] },
    }
    expect(found(tree)).toEqual(['F003T time', 'F004T latitude', 'F005T k12', 'F010T persons[2]'])
    expect(bodyOf(tree)).toMatchObject({
      time: '25:00',
      latitude: '{"deg":3}',
      k12: 'maybe',
      persons: [{ pid: 1, gender: '2' }, 'somebody'],
    })
  })

  test('a key of which a part is absent or cannot be read is no key', () => {
    expect(judge(rawTree({ ...good, ID: '' })).key).toBeNull()
    expect(judge(rawTree({ ...good, SDate: '02/30/2024' })).key).toBeNull()
    expect(judge(rawTree(good)).duplicateKeys).toEqual([null])
  })

  test.each([[''], [null], [[]], [['']], [undefined]])(
    '%j where a value is required is no value',
    (value) => {
      const tree = { ...good, ListPerson: { Person: [{ PID: value as string, Perc: { Gend: '2' } }] } }
      expect(found(tree)).toEqual(['F011R persons[1].pid'])
    },
  )
})

describe('checks of single fields', () => {
  test.each([
    [{ ...good, ID: 'ABCDEF' }, 'F001L id', 'ID has 1 to 5 characters.'],
    [{ ...good, ID: 'abc' }, 'DV1 id', "'abc' is not in the form of ID."],
    [
      { ...good, SDate: '02/30/2024' },
      'F002T day',
      "'02/30/2024' is not a date of the calendar (MM/DD/YYYY or YYYY-MM-DD).",
    ],
    [
      { ...good, SDate: '03/21/2024' },
      'F002N day',
      "SDate must be from 2018-07-01 to today, not '03/21/2024'.",
    ],
    [
      { ...good, Lat: '90.5' },
      'F004N latitude',
      "Lat must be from -90 to 90, with at most 3 digits after the point, not '90.5'.",
    ],
    [
      { ...good, Lat: '1.0001' },
      'F004N latitude',
      "Lat must be from -90 to 90, with at most 3 digits after the point, not '1.0001'.",
    ],
    [
      withPerson({ Perc: { Gend: '9' } }),
      'F012C persons[1].gender',
      "'9' is not a code of Gender (1, 2, 3).",
    ],
    [withPerson({ Age: '0' }), 'F014N persons[1].age', "Age must be from 1 to 120, not '0'."],
    [withPerson({ Age: 'old' }), 'F014T persons[1].age', "'old' is not a whole number."],
    [
      withPerson({ ListRace: { Race: ['1', '9'] } }),
      'F015C persons[1].race[2]',
      "'9' is not a code of race (1, 2, 7, 8).",
    ],
    [
      withPerson({ ListRace: { Race: ['1', '2', '1'] } }),
      'F015D persons[1].race[3]',
      "'1' stands in Race more than once.",
    ],
    [
      withPerson({ ListRace: { Race: ['1', '8'] } }),
      'F015A persons[1].race',
      "'8' of Race may not stand beside other values.",
    ],
    [
      withPerson({ ListRace: { Race: ['1', '2', '7', '8'] } }),
      'F015Q persons[1].race',
      'Race has 1 to 3 values, not 4.',
    ],
    [
      { ...good, ListPerson: { Person: [person, person] } },
      'F010D persons[2]',
      "'1' stands in Person more than once.",
    ],
    [{ ...good, ListPerson: '' }, 'F010R persons', 'Person is required.'],
    [withPerson({ Perc: { Gend: '' } }), 'F012R persons[1].gender', 'Gend is required.'],
  ])('%j: %s', (tree, path, text) => {
    expect(found(tree)[0]).toBe(path)
    expect(message(tree)[0]).toBe(text)
  })

  test('a finding names the wire name, the person and the value as sent', () => {
    const [finding] = judge(
      rawTree({ ...good, ListPerson: { Person: [person, { PID: 2, Perc: { Gend: 'x' } }] } }),
    ).findings
    expect(finding).toMatchObject({
      path: 'persons[2].gender',
      field: 'Gend',
      item: 2,
      value: 'x',
      severity: 'error',
    })
  })

  test('all findings of a record are given at once', () => {
    const tree = { ID: 'abc', SDate: '1', Lat: 'x', ListPerson: { Person: [{ Age: 'x' }] } }
    expect(found(tree)).toEqual([
      'DV1 id',
      'F002T day',
      'F004T latitude',
      'F014T persons[1].age',
      'F011R persons[1].pid',
      'F012R persons[1].gender',
    ])
  })
})

describe('fields that apply only under a condition', () => {
  test('are required where it holds, and refused where it does not', () => {
    expect(found({ ...withPerson({ Stud: 'Y' }), K12: 'Y', Note: 'x' })).toEqual([])
    expect(found({ ...good, K12: 'Y' })).toEqual(['F007R note', 'F016R persons[1].student'])
    expect(message({ ...good, K12: 'Y' })[0]).toBe('Say something.')
    expect(found(withPerson({ Stud: 'Y' }))).toEqual(['F016X persons[1].student'])
  })

  test('may be let through where it does not', () => {
    expect(found(withPerson({ Perc: { Gend: '2', Other: '5' } }))).toEqual([])
    expect(found(withPerson({ Perc: { Gend: '', Other: '5' } }))).toEqual([])
  })

  test('see the item they stand in and what encloses it', () => {
    const acting = (Age: string, Act: RawTree) => withPerson({ Age, ListAct: { Act: [Act] } })
    expect(found(acting('18', { Code: '2' }))).toEqual(['F019R persons[1].actions[1].consent'])
    expect(found(acting('17', { Code: '2' }))).toEqual([])
    expect(found(acting('17', { Code: '2', Con: 'Y' }))).toEqual(['F019X persons[1].actions[1].consent'])
  })

  test('are not judged where the condition reads what could not be typed', () => {
    expect(found({ ...withPerson({ Stud: 'Y' }), K12: 'maybe' })).toEqual(['F005T k12'])
  })
})

describe('rules', () => {
  test('run for each item, and name values in their message', () => {
    const tree = {
      ...good,
      ListPerson: {
        Person: [person, { PID: 2, Perc: { Gend: '1' }, ListRace: { Race: ['2', '7'] } }],
      },
    }
    expect(judge(rawTree(tree)).findings).toMatchObject([
      {
        code: 'R1',
        path: 'persons[2].race',
        field: 'Race',
        item: 2,
        value: '2, 7',
        message: 'Gender 1 of ABC goes with race 1, not 2, 7.',
      },
    ])
  })

  test('are skipped for the item whose value could not be typed, and only for that', () => {
    const bad = { Perc: { Gend: '1' }, ListRace: { Race: [{ code: '1' }] } }
    const tree = {
      ...good,
      ListPerson: {
        Person: [
          { PID: 1, ...bad },
          { PID: 2, Perc: { Gend: '1' } },
        ],
      },
    }
    expect(found(tree)).toEqual(['F015T persons[1].race[1]', 'R1 persons[2].race'])
  })

  test('that look at the whole list are skipped when any of it could not be typed', () => {
    const people = (age: string) => ({
      ...good,
      ListPerson: {
        Person: [
          { ...person, Age: '99' },
          { PID: 2, Perc: { Gend: '2' }, Age: age },
        ],
      },
    })
    expect(found(people('7'))).toEqual(['R2 persons'])
    expect(found(people('x'))).toEqual(['F014T persons[2].age'])
  })

  test('are not run on lists longer than allowed', () => {
    const crowd = Array.from({ length: 4 }, (_, index) => ({ PID: index, Perc: { Gend: '2' }, Age: '99' }))
    expect(found({ ...good, ListPerson: { Person: crowd } })).toEqual(['F010Q persons'])
  })

  test('of a version are run on its records only; those that need the stored record are not run here', () => {
    const tree = withPerson({ Perc: { Gend: '2', Other: 'z' }, ListAct: { Act: [{ Code: 'z' }] } })
    expect(found(tree)).toEqual(['R3 persons[1].actions[1].code'])
    expect(found({ ...tree, SDate: '12/31/2023' })).toEqual([])
  })

  test('ask code lists as of the effective date', () => {
    const tree = (Other: string, SDate: string) => ({ ...withPerson({ Perc: { Gend: '2', Other } }), SDate })
    expect(found(tree('A', '01/01/2024'))).toEqual([])
    expect(found(tree('A', '12/31/2023'))).toEqual(['R5 persons[1].other'])
    expect(found(tree('B', '01/01/2024'))).toEqual(['R5 persons[1].other'])
  })
})

describe('versions', () => {
  test('a field of another version is told and not stored', () => {
    const parcel = judge(rawTree({ ...good, Old: 'x' }))
    expect(parcel.findings).toMatchObject([
      { code: 'UNKNOWN_FIELD', severity: 'warning', path: 'old', field: 'Old' },
    ])
    expect(parcel.body).not.toContain('old')
    expect(found({ ...good, SDate: '12/31/2023', Old: 'x' })).toEqual([])
  })

  test('a date in no version is fatal', () => {
    const { findings } = judge(rawTree({ ...good, SDate: '12/31/2017' }))
    expect(findings).toMatchObject([
      { code: 'VERSION_NONE', severity: 'fatal', path: 'day', field: 'SDate' },
      { code: 'F002N' },
    ])
  })

  test('a record without a date is judged by the version of today', () => {
    expect(judge(rawTree({ ...good, SDate: '' })).version).toBe('v2')
  })
})

test('half of a surrogate pair, NUL and the key separator are fatal and replaced, so that the record can be logged', () => {
  for (const bad of ['a\u0000b', 'a\ud800b', 'a\udc00b', 'a\u001fb']) {
    const parcel = judge(rawTree({ ...withPerson({ Perc: { Gend: '2', Other: bad } }), Note: bad }))
    expect(parcel.findings.filter((finding) => finding.code === 'CHARACTER')).toMatchObject([
      { severity: 'fatal', path: 'note', field: 'Note', item: null, value: 'a\ufffdb' },
      { severity: 'fatal', path: 'persons[1].other', field: 'Other', item: 1, value: 'a\ufffdb' },
    ])
    expect(JSON.parse(parcel.body)).toMatchObject({ note: 'a\ufffdb', persons: [{ other: 'a\ufffdb' }] })
    expect(JSON.stringify(parcel)).not.toMatch(/\\u0000|\\ud800|\\udc00/)
  }
  expect(found(withPerson({ Perc: { Gend: '2', Other: '😀\u0001' } }))).toEqual([])
})

test('values in findings are cut to 200 characters and never hold what cannot be stored', () => {
  const [finding] = judge(rawTree({ ...good, Lat: `${'x'.repeat(199)}😀` })).findings
  expect(finding?.value).toBe(`${'x'.repeat(199)}\ufffd`)
})

test('only fields or only relations are judged on request', () => {
  const tree = { ...withPerson({ Perc: { Gend: '1' }, Age: 'x', Stud: 'Y' }), Lat: '99' }
  expect(found(tree, { checks: 'fields' })).toEqual(['F004N latitude', 'F014T persons[1].age'])
  expect(found(tree, { checks: 'relations' })).toEqual(['F016X persons[1].student', 'R1 persons[1].race'])
})

test('a record that could not be read has its reason alone, and no key', () => {
  const shape = { kind: 'broken', code: 'RECORD_RAGGED', reason: 'two cells too many.' } as const
  const parcel = judge({ ...rawTree({}), shape })
  expect(parcel).toMatchObject({
    key: null,
    body: '{}',
    findings: [{ code: 'RECORD_RAGGED', severity: 'fatal' }],
  })
})

test('a row and a tree of the same content have the same body and content hash', () => {
  const row = judge(rawRows(['id', 'day', 'latitude'], ['ABC', '2024-02-14', '36.5']))
  const tree = judge(rawTree({ ID: 'ABC', SDate: '02/14/2024', Lat: 36.5 }))
  expect(row.body).toBe(tree.body)
  expect(row.contentHash).toBe(tree.contentHash)
})
