import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import type { IntakeView } from '../channel/rest/ports-bulk.ts'
import type { IntakeFile } from '../store/intake-files.ts'
import type { IntakeReport } from '../store/intakes.ts'
import { branch } from './command.ts'
import { CommandError, type Exit } from './exits.ts'
import { decideCommand } from './intake-decide.ts'
import type { Screen } from './output.ts'
import { save } from './save.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function intakeCommand(): Command {
  return branch(
    'intake',
    'An intake is what was picked up together from a folder: its files, what came of them, the reports sent back.',
    listCommand(),
    showCommand(),
    filesCommand(),
    reportsCommand(),
    getCommand(),
    ...decideCommand(),
  )
}

function pathOf(intake: string, ...rest: readonly string[]): string {
  return `/v1/intakes/${[intake, ...rest].map(encodeURIComponent).join('/')}`
}

interface Listing {
  readonly exchange?: string
  readonly partner?: string
  readonly realm?: string
  readonly state?: string
  readonly limit: number
}

function listCommand(): Command {
  return serverLeaf<Listing>(
    'list',
    'Lists intakes, the newest first.',
    [
      ['tributary intake list', 'The latest ones'],
      ['tributary intake list --partner alder-pd --state processing', 'What is in work for one partner'],
    ],
    async ({ given, out, client }) => {
      const { exchange, partner, realm, state, limit } = given
      const items: IntakeView[] = []
      const query = { exchange, partner, realm, state }
      for await (const one of client.list<IntakeView>('/v1/intakes', query, limit)) items.push(one)
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'Intake' },
            { title: 'Partner' },
            { title: 'Realm' },
            { title: 'State' },
            { title: 'Files', align: 'right' },
            { title: 'Records', align: 'right' },
            { title: 'Errors', align: 'right' },
          ],
          items.map((one) => [
            one.intake,
            one.partner,
            one.realm,
            one.state,
            one.files + one.calls,
            one.total,
            one.errors,
          ]),
        ),
      )
      return 'ok'
    },
    (command) =>
      command
        .option('-e, --exchange <name>', 'only intakes of this exchange')
        .option('--partner <name>', 'the centre only: of this partner')
        .addOption(new Option('--realm <realm>', 'live or test').choices(['live', 'test']))
        .addOption(
          new Option('--state <state>', 'only those in this state').choices([
            'gathering',
            'checking',
            'processing',
            'reporting',
            'done',
          ]),
        )
        .option('--limit <number>', 'how many at most', atLeastOne, 20),
  )
}

interface OneIntake {
  readonly intake: string
}

function showCommand(): Command {
  return serverLeaf<OneIntake>(
    'show <intake>',
    'Shows one intake: how far it is, and what came of its files and records. Ends with 1 when files were refused or ' +
      'records have errors.',
    [['tributary intake show 20260302120501-RIPA-4KQ2MVXW', 'Its id begins the names of its reports']],
    async ({ given, out, client }) => {
      const view = await client.get<IntakeView>(pathOf(given.intake))
      out.result(view, (screen) => showIntake(screen, view))
      return exitOf(view)
    },
  )
}

function exitOf({ errors, byState }: IntakeView): Exit {
  return errors > 0 || (byState.refused ?? 0) > 0 ? 'findings' : 'ok'
}

function showIntake(screen: Screen, view: IntakeView): void {
  const states = Object.entries(view.byState).map(([state, count]) => `${count} ${state}`)
  screen.pairs([
    ['Intake', view.intake],
    ['Partner', view.partner],
    ['Exchange', view.exchange],
    ['Realm', view.realm],
    ['From', view.kind === 'calls' ? 'bulk calls' : view.place || 'file server'],
    ['State', view.state],
    ['Opened', view.openedAt],
    ['Done', view.closedAt],
    ...(view.lastError === null ? [] : ([['Error', view.lastError]] as const)),
  ])
  screen.line()
  screen.pairs([
    view.kind === 'calls' ? ['Calls', view.calls] : ['Files', view.files],
    ...(states.length === 0 ? [] : ([['', states.join(', ')]] as const)),
    ['Records', view.total],
    ['Accepted', view.success],
    ['With errors', view.errors],
  ])
  if (view.state === 'done') screen.line(`\nReports: tributary intake get ${view.intake}`)
}

