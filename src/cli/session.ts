import { type Command, Option } from 'commander'
import type { Session, Trend } from '../store/sessions.ts'
import { branch } from './command.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function sessionCommand(): Command {
  return branch(
    'session',
    'A session is what was sent once, or should have been: an attempt of a job, or another submission.',
    listCommand(),
    trendsCommand(),
  )
}

interface Wanted {
  readonly partner?: string
  readonly exchange?: string
  readonly realm?: string
  readonly kind?: string
  readonly result?: string
  readonly job?: string
  readonly from?: string
  readonly until?: string
}

function wantedFlags(command: Command): Command {
  return command
    .option('--partner <name>', 'the centre only: of this partner')
    .option('-e, --exchange <name>', 'only of this exchange')
    .addOption(new Option('--realm <realm>', 'live or test').choices(['live', 'test']))
    .addOption(new Option('--kind <kind>', 'attempts of jobs, or others').choices(['attempt', 'submission']))
    .addOption(
      new Option('--result <result>', 'how it ended').choices(['done', 'failed', 'timed-out', 'cancelled']),
    )
    .option('--job <name>', 'only of this job')
    .option('--from <time>', 'from this day or moment on (ISO, UTC)', moment)
    .option('--until <time>', 'before this day or moment (ISO, UTC)', moment)
}

/** A day is its first moment in UTC; what is no day goes to the node as it is. */
function moment(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text
}

function queryOf({ partner, exchange, realm, kind, result, job, from, until }: Wanted) {
  return { partner, exchange, realm, kind, result, job, from, until }
}

function listCommand(): Command {
  return serverLeaf<Wanted & { readonly limit: number }>(
    'list',
    'Lists who sent what, when, how long it took, and what became of it, the newest first.',
    [
      ['tributary session list --exchange voter --from 2026-03-01', 'A month of voters'],
      ['tributary session list --result failed', 'What went wrong'],
    ],
    async ({ given, out, client }) => {
      const items: Session[] = []
      for await (const one of client.list<Session>('/v1/sessions', queryOf(given), given.limit))
        items.push(one)
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'Session' },
            { title: 'Partner' },
            { title: 'Started' },
            { title: 'Seconds', align: 'right' },
            { title: 'Result' },
            { title: 'Received', align: 'right' },
            { title: 'New', align: 'right' },
            { title: 'Changed', align: 'right' },
            { title: 'Same', align: 'right' },
            { title: 'Deleted', align: 'right' },
            { title: 'Rejected', align: 'right' },
          ],
          items.map((one) => [
            one.session,
            one.partner,
            one.startedAt,
            one.seconds === null ? null : Math.round(one.seconds),
            one.result ?? one.state,
            one.received,
            one.created,
            one.updated,
            one.unchanged,
            one.deleted + one.removed,
            one.rejected,
          ]),
        ),
      )
      return 'ok'
    },
    (command) => wantedFlags(command).option('--limit <number>', 'how many at most', atLeastOne, 50),
  )
}

function trendsCommand(): Command {
  return serverLeaf<Wanted & { readonly by: string; readonly zone: string }>(
    'trends',
    'Sums sessions up by day, week or month, partner and exchange.',
    [['tributary session trends --by month --exchange voter', 'The last two years of voters']],
    async ({ given, out, client }) => {
      const query = { ...queryOf(given), by: given.by, zone: given.zone }
      const { items } = await client.get<{ items: readonly Trend[] }>('/v1/trends', query)
      out.result({ items }, (screen) =>
        screen.table(
          [
            { title: 'From' },
            { title: 'Partner' },
            { title: 'Exchange' },
            { title: 'Sessions', align: 'right' },
            { title: 'Done', align: 'right' },
            { title: 'Failed', align: 'right' },
            { title: 'Late', align: 'right' },
            { title: 'Received', align: 'right' },
            { title: 'New', align: 'right' },
            { title: 'Changed', align: 'right' },
            { title: 'Same', align: 'right' },
            { title: 'Rejected', align: 'right' },
          ],
          items.map((one) => [
            one.period,
            one.partner,
            one.exchange,
            one.sessions,
            one.done,
            one.failed,
            one.timedOut,
            one.received,
            one.created,
            one.updated,
            one.unchanged,
            one.rejected,
          ]),
        ),
      )
      return 'ok'
    },
    (command) =>
      wantedFlags(command)
        .addOption(
          new Option('--by <period>', 'how long each is').choices(['day', 'week', 'month']).default('day'),
        )
        .option('--zone <name>', 'whose days they are', 'UTC'),
  )
}
