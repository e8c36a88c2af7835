import { beforeAll, expect, test } from 'vitest'
import { stopHeader, stopRows, stopTree } from '../../src/cli/demo-stop-forms.ts'
import { FAULT_KINDS, generateStops } from '../../src/cli/demo-stops.ts'
import { worst } from '../../src/exchange/parcel.ts'
import { openRipa } from './judging.ts'

const ORI = 'CA0990100'
const TODAY = '2024-03-20'
const versions = ['v1', 'v2'] as const
let ripa: Awaited<ReturnType<typeof openRipa>>

beforeAll(async () => {
  ripa = await openRipa()
})

const asNdjson = (stops: readonly Parameters<typeof stopTree>[0][]) =>
  stops.map((stop) => JSON.stringify(stopTree(stop))).join('\n')

test('the same seed makes the same stops', () => {
  const make = () => [...generateStops({ seed: 7, count: 200, ori: ORI, faults: 0.2 })]
  expect(make()).toEqual(make())
})

test('invented stops have the published shape: 1.08 persons a stop, 1.65 actions a person', () => {
  for (const version of versions) {
    let stops = 0
    let persons = 0
    let actions = 0
    for (const stop of generateStops({ seed: 1, count: 20_000, ori: ORI, version })) {
      stops += 1
      persons += stop.persons.length
      for (const person of stop.persons) actions += person.actions.length
    }
    expect(persons / stops).toBeCloseTo(1.08, 1)
    expect(Math.abs(actions / persons - 1.65)).toBeLessThan(0.1)
  }
})

test('invented stops without planted faults are clean, in both versions', async () => {
  for (const version of versions) {
    const stops = [...generateStops({ seed: 2, count: 1_500, ori: ORI, version })]
    const parcels = await ripa.judge(asNdjson(stops), 'stops.ndjson', version === 'v1' ? '2023-12-31' : TODAY)
    expect(parcels).toHaveLength(stops.length)
    expect(parcels.flatMap((parcel) => parcel.findings)).toEqual([])
    expect(new Set(parcels.flatMap((parcel) => parcel.duplicateKeys)).size).toBe(stops.length)
    expect(new Set(parcels.map((parcel) => parcel.version))).toEqual(new Set([version]))
  }
})

test('each planted fault is found, and only faulty stops have errors', async () => {
  const stops = [...generateStops({ seed: 3, count: 800, ori: ORI, faults: 0.5 })]
  const parcels = await ripa.judge(asNdjson(stops), 'stops.ndjson', TODAY)
  const kinds = new Set<string>()
  for (const [index, stop] of stops.entries()) {
    const { findings } = parcels[index]!
    const planted = stop.fault as keyof typeof FAULT_KINDS | null
    if (planted === null || planted.endsWith('used before')) expect(findings).toEqual([])
    else expect(findings.map((finding) => finding.code)).toEqual([FAULT_KINDS[planted]])
    if (planted === 'telephone number in narrative') expect(worst(findings)).toBe('warning')
    if (planted !== null) kinds.add(planted)
  }
  expect([...kinds].sort()).toEqual(Object.keys(FAULT_KINDS).sort())
})

test('the same stops as JSON and as flat rows are the same records', async () => {
  for (const version of versions) {
    const stops = [...generateStops({ seed: 4, count: 300, ori: ORI, version })]
    const rows = stops.flatMap((stop) => stopRows(stop))
    const csv = [stopHeader(version), ...rows].map((cells) => cells.join('|')).join('\n')
    const fromJson = await ripa.judge(asNdjson(stops), 'stops.ndjson', TODAY)
    const fromCsv = await ripa.judge(csv, 'stops.csv', TODAY)
    expect(fromCsv.map((parcel) => parcel.contentHash)).toEqual(fromJson.map((parcel) => parcel.contentHash))
  }
})
