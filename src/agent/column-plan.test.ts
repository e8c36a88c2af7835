import { beforeAll, expect, test } from 'vitest'
import { rollDefinition } from '../../test/agent/county.ts'
import type { Definition } from '../exchange/definition.ts'
import type { SourceValue } from '../source/source.ts'
import { planColumns } from './column-plan.ts'
import type { ViewConfig } from './config.ts'
import { recordMaker } from './wire-record.ts'

let definition: Definition

beforeAll(async () => {
  definition = await rollDefinition()
})

function view(change: Partial<ViewConfig> = {}): ViewConfig {
  return {
    type: null,
    view: 'voters',
    where: null,
    columns: new Map(),
    otherColumns: 'refuse',
    changes: null,
    ...change,
  }
}

/** The record of a row, by its columns. */
function record(row: Readonly<Record<string, SourceValue>>, change: Partial<ViewConfig> = {}) {
  const { plan, problems } = planColumns(definition, view(change), Object.keys(row))
  if (plan === null) throw new Error(problems.join(' '))
  return recordMaker(definition, plan).record(plan.columns.map((column) => row[column] ?? null))
}

test('names are wire names, CSV columns or canonical names, in any case', () => {
  expect(
    record(
      { VOTERNUMBER: 1, 'home.City': 'A', HomeZip: '95814', 'Name ': 'x' },
      { columns: new Map([['Name ', 'name']]) },
    ),
  ).toEqual({
    VoterNumber: 1,
    Home: { City: 'A', Zip: '95814' },
    FullName: 'x',
  })
})

test('values look as the definition wants them', () => {
  const row = {
    VoterNumber: '7',
    FullName: 'José   ',
    BirthDate: '1980-02-29 00:00:00+00',
    LastChanged: '2026-01-01 10:00:00.123456-08',
    Active: true,
    Share: '1.5000000000',
    Party: '',
    Notes: 'a; b',
  }
  expect(record(row)).toEqual({
    VoterNumber: '7',
    FullName: 'José',
    BirthDate: '1980-02-29',
    LastChanged: '2026-01-01T10:00:00-08:00',
    Active: 'Y',
    Share: '1.5000000000',
    Notes: ['a', 'b'],
  })
  expect(record({ VoterNumber: 1, Notes: ['a', null, 'b'] }).Notes).toEqual(['a', 'b'])
  expect(record({ VoterNumber: 1, Notes: '["a;b"]' }).Notes).toEqual(['a;b'])
  expect(record({ VoterNumber: 1, Home: '{"City":"X"}' }).Home).toEqual({ City: 'X' })
  expect(record({ VoterNumber: 1, FullName: new Uint8Array([1, 2]) }).FullName).toBe('AQI=')
})

test('everything that does not fit is told at once', () => {
  const { plan, problems } = planColumns(
    definition,
    view({
      columns: new Map([
        ['nme', 'FullName'],
        ['party', 'Partei'],
      ]),
    }),
    ['voter_no', 'name', 'party', 'Party2'],
  )
  expect(plan).toBeNull()
  expect(problems).toEqual([
    "The view voters has no column 'nme'. Did you mean 'name'?",
    expect.stringMatching(/^The column 'voter_no' of voters is no field of the exchange\./),
    "There is no field 'Partei' for the column 'party'. Did you mean 'Party'?",
    expect.stringMatching(
      /^The column 'Party2' of voters is no field of the exchange\. Did you mean 'Party'\?/,
    ),
    "No column gives 'VoterNumber', which is part of the key.",
  ])
})

test('two columns do not go to one place; required fields that no column gives are told', () => {
  const { problems, warnings } = planColumns(
    definition,
    view({ columns: new Map([['nr', 'VoterNumber']]) }),
    ['VoterNumber', 'nr'],
  )
  expect(problems).toEqual([
    "The columns 'VoterNumber' and 'nr' both go to 'VoterNumber'. Leave one of them out.",
  ])
  expect(warnings).toEqual(["No column gives 'FullName', which every record must have."])
})

test('columns may be left out, or sent as they are', () => {
  expect(record({ VoterNumber: 1, other: 'x' }, { otherColumns: 'leave_out' })).toEqual({ VoterNumber: 1 })
  expect(record({ VoterNumber: 1, other: 'x' }, { columns: new Map([['other', null]]) })).toEqual({
    VoterNumber: 1,
  })
  expect(record({ reg: 1, other: 'x' }, { otherColumns: 'send' })).toEqual({ reg: 1, other: 'x' })
})

test('keys are one text whether they come as number or text, and a deletion says no more than its key', () => {
  const changes = { by: 'snapshot', deletions: 'send', deleteShareMax: 0.1 } as const
  const { plan } = planColumns(definition, view({ changes }), ['FullName', 'VoterNumber'])
  if (plan === null) throw new Error('no plan')
  const maker = recordMaker(definition, plan)
  expect(maker.keyText(['x', 7])).toBe(maker.keyText(['y', '7']))
  expect(maker.deletion(['7'])).toEqual({ VoterNumber: '7', Action: 'D' })
})

test('an exchange that takes no deletions, or wants to be told what to do, is told before the first job', () => {
  const [type] = definition.types
  if (type === undefined) throw new Error('no type')
  const { create } = type.lifecycle.operations
  if (create === undefined) throw new Error('no create')
  const insertOnly = {
    ...definition,
    types: [
      {
        ...type,
        operation: { ...type.operation, fallback: null },
        lifecycle: { ...type.lifecycle, operations: { create } },
      },
    ],
  }
  const changes = { by: 'snapshot', deletions: 'send', deleteShareMax: 0.1 } as const
  expect(planColumns(insertOnly, view({ changes }), ['VoterNumber']).problems).toEqual([
    expect.stringContaining("No column gives 'Action', which says what to do with a record"),
    'The exchange takes no deletions. Write deletions: ignore.',
  ])
})

test('a table of changes must hold the key', () => {
  const changes = {
    by: 'tracking',
    table: 'changes',
    sequence: 'seq',
    key: [['voter', 'FullName']],
    operation: null,
    overlap: 0,
    deletions: 'send',
  } as const
  expect(planColumns(definition, view({ changes }), ['VoterNumber', 'FullName']).problems).toEqual([
    "The key of the table of changes lacks 'number' of the record's key.",
  ])
})
