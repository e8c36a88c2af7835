import type { Command } from 'commander'
import type { RuleSetView } from '../channel/rest/ports-rules.ts'
import { compareDefinitions, type Difference } from '../exchange/compare.ts'
import type { RuleProblem } from '../exchange/overlay.ts'
import { branch, leaf } from './command.ts'
import type { Screen } from './output.ts'
import { readInput } from './read-input.ts'
import { tryCommand } from './rules-try.ts'
import { rulesPath, showProblems } from './rules-view.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function rulesCommand(): Command {
  return branch(
    'rules',
    'Rules say what is done to the records of one partner, or of all (*), before they are judged: crosswalks, changes ' +
      'of values, filters, layouts of others. Each version takes effect at a stated time.',
    listCommand(),
    showCommand(),
    checkCommand(),
    tryCommand(),
    putCommand(),
    compareCommand(),
    withdrawCommand(),
  )
}

function showDifferences(screen: Screen, differences: readonly Difference[], none: string): void {
  if (differences.length === 0) screen.line(none)
  else
    screen.table(
      [{ title: 'Where' }, { title: 'Change' }, { title: 'Before' }, { title: 'After' }],
      differences.map(({ place, change, before, after }) => [place, change, before, after]),
    )
}

function showVersions(screen: Screen, items: readonly RuleSetView[]): void {
  if (items.length === 0) {
    screen.line('No rules: every partner is judged by the definition alone.')
    return
  }
  screen.table(
    [
      { title: 'Partner' },
      { title: 'Version', align: 'right' },
      { title: 'State' },
      { title: 'Takes effect' },
      { title: 'By' },
      { title: 'Reason' },
    ],
    items.map(({ partner, version, state, effectiveAt, madeBy, reason }) => [
      partner,
      version,
      state,
      effectiveAt,
      madeBy,
      reason,
    ]),
  )
}

function listCommand(): Command {
  return serverLeaf<{ readonly exchange: string; readonly partner?: string }>(
    'list <exchange>',
    'Lists the versions of rule sets and when each takes effect.',
    [
      ['tributary rules list voter', 'All that stand, past and to come'],
      ['tributary rules list voter --partner alder-county', 'Those of one partner'],
    ],
    async ({ given, out, client }) => {
      const query = { partner: given.partner }
      const { items } = await client.get<{ items: readonly RuleSetView[] }>(rulesPath(given.exchange), query)
      out.result({ items }, (screen) => showVersions(screen, items))
      return 'ok'
    },
    (command) => command.option('--partner <name>', 'only of this partner; * stands for those for all'),
  )
}

interface OneGiven {
  readonly exchange: string
  readonly partner: string
  readonly version: number
}

function showCommand(): Command {
  return serverLeaf<OneGiven>(
    'show <exchange> <partner> <version>',
    'Writes the rules of one version, as they were put.',
    [['tributary rules show voter alder-county 3 > rules.yaml', 'To change them and put them again']],
    async ({ given, out, client }) => {
      const path = rulesPath(given.exchange, given.partner, given.version)
      const view = await client.get<RuleSetView & { content: string }>(path)
      out.result(view, (screen) => screen.line(view.content.trimEnd()))
      return 'ok'
    },
    versionArgument,
  )
}

/** The last argument is a whole number. */
function versionArgument(command: Command): Command {
  const argument = command.registeredArguments.find((one) => one.name() === 'version')
  argument?.argParser(atLeastOne)
  return command
}

interface CheckGiven {
  readonly file: string
  readonly exchange: string
  readonly partner: string
}

