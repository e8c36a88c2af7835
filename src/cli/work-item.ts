import { type Command, Option } from 'commander'
import type { WorkItemView } from '../channel/rest/ports-messages.ts'
import { WORK_ITEM_STATES } from '../store/work-items.ts'
import { branch } from './command.ts'
import { CommandError } from './exits.ts'
import type { Screen } from './output.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function workItemCommand(): Command {
  return branch(
    'work-item',
    'What the centre asks partners to settle about a record, and what they answer.',
    listCommand(),
    showCommand(),
    addCommand(),
    answerCommand(),
    withdrawCommand(),
  )
}

function pathOf(item: string, ...rest: readonly string[]): string {
  return `/v1/work-items/${[item, ...rest].map(encodeURIComponent).join('/')}`
}

interface Listing {
  readonly exchange?: string
  readonly partner?: string
  readonly realm: string
  readonly state?: string
  readonly kind?: string
  readonly limit: number
}

function listCommand(): Command {
  return serverLeaf<Listing>(
    'list',
    'Lists work items in the order in which they were made.',
    [
      ['tributary work-item list --state open', 'What is to be answered'],
      ['tributary work-item list --exchange voter --state overdue', 'What should have been answered by now'],
    ],
    async ({ given, out, client }) => {
      const { exchange, partner, realm, state, kind, limit } = given
      const items: WorkItemView[] = []
      const query = { exchange, partner, realm, state, kind }
      for await (const one of client.list<WorkItemView>('/v1/work-items', query, limit)) items.push(one)
      out.result({ items }, (screen) => showItems(screen, items))
      return 'ok'
    },
    (command) =>
      realmOption(command)
        .option('-e, --exchange <name>', 'only those of this exchange')
        .option('--partner <name>', 'the centre only: of this partner')
        .addOption(
          new Option('--state <state>', 'only those in this state').choices([...WORK_ITEM_STATES, 'overdue']),
        )
        .option('--kind <kind>', 'only those of this kind')
        .option('--limit <number>', 'how many at most', atLeastOne, 100),
  )
}

function realmOption(command: Command): Command {
  return command.addOption(
    new Option('--realm <realm>', 'live or test').choices(['live', 'test']).default('live'),
  )
}

function showItems(screen: Screen, items: readonly WorkItemView[]): void {
  if (items.length === 0) {
    screen.line('No work items.')
    return
  }
  screen.table(
    [
      { title: 'Work item' },
      { title: 'Partner' },
      { title: 'Kind' },
      { title: 'Record' },
      { title: 'State' },
      { title: 'Due' },
      { title: 'What' },
    ],
    items.map((one) => [
      one.item,
      one.partner,
      one.kind,
      one.key,
      one.overdue ? 'overdue' : one.state,
      one.dueOn,
      one.title,
    ]),
  )
}

function showItem(screen: Screen, { body, ...item }: WorkItemView): void {
  screen.pairs(Object.entries(item).map(([name, value]) => [name, value === null ? null : String(value)]))
  screen.line()
  screen.line(JSON.stringify(body, null, 2))
}

function showCommand(): Command {
  return serverLeaf<{ readonly item: string }>(
    'show <item>',
    'Shows one work item with all that it says.',
    [['tributary work-item show 0199c7a2-5b6e-7c11-8f0a-3d9f5a1b2c3d', 'What is asked, and by when']],
    async ({ given, out, client }) => {
      const item = await client.get<WorkItemView>(pathOf(given.item))
      out.result(item, (screen) => showItem(screen, item))
      return 'ok'
    },
  )
}

interface Adding {
  readonly exchange: string
  readonly partner: string
  readonly kind: string
  readonly realm: string
  readonly record?: string
  readonly title?: string
  readonly days?: number
}

function addCommand(): Command {
  return serverLeaf<Adding>(
    'add <exchange> <partner> <kind>',
    'Asks a partner to settle something. For the centre.',
    [
      [
        "tributary work-item add voter alder-county death --record voter:01/4711 --title 'Reported dead'",
        'About a record, named by its type and key',
      ],
    ],
    async ({ given, out, client }) => {
      const { exchange, partner, kind, realm, title, days: dueDays } = given
      const record = recordOf(given.record)
      const body = { exchange, partner, kind, realm, record, title, dueDays }
      const item = await client.send<WorkItemView>('POST', '/v1/work-items', body)
      out.result(item, (screen) => screen.line(`Work item ${item.item}, due on ${item.dueOn}.`))
      return 'ok'
    },
    (command) =>
      realmOption(command)
        .option('--record <type:key>', 'the record that it is about')
        .option('--title <text>', 'what is asked (default: the title of the kind)')
        .option('--days <number>', 'business days to answer (default: those of the kind)', atLeastOne),
  )
}

function recordOf(text: string | undefined): { readonly type: string; readonly key: string } | null {
  if (text === undefined) return null
  const [, type = '', key = ''] = /^([a-z][a-z0-9_]*):(.+)$/.exec(text) ?? []
  if (key === '') throw new CommandError('usage', `--record is written type:key, not ${text}.`)
  return { type, key }
}

interface Answering {
  readonly item: string
  readonly confirm?: boolean
  readonly refuse?: string
  readonly note?: string
}

function answerCommand(): Command {
  return serverLeaf<Answering>(
    'answer <item>',
    'Answers a work item: confirmed, or refused with the reason.',
    [
      ['tributary work-item answer 0199c7a2-5b6e-7c11-8f0a-3d9f5a1b2c3d --confirm', 'It is so'],
      [
        "tributary work-item answer 0199c7a2-5b6e-7c11-8f0a-3d9f5a1b2c3d --refuse 'Another person of the same name'",
        'It is not so',
      ],
    ],
    async ({ given, out, client }) => {
      const { confirm, refuse, note } = given
      if ((confirm === true) === (refuse !== undefined))
        throw new CommandError('usage', 'Give --confirm, or --refuse with the reason.')
      const body = confirm ? { answer: 'confirmed', reason: note } : { answer: 'refused', reason: refuse }
      const item = await client.send<WorkItemView>('POST', pathOf(given.item, 'answer'), body)
      out.result(item, (screen) => screen.line(`Work item ${item.item} is ${item.state}.`))
      return 'ok'
    },
    (command) =>
      command
        .option('--confirm', 'it is so')
        .option('--refuse <reason>', 'it is not so, and why')
        .option('--note <text>', 'what goes with a confirmation'),
  )
}

function withdrawCommand(): Command {
  return serverLeaf<{ readonly item: string; readonly reason: string }>(
    'withdraw <item>',
    'Withdraws a work item that is open. For the centre.',
    [
      [
        "tributary work-item withdraw 0199c7a2-5b6e-7c11-8f0a-3d9f5a1b2c3d --reason 'The wrong record'",
        'It was a mistake',
      ],
    ],
    async ({ given, out, client }) => {
      const path = pathOf(given.item, 'withdraw')
      const item = await client.send<WorkItemView>('POST', path, { reason: given.reason })
      out.result(item, (screen) => screen.line(`Work item ${item.item} is withdrawn.`))
      return 'ok'
    },
    (command) => command.requiredOption('--reason <text>', 'why'),
  )
}