function filesCommand(): Command {
  return serverLeaf<OneIntake & { readonly state?: string; readonly limit: number }>(
    'files <intake>',
    'Lists the files of an intake in order of name, with what came of each.',
    [
      [
        'tributary intake files 20260302120501-RIPA-4KQ2MVXW --state refused',
        'Those that were refused, and why',
      ],
    ],
    async ({ given, out, client }) => {
      const items: IntakeFile[] = []
      const { state, limit } = given
      for await (const one of client.list<IntakeFile>(pathOf(given.intake, 'files'), { state }, limit))
        items.push(one)
      out.result({ items }, (screen) => showFiles(screen, items))
      return 'ok'
    },
    (command) =>
      command
        .addOption(
          new Option('--state <state>', 'only files in this state').choices([
            'taken',
            'refused',
            'held',
            'submitted',
            'done',
            'discarded',
          ]),
        )
        .option('--limit <number>', 'how many at most', atLeastOne, 1000),
  )
}

function showFiles(screen: Screen, files: readonly IntakeFile[]): void {
  screen.table(
    [
      { title: 'File' },
      { title: 'Name' },
      { title: 'State' },
      { title: 'Records', align: 'right' },
      { title: 'Errors', align: 'right' },
      { title: 'Submission' },
      { title: 'Why' },
    ],
    files.map((one) => [
      one.file,
      one.name,
      one.state,
      one.total,
      one.errors,
      one.tracking,
      [one.code, one.reason].filter(Boolean).join(': '),
    ]),
  )
}

function reportsCommand(): Command {
  return serverLeaf<OneIntake>(
    'reports <intake>',
    'Lists the reports of an intake: error files, logs, summaries, receipts.',
    [['tributary intake reports 20260302120501-RIPA-4KQ2MVXW', 'Names, kinds and sizes']],
    async ({ given, out, client }) => {
      const { items } = await client.get<{ items: readonly IntakeReport[] }>(pathOf(given.intake, 'reports'))
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'Bytes', align: 'right' },
            { title: 'Kind' },
            { title: 'In OUTPUT since' },
            { title: 'Name' },
          ],
          items.map(({ size, kind, writtenAt, name }) => [size, kind, writtenAt, name]),
        ),
      )
      return 'ok'
    },
  )
}

function getCommand(): Command {
  return serverLeaf<OneIntake & { readonly names: readonly string[]; readonly to: string }>(
    'get <intake> [names...]',
    'Downloads reports of an intake, all when none is named, also those removed from OUTPUT. A file of the same name ' +
      'is replaced.',
    [
      ['tributary intake get 20260302120501-RIPA-4KQ2MVXW --to reports', 'All of them, into a folder'],
      [
        'tributary intake get 20260302120501-RIPA-4KQ2MVXW 20260302120501-RIPA-4KQ2MVXW_errors.csv',
        'One of them',
      ],
    ],
    async ({ given, out, client }) => {
      const { intake, to } = given
      const path = pathOf(intake, 'reports')
      const { items } = await client.get<{ items: readonly IntakeReport[] }>(path)
      const known = items.map(({ name }) => name)
      const strange = given.names.find((name) => !known.includes(name))
      if (strange !== undefined)
        throw new CommandError(
          'missing',
          `The intake has no report ${strange}.`,
          `It has: ${known.join(', ')}`,
        )
      const wanted = given.names.length === 0 ? known : given.names
      await mkdir(to, { recursive: true })
      const files: string[] = []
      for (const name of wanted)
        files.push(await save(client, pathOf(intake, 'reports', name), join(to, name), out.json))
      out.result({ intake, files }, (screen) => {
        if (files.length === 0) screen.line('There are no reports yet.')
        for (const file of files) screen.line(file)
      })
      return 'ok'
    },
    (command) => command.option('--to <folder>', 'where to write them', '.'),
  )
}
