import { expect, test } from 'vitest'
import { exchangeOf, field, recordType } from '../../test/fixtures/definition.ts'
import { columnsOf, groupColumnsOf, ROW_BY_ROW } from './columns.ts'

const part = (name: string, many = false) => field(name, { many })
const type = recordType([
  field('id', { column: 'ID' }),
  field('officer', { type: 'group', fields: [part('uid'), part('race', true)] }),
  field('persons', {
    type: 'group',
    many: true,
    fields: [
      part('age'),
      field('results', { type: 'group', many: true, fields: [part('code'), part('offences', true)] }),
      field('odd', { type: 'group', many: true, fields: [part('first', true), part('second')] }),
    ],
  }),
])
const base = exchangeOf(type)
const flat = exchangeOf(type, {
  formats: { ...base.formats, csv: { ...base.formats.csv, rowPer: 'persons' } },
})

test('the columns are what to do with the record, then its fields; an item of the row list has its own', () => {
  const rows = columnsOf(flat, type).map((one) => [one.column, one.path.join('.'), one.kind, one.ofItem])
  expect(rows).toEqual([
    ['TX_Type', '', 'operation', false],
    ['DOJRecordID', '', 'stable_id', false],
    ['ID', 'id', 'value', false],
    ['uid', 'officer.uid', 'value', false],
    ['race', 'officer.race', 'list', false],
    ['age', 'persons.age', 'value', true],
    ['results', 'persons.results', 'groups', true],
  ])
})

test('rows of one record are known by the columns of its key, where a record may have several rows', () => {
  expect(groupColumnsOf(flat)).toEqual({ key: ['ID'], marks: [expect.any(String), expect.any(String)] })
  expect(groupColumnsOf(base)).toEqual(ROW_BY_ROW)
})
