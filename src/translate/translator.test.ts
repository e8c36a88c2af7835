import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeList, exchangeOf, field, rawRows, rawTree, recordType } from '../../test/fixtures/definition.ts'
import type { Definition, Field } from '../exchange/definition.ts'
import type { RawRecord, RawTree } from '../exchange/parcel.ts'
import { type Draft, DraftGroup, type DraftValue } from './draft.ts'
import { compileTranslator, type TranslateContext } from './translator.ts'

const results = field('results', {
  type: 'group',
  many: true,
  path: ['ListResult', 'Result'],
  column: 'Result',
  fields: [field('code', { path: ['Res'] }), field('offences', { many: true, path: ['Off'] })],
})
const persons = field('persons', {
  type: 'group',
  many: true,
  path: ['ListPerson', 'Person'],
  fields: [
    field('age', { type: 'integer', path: ['Perc', 'Age'], column: 'Age' }),
    field('race', { many: true, path: ['Perc', 'ListRace', 'Race'], column: 'Race' }),
    results,
  ],
})
const gender = field('gender', {
  path: ['Gend'],
  column: 'Gend',
  crosswalk: 'gender',
  transforms: ['trim', 'upper'],
})
const type = recordType(
  [
    field('id', { path: ['ID'], column: 'ID', transforms: ['trim'] }),
    field('city', { path: ['Place', 'City'], column: 'City' }),
    field('officer_uid', { path: ['Officer', 'UID'], column: 'UID' }),
    field('officer_years', { path: ['Officer', 'Years'], column: 'Years' }),
    gender,
    persons,
  ],
  {
    operation: {
      path: ['TX'],
      column: 'TX',
      values: { I: 'create', U: 'replace' },
      fallback: null,
      code: 'F004',
      message: '',
      close: { path: ['NFIA'], column: 'NFIA', value: 'Y' },
    },
    filters: [{ code: 'OLD', drop: "record.city == 'NOWHERE'", message: 'Not ours.' }],
  },
)
const base = exchangeOf(type)
const definition: Definition = {
  ...base,
  lists: { gender: codeList('gender', ['1', '2']) },
  crosswalks: {
    gender: { name: 'gender', list: 'gender', map: { '*': { M: '1', W: 'x' }, west: { W: '2' } } },
  },
  formats: { ...base.formats, csv: { delimiter: ',', items: ';', parts: ',', rowPer: 'persons' } },
}
const translator = compileTranslator(definition)
const context: TranslateContext = { partner: 'east', today: '2024-03-20' }

function translate(raw: RawRecord, change: Partial<TranslateContext> = {}): Draft {
  return translator.translate(raw, { ...context, ...change })
}

/** A draft's values under their names. */
function named(value: DraftValue, fields: readonly Field[] = type.fields): unknown {
  if (Array.isArray(value)) return value.map((item) => named(item, fields))
  if (!(value instanceof DraftGroup)) return value
  const shown: Record<string, unknown> = {}
  for (const [index, one] of fields.entries())
    if (value.values[index] !== undefined) shown[one.name] = named(value.values[index], one.fields)
  return shown
}

const bound = (tree: RawTree, change: Partial<TranslateContext> = {}) =>
  named(translate(rawTree({ TX: 'I', ...tree }), change).record)

