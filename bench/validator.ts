import { Ajv, type ValidateFunction } from 'ajv'
import { stopTree } from '../src/cli/demo-stop-forms.ts'
import { generateStops } from '../src/cli/demo-stops.ts'
import type { CodeValue, Definition } from '../src/exchange/definition.ts'
import type { RawRecord } from '../src/exchange/parcel.ts'
import { createJudge } from '../src/judge/judge.ts'
import { loadExchange, sha256 } from '../src/node/exchange-folder.ts'
import type { Draft } from '../src/translate/draft.ts'
import { compileTranslator } from '../src/translate/translator.ts'
import { compileValidator } from '../src/validate/validator.ts'
import { type ListsAs, plainOf, schemaOf, teach } from './ajv-schema.ts'
import { compared, type Result } from './results.ts'
import { type Contender, interleave, timed } from './rounds.ts'
import { faultShare, recentDays, seed } from './stop-file.ts'

const ripa = new URL('../exchanges/ripa', import.meta.url).pathname
const version = 'v2'

/** Codes in the tables as the Department of Justice publishes them are about this many. */
const tableSizes = { offence: 4500, city: 1600, school: 10_000 } as const

/**
 * The single-field checks of v2 stops against ajv with `allErrors` and the same rules; both start from records
 * whose values are bound to canonical fields and end with all findings of each. Ours also types the values,
 * writes the canonical body and hashes its content. Code tables have the size of the published ones.
 */
export async function measureValidator({
  records,
  rounds,
}: {
  records: number
  rounds: number
}): Promise<Result[]> {
  const definition = await withLargeTables()
  const raws = rawStops(records)
  const today = new Date().toISOString().slice(0, 10)
  const translator = compileTranslator(definition)
  const drafts = raws.map((raw) => translator.translate(raw, { partner: 'alpha', today }))
  const fields = definition.types[0]?.fields ?? []
  const objects = drafts.map((draft) => plainOf(draft.record, fields, version))
  const found = new Map<string, number>()
  const ours = (name: string, checks: 'fields' | 'both'): Contender => ({
    name,
    run: () => timed(async () => void found.set(name, judgeAll(definition, drafts, today, checks))),
  })
  const theirs = (as: ListsAs): Contender => {
    const validate = compileAjv(definition, as)
    return {
      name: `ajv, ${as}`,
      run: () => timed(async () => void found.set(as, countErrors(validate, objects))),
    }
  }
  const contenders = [ours('fields', 'fields'), theirs('enum'), theirs('set'), ours('all', 'both'), whole()]
  for (const contender of contenders) await contender.run(0)
  if (found.get('fields') !== found.get('enum') || found.get('enum') !== found.get('set'))
    throw new Error(`the findings differ: ${JSON.stringify([...found])}`)
  const timings = await interleave(contenders, rounds)
  const [mine, asEnum, asSet] = timings.map((timing) => records / timing.median) as [number, number, number]
  const detail = { records, findings: Object.fromEntries(found), timings }
  const peer = (name: string, rate: number) => ({ name, rate })
  return [
    compared(
      'field checks, all findings',
      'records/s',
      mine,
      peer('ajv `allErrors`, lists as `enum`', asEnum),
      2,
      detail,
    ),
    compared('the same', 'records/s', mine, peer('ajv `allErrors`, lists as Set keyword', asSet), 1, detail),
  ]

  function whole(): Contender {
    const judge = createJudge(definition)
    return {
      name: 'translated, all checks, hashed',
      run: () => timed(async () => void judge.judge(raws, { partner: 'alpha', today })),
    }
  }
}

function rawStops(count: number): RawRecord[] {
  const stops = generateStops({ seed, count, ori: 'CA0990001', faults: faultShare, ...recentDays() })
  return Array.from(stops, (stop, index): RawRecord => {
    const tree = stopTree(stop)
    return {
      position: index + 1,
      line: 0,
      member: '',
      shape: { kind: 'tree', tree },
      text: JSON.stringify(tree),
    }
  })
}

/** The definition with invented tables of the published size around the sample codes. */
async function withLargeTables(): Promise<Definition> {
  const small = await loadExchange(ripa)
  const imported = new Map<string, readonly CodeValue[]>()
  for (const [name, size] of Object.entries(tableSizes)) {
    const sample = small.lists[name]?.values ?? []
    const more = Array.from({ length: size - sample.length }, (_, index): CodeValue => {
      const code = name === 'city' ? `INVENTED CITY ${index}` : String(100_000 + index)
      return { code, label: code, from: null, until: null }
    })
    // Half before and half after the sample: a code is found halfway through the list, as on average.
    imported.set(name, [...more.slice(0, more.length / 2), ...sample, ...more.slice(more.length / 2)])
  }
  return loadExchange(ripa, imported)
}

const validators = new Map<Definition, ReturnType<typeof compileValidator>>()

function judgeAll(
  definition: Definition,
  drafts: readonly Draft[],
  today: string,
  checks: 'fields' | 'both',
): number {
  const validator = validators.get(definition) ?? compileValidator(definition)
  validators.set(definition, validator)
  let findings = 0
  for (const draft of drafts) findings += validator.validate(draft, { today, sha256, checks }).findings.length
  return findings
}

function compileAjv(definition: Definition, as: ListsAs): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: false })
  teach(ajv, definition)
  return ajv.compile(schemaOf(definition, version, as))
}

function countErrors(validate: ValidateFunction, objects: readonly unknown[]): number {
  let errors = 0
  for (const object of objects) if (!validate(object)) errors += validate.errors?.length ?? 0
  return errors
}
