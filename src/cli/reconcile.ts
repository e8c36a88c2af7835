import { stat } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { DifferenceView, ReconciliationView } from '../channel/rest/ports-reconcile.ts'
import { DIFFERENCE_KINDS } from '../exchange/words.ts'
import { branch } from './command.ts'
import type { Exit } from './exits.ts'
import type { Screen } from './output.ts'
import { save } from './save.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'
import { follow, sendAgain } from './submit.ts'

export function reconcileCommand(): Command {
  return branch(
    'reconcile',
    'Holds everything a partner has against what the centre has, and tells the differences. Nothing is changed.',
    sendCommand(),
    listCommand(),
    showCommand(),
    differencesCommand(),
  )
}

function pathOf(tracking: string, ...rest: readonly string[]): string {
  return `/v1/reconciliations/${[tracking, ...rest].map(encodeURIComponent).join('/')}`
}

function exitOf({ report }: ReconciliationView): Exit {
  return report?.met === true ? 'ok' : 'findings'
}

interface Sending {
  readonly file: string
  readonly exchange: string
  readonly realm: string
  readonly partner?: string
  readonly key?: string
}

function sendCommand(): Command {
  return serverLeaf<Sending>(
    'send <file>',
    'Sends a file with everything there is, waits, and shows the report. Ends with 1 when it is not met.',
    [['tributary reconcile send voters.csv --exchange voter', 'The monthly check']],
    async ({ given, out, client }) => {
      await stat(given.file)
      const sent = await sendAgain(client, given.file, { ...given, reconcile: true }, out)
      const { tracking } = await follow(client, sent, out)
      const view = await client.get<ReconciliationView>(pathOf(tracking))
      out.result(view, (screen) => showReport(screen, view))
      return exitOf(view)
    },
    (command) =>
      command
        .requiredOption('-e, --exchange <name>', 'exchange to which the file belongs')
        .option('--realm <realm>', 'live or test', 'live')
        .option('--partner <name>', 'the centre only: whose file it is')
        .option('--key <text>', 'idempotency key (default: a new one)'),
  )
}

function listCommand(): Command {
  return serverLeaf<{ readonly exchange?: string; readonly limit: number }>(
    'list',
    'Lists reconciliations, the newest first.',
    [['tributary reconcile list --exchange voter', 'When it was last done, and whether it was met']],
    async ({ given, out, client }) => {
      const items: ReconciliationView[] = []
      const query = { exchange: given.exchange }
      for await (const one of client.list<ReconciliationView>('/v1/reconciliations', query, given.limit))
        items.push(one)
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'Tracking number' },
            { title: 'Exchange' },
            { title: 'Partner' },
            { title: 'Received' },
            { title: 'Records', align: 'right' },
            { title: 'Differences', align: 'right' },
            { title: 'Result' },
          ],
          items.map((one) => [
            one.tracking,
            one.exchange,
            one.partner,
            one.receivedAt,
            one.counts.received,
            one.report?.categories.reduce((sum, { total }) => sum + total, 0) ?? null,
            one.report === null ? one.state : one.report.met ? 'met' : 'not met',
          ]),
        ),
      )
      return 'ok'
    },
    (command) =>
      command
        .option('-e, --exchange <name>', 'only of this exchange')
        .option('--limit <number>', 'how many at most', atLeastOne, 20),
  )
}

function showCommand(): Command {
  return serverLeaf<{ readonly tracking: string }>(
    'show <tracking>',
    'Shows the report of one reconciliation. Ends with 1 when it is not met.',
    [['tributary reconcile show voter-1-0mbz…', 'Counts, tolerances, verdict']],
    async ({ given, out, client }) => {
      const view = await client.get<ReconciliationView>(pathOf(given.tracking))
      out.result(view, (screen) => showReport(screen, view))
      return exitOf(view)
    },
  )
}

function showReport(screen: Screen, view: ReconciliationView): void {
  const { report } = view
  screen.pairs([
    ['Tracking number', view.tracking],
    ['Exchange', view.realm === 'live' ? view.exchange : `${view.exchange} (${view.realm})`],
    ['Partner', view.partner],
    ['State', view.state],
    ...(view.reason === null ? [] : [['Reason', view.reason] as const]),
    ['Records in the file', view.counts.received],
    ...(report === null
      ? []
      : [
          ['Refused by the centre', report.refused] as const,
          ['Key could not be read', report.unreadable] as const,
        ]),
  ])
  if (report === null) return
  screen.line()
  screen.table(
    [
      { title: 'Category' },
      { title: 'File', align: 'right' },
      { title: 'Centre', align: 'right' },
      { title: 'Same', align: 'right' },
      ...report.fixOrder.map((kind) => ({ title: kind, align: 'right' as const })),
      { title: 'Allowed', align: 'right' },
      { title: 'Result' },
    ],
    report.categories.map((one) => [
      one.title,
      one.partner,
      one.centre,
      one.same,
      ...report.fixOrder.map((kind) => one.differences[kind]),
      one.allowed,
      one.met ? 'met' : 'not met',
    ]),
  )
  screen.line(
    report.met
      ? `\n${screen.good('Met.')}`
      : `\n${screen.bad('Not met.')} What to put right, in order: tributary reconcile differences ${view.tracking}`,
  )
}

interface Differing {
  readonly tracking: string
  readonly kind?: string
  readonly category?: string
  readonly limit: number
  readonly csv?: string | true
}

function differencesCommand(): Command {
  return serverLeaf<Differing>(
    'differences <tracking>',
    'Shows the differences of a reconciliation in the order in which they are to be put right.',
    [
      ['tributary reconcile differences voter-1-0mbz… --kind only-partner', 'What the centre does not have'],
      ['tributary reconcile differences voter-1-0mbz… --csv', 'All of them as a file'],
    ],
    async ({ given, out, client }) => {
      const { tracking, kind, category, limit, csv } = given
      if (csv !== undefined) {
        const file = await save(client, pathOf(tracking, 'differences.csv'), csv, out.json)
        out.result({ file }, (screen) => screen.line(file))
        return 'ok'
      }
      const items: DifferenceView[] = []
      const path = pathOf(tracking, 'differences')
      for await (const one of client.list<DifferenceView>(path, { kind, category }, limit)) items.push(one)
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'Difference' },
            { title: 'Type' },
            { title: 'Key' },
            { title: 'Position', align: 'right' },
            { title: 'Fields' },
          ],
          items.map((one) => [one.kind, one.type, one.key, one.position, one.fields.join(', ')]),
        ),
      )
      return items.length === 0 ? 'ok' : 'findings'
    },
    (command) =>
      command
        .addOption(new Option('--kind <kind>', 'only of this kind').choices(DIFFERENCE_KINDS))
        .option('--category <name>', 'only of this category')
        .option('--limit <number>', 'how many at most', atLeastOne, 100)
        .option('--csv [file]', 'write all of them to a CSV file instead'),
  )
}
