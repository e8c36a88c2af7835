import { type Command, InvalidArgumentError, Option } from 'commander'
import { parse } from 'yaml'
import type { Hours, Job, JobRule } from '../store/job-model.ts'
import type { Client } from './client.ts'
import { branch } from './command.ts'
import { CommandError } from './exits.ts'
import {
  agentsCommand,
  attemptsCommand,
  cancelCommand,
  logCommand,
  runsCommand,
  showRunCommand,
} from './job-runs.ts'
import { startCommand } from './job-start.ts'
import type { Screen } from './output.ts'
import { readInput } from './read-input.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

export function jobCommand(): Command {
  return branch(
    'job',
    "A job says what the agents beside partners' databases are asked to extract and send, and when. Each occurrence for " +
      'one partner is a run; a run does its work in attempts.',
    listCommand(),
    showCommand(),
    putCommand(),
    nextCommand(),
    startCommand(),
    pauseCommand(),
    resumeCommand(),
    removeCommand(),
    runsCommand(),
    showRunCommand(),
    cancelCommand(),
    attemptsCommand(),
    logCommand(),
    agentsCommand(),
  )
}

function pathOf(job: string, ...rest: readonly string[]): string {
  return `/v1/jobs/${[job, ...rest].map(encodeURIComponent).join('/')}`
}

function listCommand(): Command {
  return serverLeaf<{ readonly exchange?: string }>(
    'list',
    'Lists the jobs that concern you.',
    [['tributary job list --exchange voter', 'Those of one exchange']],
    async ({ given, out, client }) => {
      const { items } = await client.get<{ items: readonly Job[] }>('/v1/jobs', { exchange: given.exchange })
      out.result({ items }, (screen) =>
        screen.table(
          ['Job', 'Exchange', 'Realm', 'Extract', 'Partners', 'Schedule', 'Next'].map((title) => ({ title })),
          items.map(({ job, exchange, realm, extract, partners, cron, paused, nextDue }) => [
            job,
            exchange,
            realm,
            extract,
            partners?.join(' ') ?? 'all',
            cron ?? 'when told to',
            paused ? 'paused' : nextDue,
          ]),
        ),
      )
      return 'ok'
    },
    (command) => command.option('-e, --exchange <name>', 'only jobs of this exchange'),
  )
}

function showCommand(): Command {
  return serverLeaf<{ readonly job: string }>(
    'show <job>',
    'Shows the rule of a job.',
    [['tributary job show voters-nightly', 'When it runs, and how often it is tried']],
    async ({ given, out, client }) => {
      const job = await client.get<Job>(pathOf(given.job))
      out.result(job, (screen) => showJob(screen, job))
      return 'ok'
    },
  )
}

function showJob(screen: Screen, job: Job): void {
  const { window, ownStart } = job
  screen.pairs([
    ['Job', `${job.job}: ${job.title}`],
    ['Exchange', `${job.exchange} (${job.realm})`],
    ['Partners', job.partners?.join(' ') ?? 'all with an agent'],
    ['Extract', job.extract === 'full' ? 'everything' : 'what changed since the last time'],
    ['Schedule', job.cron === null ? 'only when told to' : `${job.cron} (${job.zone})`],
    ['Calendar', job.calendar],
    ['Window', window === null ? 'at any time' : `${window.from}-${window.until}`],
    ['Priority', job.priority],
    ['Time-out', `${job.arriveMinutes} minutes`],
    ['Retry', `${job.retryLimit} times, after ${job.retryMinutes} minutes each`],
    ['Missed', job.missed === 'once' ? 'made up for once' : 'left out'],
    ['Own start', ownStart === null ? 'no' : ownText(ownStart)],
    ['Next', job.paused ? `paused${job.pauseReason === null ? '' : `: ${job.pauseReason}`}` : job.nextDue],
    ['Changed', `${job.changedAt} by ${job.changedBy}`],
  ])
}

function ownText({ hours, perDayMax, atOnceMax }: NonNullable<Job['ownStart']>): string {
  const when = hours === null ? 'at any time' : `${hours.from}-${hours.until}`
  return `${when}, ${perDayMax} a day, ${atOnceMax} at once`
}

interface PutGiven {
  readonly job: string
  readonly file?: string
  readonly title?: string
  readonly exchange?: string
  readonly realm?: string
  readonly partner?: readonly string[]
  readonly extract?: string
  readonly cron?: string
  readonly zone?: string
  readonly calendar?: string
  readonly window?: Hours | null
  readonly priority?: number
  readonly arriveMinutes?: number
  readonly retryMinutes?: number
  readonly retryLimit?: number
  readonly missed?: string
}

function putCommand(): Command {
  return serverLeaf<PutGiven>(
    'put <job>',
    'Makes a job, or changes what is given of its rule; the rest stays as it is. A file (YAML or JSON) may hold the whole ' +
      'rule, also which jobs partners may start themselves (ownStart).',
    [
      [
        'tributary job put voters-nightly --title "Voters, every night" --exchange voter --extract changes \\\n' +
          '    --cron "30 1 * * *" --zone America/Los_Angeles --window 22:00-05:00',
        'Every night, in the window',
      ],
      ['tributary job put voters-nightly --retry-minutes 15', 'Change one thing'],
      ['tributary job put voters-nightly --file voters-nightly.yaml', 'The whole rule from a file'],
    ],
    async ({ given, out, client }) => {
      const rule = { ...(await ruleBefore(client, given)), ...flagsOf(given) }
      const job = await client.send<Job>('PUT', pathOf(given.job), rule)
      out.result(job, (screen) => {
        showJob(screen, job)
        if (job.cron !== null && job.nextDue === null)
          screen.line('\nIts schedule has no occurrence to come.')
      })
      return 'ok'
    },
    putFlags,
  )
}

