import { type Command, Option } from 'commander'
import type { Message, MessageHeader } from '../channel/rest/ports-messages.ts'
import { MESSAGE_TYPES } from '../match/messages.ts'
import { withQuery } from './client.ts'
import { branch } from './command.ts'
import { CommandError } from './exits.ts'
import type { Screen } from './output.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function messageCommand(): Command {
  return branch(
    'message',
    'What a partner is told of its records: changes by the centre, transfers, work items. Oldest first, until cleared.',
    listCommand(),
    showCommand(),
    clearCommand(),
  )
}

interface Queue {
  readonly realm: string
  readonly partner?: string
}

function queueOptions(command: Command): Command {
  return command
    .addOption(new Option('--realm <realm>', 'live or test').choices(['live', 'test']).default('live'))
    .option('--partner <name>', 'the centre only: messages of this partner')
}

interface Listing extends Queue {
  readonly exchange?: string
  readonly type?: string
  readonly cleared?: boolean
  readonly after?: number
  readonly limit: number
}

function listCommand(): Command {
  return serverLeaf<Listing>(
    'list',
    'Lists messages that are not cleared, the oldest first.',
    [
      ['tributary message list', 'What is to be dealt with'],
      ['tributary message list --exchange voter --type work-item', 'Only what is to be settled'],
      ['tributary message list --after 41', 'What came since'],
    ],
    async ({ given, out, client }) => {
      const { exchange, type, realm, partner, cleared = false, after, limit } = given
      const query = { exchange, type, realm, partner, cleared, after, limit }
      const page = await client.get<{ items: readonly MessageHeader[]; next: number | null }>(
        '/v1/messages',
        query,
      )
      out.result(page, (screen) => showMessages(screen, page.items))
      return 'ok'
    },
    (command) =>
      queueOptions(command)
        .option('-e, --exchange <name>', 'only messages of this exchange')
        .addOption(new Option('--type <type>', 'only messages of this type').choices(MESSAGE_TYPES))
        .option('--cleared', 'those that were cleared instead')
        .option('--after <number>', 'only messages after this number', atLeastOne)
        .option('--limit <number>', 'how many at most', atLeastOne, 100),
  )
}

function showMessages(screen: Screen, items: readonly MessageHeader[]): void {
  if (items.length === 0) {
    screen.line('No messages.')
    return
  }
  screen.table(
    [
      { title: 'Number', align: 'right' },
      { title: 'Made' },
      { title: 'Exchange' },
      { title: 'Type' },
      { title: 'Message' },
    ],
    items.map(({ number, createdAt, exchange, type, title }) => [number, createdAt, exchange, type, title]),
  )
}

function showCommand(): Command {
  return serverLeaf<Queue & { readonly number: string }>(
    'show <number>',
    'Shows one message with all that it says.',
    [['tributary message show 41', 'What happened']],
    async ({ given, out, client }) => {
      const { realm, partner } = given
      const path = `/v1/messages/${encodeURIComponent(given.number)}`
      const message = await client.get<Message>(path, { realm, partner })
      out.result(message, (screen) => {
        const { body, ...header } = message
        screen.pairs(Object.entries(header))
        screen.line()
        screen.line(JSON.stringify(body, null, 2))
      })
      return 'ok'
    },
    queueOptions,
  )
}

interface Clearing extends Queue {
  readonly number: readonly string[]
  readonly exchange?: string
  readonly upTo?: number
}

function clearCommand(): Command {
  return serverLeaf<Clearing>(
    'clear [number...]',
    'Clears messages that were dealt with: those named, or all up to a number.',
    [
      ['tributary message clear 41 42', 'These two'],
      ['tributary message clear --up-to 42', 'All up to this one'],
    ],
    async ({ given, out, client }) => {
      const { number, upTo, realm, partner, exchange } = given
      if ((number.length === 0) === (upTo === undefined))
        throw new CommandError('usage', 'Name messages, or give --up-to.')
      const body = upTo === undefined ? { numbers: number.map(atLeastOne) } : { upTo }
      const path = withQuery('/v1/messages/clear', { realm, partner, exchange })
      const answer = await client.send<{ cleared: number }>('POST', path, body)
      out.result(answer, (screen) => screen.line(`${answer.cleared} cleared.`))
      return 'ok'
    },
    (command) =>
      queueOptions(command)
        .option('--up-to <number>', 'all messages up to this number', atLeastOne)
        .option('-e, --exchange <name>', 'only messages of this exchange'),
  )
}
