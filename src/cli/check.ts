import type { Command } from 'commander'
import { leaf } from './command.ts'
import { CommandError } from './exits.ts'

interface Given {
  readonly file: string
  readonly exchange: string
  readonly partner: string
  readonly today?: string
  readonly all?: boolean
  readonly asFile?: boolean
  readonly rules?: readonly string[]
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
      [
        'tributary check 20260301120000_CA0990100.csv -e ripa --as-file',
        'A file as it will be uploaded by SFTP: its name is held against what it holds',
      ],
      ['tributary check stops.json -e ripa --json', 'For programs: one JSON object'],
    ],
    async ({ given, out }) => {
      if (given.today !== undefined && !/^\d{4}-\d\d-\d\d$/.test(given.today))
        throw new CommandError('usage', `${given.today} is not a date.`, 'It looks like 2026-03-31.')
      const { checkFile } = await import('./check-file.ts')
      const { loadNamedExchange } = await import('./exchange-source.ts')
      const definition = await loadNamedExchange(given.exchange)
      const { rules = [] } = given
      if (rules.length === 0) return checkFile(definition, given, out)
      const { withRuleFiles } = await import('./rule-files.ts')
      return checkFile(await withRuleFiles(definition, given.partner, rules), given, out)
    },
    (command) =>
      command
        .requiredOption('-e, --exchange <name>', 'name of an exchange, or the folder of its definition')
        .option('--partner <name>', 'whose crosswalks to use', '*')
        .option('--rules <files...>', 'rule sets to lay over the definition, in this order')
        .option('--today <date>', 'judge as on this day (YYYY-MM-DD)')
        .option(
          '--as-file',
          "hold the file's name against the exchange's rules for names, and the records against it",
        )
        .option('--all', 'write every finding, not only the first of each code'),
  )
}
