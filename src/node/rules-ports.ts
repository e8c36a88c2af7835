import type { Ports } from '../channel/rest/ports.ts'
import type {
  RuleSetCheck,
  RuleSetView,
  TriedRecord,
  TryRequest,
  TryResult,
} from '../channel/rest/ports-rules.ts'
import type { Database, Tx } from '../db/database.ts'
import { compareDefinitions } from '../exchange/compare.ts'
import type { Definition } from '../exchange/definition.ts'
import { overlay, type RuleProblem } from '../exchange/overlay.ts'
import { type Parcel, worst } from '../exchange/parcel.ts'
import { Fault } from '../fault/fault.ts'
import { DocumentRefused, JudgeDied, type JudgePool } from '../judge/pool.ts'
import { documentLimits } from '../judge/read-document.ts'
import { dateIn } from '../run/deps.ts'
import { problemsText, setsAt } from '../run/rules-in-effect.ts'
import { findPartner } from '../store/partners.ts'
import {
  findRuleSet,
  listRuleSets,
  putRuleSet,
  type RuleSet,
  standingRuleSets,
  withdrawRuleSet,
} from '../store/rule-sets.ts'
import { KEY_SEPARATOR } from '../validate/characters.ts'
import type { LiveDefinitions } from './definitions.ts'
import { sha256 } from './exchange-folder.ts'

interface RulesDeps {
  readonly db: Database
  readonly definitions: LiveDefinitions
  readonly pool: JudgePool
  readonly now: () => number
}

/** A rule set among others, as it stands or would stand. */
interface Candidate extends Pick<RuleSet, 'exchange' | 'partner' | 'version' | 'content'> {
  readonly from: number
}

/** Rule sets: what stands, what a new one would do, putting and withdrawing. */
export function createRulesPorts(deps: RulesDeps): Ports['rules'] {
  const { db, definitions, now } = deps
  return {
    async list(exchange, partners) {
      const sets = await db.transact((tx) => listRuleSets(tx, exchange, partners))
      return sets.map((set) => viewOf(set, sets, now()))
    },
    find: (exchange, partner, version) => findOne(deps, exchange, partner, version),
    check: (exchange, partner, content) => check(deps, exchange, partner, content),
    async put(who, exchange, { partner, effectiveAt, reason, content }) {
      const at = now()
      const from = effectiveAt === null ? at : Date.parse(effectiveAt)
      if (Number.isNaN(from)) throw new Fault('BAD_REQUEST', { reason: `${effectiveAt} is no time.` })
      if (from < at - clockMs)
        throw new Fault('BAD_REQUEST', {
          reason: 'Rules take effect from now on or later: what was received before has been judged.',
        })
      const definition = definitions.get(exchange)
      const version = await db.transact(async (tx) => {
        await mustBePartner(tx, partner)
        const standing = candidates(await standingRuleSets(tx))
        const problems = problemsWith(definition, standing, {
          exchange,
          partner,
          version: newest,
          content,
          from,
        })
        if (problems.length > 0) throw new Fault('BAD_REQUEST', { reason: problemsText(problems) })
        const [effective, made] = [isoOf(Math.max(from, at)), isoOf(at)]
        const { name: madeBy } = who
        return putRuleSet(tx, {
          exchange,
          partner,
          effectiveAt: effective,
          content,
          reason,
          madeBy,
          madeAt: made,
        })
      })
      await definitions.lookForRules()
      return findOne(deps, exchange, partner, version)
    },
    try: (exchange, request) => tryOut(deps, exchange, request),
    compare: (exchange, partner, before, after) => compare(deps, exchange, partner, before, after),
    async withdraw(who, exchange, partner, version, reason) {
      const withdrawal = { at: isoOf(now()), by: who.name, reason }
      const view = await findOne(deps, exchange, partner, version)
      const done = await db.transact((tx) => withdrawRuleSet(tx, { exchange, partner, version }, withdrawal))
      if (!done)
        throw new Fault('NOT_ALLOWED_NOW', {
          reason:
            view.withdrawnAt === null
              ? `Version ${version} has taken effect; put another version in its place.`
              : `Version ${version} was withdrawn before.`,
        })
      await definitions.lookForRules()
      return findOne(deps, exchange, partner, version)
    },
  }
}

/** A clock of another machine that is so far behind means now. */
const clockMs = 60_000

/** A version that is not there yet goes after all that are. */
const newest = Number.MAX_SAFE_INTEGER

function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

function candidates(sets: readonly RuleSet[]): readonly Candidate[] {
  return sets.map((set) => ({ ...set, from: Date.parse(set.effectiveAt) }))
}

async function mustBePartner(tx: Tx, partner: string): Promise<void> {
  if (partner !== '*' && (await findPartner(tx, partner)) === null)
    throw new Fault('NOT_FOUND', { what: `partner ${partner}` })
}

async function findOne(
  { db, now }: RulesDeps,
  exchange: string,
  partner: string,
  version: number,
): Promise<RuleSetView & { readonly content: string }> {
  const sets = await db.transact((tx) => listRuleSets(tx, exchange, [partner]))
  const set = sets.find((one) => one.version === version)
  if (set === undefined)
    throw new Fault('NOT_FOUND', { what: `rule set ${partner} ${version} in ${exchange}` })
  return { ...viewOf(set, sets, now()), content: set.content }
}

function viewOf(set: RuleSet, sets: readonly RuleSet[], at: number): RuleSetView {
  const { content: _, ...shown } = set
  const standing = candidates(sets).filter(({ version, partner }) =>
    sets.some((one) => one.version === version && one.partner === partner && one.withdrawnAt === null),
  )
  const current = setsAt(standing, set.exchange, set.partner, at).at(-1)
  const state =
    set.withdrawnAt !== null
      ? 'withdrawn'
      : Date.parse(set.effectiveAt) > at
        ? 'coming'
        : current?.partner === set.partner && current.version === set.version
          ? 'in-effect'
          : 'past'
  return { ...shown, state }
}

