import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Finding, Link, Note, Parcel, ParcelDocument } from '../exchange/parcel.ts'
import { packParcels, unpackParcels } from './packed-parcels.ts'

const text = fc.string({ unit: 'binary', maxLength: 12 })
const maybe = fc.option(text)
const finding: fc.Arbitrary<Finding> = fc.record({
  code: text,
  severity: fc.constantFrom('fatal', 'error', 'warning', 'info'),
  path: text,
  field: text,
  item: fc.option(fc.nat()),
  message: text,
  value: maybe,
})
const note: fc.Arbitrary<Note> = fc.record({ path: text, rule: text, from: text, to: text })
const link: fc.Arbitrary<Link> = fc.record({
  reference: text,
  item: fc.nat(),
  key: text,
  path: text,
  field: text,
  inGroup: fc.boolean(),
})
const document: fc.Arbitrary<ParcelDocument> = fc.record({
  sha256: text,
  size: fc.nat(),
  bytes: fc.uint8Array({ maxLength: 8 }),
})
const plain = {
  position: fc.nat(),
  line: fc.nat(),
  member: fc.constantFrom('', 'one.csv', 'two.csv'),
  type: fc.constantFrom('stop', 'visit'),
  operation: fc.constantFrom('create', 'replace'),
  key: maybe,
  duplicateKeys: fc.array(maybe, { maxLength: 2 }),
  ownerValue: maybe,
  quotedId: maybe,
  corrects: maybe,
  version: fc.constantFrom('v1', 'v2'),
  body: fc.jsonValue().map((value) => JSON.stringify(value)),
  rawHash: text.map((seed) => Buffer.from(seed).toString('hex')),
  contentHash: text.map((seed) => Buffer.from(seed).toString('hex')),
  findings: fc.array(finding, { maxLength: 2 }),
  notes: fc.array(note, { maxLength: 2 }),
  documents: fc.array(document, { maxLength: 2 }),
  filtered: fc.boolean(),
}
const ties = { links: fc.array(link, { maxLength: 2 }), setKey: maybe, formerKey: maybe }
const parcel: fc.Arbitrary<Parcel> = fc.record(
  { ...plain, ...ties },
  { requiredKeys: Object.keys(plain) as (keyof typeof plain)[] },
)

test('parcels come out of their packing as they went in', () => {
  fc.assert(
    fc.property(fc.array(parcel, { minLength: 1 }), (parcels) => {
      expect(unpackParcels(packParcels(parcels))).toEqual(parcels)
    }),
  )
})

test('no parcels stay no parcels', () => {
  expect(unpackParcels(packParcels([]))).toEqual([])
})
