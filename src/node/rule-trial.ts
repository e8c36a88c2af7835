import type { Ports } from '../channel/rest/ports.ts'
import type { RuleTrial, RuleTrialResult } from '../channel/rest/routes-rule-trial.ts'
import type { Definition, RecordType, Rule } from '../exchange/definition.ts'
import { checkExpression } from '../exchange/expression/check.ts'
import { levelsOf } from '../exchange/expression/scope.ts'
import { canonicalText } from '../exchange/load.ts'
import type { Parcel } from '../exchange/parcel.ts'
import { Fault } from '../fault/fault.ts'
import { DocumentRefused, JudgeDied, type JudgePool } from '../judge/pool.ts'
import { documentLimits } from '../judge/read-document.ts'
import { dateIn } from '../run/deps.ts'
import { KEY_SEPARATOR } from '../validate/characters.ts'
import type { LiveDefinitions } from './definitions.ts'
import { sha256 } from './exchange-folder.ts'

interface TrialDeps {
  readonly definitions: LiveDefinitions
  readonly pool: JudgePool
  readonly now: () => number
}

/** The rule on trial, and the same the other way round: what says neither was skipped. No sender has such codes. */
const FAILS = '\u0001fails'
const HOLDS = '\u0001holds'

/** Tries one rule on pasted records: judged like any document, in a process of its own. */
export function createRuleTrial({ definitions, pool, now }: TrialDeps): Ports['ruleTrial'] {
  return async (who, exchange, trial) => {
    const definition = definitions.get(exchange)
    const type = definition.types.find(({ name }) => trial.type === null || name === trial.type)
    if (type === undefined) throw new Fault('NOT_FOUND', { what: `record type ${trial.type} in ${exchange}` })
    const counts = { received: 0, holds: 0, fails: 0, skipped: 0 }
    const problem = problemOf(definition, type, trial)
    if (problem !== null) return { problem, counts, records: [] }
    const records: RuleTrialResult['records'][number][] = []
    const today = dateIn(definition.zone, now())
    const context = {
      partner: who.partner,
      today,
      fileName: trial.fileName,
      limits: documentLimits,
      fromPosition: 0,
    }
    const source = { kind: 'bytes', bytes: new TextEncoder().encode(trial.data) } as const
    try {
      for await (const { parcels } of pool.judge(withTrial(definition, type, trial), source, context))
        for (const parcel of parcels) {
          if (parcel.type !== type.name) continue
          const tried = triedOf(parcel)
          counts.received += 1
          counts[tried.result] += 1
          if (records.length < trial.limit) records.push(tried)
        }
    } catch (error) {
      if (!(error instanceof DocumentRefused || error instanceof JudgeDied)) throw error
      throw new Fault('BAD_REQUEST', { reason: `The data cannot be read: ${error.message}` })
    }
    return { problem: null, counts, records }
  }
}

function problemOf(
  definition: Definition,
  { fields }: RecordType,
  { rule, when, each }: RuleTrial,
): RuleTrialResult['problem'] {
  const lists = Object.keys(definition.lists)
  const scope = { fields, each, lists, needs: 'record', at: [] } as const
  if (each !== null && levelsOf(scope) === null)
    return { part: 'each', message: `There is no list '${each}' in the record.`, line: 1, column: 1 }
  for (const [part, text] of [
    ['rule', rule],
    ['when', when],
  ] as const) {
    const checked = text === null ? { ok: true as const } : checkExpression(text, scope)
    if (!checked.ok) return { part, message: checked.message, ...placeIn(text ?? '', checked.offset) }
  }
  return null
}

function placeIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** The definition with the rule on trial in place of the type's own. */
function withTrial(definition: Definition, type: RecordType, { rule, when, each }: RuleTrial): Definition {
  const made = (code: string, check: string): Rule => ({
    code,
    id: code,
    title: code,
    severity: 'info',
    each,
    check,
    when,
    blames: [],
    message: code,
    needs: 'record',
    only: null,
    source: '',
  })
  const rules = [made(FAILS, rule), made(HOLDS, `!(\n${rule}\n)`)]
  const types = definition.types.map((one) => (one.name === type.name ? { ...one, rules } : one))
  const { hash: _, ...content } = { ...definition, types }
  return { ...content, hash: sha256(canonicalText(content)) }
}

function triedOf({ position, key, findings }: Parcel): RuleTrialResult['records'][number] {
  const fails = findings.filter(({ code }) => code === FAILS)
  const holds = findings.some(({ code }) => code === HOLDS)
  return {
    position,
    key: key?.replaceAll(KEY_SEPARATOR, '/') ?? null,
    result: fails.length > 0 ? 'fails' : holds ? 'holds' : 'skipped',
    places: [...new Set(fails.map(({ path }) => path).filter((path) => path !== ''))],
    findings: findings
      .filter(({ code }) => code !== FAILS && code !== HOLDS)
      .map(({ code, message }) => ({ code, message })),
  }
}
