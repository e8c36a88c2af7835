import { expect, test } from 'vitest'
import { matchType, parcel } from '../../test/fixtures/stop-type.ts'
import type { Finding, Parcel } from '../exchange/parcel.ts'
import { createChunkBook } from './chunk-book.ts'
import { type DecideContext, decide, type Live } from './decide.ts'

const error: Finding = {
  code: 'E1',
  severity: 'error',
  path: 'x',
  field: 'X',
  item: null,
  message: '',
  value: null,
}

const stored: Live = {
  recordId: 'r-stored',
  key: 'k1',
  duplicateKey: 'd1',
  status: 'submitted-with-errors',
  version: 3,
  contentHash: 'old',
  body: null,
  stored: true,
  faultyPaths: [],
}

function context(change: Partial<DecideContext> = {}): DecideContext {
  let made = 0
  return {
    type: matchType(),
    byCentre: false,
    ownerValues: new Set(['CA01']),
    expectedVersion: null,
    newRecordId: () => {
      made += 1
      return `r${made}`
    },
    ties: null,
    book: 1,
    exchange: 'stops',
    rekey: (_, sent, key) => ({ ...sent, key }),
    judgeAgainst: () => [],
    ...change,
  }
}

function decideAll(
  parcels: readonly Parcel[],
  lives: readonly Live[] = [],
  change: Partial<DecideContext> = {},
) {
  const book = createChunkBook(lives.map((live) => ({ type: 'stop', live })))
  const shared = context(change)
  return parcels.map((one) => decide(one, book, shared))
}

test('a new record is created, and stands with errors when a finding says so', () => {
  const [clean, faulty] = decideAll([
    parcel(),
    parcel({ key: 'k2', duplicateKeys: ['d2'], findings: [error] }),
  ])
  expect(clean).toMatchObject({ outcome: 'created', status: 'submitted', version: 1, recordId: 'r1' })
  expect(faulty).toMatchObject({ outcome: 'created', status: 'submitted-with-errors' })
})

test('a create on a stored key is fatal, even when nothing differs', () => {
  const [verdict] = decideAll([parcel({ content: 'old' })], [stored])
  expect(verdict).toMatchObject({ outcome: 'rejected', recordId: null })
  expect(verdict?.findings.map((f) => f.code)).toEqual(['EXISTS'])
})

test('the second duplicate check is made only when the first finds nothing', () => {
  const [byKey, byDuplicate] = decideAll([parcel(), parcel({ key: 'k9' })], [stored])
  expect(byKey?.findings.map((f) => f.code)).toEqual(['EXISTS'])
  expect(byDuplicate?.findings.map((f) => f.code)).toEqual(['DUPLICATE'])
})

test('a duplicate inside a file is a duplicate', () => {
  const verdicts = decideAll([parcel({ position: 1 }), parcel({ position: 2 })])
  expect(verdicts.map((v) => v.outcome)).toEqual(['created', 'rejected'])
})

test('a record created and corrected in one file ends at its second version', () => {
  const verdicts = decideAll([parcel({ findings: [error] }), parcel({ operation: 'replace', content: 'b' })])
  expect(verdicts.map((v) => v.outcome)).toEqual(['created', 'updated'])
  expect(verdicts[1]).toMatchObject({ recordId: 'r1', version: 2, status: 'submitted' })
})

test('a correction is taken only where the lifecycle allows it', () => {
  const change = parcel({ operation: 'replace', content: 'b' })
  expect(decideAll([change], [stored])[0]?.outcome).toBe('updated')
  for (const status of ['submitted', 'closed'] as const)
    expect(decideAll([change], [{ ...stored, status }])[0]?.findings[0]?.code).toBe('CLOSED')
  expect(decideAll([change])[0]?.findings[0]?.code).toBe('MISSING')
})

test('closing freezes the record whatever its findings', () => {
  const [closed, after] = decideAll(
    [
      parcel({ operation: 'close', content: 'b', findings: [error] }),
      parcel({ operation: 'replace', content: 'c' }),
    ],
    [stored],
  )
  expect(closed).toMatchObject({ outcome: 'updated', status: 'closed' })
  expect(after?.findings[0]?.code).toBe('CLOSED')
})

test('only the centre deletes, and a deleted key and duplicate key are free again', () => {
  const gone = parcel({ operation: 'delete' })
  expect(decideAll([gone], [stored])[0]?.findings[0]?.code).toBe('OPERATION_NOT_GRANTED')
  const verdicts = decideAll([gone, parcel()], [stored], { byCentre: true })
  expect(verdicts.map((v) => v.outcome)).toEqual(['deleted', 'created'])
  expect(verdicts[1]?.recordId).not.toBe(stored.recordId)
})

test('a record of another agency is refused', () => {
  expect(decideAll([parcel({ ownerValue: 'CA99' })])[0]?.findings[0]?.code).toBe('FOREIGN')
})

test("a quoted id must be the record's own, and a new record has none to quote", () => {
  const change = { operation: 'replace', content: 'b' } as const
  expect(decideAll([parcel({ ...change, quotedId: 'R-STORED' })], [stored])[0]?.outcome).toBe('updated')
  expect(decideAll([parcel({ ...change, quotedId: 'other' })], [stored])[0]?.findings[0]?.code).toBe(
    'WRONG_ID',
  )
  expect(decideAll([parcel({ quotedId: 'other' })])[0]?.findings[0]?.code).toBe('WRONG_ID')
})

test('an upsert of the same content changes nothing, of other content makes a version', () => {
  const type = matchType({
    lifecycle: {
      labels: matchType().lifecycle.labels,
      operations: { upsert: { from: ['submitted', 'submitted-with-errors'], grant: 'owner' } },
    },
  })
  const live = { ...stored, status: 'submitted' } as const
  const run = (content: string) => decideAll([parcel({ operation: 'upsert', content })], [live], { type })[0]
  expect(run('old')).toMatchObject({ outcome: 'unchanged', change: null, version: 3 })
  expect(run('new')).toMatchObject({ outcome: 'updated', version: 4 })
})

test('a version read before and changed since is refused', () => {
  const [verdict] = decideAll([parcel({ operation: 'replace', content: 'b' })], [stored], {
    expectedVersion: 2,
  })
  expect(verdict?.findings[0]?.code).toBe('VERSION_CHANGED')
})

test('a finding held against the stored version can refuse the change', () => {
  const locked: Finding = { ...error, code: 'LOCKED', severity: 'fatal' }
  const [verdict] = decideAll([parcel({ operation: 'replace', content: 'b' })], [stored], {
    judgeAgainst: () => [locked],
  })
  expect(verdict).toMatchObject({ outcome: 'rejected', change: null })
})

test('a record without a readable key, or dropped by a filter, touches nothing', () => {
  const fatal: Finding = { ...error, severity: 'fatal' }
  const verdicts = decideAll([parcel({ key: null, findings: [fatal] }), parcel({ filtered: true })])
  expect(verdicts.map((v) => [v.outcome, v.change])).toEqual([
    ['rejected', null],
    ['filtered', null],
  ])
})
