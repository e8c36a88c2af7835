import { csvRow } from '../encode/csv.ts'
import type { Severity } from '../exchange/definition.ts'
import type { FoundInMonth, ReceivedInMonth } from '../store/quality.ts'

/** With fewer other partners than this, a median would tell of somebody. */
export const OTHERS_MIN = 3
const per = 1000

/** How often something was found: for each 1,000 records, beside the median of the other partners. */
export interface Rate {
  readonly findings: number
  /** Null where no record was received. */
  readonly rate: number | null
  /** Null where fewer than three other partners sent anything. */
  readonly median: number | null
}

export interface RuleRate extends Rate {
  readonly code: string
  readonly severity: Severity
  /** What it says of one of the records. */
  readonly message: string
  /** In the order of `Scorecard.months`. */
  readonly months: readonly Rate[]
}

/** A partner's findings by rule and by month. */
export interface Scorecard {
  readonly received: number
  /** Of the whole time and all rules. */
  readonly all: Rate
  readonly months: readonly (Rate & { readonly month: string; readonly received: number })[]
  /** The most frequent first. */
  readonly rules: readonly RuleRate[]
}

/**
 * Puts a partner's findings beside those of the others, of whom nothing but medians is told.
 * @param partner null: all partners together, beside the median of them
 * @param months every one, in order, also those without anything
 */
export function scorecard(
  partner: string | null,
  months: readonly string[],
  received: readonly ReceivedInMonth[],
  found: readonly FoundInMonth[],
): Scorecard {
  const byCode = new Map<string, FoundInMonth[]>()
  for (const one of found) {
    const those = byCode.get(one.code)
    if (those === undefined) byCode.set(one.code, [one])
    else those.push(one)
  }
  const rateOf = (code: string | null, month: string | null): Rate => {
    const records = sums(received, (one) => (month === null || one.month === month ? one.received : 0))
    const those = code === null ? found : (byCode.get(code) ?? [])
    const counts = sums(those, (one) => (month === null || one.month === month ? one.count : 0))
    return rateIn(partner, records, counts)
  }
  const own = found.filter((one) => partner === null || one.partner === partner)
  const mine = received.filter((one) => partner === null || one.partner === partner)
  const rules = [...new Map(own.map((one) => [one.code, one])).values()].map(
    ({ code, severity, message }): RuleRate => ({
      code,
      severity,
      message,
      ...rateOf(code, null),
      months: months.map((month) => rateOf(code, month)),
    }),
  )
  return {
    received: total(mine.map((one) => one.received)),
    all: rateOf(null, null),
    months: months.map((month) => ({
      month,
      received: total(mine.filter((one) => one.month === month).map((one) => one.received)),
      ...rateOf(null, month),
    })),
    rules: rules.sort((a, b) => b.findings - a.findings || (a.code < b.code ? -1 : 1)),
  }
}

type Sums = ReadonlyMap<string, number>

function rateIn(partner: string | null, records: Sums, counts: Sums): Rate {
  const others = [...records].filter(([name, value]) => name !== partner && value > 0)
  const rates = others.map(([name, value]) => ((counts.get(name) ?? 0) / value) * per)
  const mine = (values: Sums) => (partner === null ? total([...values.values()]) : (values.get(partner) ?? 0))
  const own = mine(records)
  return {
    findings: mine(counts),
    rate: own === 0 ? null : (mine(counts) / own) * per,
    median: rates.length < OTHERS_MIN ? null : medianOf(rates),
  }
}

function sums<One extends { readonly partner: string }>(all: readonly One[], of: (one: One) => number): Sums {
  const found = new Map<string, number>()
  for (const one of all) found.set(one.partner, (found.get(one.partner) ?? 0) + of(one))
  return found
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? 0
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper
}

/** The scorecard as a table: a row for all rules, then one for each, of the whole time and of each month. */
export function scorecardCsv({ received, all, months, rules }: Scorecard): string {
  const row = (month: string, code: string, message: string, records: number, rate: Rate) =>
    csvRow(
      [month, code, message, records, rate.findings, short(rate.rate), short(rate.median)].map(String),
      ',',
    )
  const rows = [
    csvRow(['month', 'rule', 'message', 'records', 'findings', 'per_1000', 'others_median'], ','),
    row('all', 'all', '', received, all),
    ...months.map((one) => row(one.month, 'all', '', one.received, one)),
  ]
  for (const rule of rules) {
    rows.push(row('all', rule.code, rule.message, received, rule))
    for (const [at, one] of months.entries())
      rows.push(row(one.month, rule.code, rule.message, one.received, rule.months[at] ?? NOTHING))
  }
  return rows.join('')
}

const NOTHING: Rate = { findings: 0, rate: null, median: null }

function short(rate: number | null): string {
  return rate === null ? '' : String(Math.round(rate * 100) / 100)
}
