import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Definition, Field, Profile, RecordType } from '../../src/exchange/definition.ts'
import { ANY_FILES } from '../fixtures/any-files.ts'

/** A small definition made by hand, with the real SDCS profile, so that these tests need no loader. */

function field(no: number, name: string, path: string, more: Partial<Field> = {}): Field {
  return {
    no,
    name,
    label: name,
    description: '',
    example: '',
    type: 'text',
    document: null,
    many: false,
    itemsMin: 0,
    itemsMax: 1,
    itemKey: null,
    distinct: false,
    alone: [],
    required: false,
    when: null,
    otherwise: 'reject',
    severity: 'error',
    codes: {},
    messages: {},
    lengthMin: null,
    lengthMax: null,
    pattern: null,
    min: null,
    max: null,
    scale: null,
    list: null,
    booleanWords: { true: ['Y'], false: ['N'] },
    transforms: [],
    crosswalk: null,
    privacy: 'public',
    locked: false,
    search: false,
    only: null,
    path: path.split('.'),
    column: name,
    fields: [],
    ...more,
  }
}

const STOP: RecordType = {
  name: 'stop',
  title: 'Stop',
  fields: [
    field(1, 'lea_record_id', 'LEARecordID', { required: true }),
    field(2, 'batch_id', 'BatchID'),
    field(3, 'ori', 'ORI', { search: true }),
    field(6, 'stop_date', 'SDate', { type: 'date', search: true }),
    field(7, 'stop_time', 'STime', { type: 'time' }),
    field(12, 'officer_uid', 'Officer.UID'),
    field(13, 'proxy', 'Officer.Proxy'),
  ],
  identity: {
    key: ['ori', 'lea_record_id'],
    exists: { code: 'DV236', message: 'Stored already.' },
    missing: { code: 'R03A', message: 'Not stored.' },
    closed: { code: 'R03B', message: 'Final.' },
    wrongId: { code: 'R03C', message: 'Another record.' },
    duplicates: [
      { fields: ['ori', 'officer_uid', 'stop_date', 'stop_time'], code: 'DV004', message: 'Same stop.' },
    ],
    owner: { field: 'ori', scheme: 'ori', code: 'F003W', message: 'Not your ORI.' },
    stableId: { path: ['DOJRecordID'], column: 'DOJRecordID', label: 'DOJRecordID' },
  },
  operation: {
    path: ['TX_Type'],
    column: 'TX_Type',
    values: { I: 'create', U: 'replace' },
    fallback: null,
    code: 'F004',
    message: 'I or U.',
    close: { path: ['Is_NFIA'], column: 'Is_NFIA', value: 'Y' },
  },
  lifecycle: {
    labels: {
      submitted: 'Successful Submission',
      'submitted-with-errors': 'Submitted with Errors',
      closed: 'No Further Information Available',
      deleted: 'Deleted',
    },
    operations: { create: { from: [], grant: 'owner' } },
  },
  effective: 'stop_date',
  rules: [],
  filters: [],
  unknownFields: 'warning',
  forms: { element: 'Stop', property: 'stop', sheet: 'stop', member: 'stop*' },
}

function realProfile(): Profile {
  const path = new URL('../../exchanges/ripa/exchange.yaml', import.meta.url)
  const { profiles } = parse(readFileSync(path, 'utf8')) as {
    profiles: {
      sdcs: {
        headers: Record<string, { field?: string; required?: boolean }>
        statuses: Record<string, number>
      }
    }
  }
  const headers = Object.entries(profiles.sdcs.headers).map(([name, header]) => [
    name,
    { field: header.field ?? null, required: header.required === true },
  ])
  return { headers: Object.fromEntries(headers), statuses: profiles.sdcs.statuses }
}

function definition(exchange: string, profiles: Definition['profiles']): Definition {
  return {
    exchange,
    title: `Exchange ${exchange}`,
    description: '',
    zone: 'America/Los_Angeles',
    owner: 'partner',
    versions: [{ name: '1', from: null, until: null }],
    types: [STOP],
    lists: {},
    crosswalks: {},
    formats: {
      json: { wrapper: null, allText: true },
      xml: { root: 'StopDataRecords', record: 'StopDataRecord', namespace: null },
      csv: { delimiter: '|', items: ';', parts: ',', rowPer: null },
      recordType: 'record_type',
      sheet: { name: 'Stops' },
    },
    refresh: { allowed: false, deleteShareMax: 0.1, deleteCountMax: 1000, changeShareMax: 0.5 },
    batch: { required: [] },
    realtime: { interleave: true, waitMs: 1000 },
    profiles,
    files: ANY_FILES,
    hash: 'a'.repeat(64),
  }
}

/** `ripa` offers the SDCS profile; `other` is another exchange that does not. */
export const DEFINITIONS: readonly Definition[] = [
  definition('ripa', { sdcs: realProfile() }),
  definition('other', {}),
]
