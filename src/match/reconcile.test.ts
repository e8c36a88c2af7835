import { expect, test } from 'vitest'
import type { Definition } from '../exchange/definition.ts'
import { allowedIn, reconcileOf, reportOf, type TypeCounts } from './reconcile.ts'

const bands = [
  { upTo: 5000, differences: 5, share: 0 },
  { upTo: null, differences: 0, share: 0.001 },
]

test.each([
  [0, 5],
  [5000, 5],
  [5001, 5],
  [999_999, 999],
  [1_000_000, 1000],
])('%i records may have %i differences', (records, allowed) => {
  expect(allowedIn(bands, records)).toBe(allowed)
})

test('without a band that fits nothing may differ; of two limits the larger counts', () => {
  expect(allowedIn([], 10)).toBe(0)
  expect(allowedIn([{ upTo: 9, differences: 1, share: 0 }], 10)).toBe(0)
  expect(allowedIn([{ upTo: null, differences: 3, share: 0.07 }], 100)).toBe(7)
  expect(allowedIn([{ upTo: null, differences: 3, share: 0.07 }], 10)).toBe(3)
})

const definition = {
  exchange: 'rolls',
  title: 'Rolls',
  types: [{ name: 'member' }, { name: 'dues' }, { name: 'cup' }],
} as unknown as Definition
const none = { 'only-partner': 0, 'only-centre': 0, different: 0, repeated: 0 }
const counts: readonly TypeCounts[] = [
  {
    type: 'member',
    partner: 10,
    centre: 11,
    differences: { ...none, 'only-partner': 1, 'only-centre': 2, different: 1, repeated: 1 },
  },
  { type: 'dues', partner: 4, centre: 4, differences: none },
]

test('without a word in the definition there is one category, and nothing may differ', () => {
  const report = reportOf(definition, counts, { unreadable: 0, refused: 0 })
  expect(report).toMatchObject({
    met: false,
    categories: [
      { category: 'rolls', types: ['member', 'dues'], partner: 14, same: 11, total: 5, allowed: 0 },
    ],
  })
  expect(report.fixOrder).toEqual(['only-partner', 'only-centre', 'different', 'repeated'])
})

test('each category has its tolerance; what nothing was said of is left out; an unreadable key is never met', () => {
  const stated: Definition = {
    ...definition,
    reconcile: {
      fixOrder: ['different', 'only-partner', 'only-centre', 'repeated'],
      categories: [
        {
          name: 'members',
          title: 'Members',
          types: ['member'],
          tolerance: [{ upTo: 20, differences: 5, share: 0 }],
        },
        { name: 'cups', title: 'Cups', types: ['cup'], tolerance: [] },
      ],
    },
  }
  expect(reconcileOf(stated).categories.map(({ name }) => name)).toEqual(['members', 'cups', 'other'])
  const report = reportOf(stated, counts, { unreadable: 0, refused: 2 })
  expect(report.met).toBe(true)
  expect(report.categories.map(({ category, same, met }) => [category, same, met])).toEqual([
    ['members', 7, true],
    ['other', 4, true],
  ])
  expect(reportOf(stated, counts, { unreadable: 1, refused: 2 }).met).toBe(false)
})