function checkCommand(): Command {
  return leaf<CheckGiven>(
    'check <file>',
    'Checks rules against a definition on this machine and shows what they change in it. Ends with 2 when anything is wrong.',
    [
      ['tributary rules check rules.yaml --exchange voter', 'Every problem with its line and what to do'],
      ['tributary rules check - -e ./exchanges/ours < rules.yaml', 'From standard input'],
    ],
    async ({ given, out }) => {
      const { loadNamedExchange } = await import('./exchange-source.ts')
      const { overlay } = await import('../exchange/overlay.ts')
      const { sha256 } = await import('../node/exchange-folder.ts')
      const definition = await loadNamedExchange(given.exchange)
      const content = await readInput(given.file)
      const laid = overlay(definition, [{ partner: given.partner, content }], sha256)
      const problems = laid.problems.map((problem) => ({ ...problem, file: given.file }))
      const changes = laid.definition === null ? [] : compareDefinitions(definition, laid.definition)
      out.result({ exchange: definition.exchange, problems, changes }, (screen) => {
        if (problems.length > 0) showProblems(screen, problems)
        else showDifferences(screen, changes, 'The rules change nothing.')
      })
      return problems.length > 0 ? 'usage' : 'ok'
    },
    (command) =>
      command
        .requiredOption('-e, --exchange <name>', 'name of an exchange, or the folder of its definition')
        .option('--partner <name>', 'whose records they are for', '*'),
  )
}

interface PutGiven {
  readonly exchange: string
  readonly partner: string
  readonly file: string
  readonly reason: string
  readonly effective?: string
}

function putCommand(): Command {
  return serverLeaf<PutGiven>(
    'put <exchange> <partner> <file>',
    'Puts a new version of the rules of a partner, or of all (*). It takes effect at the time named, for what is ' +
      'received from then on.',
    [
      [
        "tributary rules put voter alder-county rules.yaml --reason 'New party codes' --effective 2026-07-01T00:00:00-07:00",
        'From July on',
      ],
      ["tributary rules put voter '*' rules.yaml --reason 'One list of counties'", 'At once, for all'],
    ],
    async ({ given, out, client }) => {
      const { exchange, partner, reason, effective = null } = given
      const content = await readInput(given.file)
      const body = { reason, effectiveAt: effective, content }
      const view = await client.send<RuleSetView>('PUT', rulesPath(exchange, partner), body)
      out.result(view, (screen) =>
        screen.line(`Version ${view.version} of ${view.partner} takes effect at ${view.effectiveAt}.`),
      )
      return 'ok'
    },
    (command) =>
      command
        .requiredOption('--reason <text>', 'why, for those who come later')
        .option('--effective <time>', 'when it takes effect, with its time zone (default: at once)'),
  )
}

function compareCommand(): Command {
  return serverLeaf<{ exchange: string; partner: string; before: string; after: string }>(
    'compare <exchange> <partner> <before> <after>',
    'Shows what differs between two versions; version 0 is the definition without rules. Ends with 1 when anything does.',
    [['tributary rules compare voter alder-county 2 3', 'What the new version changes']],
    async ({ given, out, client }) => {
      const { exchange, partner, before, after } = given
      const found = await client.get<{
        problems: readonly RuleProblem[]
        differences: readonly Difference[]
      }>(rulesPath(exchange, partner, 'compare'), { before, after })
      out.result(found, (screen) => {
        if (found.problems.length > 0) showProblems(screen, found.problems)
        else showDifferences(screen, found.differences, 'No differences.')
      })
      return found.problems.length + found.differences.length === 0 ? 'ok' : 'findings'
    },
  )
}

function withdrawCommand(): Command {
  return serverLeaf<OneGiven & { readonly reason: string }>(
    'withdraw <exchange> <partner> <version>',
    'Withdraws a version that has not taken effect. One that has stays: put another in its place.',
    [
      [
        "tributary rules withdraw voter alder-county 4 --reason 'The codes come in August'",
        'Before its time has come',
      ],
    ],
    async ({ given, out, client }) => {
      const { exchange, partner, version, reason } = given
      const path = `${rulesPath(exchange, partner, version)}/withdraw`
      const view = await client.send<RuleSetView>('POST', path, { reason })
      out.result(view, (screen) => screen.line(`Version ${view.version} of ${view.partner} is withdrawn.`))
      return 'ok'
    },
    (command) => versionArgument(command).requiredOption('--reason <text>', 'why, for those who come later'),
  )
}
