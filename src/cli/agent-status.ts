import type { Command } from 'commander'
import type { AgentStatus } from '../agent/status.ts'
import { type AgentFlags, agentFlags, loadAgentFile } from './agent-file.ts'
import { leaf } from './command.ts'
import type { Screen } from './output.ts'

export function agentStatusCommand(): Command {
  return leaf<AgentFlags>(
    'status',
    'How the agent of this machine stands: whether it runs, whether it reaches the node and the sources, what it is ' +
      'doing and how far it is, and how the last jobs ended. Ends with 1 when something needs looking at.',
    [
      ['tributary agent status', 'For people'],
      ['tributary agent status --json', 'For monitoring'],
    ],
    async ({ given, out }) => {
      const { state } = await loadAgentFile(given)
      const { readStatus } = await import('../agent/status.ts')
      const status = await readStatus(state)
      const runs = status !== null && lives(status)
      const served = runs || (status?.once === true && status.ending)
      const well =
        status !== null &&
        served &&
        status.node.ok &&
        status.health.ok &&
        status.ended[0]?.result !== 'failed'
      out.result({ runs, ok: well, ...status }, (screen) => {
        if (status === null) screen.line('No agent has run here yet.')
        else show(status, runs, state, screen)
      })
      return well ? 'ok' : 'findings'
    },
    agentFlags,
  )
}

/** It writes at least each ten seconds. */
const silentMs = 40_000

function lives({ pid, at, ending }: AgentStatus): boolean {
  if (ending || Date.now() - Date.parse(at) > silentMs) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It runs as another account.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function show(status: AgentStatus, runs: boolean, state: string, screen: Screen): void {
  const { node, health } = status
  const away = node.trouble === null ? 'not asked yet' : node.trouble
  screen.pairs([
    [
      'agent',
      runs
        ? `runs since ${status.since} (version ${status.version}, process ${status.pid})`
        : status.once && status.ending
          ? `ran at ${status.at}, and runs again when it is called`
          : `does not run (last seen ${status.at})`,
    ],
    ['node', `${node.url}: ${node.ok ? 'answers' : away}; last answer ${node.lastAnswer ?? 'never'}`],
    ...health.sources.map(({ name, ok }) => [`source ${name}`, ok ? 'answers' : 'does not answer'] as const),
    ['free space', `${Math.round(health.freeBytes / 2 ** 20)} MiB`],
  ])
  if (status.running.length > 0) {
    screen.line('')
    screen.table(
      [
        { title: 'Job' },
        { title: 'Exchange' },
        { title: 'Doing' },
        { title: 'Records', align: 'right' },
        { title: 'Bytes', align: 'right' },
        { title: 'Share', align: 'right' },
      ],
      status.running.map(({ job, exchange, doing, records, bytes, bytesOf }) => [
        job,
        exchange,
        doing,
        records,
        bytes,
        bytesOf === null || bytesOf === 0 ? '' : `${Math.floor((bytes / bytesOf) * 100)} %`,
      ]),
    )
  }
  if (status.ended.length === 0) return
  screen.line('')
  screen.table(
    [
      { title: 'Ended' },
      { title: 'Job' },
      { title: 'Exchange' },
      { title: 'Result' },
      { title: 'Records', align: 'right' },
      { title: 'Reason' },
    ],
    status.ended
      .slice(0, 10)
      .map(({ at, job, exchange, result, records, reason }) => [
        at,
        job,
        exchange,
        result,
        records,
        reason ?? '',
      ]),
  )
  screen.line('')
  screen.line(`The log of each job is in ${state}/logs.`)
}