/**
 * Problems of a rule set by itself and together with those it will meet: one for all lies under each partner's own,
 * at its beginning and whenever another takes effect later.
 */
function problemsWith(
  definition: Definition,
  standing: readonly Candidate[],
  set: Candidate,
): readonly RuleProblem[] {
  const own = overlay(definition, [set], sha256).problems
  if (set.partner === '*' && own.length > 0) return own
  const all = [...standing, set]
  const here = standing.filter(({ exchange }) => exchange === set.exchange)
  const partners = set.partner === '*' ? ['*', ...new Set(here.map(({ partner }) => partner))] : [set.partner]
  const times = [set.from, ...here.map(({ from }) => from).filter((from) => from > set.from)]
  for (const partner of partners)
    for (const time of times) {
      const sets = setsAt(all, set.exchange, partner, time)
      if (!sets.includes(set)) continue
      const { problems } = overlay(definition, sets, sha256)
      if (problems.length > 0) return problems
    }
  return []
}

async function check(
  { db, definitions, now }: RulesDeps,
  exchange: string,
  partner: string,
  content: string,
): Promise<RuleSetCheck> {
  const definition = definitions.get(exchange)
  const standing = await db.transact(async (tx) => {
    await mustBePartner(tx, partner)
    return candidates(await standingRuleSets(tx))
  })
  const at = now()
  const set = { exchange, partner, version: newest, content, from: at }
  const problems = problemsWith(definition, standing, set)
  if (problems.length > 0) return { problems, changes: [] }
  const before = overlay(definition, setsAt(standing, exchange, partner, at), sha256).definition
  const after = overlay(definition, setsAt([...standing, set], exchange, partner, at), sha256).definition
  const changes = before === null || after === null ? [] : compareDefinitions(before, after)
  return { problems: [], changes }
}

async function compare(
  { db, definitions }: RulesDeps,
  exchange: string,
  partner: string,
  before: number,
  after: number,
): Promise<{ problems: readonly RuleProblem[]; differences: ReturnType<typeof compareDefinitions> }> {
  const definition = definitions.get(exchange)
  const laid = await Promise.all(
    [before, after].map(async (version) => {
      if (version === 0) return overlay(definition, [], sha256)
      const set = await db.transact((tx) => findRuleSet(tx, { exchange, partner, version }))
      if (set === null)
        throw new Fault('NOT_FOUND', { what: `rule set ${partner} ${version} in ${exchange}` })
      return overlay(definition, [set], sha256)
    }),
  )
  const [old, fresh] = laid.map((one) => one.definition)
  const problems = laid.flatMap((one) => one.problems)
  if (old === null || fresh === null || old === undefined || fresh === undefined)
    return { problems, differences: [] }
  return { problems, differences: compareDefinitions(old, fresh) }
}

/** Judges pasted records by rules that are kept nowhere, in a process of its own like any document. */
async function tryOut(deps: RulesDeps, exchange: string, request: TryRequest): Promise<TryResult> {
  const { db, definitions, pool, now } = deps
  const { partner, content, fileName } = request
  const definition = definitions.get(exchange)
  const at = now()
  const standing = await db.transact(async (tx) => {
    await mustBePartner(tx, partner)
    return candidates(await standingRuleSets(tx))
  })
  const all =
    content === null ? standing : [...standing, { exchange, partner, version: newest, content, from: at }]
  const sets = setsAt(all, exchange, partner, at)
  const { definition: laid, problems } = overlay(definition, sets, sha256)
  const counts = { received: 0, rejected: 0, filtered: 0, translated: 0, withErrors: 0 }
  const rules = sets
    .filter(({ version }) => version !== newest)
    .map(({ version, partner: of }) => ({ partner: of, version }))
  if (laid === null) return { problems, definition: null, rules, counts, records: [] }
  const records: TriedRecord[] = []
  const bytes = new TextEncoder().encode(request.data)
  const today = dateIn(laid.zone, at)
  const context = { partner, today, fileName, limits: documentLimits, fromPosition: 0 }
  try {
    for await (const { parcels } of pool.judge(laid, { kind: 'bytes', bytes }, context))
      for (const parcel of parcels) {
        const tried = triedOf(parcel)
        counts.received += 1
        if (parcel.notes.length > 0) counts.translated += 1
        if (tried.result === 'rejected') counts.rejected += 1
        if (tried.result === 'filtered') counts.filtered += 1
        if (tried.result === 'with-errors') counts.withErrors += 1
        if (records.length < request.limit) records.push(tried)
      }
  } catch (error) {
    if (!(error instanceof DocumentRefused || error instanceof JudgeDied)) throw error
    throw new Fault('BAD_REQUEST', { reason: `The data cannot be read: ${error.message}` })
  }
  return { problems, definition: laid.hash, rules, counts, records }
}

function triedOf(parcel: Parcel): TriedRecord {
  const severity = worst(parcel.findings)
  return {
    position: parcel.position,
    line: parcel.line,
    type: parcel.type,
    operation: parcel.operation,
    key: parcel.key?.replaceAll(KEY_SEPARATOR, '/') ?? null,
    result: parcel.filtered
      ? 'filtered'
      : severity === 'fatal'
        ? 'rejected'
        : severity === 'error'
          ? 'with-errors'
          : 'accepted',
    body: JSON.parse(parcel.body) as Readonly<Record<string, unknown>>,
    notes: parcel.notes,
    findings: parcel.findings,
  }
}
