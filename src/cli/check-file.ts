import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Definition } from '../exchange/definition.ts'
import { OUTCOMES, type Outcome } from '../exchange/parcel.ts'
import { createJudgeCache, judgeDocument } from '../judge/document.ts'
import { documentLimits } from '../judge/read-document.ts'
import { keyText } from '../match/key-text.ts'
import { centreChecks } from './centre-checks.ts'
import type { Exit } from './exits.ts'
import { createFileBook } from './file-book.ts'
import { createFindingWriter, type FoundFinding } from './finding-writer.ts'
import type { Output } from './output.ts'
import { createProgress } from './progress.ts'

/** How to check a file. */
interface CheckRequest {
  readonly file: string
  /** Whose crosswalks to use. */
  readonly partner: string
  /** ISO date; absent: today in the exchange's zone. */
  readonly today?: string
  /** Write every finding for people, not only the first of each code. */
  readonly all?: boolean
  /** Hold the file's name against the rules, and the records against the name, as of a file by SFTP. */
  readonly asFile?: boolean
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

/** Judges a file with the code of the centre and writes what it finds, in constant memory. */
export async function checkFile(definition: Definition, given: CheckRequest, out: Output): Promise<Exit> {
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
  given: CheckRequest,
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
    naming: given.asFile === true,
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
      const key = keyText(parcel)
      // Records of several types may have the same key.
      const record = key === null || definition.types.length === 1 ? key : `${parcel.type} ${key}`
      for (const { code, severity, path, message, value } of findings)
        found({ position: parcel.position, record, code, severity, path, message, value })
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
