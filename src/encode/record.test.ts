import { expect, test } from 'vitest'
import { visitDefinition, visitType } from '../../test/fixtures/visit-definition.ts'
import { columnsOf } from '../exchange/columns.ts'
import type { Body } from '../exchange/parcel.ts'
import { toRows, toWire } from './record.ts'

const body: Body = {
  id: 'A-1',
  day: '2024-02-14',
  place: { kind: '2', street: 'Alder St', longitude: '-118.250' },
  persons: [
    {
      pid: 1,
      races: ['1', '2'],
      student: true,
      results: [{ result: '3', offences: ['54106', '54107'] }, { result: '7' }],
    },
    { pid: 2, races: ['1'], student: false },
  ],
}

const native = {
  ...visitDefinition,
  formats: {
    ...visitDefinition.formats,
    dates: 'iso' as const,
    json: { wrapper: null, allText: false },
  },
}

test('an all-text exchange writes text throughout, and empty text and lists for what is absent', () => {
  expect(toWire(visitDefinition, visitType, body, { operation: 'create', version: 'v2' })).toEqual({
    TX_Type: 'I',
    ID: 'A-1',
    DAY: '02/14/2024',
    Place: { KIND: '2', Where: { STREET: 'Alder St' }, LONGITUDE: '-118.250' },
    ListPerson: {
      Person: [
        {
          PID: '1',
          Perc: { ListRace: { RACE: ['1', '2'] }, STUDENT: 'Y' },
          ListResult: {
            Result: [
              { RESULT: '3', OFF: ['54106', '54107'] },
              { RESULT: '7', OFF: [] },
            ],
          },
        },
        { PID: '2', Perc: { ListRace: { RACE: ['1'] }, STUDENT: 'N' }, ListResult: { Result: [] } },
      ],
    },
  })
})

test('other exchanges write numbers where no digit is lost, ISO dates, and nothing for what is absent', () => {
  expect(toWire(native, visitType, { id: '1', day: '2024-02-14', place: { longitude: '-118.25' } })).toEqual({
    ID: '1',
    DAY: '2024-02-14',
    Place: { LONGITUDE: -118.25 },
  })
  expect(toWire(native, visitType, { place: { longitude: '-118.250' } })).toEqual({
    Place: { LONGITUDE: '-118.250' },
  })
})

test('a close travels as a replace with its flag, the stable id under its own name', () => {
  expect(toWire(native, visitType, { id: '1' }, { operation: 'close', stableId: 'D9' })).toEqual({
    TX_Type: 'U',
    Is_NFIA: 'Y',
    DOJRecordID: 'D9',
    ID: '1',
  })
})

test('a value that could not be read stays as it was sent', () => {
  expect(toWire(native, visitType, { day: '02/30/2024', place: 'here', persons: ['x'] })).toEqual({
    DAY: '02/30/2024',
    Place: 'here',
    ListPerson: { Person: ['x'] },
  })
})

test('a record has a row for each item of the list with rows, and lists and groups in cells', () => {
  const header = columnsOf(visitDefinition, visitType).map(({ column }) => column)
  expect(header).toEqual([
    'TX_Type',
    'Is_NFIA',
    'DOJRecordID',
    'ID',
    'DAY',
    'OLD',
    'KIND',
    'STREET',
    'LONGITUDE',
    'PID',
    'RACES',
    'STUDENT',
    'RESULT',
  ])
  expect(toRows(visitDefinition, visitType, body, { operation: 'create', stableId: 'D9' })).toEqual([
    ['I', '', 'D9', 'A-1', '02/14/2024', '', '2', 'Alder St', '-118.250', '1', '1;2', 'Y', '3,54106,54107;7'],
    ['I', '', 'D9', 'A-1', '02/14/2024', '', '2', 'Alder St', '-118.250', '2', '1', 'N', ''],
  ])
  expect(toRows(visitDefinition, visitType, { id: 'A-2' })).toEqual([
    ['', '', '', 'A-2', '', '', '', '', '', '', '', '', ''],
  ])
})
