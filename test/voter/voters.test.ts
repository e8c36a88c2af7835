import { beforeAll, expect, test } from 'vitest'
import { precinctBatch, precinctCount } from '../../src/cli/demo-precincts.ts'
import { voterFile } from '../../src/cli/demo-voter-forms.ts'
import { generateVoters, VOTER_FAULTS, type VoterOptions } from '../../src/cli/demo-voters.ts'
import type { Definition } from '../../src/exchange/definition.ts'
import { judge, load } from './judging.ts'

const TODAY = '2024-07-01'
const county = '19'
let definition: Definition

beforeAll(async () => {
  definition = await load('voter')
})

function bytesOf(options: VoterOptions, format: 'csv' | 'ndjson' = 'ndjson'): Buffer {
  return Buffer.from([...voterFile(generateVoters(options), format)].join(''))
}

test('the same seed makes the same voters, another seed others', () => {
  const options = { seed: 7, count: 300, county, faults: 0.2, night: 3 }
  expect(bytesOf(options).equals(bytesOf(options))).toBe(true)
  expect(bytesOf({ ...options, seed: 8 }).equals(bytesOf(options))).toBe(false)
})

test('invented voters are clean in every county and on later nights, and hold every status', async () => {
  const statuses = new Set<string>()
  for (let number = 1; number <= 58; number += 1) {
    const options = { seed: number, count: 120, county: String(number).padStart(2, '0'), night: number % 4 }
    const voters = [...generateVoters({ ...options, changedShare: 0.2, removedShare: 0.05 })]
    for (const { values } of voters) statuses.add(values.Status)
    const parcels = await judge(
      definition,
      Buffer.from([...voterFile(voters, 'ndjson')].join('')),
      'voters.ndjson',
      TODAY,
    )
    expect(parcels).toHaveLength(voters.length)
    expect(parcels.flatMap((parcel) => parcel.findings)).toEqual([])
    expect(parcels.flatMap((parcel) => parcel.notes)).toEqual([])
    expect(new Set(parcels.map((parcel) => parcel.key)).size).toBe(voters.length)
  }
  expect([...statuses].sort()).toEqual(['Active', 'Cancelled', 'Declined', 'Inactive', 'Pending'])
})

test('the same voters as rows and as JSON are the same records', async () => {
  const options = { seed: 4, count: 400, county, night: 2, changedShare: 0.3 }
  const rows = await judge(definition, bytesOf(options, 'csv'), 'voters.csv', TODAY)
  const trees = await judge(definition, bytesOf(options), 'voters.ndjson', TODAY)
  expect(rows.map((parcel) => parcel.contentHash)).toEqual(trees.map((parcel) => parcel.contentHash))
})

test('each planted fault is found, and only faulty voters have errors', async () => {
  const options = { seed: 3, count: 600, county, faults: 0.5 }
  const voters = [...generateVoters(options)]
  const parcels = await judge(definition, bytesOf(options), 'voters.ndjson', TODAY)
  const kinds = new Set<string>()
  for (const [index, { fault }] of voters.entries()) {
    const found = parcels[index]?.findings.map((finding) => finding.code)
    expect(found).toEqual(fault === null ? [] : [VOTER_FAULTS[fault as keyof typeof VOTER_FAULTS]])
    if (fault !== null) kinds.add(fault)
  }
  expect([...kinds].sort()).toEqual(Object.keys(VOTER_FAULTS).sort())
})

test('a night changes and removes the share it is asked for, and as many come as go', async () => {
  const options = { seed: 5, count: 20_000, county }
  const before = contentsOf({ ...options, night: 1 })
  const after = contentsOf({ ...options, night: 2 })
  const gone = [...before.keys()].filter((number) => !after.has(number)).length
  const come = [...after.keys()].filter((number) => !before.has(number)).length
  const changed = [...after].filter(
    ([number, content]) => before.has(number) && before.get(number) !== content,
  )
  expect(Math.abs(gone - 20)).toBeLessThan(15)
  expect(come).toBe(20)
  expect(Math.abs(changed.length - 200)).toBeLessThan(50)
})

function contentsOf(options: VoterOptions): ReadonlyMap<number, string> {
  return new Map([...generateVoters(options)].map((voter) => [voter.number, JSON.stringify(voter)]))
}

test('the precincts of a county are clean, and its voters live in all of them', async () => {
  const options = { seed: 1, count: 5000, county, precincts: 40 }
  const batch = precinctBatch(options)
  const parcels = await judge(await load('precinct'), Buffer.from(JSON.stringify(batch)), 'batch.json', TODAY)
  expect(parcels.flatMap((parcel) => parcel.findings)).toEqual([])
  const known = new Set(batch.precincts.map((precinct) => precinct.PrecinctId))
  const lived = new Set([...generateVoters(options)].map(({ values }) => values.PrecinctId))
  expect(lived).toEqual(known)
  expect(precinctCount({ count: 9000 })).toBe(10)
})
