import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { writeTemplate } from '../../src/encode/template.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { errorFile } from '../../src/feedback/error-file.ts'
import { type IntakeForReport, intakeReports } from '../../src/feedback/intake-reports.ts'
import { loadExchange } from '../../src/node/exchange-folder.ts'
import type { Submission } from '../../src/store/model.ts'
import { unpackDocument } from '../../src/unpack/unpack.ts'
import { testDatabases } from '../database.ts'
import { makeZip } from '../unpack/zip-maker.ts'
import { judgeHere, openRiver, type River } from './river.ts'

const DISTRICTS = 'DistrictId,Name,Level\nD1,First,C\nD2,Second,S\n'
const PRECINCTS = 'PrecinctId,Name,Voters\nP1,Mill road,812\n'
const MAPPING = 'PrecinctId,DistrictId,Split\nP1,D1,false\nP1,D2,true\n'

const batch = (members: Readonly<Record<string, string>>) =>
  makeZip(Object.entries(members).map(([name, data]) => ({ name, data })))

const trees = {
  districts: [{ DistrictId: 'J1', Name: 'Third', Level: 'C' }],
  precincts: [{ PrecinctId: 'Q1', Name: 'Hill', Voters: 3 }],
  mappings: [{ PrecinctId: 'Q1', DistrictId: 'J1', Split: true }],
}

async function textsOf(zip: Uint8Array): Promise<Record<string, string>> {
  const texts: Record<string, string> = {}
  for await (const { member, bytes } of unpackDocument({ bytes: zip }, { fileName: '' }))
    texts[member] = (await buffer(Readable.from(bytes))).toString()
  return texts
}

