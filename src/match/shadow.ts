import { type Finding, OUTCOMES, type Outcome } from '../exchange/parcel.ts'
import type { Verdict } from './decide.ts'

/** What a new definition would make of past documents, beside what the present one makes of them. */

/** What became of a record by one of the two definitions. */
interface Fate {
  readonly outcome: Outcome
  readonly codes: readonly string[]
}

/** A rule, or a check of a field, by the code of its findings, and how often it spoke. */
export interface RuleDifference {
  readonly code: string
  readonly field: string
  readonly severity: Finding['severity']
  readonly message: string
  readonly before: number
  readonly after: number
}

/** A record of which another thing would become. */
export interface RecordDifference {
  readonly tracking: string
  readonly position: number
  readonly type: string
  readonly key: string | null
  readonly before: Fate | null
  readonly after: Fate | null
}

type Tally = Record<Outcome | 'received' | 'withErrors', number>

export interface ShadowResult {
  readonly submissions: number
  readonly records: number
  /** Records of which another thing would become. */
  readonly different: number
  readonly before: Tally
  readonly after: Tally
  /** The most frequent changes first. */
  readonly rules: readonly RuleDifference[]
  /** The first of them. */
  readonly examples: readonly RecordDifference[]
  /** Documents that one of the two could not read to its end. */
  readonly unread: readonly {
    readonly tracking: string
    readonly before: string | null
    readonly after: string | null
  }[]
}

/** A run in shadow, as it is kept. */
export interface ShadowReport {
  /** `broken-off`: the node ended while it was under way. */
  readonly state: 'running' | 'done' | 'failed' | 'broken-off'
  readonly realm: 'live' | 'test'
  /** Documents that it takes. */
  readonly wanted: number
  readonly askedBy: string
  readonly askedAt: string
  readonly endedAt: string | null
  /** Why it failed. */
  readonly failure: string | null
  /** Of the definition that was in force when it was asked for. */
  readonly againstHash: string
  readonly result: ShadowResult
}

const examplesMax = 200
const rulesMax = 300

export interface ShadowTally {
  records: number
  different: number
  readonly before: Tally
  readonly after: Tally
  readonly rules: Map<string, { -readonly [K in keyof RuleDifference]: RuleDifference[K] }>
  readonly examples: RecordDifference[]
  readonly unread: { tracking: string; before: string | null; after: string | null }[]
}

/** Nothing compared yet. */
export function emptyShadow(): ShadowTally {
  return {
    records: 0,
    different: 0,
    before: emptyTally(),
    after: emptyTally(),
    rules: new Map(),
    examples: [],
    unread: [],
  }
}

function emptyTally(): Tally {
  const names = ['received', ...OUTCOMES, 'withErrors'] as const
  return Object.fromEntries(names.map((name) => [name, 0])) as Tally
}

/** What was found so far, in so many documents. */
export function shadowResult({ rules, ...running }: ShadowTally, submissions: number): ShadowResult {
  const changed = [...rules.values()].filter(({ before, after }) => before !== after)
  changed.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
  return { ...running, submissions, rules: changed.slice(0, rulesMax) }
}

/** Takes a record of a document in as both definitions judge it; undefined: one of them sees no such record. */
export function compareFates(
  tracking: string,
  was: Verdict | undefined,
  is: Verdict | undefined,
  running: ShadowTally,
): void {
  const [before, after] = [note(was, 'before', running), note(is, 'after', running)]
  running.records += 1
  if (before?.outcome === after?.outcome && before?.codes.join() === after?.codes.join()) return
  running.different += 1
  const parcel = (is ?? was)?.parcel
  if (parcel === undefined || running.examples.length >= examplesMax) return
  const { position, type, key } = parcel
  running.examples.push({
    tracking,
    position,
    type,
    key: key?.replaceAll('\u001f', '/') ?? null,
    before,
    after,
  })
}

/** Counts what became of a record on one side. */
function note(verdict: Verdict | undefined, side: 'before' | 'after', running: ShadowTally): Fate | null {
  if (verdict === undefined) return null
  const { outcome, findings } = verdict
  const tally = running[side]
  tally.received += 1
  tally[outcome] += 1
  if (
    outcome !== 'rejected' &&
    outcome !== 'filtered' &&
    findings.some(({ severity }) => severity === 'error')
  )
    tally.withErrors += 1
  for (const { code, field, severity, message } of findings) {
    const name = `${code} ${field} ${severity}`
    const rule = running.rules.get(name) ?? { code, field, severity, message, before: 0, after: 0 }
    rule[side] += 1
    running.rules.set(name, rule)
  }
  return { outcome, codes: [...new Set(findings.map(({ code }) => code))].sort() }
}
