import { expect, test } from 'vitest'
import { scorecard, scorecardCsv } from './scorecard.ts'

const received = (partner: string, month: string, count: number) => ({ partner, month, received: count })
const found = (partner: string, month: string, code: string, count: number) => ({
  partner,
  month,
  code,
  severity: 'error' as const,
  message: `${code} of ${partner}`,
  count,
})

const RECEIVED = [
  received('alder', '2026-01', 1000),
  received('alder', '2026-02', 500),
  received('birch', '2026-01', 100),
  received('cedar', '2026-01', 200),
  received('dogwood', '2026-01', 1000),
  received('birch', '2026-02', 100),
  received('cedar', '2026-02', 100),
]
const FOUND = [
  found('alder', '2026-01', 'R1', 30),
  found('alder', '2026-02', 'R1', 5),
  found('alder', '2026-01', 'R2', 2),
  found('birch', '2026-01', 'R1', 1),
  found('cedar', '2026-01', 'R1', 10),
  found('cedar', '2026-01', 'R3', 10),
]
const MONTHS = ['2026-01', '2026-02', '2026-03']

test('a partner stands beside the median of the others, each counted once', () => {
  const card = scorecard('alder', MONTHS, RECEIVED, FOUND)
  expect(card.rules.map(({ code, findings }) => [code, findings])).toEqual([
    ['R1', 35],
    ['R2', 2],
  ])
  // Birch 10, cedar 50 and dogwood 0 of 1,000 in January.
  expect(card.rules[0]?.months[0]).toEqual({ findings: 30, rate: 30, median: 10 })
  expect(card.months[0]).toEqual({ month: '2026-01', received: 1000, findings: 32, rate: 32, median: 10 })
})

test('with fewer than three others nothing is told of them, and without records there is no rate', () => {
  const card = scorecard('alder', MONTHS, RECEIVED, FOUND)
  expect(card.months[1]).toEqual({ month: '2026-02', received: 500, findings: 5, rate: 10, median: null })
  expect(card.months[2]).toEqual({ month: '2026-03', received: 0, findings: 0, rate: null, median: null })
})

test('nothing that only others have is named', () => {
  const card = scorecard('alder', MONTHS, RECEIVED, FOUND)
  expect(JSON.stringify(card)).not.toMatch(/R3|birch|cedar|dogwood/)
})

test('all together stand beside the median of them, which with an even number is between two', () => {
  const { all } = scorecard(null, MONTHS, RECEIVED, FOUND)
  expect(all.findings).toBe(58)
  expect(all.median).toBeCloseTo((5 + 37 / 1.5) / 2)
})

test('the table has a row for each rule and month', () => {
  const lines = scorecardCsv(scorecard('alder', MONTHS, RECEIVED, FOUND))
    .trimEnd()
    .split('\r\n')
  expect(lines).toHaveLength(1 + 3 * (1 + MONTHS.length))
  expect(lines[2]).toBe('2026-01,all,,1000,32,32,10')
  expect(lines[4]).toBe('2026-03,all,,0,0,,')
})