describe.each(testDatabases())('several types in one submission on $name', ({ open }) => {
  let river: River
  let district: Definition

  beforeAll(async () => {
    district = await loadExchange(new URL('../fixtures/exchanges/district', import.meta.url).pathname)
    river = await openRiver(await open(), [district], judgeHere())
  }, 60_000)
  afterAll(() => river.close())

  const outcomes = async ({ tracking }: Submission) =>
    (await river.log(tracking)).map(({ position, type, key, outcome, findings = [] }) =>
      [position, type, key, outcome, ...findings.map(({ code }) => code)].join(' '),
    )
  const reasonOf = async ({ state, reason, tracking }: Submission) => {
    const codes = await river.deps.db.transact((tx) =>
      tx.rows<{ code: string }>(sql`select code from finding where tracking = ${tracking}`),
    )
    return [state, codes.map(({ code }) => code).join(' '), reason]
  }

  test('the members of a ZIP are taken in the order of the types, and positions go on through them', async () => {
    const zip = batch({
      'precinct_map.csv': MAPPING,
      'precincts.csv': PRECINCTS,
      'Districts 2026.csv': DISTRICTS,
    })
    const done = await river.send(zip)
    expect(done).toMatchObject({ state: 'completed', counts: { received: 5, created: 5 } })
    expect(await outcomes(done)).toEqual([
      '1 district D1 created',
      '2 district D2 created',
      '3 precinct P1 created',
      '4 mapping P1/D1 created',
      '5 mapping P1/D2 created',
    ])
    expect((await river.log(done.tracking)).map(({ member }) => member)).toEqual([
      'Districts 2026.csv',
      'Districts 2026.csv',
      'precincts.csv',
      'precinct_map.csv',
      'precinct_map.csv',
    ])
  })

  test('a batch that lacks a type is refused, and nothing of it is applied', async () => {
    const lacking = await river.send(batch({ 'districts.csv': DISTRICTS.replaceAll('D', 'X') }))
    expect(await reasonOf(lacking)).toEqual([
      'refused',
      'FILE_BATCH_INCOMPLETE',
      'the file holds no records of precinct, mapping, which must come with the others.',
    ])
    const { mappings, ...two } = trees
    const tree = await river.send(JSON.stringify(two))
    expect(mappings).toHaveLength(1)
    expect((await reasonOf(tree)).slice(0, 2)).toEqual(['refused', 'FILE_BATCH_INCOMPLETE'])
    expect([lacking.counts.received, tree.counts.received]).toEqual([0, 0])
  })

  test('a member without a record counts as there', async () => {
    const empty = 'PrecinctId,DistrictId,Split\n'
    const zip = batch({ 'districts.csv': DISTRICTS, 'precincts.csv': PRECINCTS, 'precinct_map.csv': empty })
    expect(await river.send(zip)).toMatchObject({ state: 'completed', counts: { received: 3, unchanged: 3 } })
  })

  test('a file of which nothing tells the type is refused with what would tell it', async () => {
    const named = { 'districts.csv': DISTRICTS, 'precincts.csv': PRECINCTS, 'precinct_map.csv': MAPPING }
    const done = await river.send(batch({ ...named, 'zother.csv': DISTRICTS }))
    expect(await reasonOf(done)).toEqual([
      'incomplete',
      'FILE_RECORDS_UNKNOWN',
      'Line 2: nothing tells which records zother.csv holds: district (district*), precinct (precinct*), ' +
        'mapping (precinct_map*). Name the file so, or the type in a column record_type.',
    ])
  })

  test('records are told by member (JSON), element (XML), and by the type that they name', async () => {
    const json = await river.send(JSON.stringify({ sent: '2026', ...trees }))
    expect(await outcomes(json)).toEqual([
      '1 district J1 created',
      '2 precinct Q1 created',
      '3 mapping Q1/J1 created',
    ])
    const xml = await river.send(
      '<Batch><Districts><District><DistrictId>J1</DistrictId><Name>Third</Name><Level>C</Level></District></Districts>' +
        '<Precinct><PrecinctId>Q1</PrecinctId><Name>Hill</Name><Voters>3</Voters></Precinct>' +
        '<Record><record_type>Mapping</record_type><PrecinctId>Q1</PrecinctId><DistrictId>J1</DistrictId><Split>true</Split></Record></Batch>',
    )
    expect(await outcomes(xml)).toEqual([
      '1 district J1 unchanged',
      '2 precinct Q1 unchanged',
      '3 mapping Q1/J1 unchanged',
    ])
    const lines = [
      { record_type: 'district', ...trees.districts[0] },
      { record_type: 'precinct', ...trees.precincts[0] },
      { record_type: 'mapping', ...trees.mappings[0] },
      { record_type: 'street', Name: 'Elm' },
      { Name: 'Elm' },
    ]
    const ndjson = await river.send(lines.map((line) => JSON.stringify(line)).join('\n'))
    expect(await outcomes(ndjson)).toEqual([
      '1 district J1 unchanged',
      '2 precinct Q1 unchanged',
      '3 mapping Q1/J1 unchanged',
      '4 district  rejected RECORD_TYPE_UNKNOWN',
      '5 district  rejected RECORD_TYPE_UNKNOWN',
    ])
  })

  test('a table may name the type of each row', async () => {
    const table =
      'record_type,DistrictId,PrecinctId,Name\n' + 'precinct,,R1,River\ndistrict,E1,,Fourth\nmapping,E1,R1,\n'
    const done = await river.send(table)
    expect(await outcomes(done)).toEqual([
      '1 precinct R1 created',
      '2 district E1 created',
      '3 mapping R1/E1 created',
    ])
  })

  test('templates hold every type, and are taken as they are', async () => {
    for (const format of ['xlsx', 'json', 'xml'] as const) {
      const done = await river.send(await writeTemplate(district, district.types, format))
      expect([format, done.state, done.counts.received]).toEqual([format, 'completed', 3])
      expect((await outcomes(done)).map((line) => line.split(' ')[1])).toEqual([
        'district',
        'precinct',
        'mapping',
      ])
    }
    const csv = await Promise.all(
      district.types.map(async (type) => [
        `${type.forms.member.replace('*', '')}.csv`,
        Buffer.from(await writeTemplate(district, [type], 'csv')).toString(),
      ]),
    )
    expect(await river.send(batch(Object.fromEntries(csv)))).toMatchObject({
      state: 'completed',
      counts: { received: 3 },
    })
  })

  test('the error file is a ZIP with a file for each type, and goes through when it is corrected', async () => {
    const zip = batch({
      'districts.csv': 'DistrictId,Name,Level\nF1,Fifth,Q\nF2,Sixth,C\n',
      'precincts.csv': 'PrecinctId,Name,Voters\nS1,,12\nS2,Lake,many\n',
      'precinct_map.csv': 'PrecinctId,DistrictId,Split\nS1,F1,true\n',
    })
    const done = await river.send(zip)
    expect(done.counts).toMatchObject({ received: 5, created: 5, withErrors: 3 })
    const { stream, fileName, contentType } = await errorFile(river.deps, done, district)
    expect([fileName.endsWith('-errors.zip'), contentType]).toEqual([true, 'application/zip'])
    const bytes = await buffer(stream)
    const texts = await textsOf(bytes)
    expect(Object.keys(texts)).toEqual(['district.csv', 'precinct.csv', 'precinct_map.csv'])
    expect(texts['district.csv']?.split('\r\n')).toHaveLength(3)
    expect(texts['precinct.csv']).toContain(`S2,Lake,many,${done.tracking}:4`)
    expect(texts['precinct_map.csv']?.trim().split('\n')).toHaveLength(1)

    const corrected = batch({
      'district.csv': (texts['district.csv'] ?? '').replace(',Q,', ',C,'),
      'precinct.csv': (texts['precinct.csv'] ?? '').replace('S1,,12', 'S1,Sea,12').replace(',many,', ',5,'),
      'precinct_map.csv': texts['precinct_map.csv'] ?? '',
    })
    const again = await river.send(corrected)
    expect(again).toMatchObject({ state: 'completed', counts: { received: 3, updated: 3, withErrors: 0 } })
    expect((await river.log(again.tracking)).map((line) => 'corrects' in line && line.corrects)).toEqual([
      `${done.tracking}:1`,
      `${done.tracking}:3`,
      `${done.tracking}:4`,
    ])
  })

  test('errors in trees come back under the members and elements of the types', async () => {
    const wrong = { ...trees, precincts: [{ PrecinctId: 'T1', Voters: 1 }] }
    const json = await errorFile(river.deps, await river.send(JSON.stringify(wrong)), district)
    const texts = await textsOf(await buffer(json.stream))
    expect(Object.keys(texts)).toEqual(['district.json', 'precinct.json', 'precinct_map.json'])
    expect(JSON.parse(texts['precinct.json'] ?? '')).toMatchObject({
      precincts: [{ PrecinctId: 'T1', Errors: [{ Field: 'Name' }] }],
    })
    const xml = '<Batch><District><DistrictId>U1</DistrictId></District><Precinct/><Mapping/></Batch>'
    const file = await errorFile(river.deps, await river.send(xml), district)
    const elements = await textsOf(await buffer(file.stream))
    expect(elements['district.xml']).toContain('<District><DistrictId>U1</DistrictId>')
    expect(elements['precinct_map.xml']).toContain('<Mapping>')
  })

  test('the reports of an intake name the types', async () => {
    const member = 'batch.zip'
    const zip = batch({
      'districts.csv': 'DistrictId,Name,Level\nG1,Seventh,C\nG2,Eighth,Q\n',
      'precincts.csv': 'PrecinctId,Name,Voters\n,Nowhere,1\nV1,Ford,7\n',
      'precinct_map.csv': 'PrecinctId,DistrictId,Split\nV1,G1,perhaps\n',
    })
    const done = await river.send(zip, { fileName: member })
    const receivedAt = '2026-03-02T12:00:00.000Z'
    const file = { name: member, receivedAt, processedAt: receivedAt, total: 5, success: 2, errors: 3 }
    const told = {
      code: null,
      reason: null,
      tracking: done.tracking,
      member: '',
      format: 'csv',
      sha256: null,
    }
    const intake: IntakeForReport = {
      intake: 'intake-1',
      partner: 'alpha',
      exchange: 'district',
      realm: 'live',
      identifier: 'alpha',
      definition: district,
      openedAt: receivedAt,
      files: [{ ...file, ...told, bytes: zip.length }],
      submissions: [done],
    }
    const reports = new Map<string, Uint8Array>()
    for await (const report of intakeReports({ ...river.deps, sign: async () => '' }, intake))
      reports.set(report.name, await buffer(Readable.from(report.bytes)))
    const golden = (name: string) => `../feedback/golden/${name}`
    const steady = (text: string) =>
      text.replaceAll(done.tracking, 'tracking').replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
    for (const ending of ['csv', 'xml'])
      await expect(steady(String(reports.get(`intake-1_summary.${ending}`)))).toMatchFileSnapshot(
        golden(`types-summary.${ending}`),
      )
    const texts = await textsOf(reports.get('intake-1_errors.zip') ?? Buffer.alloc(0))
    const all = Object.entries(texts).map(([name, text]) => `== ${name}\r\n${text}`)
    await expect(steady(all.join(''))).toMatchFileSnapshot(golden('types-errors.txt'))
  })

  test('a full refresh that holds one type leaves the records of the others', async () => {
    const alone: Definition = { ...district, batch: { required: [] }, hash: 'alone' }
    const other = await openRiver(await open(), [alone], judgeHere())
    const all = batch({ 'districts.csv': DISTRICTS, 'precincts.csv': PRECINCTS, 'precinct_map.csv': MAPPING })
    await other.send(all)
    const first = 'DistrictId,Name,Level\nD1,First,C\n'
    const done = await other.send(first, { fileName: 'districts.csv', scope: 'refresh' })
    expect(done).toMatchObject({ state: 'completed', counts: { received: 1, unchanged: 1, removed: 1 } })
    const left = await other.deps.db.transact((tx) =>
      tx.rows<{ type: string }>(sql`select type from record order by type, key`),
    )
    expect(left.map(({ type }) => type)).toEqual(['district', 'mapping', 'mapping', 'precinct'])
    await other.close()
  })
})
