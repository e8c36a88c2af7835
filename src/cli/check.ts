import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import type { Definition } from '../exchange/definition.ts'
import { OUTCOMES, type Outcome } from '../exchange/parcel.ts'
import { createJudgeCache, documentLimits, judgeDocument } from '../judge/document.ts'
import { keyText } from '../match/decide.ts'
import { centreChecks } from './centre-checks.ts'
import { leaf } from './command.ts'
import { loadNamedExchange } from './exchange-source.ts'
import type { Exit } from './exits.ts'
import { CommandError } from './exits.ts'
import { createFileBook } from './file-book.ts'
import { createFindingWriter, type FoundFinding } from './finding-writer.ts'
import type { Output } from './output.ts'
import { createProgress } from './progress.ts'

interface Given {
  readonly file: string
  readonly exchange: string
  readonly partner: string
  readonly today?: string
  readonly all?: boolean
}

export function checkCommand(): Command {
  return leaf<Given>(
    'check <file>',
    'Checks a file against an exchange on this machine: no server, no network. Findings are those that the centre ' +
      'would give, except for what only the centre can know, which is listed at the end. Outcomes are what would ' +
      'become of the records if the centre holds none of them against you. Ends with 1 when there are findings ' +
      'that refuse a record or would store it with errors.',
    [
      ['tributary check stops.csv --exchange ripa', 'An exchange that comes with Tributary'],
      ['tributary check stops.zip --exchange ./exchanges/ours', 'An exchange in a folder'],
      ['tributary check stops.json -e ripa --json', 'For programs: one JSON object'],
    ],
    async ({ given, out }) => {
      if (given.today !== undefined && !/^\d{4}-\d\d-\d\d$/.test(given.today))
        throw new CommandError('usage', `${given.today} is not a date.`, 'It looks like 2026-03-31.')
      const definition = await loadNamedExchange(given.exchange)
      return check(definition, given, out)
    },
    (command) =>
      command
        .requiredOption('-e, --exchange <name>', 'name of an exchange, or the folder of its definition')
        .option('--partner <name>', 'whose crosswalks to use', '*')
        .option('--today <date>', 'judge as on this day (YYYY-MM-DD)')
        .option('--all', 'write every finding, not only the first of each code'),
  )
}

/** What a check counted. */
interface Tally {
  records: number
  withErrors: number
  readonly outcomes: Record<Outcome, number>
  readonly versions: Set<string>
  /** A finding of severity fatal or error came up. */
  wrong: boolean
}

async function check(definition: Definition, given: Given, out: Output): Promise<Exit> {
  const { size } = await stat(given.file)
  const tally: Tally = {
    records: 0,
    withErrors: 0,
    outcomes: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>,
    versions: new Set(),
    wrong: false,
  }
  const writer = createFindingWriter(out, definition.exchange, given.all === true)
  const progress = createProgress(`Checking ${basename(given.file)}`, 'records')
  const found = (finding: FoundFinding) => {
    if (finding.severity === 'fatal' || finding.severity === 'error') tally.wrong = true
    writer.write(finding)
  }
  try {
    await judgeAll(definition, given, size, tally, found, (share) => {
      if (!out.json)
        progress.update(tally.records, share === null || share === 0 ? null : tally.records / share)
    })
  } catch (error) {
    const refused = refusalOf(error)
    if (refused === null) throw error
    found({ ...refused, position: tally.records + 1, record: null })
  } finally {
    progress.end()
  }
  const versions = [...tally.versions].sort().join(',')
  const onlyCentre = centreChecks(definition)
  writer.end({
    version: versions,
    records: tally.records,
    outcomes: { ...tally.outcomes, withErrors: tally.withErrors },
    definition: definition.hash,
    onlyCentre,
  })
  return tally.wrong ? 'findings' : 'ok'
}

async function judgeAll(
  definition: Definition,
  given: Given,
  size: number,
  tally: Tally,
  found: (finding: FoundFinding) => void,
  progressed: (share: number | null) => void,
): Promise<void> {
  const today = given.today ?? todayIn(definition.zone)
  const context = {
    partner: given.partner,
    today,
    fileName: basename(given.file),
    fromPosition: 0,
    limits: documentLimits,
  }
  const judge = createJudgeCache()(definition)
  const book = createFileBook(definition)
  const source = { kind: 'file', path: given.file, size } as const
  for await (const { parcels, share } of judgeDocument(definition, judge, source, context)) {
    for (const parcel of parcels) {
      const { outcome, findings } = book.decide(parcel)
      tally.records += 1
      tally.outcomes[outcome] += 1
      tally.versions.add(parcel.version)
      const stored = outcome !== 'rejected' && outcome !== 'filtered'
      if (stored && findings.some(({ severity }) => severity === 'error')) tally.withErrors += 1
      for (const { code, severity, path, message, value } of findings)
        found({ position: parcel.position, record: keyText(parcel), code, severity, path, message, value })
    }
    progressed(share)
  }
}

/** A document that cannot be read on is a finding about the file. */
function refusalOf(
  error: unknown,
): Pick<FoundFinding, 'code' | 'severity' | 'path' | 'message' | 'value'> | null {
  if (!(error instanceof Error) || error.name !== 'DecodeError' || !('code' in error)) return null
  const line =
    'line' in error && typeof error.line === 'number' && error.line > 0 ? `Line ${error.line}: ` : ''
  return { code: String(error.code), severity: 'fatal', path: '', message: line + error.message, value: null }
}

/** Today's date in a time zone, ISO. */
function todayIn(zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date())
}
