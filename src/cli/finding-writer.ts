import type { Severity } from '../exchange/definition.ts'
import { OUTCOMES, type Outcome } from '../exchange/parcel.ts'
import type { CentreCheck } from './centre-checks.ts'
import { type Output, printable } from './output.ts'

/** One finding as `tributary check` tells it. */
export interface FoundFinding {
  readonly position: number
  /** The record's key, or null where it has none. */
  readonly record: string | null
  readonly code: string
  readonly severity: Severity
  readonly path: string
  readonly message: string
  readonly value: string | null
}

export interface CheckResult {
  /** Names of the definition versions that judged records, joined by commas. */
  readonly version: string
  readonly records: number
  readonly outcomes: Readonly<Record<Outcome | 'withErrors', number>>
  readonly definition: string
  readonly onlyCentre: readonly CentreCheck[]
}

export interface FindingWriter {
  write(finding: FoundFinding): void
  end(result: CheckResult): void
}

/** Findings of one code, with the first of them as the example. */
interface Group {
  count: number
  readonly first: FoundFinding
}

/**
 * Writes the result of a check in constant memory: with --json one object whose findings are written as
 * they come, otherwise a summary by code.
 * @param every write each finding for people too
 */
export function createFindingWriter(out: Output, exchange: string, every: boolean): FindingWriter {
  return out.json ? jsonWriter(exchange) : screenWriter(out, exchange, every)
}

function jsonWriter(exchange: string): FindingWriter {
  let begun = false
  const write = (text: string) => process.stdout.write(text)
  const begin = () => {
    if (!begun) write(`{"exchange":${JSON.stringify(exchange)},"findings":[`)
    begun = true
  }
  return {
    write(finding) {
      const first = !begun
      begin()
      write(`${first ? '' : ','}${JSON.stringify(finding)}`)
    },
    end(result) {
      begin()
      write(`],${JSON.stringify(result).slice(1)}\n`)
    },
  }
}

function screenWriter({ screen }: Output, exchange: string, every: boolean): FindingWriter {
  const groups = new Map<string, Group>()
  return {
    write(finding) {
      const group = groups.get(finding.code)
      if (group === undefined) groups.set(finding.code, { count: 1, first: finding })
      else group.count += 1
      if (every) screen.line(findingLine(finding))
    },
    end(result) {
      if (every && groups.size > 0) screen.line()
      const version = result.version === '' ? '' : ` (${result.version})`
      screen.line(`${screen.bold(exchange)}${version}: ${result.records.toLocaleString('en-US')} records`)
      screen.line()
      screen.table(
        [{ title: 'Outcome' }, { title: 'Records', align: 'right' }],
        [...OUTCOMES, 'withErrors' as const]
          .filter((name) => result.outcomes[name] > 0)
          .map((name) => [name === 'withErrors' ? 'stored, with errors' : name, result.outcomes[name]]),
      )
      screen.line()
      if (groups.size === 0) screen.line(screen.good('No findings.'))
      else showGroups(screen, [...groups.values()])
      showCentreChecks(screen, result.onlyCentre)
    },
  }
}

function findingLine({ position, record, severity, code, path, message, value }: FoundFinding): string {
  const place = [`record ${position}`, record, path].filter((text) => text !== null && text !== '').join(', ')
  return printable(`${place}: ${severity} ${code}: ${message}${value === null ? '' : ` [${value}]`}`)
}

function showGroups(screen: Output['screen'], groups: readonly Group[]): void {
  screen.table(
    [
      { title: 'Findings', align: 'right' },
      { title: 'Severity' },
      { title: 'Code' },
      { title: 'Message' },
      { title: 'First in' },
    ],
    [...groups]
      .sort((a, b) => b.count - a.count)
      .map(({ count, first }) => [
        count,
        first.severity,
        first.code,
        first.message,
        `record ${first.position}${first.path === '' ? '' : ` ${first.path}`}`,
      ]),
  )
}

function showCentreChecks(screen: Output['screen'], checks: readonly CentreCheck[]): void {
  if (checks.length === 0) return
  screen.line(screen.dim('\nOnly the centre can check:'))
  for (const { code, about } of checks) screen.line(screen.dim(`  ${code === '' ? '' : `${code}: `}${about}`))
}
