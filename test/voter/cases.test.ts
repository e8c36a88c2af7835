import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { wrongAcross } from '../../src/exchange/check-references.ts'
import { type Finding, type Parcel, worst } from '../../src/exchange/parcel.ts'
import { KEY_SEPARATOR } from '../../src/validate/characters.ts'
import { casesOf, EXCHANGES, folderOf, judge, load } from './judging.ts'

interface ExpectedRecord {
  readonly type?: string
  readonly operation?: string
  readonly key?: string
  readonly outcome: 'created' | 'rejected'
  readonly findings: readonly {
    readonly code: string
    readonly field: string
    readonly item: number | null
  }[]
  /** What the record is made of, at least. */
  readonly body?: Readonly<Record<string, unknown>>
}

interface Expected {
  readonly today?: string
  readonly records: readonly ExpectedRecord[]
}

const TODAY = '2024-06-10'
const cases = (
  await Promise.all(EXCHANGES.map(async (name) => (await casesOf(name)).map((one) => [name, one] as const)))
).flat()

async function expectedOf(folder: string): Promise<Expected> {
  return JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8'))
}

const shown = (findings: readonly (Finding | ExpectedRecord['findings'][number])[]) =>
  findings.map(({ code, field, item }) => `${code} ${field} ${item ?? '-'}`).sort()

function expectRecord(parcel: Parcel | undefined, expected: ExpectedRecord): void {
  expect(shown(parcel?.findings ?? [])).toEqual(shown(expected.findings))
  expect(worst(parcel?.findings ?? []) === 'fatal' ? 'rejected' : 'created').toBe(expected.outcome)
  if (expected.type !== undefined) expect(parcel?.type).toBe(expected.type)
  if (expected.operation !== undefined) expect(parcel?.operation).toBe(expected.operation)
  if (expected.key !== undefined) expect(parcel?.key?.replaceAll(KEY_SEPARATOR, '/')).toBe(expected.key)
  if (expected.body !== undefined) expect(JSON.parse(parcel?.body ?? '{}')).toMatchObject(expected.body)
}

describe('cases of the voter exchanges', () => {
  test.each(cases)('%s: %s gives exactly the records and findings its case expects', async (name, one) => {
    const folder = join(folderOf(name), 'cases', one)
    const file = (await readdir(folder)).find((each) => each.startsWith('input.')) ?? ''
    const expected = await expectedOf(folder)
    const parcels = await judge(
      await load(name),
      await readFile(join(folder, file)),
      file,
      expected.today ?? TODAY,
    )
    expect(parcels).toHaveLength(expected.records.length)
    for (const [index, record] of expected.records.entries()) expectRecord(parcels[index], record)
    expect(await readFile(join(folder, 'why.md'), 'utf8')).toMatch(/^# \S/)
  })

  test.each(EXCHANGES)(
    'every rule of %s that needs the record alone has a case that breaks only it',
    async (name) => {
      const alone = new Set<string>()
      for (const one of await casesOf(name)) {
        const { records } = await expectedOf(join(folderOf(name), 'cases', one))
        const findings = records.flatMap((record) => record.findings)
        if (findings.length === 1) alone.add(findings[0]?.code ?? '')
      }
      for (const { rules } of (await load(name)).types)
        for (const { code, needs } of rules) if (needs === 'record') expect(alone.has(code), code).toBe(true)
    },
  )
})

test('what refers to another exchange finds its key there', async () => {
  expect(wrongAcross(await Promise.all(EXCHANGES.map(load)))).toEqual([])
})

test('all of them know the same 58 counties', async () => {
  const lists = await Promise.all(EXCHANGES.map(async (name) => (await load(name)).lists.county?.values))
  expect(lists[0]).toHaveLength(58)
  for (const list of lists) expect(list).toEqual(lists[0])
})

const published = '../shared/samples/voter/nist-vri/examples/ohio_registration.json'
test.skipIf(!existsSync(published))(
  'the request that is published with NIST SP 1500-102 is understood, but for its county of another state',
  async () => {
    const text = await readFile(published, 'utf8')
    const definition = await load('voter')
    const asIs = await judge(definition, Buffer.from(text), 'request.json', TODAY)
    expect(shown(asIs[0]?.findings ?? [])).toEqual([
      'F001C Subject.ResidenceAddress.CompletePlaceName1.PlaceName[PlaceNameType=County].Value -',
    ])
    const here = Buffer.from(text.replace('"78"', '"Butte"'))
    expectRecord((await judge(definition, here, 'request.json', TODAY))[0], {
      outcome: 'created',
      operation: 'create',
      key: '04/VRI-0bb1bfd7-4316-42be-99d5-9c9e3bb9ccc0',
      findings: [],
      body: {
        origin: 'REQUEST',
        last_name: 'DOE',
        first_name: 'JANE',
        birth_date: '1993-11-12',
        address_number: '3818',
        street_name: 'BELMONT',
        mailing_line_1: '2299 E STATE ST',
        phones: ['3306148004'],
        language: 'en',
        status: 'Pending',
        registration_date: '2017-07-30',
        drivers_license: 'AA999888',
        citizen: true,
      },
    })
  },
)
