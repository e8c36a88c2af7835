import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { rawTree } from '../../test/fixtures/definition.ts'
import { laid, loadElectors, NC_VOTERS, ncFile, ruleText, vriRequest } from '../../test/fixtures/electors.ts'
import { decodeDocument } from '../decode/decode.ts'
import { DEFAULT_LIMITS } from '../decode/limits.ts'
import { ROW_BY_ROW } from '../exchange/columns.ts'
import type { Definition } from '../exchange/definition.ts'
import type { Parcel, RawRecord, RawTree } from '../exchange/parcel.ts'
import { createJudge } from '../judge/judge.ts'

const context = { partner: 'alder', today: '2026-03-02' }
let own: Definition

beforeAll(async () => {
  own = await loadElectors()
})

async function readRows(definition: Definition, text: string): Promise<RawRecord[]> {
  const options = {
    formats: definition.formats,
    limits: DEFAULT_LIMITS,
    groupColumns: ROW_BY_ROW,
    types: [],
    type: null,
    firstPosition: 1,
    member: '',
  }
  const records: RawRecord[] = []
  for await (const batch of decodeDocument(each(Buffer.from(text)), 'csv', options)) records.push(...batch)
  return records
}

async function* each(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function bodyOf(parcel: Parcel | undefined): unknown {
  return JSON.parse(parcel?.body ?? 'null')
}

describe('a file in the layout of North Carolina, by rules alone', () => {
  let parcels: readonly Parcel[]

  beforeAll(async () => {
    const definition = laid(own, 'alder', await ruleText('north-carolina'))
    parcels = createJudge(definition).judge(await readRows(definition, ncFile(NC_VOTERS)), context)
  })

  test('its columns become our fields, its codes and dates ours', () => {
    expect(bodyOf(parcels[0])).toEqual({
      elector_id: 'AA900001',
      name: { first: 'INVENTA', middle: 'MARY', last: 'ALDERSON', suffix: 'JR' },
      birth_year: 1981,
      status: 'active',
      party: 'democratic',
      registered_on: '2001-03-09',
      county: '01',
      residence: { line: '12 MILL ST', city: 'GRAHAM', state: 'NC', zip: '27253' },
      phone: '3365550101',
      precinct: '1-03S',
    })
    expect(parcels[0]?.findings).toEqual([])
    expect(bodyOf(parcels[1])).toMatchObject({ status: 'inactive', party: 'unaffiliated', county: '92' })
  })

  test('what was changed on the way is noted, what only has another name is not', () => {
    const notes = parcels[0]?.notes.map(({ path, rule }) => `${path} ${rule}`) ?? []
    expect(notes).toEqual(
      expect.arrayContaining([
        'status crosswalk status',
        'party crosswalk party',
        'name.suffix replace',
        'phone digits',
        'registered_on layout ncvoter',
        'residence.zip layout ncvoter',
        'birth_year layout ncvoter',
      ]),
    )
    expect(notes.filter((note) => /last|city/.test(note))).toEqual([])
    expect(parcels[0]?.notes.find(({ path }) => path === 'party')).toMatchObject({
      from: 'DEM',
      to: 'democratic',
    })
  })

  test('filters see columns that are not mapped, and a filtered record has the code of its filter', () => {
    expect(parcels.map(({ filtered }) => filtered)).toEqual([false, false, true, true, false])
    expect(parcels[2]).toMatchObject({
      key: 'AA900003',
      findings: [{ code: 'NC-REMOVED', severity: 'info' }],
    })
    expect(parcels[3]?.findings).toMatchObject([{ code: 'NC-CONFIDENTIAL' }])
  })

  test('findings name the column that the sender knows', () => {
    const found = parcels[4]?.findings.map(({ field, path }) => [path, field])
    expect(found).toEqual(
      expect.arrayContaining([
        ['party', 'party_cd'],
        ['registered_on', 'registr_dt'],
      ]),
    )
  })
})

describe('requests in the voter records interchange format, by rules alone', () => {
  let definition: Definition

  beforeAll(async () => {
    definition = laid(own, 'alder', await ruleText('vri'))
  })

  function judged(tree: object): Parcel {
    const [parcel] = createJudge(definition).judge([rawTree(tree as RawTree)], context)
    if (parcel === undefined) throw new Error('no parcel')
    return parcel
  }

  test('names, picks by type, lists, attestations and addresses become our fields', () => {
    const parcel = judged(vriRequest('XX000111'))
    expect(bodyOf(parcel)).toEqual({
      elector_id: 'XX000111',
      name: { first: 'INVENTA', middle: 'A B', last: 'EXAMPLE' },
      birth_date: '1991-04-30',
      status: 'active',
      registered_on: '2026-02-09',
      county: 'mahoning',
      residence: { line: '38 BELLOWS AVE', city: 'YOUNGSTOWN', state: 'OH', zip: '44505' },
      phone: '3305550102',
      email: 'inventa@example.org',
      identifiers: [{ kind: 'licence', number: 'XX000111' }],
      citizen: true,
      languages: ['en', 'US'],
    })
    expect(parcel.findings).toEqual([])
  })

  test('a record in our own layout is still read, and so is a request of another kind', () => {
    const ours = judged({ elector_id: 'E1', name: { first: 'A', last: 'B' }, status: 'inactive' })
    expect(bodyOf(ours)).toEqual({ elector_id: 'E1', name: { first: 'A', last: 'B' }, status: 'inactive' })
    const other = judged(vriRequest('XX000111', { Type: ['lookup'] }))
    expect(other.findings.some(({ severity }) => severity === 'fatal')).toBe(true)
  })

  const sample = '../shared/samples/voter/nist-vri/examples/ohio_registration.json'
  test.skipIf(!existsSync(sample))('the example that is published with the format is understood', () => {
    const parcel = judged(JSON.parse(readFileSync(sample, 'utf8')) as object)
    expect(parcel.findings).toEqual([])
    expect(bodyOf(parcel)).toMatchObject({
      elector_id: 'AA999888',
      name: { first: 'JANE', middle: 'A', last: 'DOE' },
      birth_date: '1993-11-12',
      registered_on: '2017-07-30',
      county: 'mahoning',
      residence: { line: '3818 BELMONT AVE', city: 'YOUNGSTOWN', state: 'OH', zip: '44505' },
      phone: '3306148004',
      citizen: true,
    })
  })

  test.each([
    ['a value where a group belongs', { Subject: 'x' }],
    ['lists in lists', { Subject: { VoterId: [[{ Type: 'drivers-license', StringValue: [['a']] }]] } }],
    ['nothing at all', {}],
    ['names that every object has', { Subject: { Name: { constructor: 'x', FirstName: { toString: 1 } } } }],
  ])('%s is judged, not thrown', (_, change) => {
    const parcel = judged({ '@type': 'VRI.VoterRecordsRequest', Type: 'registration', ...change })
    expect(parcel.key).toBeNull()
  })
})

describe('the rest of a record', () => {
  const rules = (others: string) => `
types:
  elector:
    layouts:
      mixed: { of: tree, when: { VoterNumber: ~ }, others: ${others}, fields: { elector_id: VoterNumber } }
`
  const tree = { VoterNumber: 'V1', status: 'active', name: { first: 'A', last: 'B' }, odd: 1 }

  test('is passed over, or read as in our own layout', () => {
    const [ignored] = createJudge(laid(own, 'alder', rules('ignore'))).judge([rawTree(tree)], context)
    expect(bodyOf(ignored)).toEqual({ elector_id: 'V1' })
    const [ours] = createJudge(laid(own, 'alder', rules('ours'))).judge([rawTree(tree)], context)
    expect(bodyOf(ours)).toEqual({ elector_id: 'V1', status: 'active', name: { first: 'A', last: 'B' } })
    expect(ours?.findings).toMatchObject([{ code: 'UNKNOWN_FIELD', field: 'odd' }])
  })
})