describe('trees', () => {
  test('wire names become canonical names, and wrapped lists become lists', () => {
    const tree = {
      ID: 'a',
      Place: { City: 'ALDER' },
      ListPerson: {
        Person: [{ Perc: { Age: '34', ListRace: { Race: ['1', '2'] } } }, { Perc: { Age: 7 } }],
      },
    }
    expect(bound(tree)).toEqual({
      id: 'a',
      city: 'ALDER',
      persons: [{ age: '34', race: ['1', '2'] }, { age: 7 }],
    })
  })

  test('one where a list is expected is a list of one, and a bare list stands for a wrapped one', () => {
    expect(bound({ ListPerson: { Person: { Perc: { Age: 7, ListRace: ['1', '2'] } } } })).toEqual({
      persons: [{ age: 7, race: ['1', '2'] }],
    })
    expect(bound({ ListPerson: [{ Person: [{ Perc: [{ Age: 7 }] }] }] })).toEqual({ persons: [{ age: 7 }] })
    expect(bound({ ID: ['a'] })).toEqual({ id: 'a' })
  })

  test.each([
    [''],
    [null],
    [[]],
    [['']],
    [[null, '']],
    [{}],
    [{ Person: '' }],
    [{ Person: [{ Perc: { Age: '' } }] }],
  ])('%j is the same as nothing', (value) => {
    expect(bound({ ListPerson: value as RawTree, ID: '' })).toEqual({})
  })

  test('empty values of a list are left out, and what is left is numbered', () => {
    expect(
      bound({ ListPerson: { Person: ['', { Perc: { Age: 1, ListRace: { Race: ['', '3'] } } }] } }),
    ).toEqual({
      persons: [{ age: 1, race: ['3'] }],
    })
  })

  test('what has the wrong form is kept for judging, never lost', () => {
    expect(bound({ ID: { a: 1 }, ListPerson: { Person: ['x'] } })).toEqual({ id: { a: 1 }, persons: ['x'] })
    expect(bound({ ListPerson: 'x' })).toEqual({ persons: ['x'] })
    const { findings } = translate(rawTree({ TX: 'I', Officer: 'x' }))
    expect(findings).toMatchObject([
      { code: 'UNKNOWN_FIELD', severity: 'error', field: 'Officer', value: 'x' },
    ])
  })

  test('an unknown name is told with its place, if there is anything in it', () => {
    const tree = {
      TX: 'I',
      Extra: 'x',
      Empty: '',
      ListPerson: { Person: [{ Perc: { Age: 1 } }, { Hat: ['y'], Perc: { Age: 2 } }] },
    }
    expect(translate(rawTree(tree)).findings).toMatchObject([
      { code: 'UNKNOWN_FIELD', severity: 'warning', path: '', field: 'Extra', item: null, value: 'x' },
      {
        code: 'UNKNOWN_FIELD',
        severity: 'warning',
        path: 'persons[2]',
        field: 'Hat',
        item: 2,
        value: '["y"]',
      },
    ])
  })

  test('the errors member of an error file is passed over', () => {
    expect(translate(rawTree({ TX: 'I', ID: 'a', Errors: [{ code: 'x' }] })).findings).toEqual([])
  })

  test('canonical names are bound on request, with operation and record_id', () => {
    const tree = { operation: 'merge', record_id: 'r1', city: 'ALDER', persons: [{ age: 7, race: ['1'] }] }
    const draft = translate(rawTree(tree), { names: 'native' })
    expect(named(draft.record)).toEqual({ city: 'ALDER', persons: [{ age: 7, race: ['1'] }] })
    expect(draft).toMatchObject({ operation: 'merge', quotedId: 'r1', findings: [] })
  })

  test('names that every object has are unknown names like others, and harm nothing', () => {
    const tree = JSON.parse(
      '{"TX":"I","__proto__":{"ID":"evil"},"constructor":"x","toString":{"a":1},"ID":"a"}',
    )
    const draft = translate(rawTree(tree))
    expect(named(draft.record)).toEqual({ id: 'a' })
    expect(draft.findings.map((finding) => finding.field).sort()).toEqual([
      '__proto__',
      'constructor',
      'toString',
    ])
    expect(({} as Record<string, unknown>).ID).toBeUndefined()
  })

  test('any JSON at all is bound without an exception', () => {
    const node = fc.letrec<{ tree: RawTree }>((tie) => ({
      tree: fc.dictionary(
        fc.constantFrom(
          'ID',
          'TX',
          'NFIA',
          'Place',
          'City',
          'Officer',
          'ListPerson',
          'Person',
          'Perc',
          'Age',
          'Race',
          'ListRace',
          '__proto__',
        ),
        fc.oneof(
          { maxDepth: 4 },
          fc.string(),
          fc.jsonValue(),
          fc.array(tie('tree'), { maxLength: 3 }),
          tie('tree'),
        ) as fc.Arbitrary<never>,
      ),
    })).tree
    fc.assert(
      fc.property(node, (tree) => {
        expect(translate(rawTree(tree)).record).toBeInstanceOf(DraftGroup)
      }),
    )
  })
})

describe('rows', () => {
  const header = ['TX', 'ID', 'City', 'Age', 'Race', 'Result']
  const rows = (...cells: string[][]) => translate(rawRows(header, ...cells))

  test('each row has its item; cells of the record are repeated or left empty', () => {
    const draft = rows(['I', 'a', 'ALDER', '34', '1;2', '3,54106,54107;7'], ['', '', 'ALDER', '7', '', ''])
    expect(named(draft.record)).toEqual({
      id: 'a',
      city: 'ALDER',
      persons: [
        {
          age: '34',
          race: ['1', '2'],
          results: [{ code: '3', offences: ['54106', '54107'] }, { code: '7' }],
        },
        { age: '7' },
      ],
    })
    expect(draft).toMatchObject({ operation: 'create', findings: [] })
  })

  test('a cell of the record that differs on a later row is told', () => {
    expect(rows(['I', 'a', 'ALDER', '1', '', ''], ['I', 'a', 'BIRCH', '2', '', '']).findings).toMatchObject([
      {
        code: 'ROWS_DIFFER',
        severity: 'error',
        path: 'city',
        field: 'City',
        message: "Row 2 of the record has 'BIRCH' in City, where an earlier row has 'ALDER'.",
      },
    ])
  })

  test('a row without anything of an item has no item', () => {
    expect(named(rows(['I', 'a', 'ALDER', '', '', '']).record)).toEqual({ id: 'a', city: 'ALDER' })
  })

  test('spaces around the codes of a cell and empty codes are nothing', () => {
    expect(named(rows(['I', 'a', '', '1', ' 1 ;; 2;', '3, 54106 ,']).record)).toEqual({
      id: 'a',
      persons: [{ age: '1', race: ['1', '2'], results: [{ code: '3', offences: ['54106'] }] }],
    })
  })

  test('the apostrophe of a neutralised cell is no part of its value', () => {
    const cell = (text: string) => (named(rows(['I', 'a', text, '', '', '']).record) as { city: string }).city
    expect(["'=1+1", "'-5", "'@x", "'plain", "O'Neil"].map(cell)).toEqual([
      '=1+1',
      '-5',
      '@x',
      "'plain",
      "O'Neil",
    ])
  })

  test('an unknown column is told where it holds something, and the columns of an error file are not', () => {
    const wide = ['TX', 'ID', 'Colour', 'Error_Code', 'Tributary_Position']
    expect(translate(rawRows(wide, ['I', 'a', 'red', 'F001', '3'])).findings).toMatchObject([
      { code: 'UNKNOWN_FIELD', field: 'Colour', value: 'red' },
    ])
    expect(translate(rawRows(wide, ['I', 'a', '', '', ''])).findings).toEqual([])
  })
})

