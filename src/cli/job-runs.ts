import { type Command, Option } from 'commander'
import type { AgentView, RunView } from '../channel/rest/ports-jobs.ts'
import { ATTEMPT_STATES, type Attempt, RUN_STATES } from '../store/job-model.ts'
import { printable, type Screen } from './output.ts'
import { atLeastOne, serverLeaf } from './server-command.ts'

interface Listing {
  readonly exchange?: string
  readonly partner?: string
  readonly job?: string
  readonly state?: string
  readonly limit: number
}

function listingFlags(command: Command, states: readonly string[]): Command {
  return command
    .option('-e, --exchange <name>', 'only of this exchange')
    .option('--partner <name>', 'the centre only: of this partner')
    .option('--job <name>', 'only of this job')
    .addOption(new Option('--state <state>', 'only in this state').choices(states))
    .option('--limit <number>', 'how many at most', atLeastOne, 50)
}

/** `job runs` */
export function runsCommand(): Command {
  return serverLeaf<Listing & { readonly open?: boolean }>(
    'runs',
    'Lists runs of jobs, the newest first.',
    [
      ['tributary job runs --open', 'Those that are not over'],
      ['tributary job runs --partner alder --state failed', 'What went wrong at one county'],
    ],
    async ({ given, out, client }) => {
      const { limit, open, exchange, partner, job, state } = given
      const items: RunView[] = []
      const query = { exchange, partner, job, state, open: open === true ? 'true' : undefined }
      for await (const one of client.list<RunView>('/v1/runs', query, limit)) items.push(one)
      out.result({ items }, (screen) =>
        screen.table(
          ['Run', 'Job', 'Partner', 'State', 'Attempts', 'Next', 'Reason'].map((title) => ({ title })),
          items.map((one) => [
            one.run,
            one.job,
            one.partner,
            one.state,
            one.attempts,
            one.nextAt,
            one.reason,
          ]),
        ),
      )
      return 'ok'
    },
    (command) => listingFlags(command, RUN_STATES).option('--open', 'only those that are not over'),
  )
}

/** `job status` */
export function showRunCommand(): Command {
  return serverLeaf<{ readonly run: string }>(
    'status <run>',
    'Shows how far a run is, its place among those that wait, and its attempts. Ends with 1 when it failed.',
    [['tributary job status 20260302093000-k3vq7t2a4m', 'One run']],
    async ({ given, out, client }) => {
      const path = `/v1/runs/${encodeURIComponent(given.run)}`
      const run = await client.get<RunView & { readonly history: readonly Attempt[] }>(path)
      out.result(run, (screen) => {
        screen.pairs([
          ['Run', run.run],
          ['Job', `${run.job} for ${run.partner}`],
          ['State', run.state],
          ['Reason', run.reason],
          ['Place', run.place],
          ['Next', run.nextAt],
        ])
        if (run.history.length > 0) screen.line()
        if (run.history.length > 0) showAttempts(screen, run.history)
      })
      return run.state === 'failed' || run.state === 'timed-out' ? 'findings' : 'ok'
    },
  )
}

/** `job cancel` */
export function cancelCommand(): Command {
  return serverLeaf<{ readonly run: string; readonly reason?: string }>(
    'cancel <run>',
    'Cancels a run whose file has not arrived. A partner cancels what it started itself.',
    [['tributary job cancel 20260302093000-k3vq7t2a4m --reason "Started by mistake"', 'Take it back']],
    async ({ given, out, client }) => {
      const body = given.reason === undefined ? {} : { reason: given.reason }
      const run = await client.send<RunView>('POST', `/v1/runs/${encodeURIComponent(given.run)}/cancel`, body)
      out.result(run, (screen) => screen.line(`${run.run} is ${run.state}.`))
      return 'ok'
    },
    (command) => command.option('--reason <text>', 'why'),
  )
}

/** `job attempts` */
export function attemptsCommand(): Command {
  return serverLeaf<Listing>(
    'attempts',
    'Lists attempts of runs with how far they are, the newest first.',
    [['tributary job attempts --job voters-nightly', 'What each county sends tonight']],
    async ({ given, out, client }) => {
      const { limit, exchange, partner, job, state } = given
      const items: Attempt[] = []
      for await (const one of client.list<Attempt>('/v1/attempts', { exchange, partner, job, state }, limit))
        items.push(one)
      out.result({ items }, (screen) => showAttempts(screen, items))
      return 'ok'
    },
    (command) => listingFlags(command, ATTEMPT_STATES),
  )
}

function showAttempts(screen: Screen, attempts: readonly Attempt[]): void {
  screen.table(
    [
      { title: 'Attempt' },
      { title: 'Partner' },
      { title: 'State' },
      { title: 'Records', align: 'right' },
      { title: 'Bytes', align: 'right' },
      { title: 'Of', align: 'right' },
      { title: 'Submission' },
      { title: 'Reason' },
    ],
    attempts.map(({ attempt, partner, state, records, bytes, bytesOf, tracking, code, reason }) => [
      attempt,
      partner,
      state,
      records,
      bytes,
      bytesOf,
      tracking,
      [code, reason].filter((text) => text !== null).join(': '),
    ]),
  )
}

/** `job log` */
export function logCommand(): Command {
  return serverLeaf<{ readonly attempt: string }>(
    'log <attempt>',
    'Writes what an agent told about its failure.',
    [['tributary job log 20260302093000-k3vq7t2a4m-1 > failure.log', 'Into a file']],
    async ({ given, out, client }) => {
      const log = await client.text(`/v1/attempts/${encodeURIComponent(given.attempt)}/log`)
      out.result({ attempt: given.attempt, log }, (screen) => {
        for (const line of log.trimEnd().split('\n')) screen.line(printable(line))
      })
      return 'ok'
    },
  )
}

/** `job agents` */
export function agentsCommand(): Command {
  return serverLeaf(
    'agents',
    'Lists agents: version, health, and when each last asked for work. Ends with 1 when one is silent or not well.',
    [['tributary job agents', 'Are all counties there?']],
    async ({ out, client }) => {
      const { items } = await client.get<{ items: readonly AgentView[] }>('/v1/agents')
      out.result({ items }, (screen) =>
        screen.table(
          ['Partner', 'Agent', 'Version', 'Seen', 'Health', 'Free', 'Exchanges'].map((title) => ({ title })),
          items.map((one) => [
            one.partner,
            one.login,
            one.version,
            `${one.seenAt}${one.silent ? ' (silent)' : ''}`,
            healthText(one),
            `${Math.floor(one.health.freeBytes / 2 ** 30)} GiB`,
            one.batches.map(({ exchange }) => exchange).join(' '),
          ]),
        ),
      )
      return items.some(({ silent, health }) => silent || !health.ok) ? 'findings' : 'ok'
    },
  )
}

function healthText({ health }: AgentView): string {
  const bad = health.sources.filter(({ ok }) => !ok).map(({ name }) => name)
  if (bad.length > 0) return `cannot reach ${bad.join(', ')}`
  return health.ok ? 'ok' : 'not well'
}
