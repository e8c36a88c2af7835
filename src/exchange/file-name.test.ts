import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FileRules, NameRule } from './definition.ts'
import {
  fileNameFor,
  fileOfMember,
  foldersOf,
  formatOfName,
  memberName,
  nameAgrees,
  readFileName,
} from './file-name.ts'

const single: NameRule = { pattern: '{time}_{ori}_{lea_record_id}', formats: ['json', 'xml'], records: 'one' }
const many: NameRule = { pattern: '{time}_{ori}', formats: ['csv', 'xlsx', 'xls'], records: 'many' }
const labels = { ori: 'ORI', lea_record_id: 'LEARecordID' }

function rulesOf(names: readonly NameRule[], root = ''): FileRules {
  return {
    root,
    realms: { live: 'PROD', test: 'TEST' },
    input: ['incoming/JSON', 'incoming/XML'],
    output: 'OUTPUT',
    archive: 'ARCHIVE',
    names,
    stableSeconds: 10,
    gatherSeconds: 10,
    incompleteMinutes: 60,
    checksum: 'optional',
    archiveDays: 90,
    calls: { applications: [], gatherMinutes: 60 },
  }
}

const rules = rulesOf([single, many])
const read = (name: string) => readFileName(rules, name, labels)
const valuesOf = (name: string) => {
  const found = read(name)
  return found.fits ? found.values : found.reason
}

test('folders stand under the realm, and under the folder of the exchange where it has one', () => {
  expect(foldersOf(rules, 'live')).toEqual({
    input: ['PROD/incoming/JSON', 'PROD/incoming/XML'],
    output: 'PROD/OUTPUT',
    archive: 'PROD/ARCHIVE',
  })
  expect(foldersOf(rulesOf([], 'stops'), 'test').output).toBe('stops/TEST/OUTPUT')
})

test('a name gives the values of its fields, in either case of its extension and packed or not', () => {
  const values = { ori: 'CA0370000', lea_record_id: '202105182138' }
  for (const extension of [
    'json',
    'JSON',
    'xml',
    'json.gz',
    'json.zip',
    'xml.pgp',
    'json.gz.gpg',
    'zip',
    'asc',
  ])
    expect(read(`20210601202849_CA0370000_202105182138.${extension}`)).toEqual({
      fits: true,
      rule: single,
      values,
    })
  expect(read('20210601202849_CA0370000.xlsx')).toEqual({
    fits: true,
    rule: many,
    values: { ori: 'CA0370000' },
  })
})

test('a value may hold what stands between values', () => {
  expect(valuesOf('20210601202849_CA0370000_2021-05_18.a.json')).toEqual({
    ori: 'CA0370000',
    lea_record_id: '2021-05_18.a',
  })
})

test('a name that can be divided in several ways agrees when one of them does', () => {
  const name = '20210601202849_CA_1_A_2.json'
  const meant = (ori: string, id: string) => (field: string, text: string) =>
    text === (field === 'ori' ? ori : id)
  expect(nameAgrees(single, name, meant('CA', '1_A_2'))).toBe(true)
  expect(nameAgrees(single, name, meant('CA_1', 'A_2'))).toBe(true)
  expect(nameAgrees(single, name, meant('CA_1', '2'))).toBe(false)
  expect(nameAgrees(single, `2${'_'.repeat(400)}.json`, () => true)).toBe(false)
})

test.each([
  ['stops.json', 'the name must look like yyyyMMddHHmmss_<ORI>_<LEARecordID>.json (or .xml).'],
  [
    '20210601202849_CA0370000.json',
    'the name must look like yyyyMMddHHmmss_<ORI>_<LEARecordID>.json (or .xml).',
  ],
  ['20210601202849.csv', 'the name must look like yyyyMMddHHmmss_<ORI>.csv (or .xlsx, .xls).'],
  [
    '20210601202849_CA0370000.txt',
    'the name must look like yyyyMMddHHmmss_<ORI>_<LEARecordID>.json (or .xml), or like yyyyMMddHHmmss_<ORI>.csv (or .xlsx, .xls).',
  ],
  ['20210631202849_CA0370000.csv', 'the 14 digits in the name must be a date and time, yyyyMMddHHmmss.'],
  ['20210601252849_CA0370000.csv', 'the 14 digits in the name must be a date and time, yyyyMMddHHmmss.'],
  ['2021060120284_CA0370000.csv', 'the name must look like yyyyMMddHHmmss_<ORI>.csv (or .xlsx, .xls).'],
  [`20210601202849_${'A'.repeat(240)}.csv`, 'the name has more than 255 characters.'],
])('%s is refused with what was expected', (name, reason) => {
  expect(read(name)).toEqual({ fits: false, reason })
})