describe('what to do with the record', () => {
  const operation = (tree: RawTree, change: Partial<TranslateContext> = {}) => {
    const draft = translate(rawTree(tree), change)
    return [draft.operation, ...draft.findings.map((finding) => `${finding.code} ${finding.severity}`)]
  }

  test('its own words say it', () => {
    expect(operation({ TX: 'I' })).toEqual(['create'])
    expect(operation({ TX: ' U ' })).toEqual(['replace'])
    expect(operation({ TX: 'U', NFIA: 'Y' })).toEqual(['close'])
    expect(operation({ TX: 'U', NFIA: 'N' })).toEqual(['replace'])
  })

  test('an unknown word, none at all, and closing what is only being made are fatal', () => {
    expect(operation({ TX: 'X' })).toEqual(['create', 'F004 fatal'])
    expect(operation({ TX: 'toString' })).toEqual(['create', 'F004 fatal'])
    expect(operation({ ID: 'a' })).toEqual(['create', 'F004 fatal'])
    expect(operation({ TX: 'I', NFIA: 'Y' })).toEqual(['create', 'F004 fatal'])
  })

  test('a call may say it for a record that does not', () => {
    expect(operation({ ID: 'a' }, { operation: 'delete' })).toEqual(['delete'])
    expect(operation({ TX: 'I' }, { operation: 'delete' })).toEqual(['create'])
  })

  test('the quoted id of the centre is taken from the record', () => {
    expect(translate(rawTree({ TX: 'U', DOJRecordID: 'r1' })).quotedId).toBe('r1')
    expect(translate(rawRows(['TX', 'DOJRecordID'], ['U', 'r1'])).quotedId).toBe('r1')
  })
})

describe('changes', () => {
  test('transforms, then the crosswalk of the partner or of all; each change is noted', () => {
    const draft = translate(rawTree({ TX: 'I', Gend: ' m ' }))
    expect(named(draft.record)).toEqual({ gender: '1' })
    expect(draft.notes).toEqual([
      { path: 'gender', rule: 'trim', from: ' m ', to: 'm' },
      { path: 'gender', rule: 'upper', from: 'm', to: 'M' },
      { path: 'gender', rule: 'crosswalk gender', from: 'M', to: '1' },
    ])
    expect(bound({ Gend: 'W' }, { partner: 'west' })).toEqual({ gender: '2' })
    expect(bound({ Gend: 'constructor' })).toEqual({ gender: 'CONSTRUCTOR' })
    expect(translate(rawTree({ TX: 'I', Gend: '1' })).notes).toEqual([])
  })

  test('a value that is nothing but spaces is nothing, where spaces are trimmed', () => {
    expect(bound({ ID: '  ' })).toEqual({})
  })
})

test('a filter drops a record and says so', () => {
  const draft = translate(rawTree({ TX: 'I', Place: { City: 'NOWHERE' }, Extra: 'x' }))
  expect(draft.filtered).toBe(true)
  expect(draft.findings).toMatchObject([{ code: 'OLD', severity: 'info', message: 'Not ours.' }])
})

test('a record that could not be read keeps its place and reason', () => {
  const shape = { kind: 'broken', code: 'RECORD_MALFORMED', reason: 'a comma is missing.' } as const
  const draft = translate({ position: 7, line: 9, member: 'm', shape, text: '{' })
  expect(draft).toMatchObject({ position: 7, line: 9, member: 'm', operation: 'create', broken: true })
  expect(draft.findings).toMatchObject([
    { code: 'RECORD_MALFORMED', severity: 'fatal', message: 'a comma is missing.' },
  ])
})
