import { basename } from 'node:path'
import type { Command } from 'commander'
import type { TriedRecord, TryResult } from '../channel/rest/ports-rules.ts'
import type { Screen } from './output.ts'
import { readInput } from './read-input.ts'
import { rulesPath, showProblems } from './rules-view.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

interface Given {
  readonly exchange: string
  readonly partner: string
  readonly data: string
  readonly rules?: string
  readonly limit: number
}

export function tryCommand(): Command {
  return serverLeaf<Given>(
    'try <exchange> <partner> <data>',
    'Judges the records of a small file as those of a partner, by the rules in effect or by those of a file, and shows ' +
      'what they made of each. Nothing is stored. Ends with 1 when a record would be refused or stored with errors.',
    [
      ['tributary rules try voter alder-county voters.txt --rules rules.yaml', 'Before the rules are put'],
      ['tributary rules try voter alder-county voters.txt', 'By the rules in effect'],
    ],
    async ({ given, out, client }) => {
      const { exchange, partner, limit } = given
      const data = await readInput(given.data)
      const content = given.rules === undefined ? null : await readInput(given.rules)
      const fileName = given.data === '-' ? '' : basename(given.data)
      const body = { partner, content, data, fileName, limit }
      const result = await client.send<TryResult>('POST', `${rulesPath(exchange)}/try`, body)
      out.result(result, (screen) => {
        if (result.problems.length > 0) showProblems(screen, result.problems)
        else showTried(screen, result)
      })
      if (result.problems.length > 0) return 'usage'
      return result.counts.rejected + result.counts.withErrors > 0 ? 'findings' : 'ok'
    },
    (command) =>
      command
        .option('--rules <file>', 'rules to try instead of those in effect; - for standard input')
        .option('--limit <number>', 'records shown at most', atLeastOne, 50),
  )
}

function showTried(screen: Screen, { records, counts }: TryResult): void {
  for (const record of records) showRecord(screen, record)
  const { received, rejected, filtered, translated, withErrors } = counts
  screen.line(
    `${received} records: ${rejected + filtered} not taken (${rejected} rejected, ${filtered} filtered), ${withErrors} with errors, ${translated} translated.`,
  )
}

function showRecord(screen: Screen, { position, key, result, body, notes, findings }: TriedRecord): void {
  screen.line(`${screen.bold(`Record ${position}`)} ${key ?? '(no key)'}: ${result}`)
  if (result !== 'filtered') screen.line(`  ${JSON.stringify(body)}`)
  for (const { path, rule, from, to } of notes)
    screen.line(`  ${path}: ${from === '' ? '(nothing)' : from} → ${to} (${rule})`)
  for (const { code, severity, field, message } of findings)
    screen.line(`  ${code} ${severity}${field === '' ? '' : ` ${field}`}: ${message}`)
  screen.line()
}
