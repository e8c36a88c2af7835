import type { Database } from '../db/database.ts'
import type { Definition, RulesUsed } from '../exchange/definition.ts'
import { overlay, type RuleProblem, type RuleSetText, withRules } from '../exchange/overlay.ts'
import { problemLine } from '../exchange/problem.ts'
import { Fault } from '../fault/fault.ts'
import { type RuleSet, ruleSetsMark, standingRuleSets } from '../store/rule-sets.ts'

export interface RulesInEffect {
  /**
   * The definition for a partner's records received at that time (milliseconds since 1970): as it is, or with the
   * rule sets laid over it that are in effect then: first the one for all, then the partner's own.
   * Throws fault RULES_WRONG when they do not fit the definition, which has changed since they were put.
   */
  of(definition: Definition, partner: string, at: number): Promise<Definition>
  /** Looks at once what was put or withdrawn, and not only after a moment. */
  look(): Promise<void>
}

interface Standing extends RuleSet {
  readonly from: number
}

/** So old may be what is known of rule sets that another process put. */
const knownMs = 2000

/** Definitions with rule sets laid over them, kept; a version never changes. */
const keptMax = 1000

/**
 * Keeps the rule sets at hand. They are few and change rarely, so one small question every other second is all that
 * they cost, and nothing for each record or call.
 * @param made told of each definition that is made, so that it can be found by its hash
 */
export function createRulesInEffect(
  db: Database,
  sha256: (text: string) => string,
  made: (definition: Definition) => void,
): RulesInEffect {
  let standing: readonly Standing[] = []
  let mark: string | null = null
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | null = null
  const kept = new Map<string, Definition>()

  return {
    async of(definition, partner, at) {
      if (performance.now() - lookedAt > knownMs) await lookOnce()
      if (standing.length === 0) return definition
      const sets = setsAt(standing, definition.exchange, partner, at)
      if (sets.length === 0) return definition
      const name = [definition.hash, ...sets.map((set) => `${set.partner}:${set.version}`)].join(' ')
      let laid = kept.get(name)
      if (laid === undefined) {
        laid = laidOver(definition, sets, sha256)
        if (kept.size >= keptMax) kept.clear()
        kept.set(name, laid)
      }
      made(laid)
      return laid
    },
    look: async () => {
      await looking
      await lookOnce()
    },
  }

  function lookOnce(): Promise<void> {
    looking ??= lookNow().finally(() => {
      looking = null
    })
    return looking
  }

  async function lookNow(): Promise<void> {
    const now = performance.now()
    await db.transact(async (tx) => {
      const current = await ruleSetsMark(tx)
      if (current === mark) return
      standing = (await standingRuleSets(tx)).map((set) => ({ ...set, from: Date.parse(set.effectiveAt) }))
      mark = current
    })
    lookedAt = now
  }
}

/** The rule sets in effect for a partner, in the order in which they are laid over the definition. */
export function setsAt<
  T extends Pick<RuleSet, 'exchange' | 'partner' | 'version'> & { readonly from: number },
>(sets: readonly T[], exchange: string, partner: string, at: number): readonly T[] {
  return (partner === '*' ? ['*'] : ['*', partner]).flatMap((name) => {
    const own = sets.filter((set) => set.exchange === exchange && set.partner === name && set.from <= at)
    // Of two that take effect at the same time, the one that was put later.
    return own.toSorted((a, b) => a.from - b.from || a.version - b.version).slice(-1)
  })
}

function laidOver(
  definition: Definition,
  sets: readonly RuleSetText[],
  sha256: (text: string) => string,
): Definition {
  const { definition: laid, problems } = overlay(definition, sets, sha256)
  const used: RulesUsed[] = sets.map(({ partner, version }) => ({ partner, version }))
  if (laid !== null) return withRules(laid, used, sha256)
  const names = used.map(({ partner, version }) => `${partner} (version ${version})`).join(', ')
  throw new Fault('RULES_WRONG', { names, exchange: definition.exchange, reason: problemsText(problems) })
}

/** The first problems of rule sets as one text. */
export function problemsText(problems: readonly RuleProblem[]): string {
  const told = problems.slice(0, 5).map((problem) => {
    const path = problem.path === '' ? '' : `${problem.path}: `
    return `${path}${problemLine(problem)}`
  })
  const rest = problems.length - told.length
  return `${told.join(' ')}${rest > 0 ? ` And ${rest} more.` : ''}`
}
