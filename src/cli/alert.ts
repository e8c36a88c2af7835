import type { Command } from 'commander'
import type { Alert } from '../store/alerts.ts'
import { branch } from './command.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function alertCommand(): Command {
  return branch(
    'alert',
    'An alert says that a job does not go well for a partner. It is open until the job goes well again.',
    listCommand(),
    acknowledgeCommand(),
    watchCommand(),
  )
}

function stateOf({ resolvedAt, acknowledgedBy }: Alert): string {
  if (resolvedAt !== null) return 'resolved'
  return acknowledgedBy === null ? 'open' : `seen by ${acknowledgedBy}`
}

function listCommand(): Command {
  return serverLeaf<{
    readonly exchange?: string
    readonly job?: string
    readonly all?: boolean
    readonly limit: number
  }>(
    'list',
    'Lists alerts that are open, the newest first. Ends with 1 when there are any.',
    [
      ['tributary alert list', 'What does not go well?'],
      ['tributary alert list --all --job voters-nightly', 'Also those that are resolved'],
    ],
    async ({ given, out, client }) => {
      const { exchange, job, all, limit } = given
      const items: Alert[] = []
      const query = { exchange, job, open: all === true ? undefined : 'true' }
      for await (const one of client.list<Alert>('/v1/alerts', query, limit)) items.push(one)
      out.result({ items }, (screen) =>
        screen.table(
          ['Alert', 'Job', 'Partner', 'Kind', 'Times', 'Last', 'State', 'Message'].map((title) => ({
            title,
          })),
          items.map((one) => [
            String(one.alert),
            one.job,
            one.partner,
            one.kind,
            one.times,
            one.lastAt,
            stateOf(one),
            one.message,
          ]),
        ),
      )
      return items.some(({ resolvedAt }) => resolvedAt === null) ? 'findings' : 'ok'
    },
    (command) =>
      command
        .option('-e, --exchange <name>', 'only of this exchange')
        .option('--job <name>', 'only of this job')
        .option('--all', 'also those that are resolved')
        .option('--limit <number>', 'how many at most', atLeastOne, 50),
  )
}

function acknowledgeCommand(): Command {
  return serverLeaf<{ readonly alert: number; readonly note?: string }>(
    'acknowledge <alert>',
    'Says that you look after an alert. It stays open until the job goes well again.',
    [
      [
        'tributary alert acknowledge 12 --note "Alder changes its firewall tonight"',
        'With a word for the others',
      ],
    ],
    async ({ given, out, client }) => {
      const body = given.note === undefined ? {} : { note: given.note }
      const alert = await client.send<Alert>('POST', `/v1/alerts/${given.alert}/acknowledge`, body)
      out.result(alert, (screen) => screen.line(`Alert ${alert.alert} is ${stateOf(alert)}.`))
      return 'ok'
    },
    (command) => {
      command.registeredArguments[0]?.argParser(atLeastOne)
      return command.option('--note <text>', 'what is being done')
    },
  )
}

function watchCommand(): Command {
  return serverLeaf(
    'watch',
    'Shows alerts as they come, first those that are open, until it is ended. With --json one JSON text a line.',
    [['tributary alert watch', 'Leave it running']],
    async ({ out, client }) => {
      for await (const { event, data: alert } of client.events<Alert>('/v1/alerts/stream'))
        out.result({ event, ...alert }, (screen) =>
          screen.line(
            `${alert.lastAt} ${event === 'raised' ? screen.bad(event) : event} ${alert.job} ${alert.partner}: ${alert.message}`,
          ),
        )
      return 'ok'
    },
  )
}