test('without rules any name will do', () => {
  expect(readFileName(rulesOf([]), '../\0')).toEqual({ fits: true, rule: null, values: {} })
})

test('any text may stand where a pattern says so, also none', () => {
  const loose = rulesOf([{ pattern: 'Stops{any}_{ori}', formats: ['csv'], records: 'many' }])
  for (const name of ['stops_CA1.csv', 'STOPS of may_CA1.CSV'])
    expect(readFileName(loose, name)).toMatchObject({ fits: true, values: { ori: 'CA1' } })
  expect(readFileName(loose, 'stops_.csv')).toEqual({
    fits: false,
    reason: 'the name must look like Stops<any text>_<ori>.csv.',
  })
})

test('the first rule that fits name and format counts', () => {
  const any: NameRule = { pattern: '{any}', formats: ['csv', 'json'], records: 'many' }
  const both = rulesOf([single, any])
  expect(readFileName(both, '20210601202849_CA0370000_1.json')).toMatchObject({ rule: single })
  expect(readFileName(both, '20210601202849_CA0370000_1.csv')).toMatchObject({ rule: any })
})

test('a name tells a format also inside its wrappers', () => {
  const names = ['a.csv', 'a.XLSX.gz.pgp', 'a.zip', '.csv', 'a.txt', '.zip', '']
  expect(names.map(formatOfName)).toEqual(['csv', 'xlsx', null, null, null, null, null])
})

test('what an archive in a bundle holds is known by both names', () => {
  expect(memberName('', '')).toBe('')
  expect(memberName('', 'in/a.csv')).toBe('in/a.csv')
  expect(memberName('a.csv', '')).toBe('a.csv')
  const both = memberName('a.zip', 'in/a.csv')
  expect([both, fileOfMember(both), fileOfMember('a.csv')]).toEqual(['a.zip!/in/a.csv', 'a.zip', 'a.csv'])
})

test('a record that came in no file gets the name that its file would have', () => {
  const time = '20260301120000'
  const named = (values: Record<string, unknown>, format = 'json') => fileNameFor(rules, format, time, values)
  expect(named({ ori: 'CA0370000', lea_record_id: 'A/1' })).toBe(`${time}_CA0370000_A_1.json`)
  expect(named({ ori: 'CA0370000' })).toBe(`${time}.json`)
  expect(named({ ori: 'CA0370000' }, 'csv')).toBe(`${time}_CA0370000.csv`)
  expect(fileNameFor(rulesOf([]), 'xml', time, {})).toBe(`${time}.xml`)
})

test('a packed file whose name says no format is named by what it holds', () => {
  const name = '20210601202849_CA0370000.zip'
  expect(readFileName(rules, name, labels, 'csv')).toMatchObject({ fits: true, rule: many })
  expect(readFileName(rules, name, labels, 'json')).toMatchObject({ fits: false })
  expect(readFileName(rules, '20210601202849_CA0370000.csv', labels, 'json')).toMatchObject({ rule: many })
})

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('_', '.', '2', '0', '1', 'zip', '.json', '.csv', '/', '\0', '\n', '..'),
    maxLength: 90,
  }),
)
const patterns = fc
  .array(fc.constantFrom('{time}', '{any}', '{ori}', '_', '-', '.', 'A', ' '), {
    minLength: 1,
    maxLength: 40,
  })
  .map((pieces) => pieces.join(''))

test('no name throws, and a refusal never repeats what it holds', () => {
  fc.assert(
    fc.property(texts, patterns, (name, pattern) => {
      for (const given of [rules, rulesOf([{ pattern, formats: ['json'], records: 'many' }])]) {
        const found = readFileName(given, name)
        if (!found.fits) expect(found.reason).not.toMatch(/\p{Cc}/u)
        else if (found.rule === many || found.rule === single)
          for (const value of Object.values(found.values)) expect(value).not.toMatch(/[\p{Cc}/\\]/u)
      }
    }),
  )
})

test('values put into a pattern come out of it again', () => {
  const value = fc.string({ unit: fc.constantFrom('A', '0', '-', '.', 'é'), minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(value, value, (ori, id) => {
      fc.pre(!/\.(?:zip|gz|gzip|pgp|gpg|asc)$/i.test(id))
      expect(valuesOf(`20210601202849_${ori}_${id}.json`)).toEqual({ ori, lea_record_id: id })
    }),
  )
})

test('the work for a name is bounded, however pattern and name play together', () => {
  const pattern = `${'{any}_'.repeat(33)}`
  const hostile = rulesOf([{ pattern, formats: ['csv'], records: 'many' }])
  for (let n = 0; n < 20; n += 1) expect(readFileName(hostile, `${'_'.repeat(240)}x${n}.csv`)).toBeDefined()
})