function putFlags(command: Command): Command {
  return command
    .option('--file <path>', 'a file with the whole rule; - for standard input')
    .option('--title <text>', 'what people call it')
    .option('-e, --exchange <name>', 'exchange; it never changes')
    .addOption(new Option('--realm <realm>', 'live or test; it never changes').choices(['live', 'test']))
    .option('--partner <name...>', 'for whom; all: every partner with an agent')
    .addOption(new Option('--extract <what>', 'what the agent takes').choices(['full', 'changes']))
    .option('--cron <schedule>', 'minute, hour, day of month, month, day of week; none: only when told to')
    .option('--zone <name>', 'time zone of schedule, window and calendar')
    .option('--calendar <name>', 'days of rest; none: no calendar')
    .option(
      '--window <from-until>',
      'when work is handed out, such as 22:00-05:00; none: at any time',
      window,
    )
    .option('--priority <number>', 'higher goes first', wholeNumber)
    .option('--arrive-minutes <number>', 'time-out for the file to arrive', atLeastOne)
    .option('--retry-minutes <number>', 'pause before the next attempt', atLeastOne)
    .option('--retry-limit <number>', 'attempts after the first', wholeNumber)
    .addOption(
      new Option('--missed <rule>', 'occurrences that passed while no node ran').choices(['once', 'skip']),
    )
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

function window(text: string): Hours | null {
  if (text === 'none') return null
  const [, from, until] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? []
  if (from === undefined || until === undefined)
    throw new InvalidArgumentError('It must be such as 22:00-05:00.')
  return { from, until }
}

/** The rule that flags change: of a file, of the job as it is, or the beginning of a new one. */
async function ruleBefore(client: Client, given: PutGiven): Promise<Partial<JobRule>> {
  if (given.file !== undefined) {
    const { job: _, ...rule } = parse(await readInput(given.file)) as Partial<JobRule>
    return rule
  }
  const { items } = await client.get<{ items: readonly Job[] }>('/v1/jobs')
  const found = items.find(({ job }) => job === given.job)
  if (found !== undefined) {
    const {
      job: _,
      paused: __,
      pauseReason: ___,
      nextDue: ____,
      changedAt: _____,
      changedBy: ______,
      ...rule
    } = found
    return rule
  }
  if (given.exchange === undefined || given.extract === undefined || given.zone === undefined)
    throw new CommandError(
      'usage',
      `There is no job ${given.job}.`,
      'To make it, give at least --exchange, --extract and --zone.',
    )
  return { title: given.job }
}

function flagsOf({ job: _, file: __, partner, cron, calendar, ...given }: PutGiven): object {
  const {
    title,
    exchange,
    realm,
    extract,
    zone,
    window,
    priority,
    arriveMinutes,
    retryMinutes,
    retryLimit,
    missed,
  } = given
  const flags = {
    title,
    exchange,
    realm,
    extract,
    zone,
    window,
    priority,
    arriveMinutes,
    retryMinutes,
    retryLimit,
    missed,
  }
  return {
    ...Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)),
    ...(partner === undefined ? {} : { partners: partner.includes('all') ? null : partner }),
    ...(cron === undefined ? {} : { cron: cron === 'none' ? null : cron }),
    ...(calendar === undefined ? {} : { calendar: calendar === 'none' ? null : calendar }),
  }
}

function nextCommand(): Command {
  return serverLeaf<{ readonly job: string; readonly count: number }>(
    'next <job>',
    'Shows the next occurrences of a schedule, days of rest left out.',
    [['tributary job next voters-nightly --count 30', 'Is the election left out?']],
    async ({ given, out, client }) => {
      const query = { count: given.count }
      const { items } = await client.get<{ items: readonly string[] }>(
        pathOf(given.job, 'occurrences'),
        query,
      )
      out.result({ items }, (screen) => {
        for (const time of items) screen.line(time)
        if (items.length === 0) screen.line('None: it runs only when told to.')
      })
      return 'ok'
    },
    (command) => command.option('--count <number>', 'how many', atLeastOne, 10),
  )
}

function pauseCommand(): Command {
  return serverLeaf<{ readonly job: string; readonly reason?: string }>(
    'pause <job>',
    'Offers nothing of a job any more; what agents have goes on.',
    [['tributary job pause voters-nightly --reason "Alder moves its server"', 'Until it is resumed']],
    async ({ given, out, client }) => {
      const body = given.reason === undefined ? {} : { reason: given.reason }
      const job = await client.send<Job>('POST', pathOf(given.job, 'pause'), body)
      out.result(job, (screen) => screen.line(`${job.job} is paused.`))
      return 'ok'
    },
    (command) => command.option('--reason <text>', 'why, for those who ask'),
  )
}

function resumeCommand(): Command {
  return serverLeaf<{ readonly job: string }>(
    'resume <job>',
    'Lets a paused job go on, with its next occurrence.',
    [['tributary job resume voters-nightly', 'What passed meanwhile is not made up for']],
    async ({ given, out, client }) => {
      const job = await client.send<Job>('POST', pathOf(given.job, 'resume'), {})
      out.result(job, (screen) => screen.line(`${job.job} goes on; next: ${job.nextDue ?? 'when told to'}.`))
      return 'ok'
    },
  )
}

function removeCommand(): Command {
  return serverLeaf<{ readonly job: string }>(
    'remove <job>',
    'Removes a job and cancels what waits of it; its runs and sessions stay known.',
    [['tributary job remove voters-trial', 'It was only a trial']],
    async ({ given, out, client }) => {
      await client.send('DELETE', pathOf(given.job))
      out.result({ job: given.job, removed: true }, (screen) => screen.line(`Removed ${given.job}.`))
      return 'ok'
    },
  )
}
